#include <bit>

#include <nlohmann/json.hpp>

#include "codegen/weights/file_layout.h"
#include "codegen/weights/store.h"

namespace deeper {
namespace {

void append_little_endian(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

}  // namespace

std::string write_safetensors(const Graph& graph, const NetworkSpec& spec) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::string data;
  for (const WeightBinding& binding : graph.bindings) {
    const Constant& constant = graph.constant(binding.constant);
    const FileLayout file = file_layout(binding, constant.dims, spec.layout);
    std::vector<float> values(constant.values->size());
    for_each_element(file, constant.dims, [&](size_t from, size_t to) { values[to] = (*constant.values)[from]; });
    const size_t begin = data.size();
    for (const float value : values) append_little_endian(data, std::bit_cast<uint32_t>(value), 4);
    header[binding.path] = {{"dtype", "F32"}, {"shape", file.dims}, {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string bytes;
  append_little_endian(bytes, text.size(), 8);
  return bytes + text + data;
}

}  // namespace deeper
