#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/floats.h"
#include "codegen/weights/safetensors_header.h"
#include "codegen/weights/store.h"
#include "dsl/text.h"
#include "runtime/sha256.h"

namespace deeper {
namespace {

constexpr int64_t max_header_bytes = 100'000'000;

struct FileReader {
  const std::string& file;
  Diagnostics& diagnostics;

  void malformed(const std::string& what) {
    diagnostics.error(ids::weights_malformed, {}, fmt::format("{}: {}", printable(file), what));
  }
};

std::string hex_hash(std::string_view bytes) {
  rt::Sha256 sha;
  sha.update(bytes.data(), bytes.size());
  const rt::Digest digest = sha.finish();
  std::string text;
  for (const unsigned char byte : digest.bytes) text += fmt::format("{:02x}", byte);
  return text;
}

/// Header and data of the file; nothing, and an error, when the file is shorter than it says.
std::optional<std::pair<std::string_view, std::string_view>> split(std::string_view bytes, FileReader& reader) {
  constexpr size_t length_bytes = 8;
  if (bytes.size() < length_bytes) {
    reader.malformed(fmt::format("{} bytes are too few for a safetensors file", bytes.size()));
    return std::nullopt;
  }
  uint64_t length = 0;
  for (size_t i = 0; i < length_bytes; ++i) length |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(length_bytes);
  if (length > static_cast<uint64_t>(max_header_bytes) || length > bytes.size()) {
    reader.malformed(fmt::format("it says that its header has {} bytes, but {} follow and {} are allowed", length,
                                 bytes.size(), max_header_bytes));
    return std::nullopt;
  }
  return std::pair(bytes.substr(0, length), bytes.substr(length));
}

/// Whether the tensor's type, shape and place agree. Nothing is allocated before this holds.
bool sound(const TensorEntry& entry, int64_t data_bytes, FileReader& reader) {
  const auto type = number_type(entry.dtype);
  if (!type) {
    reader.malformed(
        fmt::format("{} is of type {}: F32, F16, BF16 and F64 can be read", ticked(entry.name), ticked(entry.dtype)));
    return false;
  }
  Size bytes = bytes_of(*type);
  for (const int64_t dim : entry.shape) bytes *= dim;
  if (entry.begin > entry.end || entry.end > data_bytes) {
    reader.malformed(
        fmt::format("{} is at bytes {} to {} of {}", ticked(entry.name), entry.begin, entry.end, data_bytes));
    return false;
  }
  if (bytes.ok() && bytes.value() == entry.end - entry.begin) return true;
  reader.malformed(fmt::format("{} is {} of {}, which is not the {} bytes that it has", ticked(entry.name),
                               fmt::join(entry.shape, "x"), entry.dtype, entry.end - entry.begin));
  return false;
}

/// Every byte of the data belongs to exactly one tensor.
bool tiles(std::vector<TensorEntry> entries, int64_t data_bytes, FileReader& reader) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  int64_t at = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != at) {
      reader.malformed(
          fmt::format("{} begins at byte {}, but the one before ends at {}", ticked(entry.name), entry.begin, at));
      return false;
    }
    at = entry.end;
  }
  if (at != data_bytes)
    reader.malformed(fmt::format("its tensors have {} bytes, but {} follow the header", at, data_bytes));
  return at == data_bytes;
}

}  // namespace

WeightStore parse_safetensors(std::string_view bytes, const std::string& file, Diagnostics& diagnostics) {
  WeightStore store;
  store.file = file;
  FileReader reader{file, diagnostics};
  const auto parts = split(bytes, reader);
  if (!parts) return store;
  const auto [json, data] = *parts;
  SafetensorsHeader header = parse_safetensors_header(json);
  if (!header.error.empty()) {
    reader.malformed("bad header: " + header.error);
    return store;
  }
  const auto data_bytes = static_cast<int64_t>(data.size());
  bool all_sound = true;
  for (const TensorEntry& entry : header.tensors) all_sound = sound(entry, data_bytes, reader) && all_sound;
  if (!all_sound || !tiles(header.tensors, data_bytes, reader)) return store;
  for (TensorEntry& entry : header.tensors) {
    const std::string_view part =
        data.substr(static_cast<size_t>(entry.begin), static_cast<size_t>(entry.end - entry.begin));
    if (const auto type = number_type(entry.dtype))  // a sound entry has one
      store.tensors[entry.name] = {std::move(entry.shape), to_floats(*type, part)};
  }
  store.hash = hex_hash(bytes);
  return store;
}

WeightStore read_safetensors(const std::string& path, Diagnostics& diagnostics) {
  const auto unreadable = [&](const char* why) {
    diagnostics.error(ids::weights_unreadable, {}, fmt::format("{}: {}", printable(path), why));
    WeightStore store;
    store.file = path;
    return store;
  };
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return unreadable(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return unreadable(S_ISDIR(status.st_mode) ? "is a directory" : "is no regular file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return unreadable(std::strerror(errno));
  std::string bytes(static_cast<size_t>(status.st_size), '\0');
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return unreadable("cannot be read to its end");
  return parse_safetensors(bytes, path, diagnostics);
}

}  // namespace deeper
