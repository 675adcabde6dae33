#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/file_kind.h"
#include "codegen/weights/floats.h"
#include "codegen/weights/safetensors_header.h"
#include "codegen/weights/store.h"
#include "dsl/read_file.h"
#include "dsl/text.h"
#include "runtime/sha256.h"

namespace deeper {
namespace {

struct FileReader {
  const std::string& file;
  Diagnostics& diagnostics;

  Diagnostic& malformed(const std::string& what) {
    return diagnostics.error(ids::weights_malformed, {}, fmt::format("{}: {}", printable(file), what));
  }
  /// `missing`: how many bytes, with its verb.
  void cut_off(const std::string& what, const std::string& missing) {
    malformed(fmt::format("is cut off: {}, {} missing", what, missing)).help = "copy or download it again, to its end";
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

constexpr size_t length_bytes = 8;

uint64_t header_length(std::string_view bytes) {
  uint64_t length = 0;
  for (size_t i = 0; i < length_bytes; ++i) length |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return length;
}

/// Eight bytes that are a length, then the mapping of a JSON text.
bool begins_as_safetensors(std::string_view bytes) {
  if (bytes.size() < length_bytes) return false;
  const bool length = header_length(bytes) <= uint64_t{1} << 40;
  return length && (bytes.size() == length_bytes || bytes[length_bytes] == '{');
}

void report_other_kind(std::string_view bytes, FileReader& reader) {
  const FileKind kind = file_kind(bytes);
  if (bytes.empty()) {
    reader.malformed("is empty").help = "copy or download it again";
  } else if (!kind.what.empty()) {
    reader.malformed(fmt::format("is {}, no safetensors file", kind.what)).help = kind.help;
  } else if (bytes.size() < length_bytes) {
    reader.malformed(fmt::format("is no safetensors file: its {} bytes are too few", bytes.size()));
  } else {
    reader.malformed("is no safetensors file: those begin with the length of a header and `{`").help =
        "dsl/PORTING.md tells how weights of other frameworks are written as one";
  }
}

/// Header and data of the file; nothing, and an error, when the file is another, or shorter than it says.
std::optional<std::pair<std::string_view, std::string_view>> split(std::string_view bytes, FileReader& reader) {
  if (!begins_as_safetensors(bytes)) {
    report_other_kind(bytes, reader);
    return std::nullopt;
  }
  const uint64_t length = header_length(bytes);
  bytes.remove_prefix(length_bytes);
  if (length > static_cast<uint64_t>(most_header_bytes)) {
    reader.malformed(
        fmt::format("it says that its header has {} bytes, but {} are allowed", length, most_header_bytes));
    return std::nullopt;
  }
  if (length > bytes.size()) {
    reader.cut_off(fmt::format("{} of the {} bytes of its header are there", bytes.size(), length),
                   fmt::format("more than {} are", length - bytes.size()));
    return std::nullopt;
  }
  return std::pair(bytes.substr(0, length), bytes.substr(length));
}

/// Whether the tensor's type, shape and place agree. Nothing is allocated before this holds.
bool sound(const TensorEntry& entry, int64_t data_bytes, FileReader& reader) {
  Size bits = bits_of(entry.dtype).value_or(0);
  for (const int64_t dim : entry.shape) bits *= dim;
  if (entry.begin > entry.end || entry.end > data_bytes) {
    reader.malformed(
        fmt::format("{} is at bytes {} to {} of {}", ticked(entry.name), entry.begin, entry.end, data_bytes));
    return false;
  }
  if (!bits_of(entry.dtype)) return true;  // a type of times to come: its size is not known
  if (bits.ok() && bits.value() / 8 == entry.end - entry.begin && bits.value() % 8 == 0) return true;
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

/// Whether header and data belong together. A header that is right in itself and has less data than it speaks of is
/// that of a file that was cut off.
bool fits(const std::vector<TensorEntry>& entries, int64_t data_bytes, FileReader& reader) {
  int64_t end = 0;
  for (const TensorEntry& entry : entries) end = std::max(end, entry.end);
  Diagnostics silent;
  FileReader trial{reader.file, silent};
  const auto all_sound = [&](int64_t bytes, FileReader& told) {
    bool ok = true;
    for (const TensorEntry& entry : entries) ok = sound(entry, bytes, told) && ok;
    return ok;
  };
  if (end > data_bytes && all_sound(end, trial) && tiles(entries, end, trial)) {
    reader.cut_off(fmt::format("{} of the {} bytes of its tensors are there", data_bytes, end),
                   fmt::format("{} {}", end - data_bytes, end - data_bytes == 1 ? "is" : "are"));
    return false;
  }
  return all_sound(data_bytes, reader) && tiles(entries, data_bytes, reader);
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
  if (!fits(header.tensors, static_cast<int64_t>(data.size()), reader)) return store;
  for (TensorEntry& entry : header.tensors) {
    const std::string_view part =
        data.substr(static_cast<size_t>(entry.begin), static_cast<size_t>(entry.end - entry.begin));
    if (const auto type = number_type(entry.dtype)) {
      store.tensors[entry.name] = {std::move(entry.shape), to_floats(*type, part), {}};
    } else {
      store.tensors[entry.name] = {std::move(entry.shape), {}, std::move(entry.dtype)};
    }
  }
  store.hash = hex_hash(bytes);
  return store;
}

WeightStore read_safetensors(const std::string& path, Diagnostics& diagnostics) {
  std::string reason;
  if (const auto bytes = read_file(path, reason, most_weights_bytes))
    return parse_safetensors(*bytes, path, diagnostics);
  diagnostics.error(ids::weights_unreadable, {}, fmt::format("{}: {}", printable(path), reason));
  WeightStore store;
  store.file = path;
  return store;
}

}  // namespace deeper
