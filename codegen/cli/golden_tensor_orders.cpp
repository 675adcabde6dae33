// The orders in which weights are commonly written by mistake, tried one after the other.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/cli/golden_changes.h"
#include "codegen/compile/tensor_record.h"

namespace deeper {
namespace {

/// [out][height][width][in]
struct Tensor4 {
  std::array<int64_t, 4> dims{1, 1, 1, 1};
  std::span<const float> values;

  float at(const std::array<int64_t, 4>& i) const {
    return values[size_t(((i[0] * dims[1] + i[1]) * dims[2] + i[2]) * dims[3] + i[3])];
  }
};

/// The tensor whose element i is `from`'s element `where(i)`.
template <class Where>
std::vector<float> rearranged(const Tensor4& from, Where&& where) {
  std::vector<float> out;
  out.reserve(from.values.size());
  const auto& d = from.dims;
  for (int64_t o = 0; o < d[0]; ++o)
    for (int64_t h = 0; h < d[1]; ++h)
      for (int64_t w = 0; w < d[2]; ++w)
        for (int64_t i = 0; i < d[3]; ++i) out.push_back(from.at(where(std::array<int64_t, 4>{o, h, w, i})));
  return out;
}

using Dims = std::array<int, 4>;  // a permutation of out, height, width, in

/// The values one behind the other with dims[0] slowest.
std::vector<float> flattened(const Tensor4& from, const Dims& order) {
  std::vector<float> out;
  out.reserve(from.values.size());
  std::array<int64_t, 4> i{};
  const auto& d = from.dims;
  for (i[size_t(order[0])] = 0; i[size_t(order[0])] < d[size_t(order[0])]; ++i[size_t(order[0])])
    for (i[size_t(order[1])] = 0; i[size_t(order[1])] < d[size_t(order[1])]; ++i[size_t(order[1])])
      for (i[size_t(order[2])] = 0; i[size_t(order[2])] < d[size_t(order[2])]; ++i[size_t(order[2])])
        for (i[size_t(order[3])] = 0; i[size_t(order[3])] < d[size_t(order[3])]; ++i[size_t(order[3])])
          out.push_back(from.at(i));
  return out;
}

/// Values that lie in the order `order`, as [out][height][width][in].
std::vector<float> read_as(const std::vector<float>& flat, const Tensor4& like, const Dims& order) {
  std::array<int64_t, 4> step{};
  int64_t next = 1;
  for (int k = 3; k >= 0; --k) {
    step[size_t(order[size_t(k)])] = next;
    next *= like.dims[size_t(order[size_t(k)])];
  }
  std::vector<float> out;
  out.reserve(flat.size());
  const auto& d = like.dims;
  for (int64_t o = 0; o < d[0]; ++o)
    for (int64_t h = 0; h < d[1]; ++h)
      for (int64_t w = 0; w < d[2]; ++w)
        for (int64_t i = 0; i < d[3]; ++i)
          out.push_back(flat[size_t(o * step[0] + h * step[1] + w * step[2] + i * step[3])]);
  return out;
}

std::string word(const Dims& order) {
  std::string text;
  for (const int dim : order) text += "ohwi"[dim];
  return text;
}

struct Mirror {
  std::string_view text;
  std::array<bool, 4> reversed;
};
constexpr Mirror mirrors[] = {{"its kernels are turned by 180 degrees", {false, true, true, false}},
                              {"its kernels are upside down", {false, true, false, false}},
                              {"its kernels are mirrored", {false, false, true, false}},
                              {"its input channels are in reverse order (RGB and BGR?)", {false, false, false, true}},
                              {"its output channels are in reverse order", {true, false, false, false}}};

std::string mirrored(const Tensor4& tensor, std::string_view then) {
  for (const Mirror& mirror : mirrors) {
    const auto where = [&](std::array<int64_t, 4> i) {
      for (size_t k = 0; k < 4; ++k)
        if (mirror.reversed[k]) i[k] = tensor.dims[k] - 1 - i[k];
      return i;
    };
    if (short_hash(rearranged(tensor, where)) == then) return std::string(mirror.text);
  }
  return "";
}

std::string order_words(const Dims& is, const Dims& read, WeightKind kind) {
  if (kind == WeightKind::dense && is[0] == 0 && read[0] == 0) {
    const auto columns = [](const Dims& order) { return order[1] == 3 ? "chw" : order[3] == 3 ? "hwc" : ""; };
    if (*columns(is) != 0 && *columns(read) != 0)
      return fmt::format("its columns are those of `flatten: {}`, read as {}", columns(is), columns(read));
  }
  if (is == Dims{3, 1, 2, 0} && read == Dims{0, 1, 2, 3}) return "inputs and outputs are exchanged (transposed)";
  if (is == Dims{0, 2, 1, 3} && read == Dims{0, 1, 2, 3}) return "rows and columns of its kernels are exchanged";
  return fmt::format("it lies in the order {} and is read as {}", word(is), word(read));
}

/// Values that lie in one order of dims and were read as another.
std::string misread(const Tensor4& tensor, const WeightBinding& binding, std::string_view then) {
  std::array<Dims, 3> reads{{{0, 1, 2, 3}, {0, 3, 1, 2}, {1, 2, 3, 0}}};    // ohwi, oihw, hwio
  if (binding.flatten == FlattenOrder::chw) std::swap(reads[0], reads[1]);  // as its columns are read
  for (const Dims& read : reads) {
    const std::vector<float> flat = flattened(tensor, read);
    Dims is{0, 1, 2, 3};
    do {
      if (is != read && short_hash(read_as(flat, tensor, is)) == then) return order_words(is, read, binding.kind);
    } while (std::next_permutation(is.begin(), is.end()));
  }
  return "";
}

}  // namespace

std::string order_text(std::span<const float> values, const std::vector<int64_t>& dims, const WeightBinding& binding,
                       std::string_view then) {
  Tensor4 tensor{{1, 1, 1, 1}, values};
  if (dims.size() == 1) tensor.dims[0] = dims[0];
  if (dims.size() == 4) std::copy(dims.begin(), dims.end(), tensor.dims.begin());
  std::string text = mirrored(tensor, then);
  if (text.empty() && dims.size() == 4) text = misread(tensor, binding, then);
  return text;
}

}  // namespace deeper
