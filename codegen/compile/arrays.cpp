#include "codegen/compile/arrays.h"

#include <charconv>
#include <cstring>

namespace deeper {
namespace {

constexpr std::string_view npy_magic("\x93NUMPY", 6);

// Little-endian number of `bytes` bytes at `at`; 0 past the end.
uint64_t number_at(std::string_view data, size_t at, int bytes) {
  uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i)
    value = value << 8 | (at + size_t(i) < data.size() ? static_cast<unsigned char>(data[at + size_t(i)]) : 0);
  return value;
}

// "(3, 4, )" after 'shape':
std::optional<std::vector<int64_t>> read_shape(std::string_view header) {
  const size_t key = header.find("'shape':"), begin = header.find('(', key), end = header.find(')', begin);
  if (key == std::string_view::npos || begin == std::string_view::npos || end == std::string_view::npos)
    return std::nullopt;
  std::vector<int64_t> dims;
  for (size_t at = begin + 1; at < end;) {
    if (header[at] == ' ' || header[at] == ',') {
      ++at;
      continue;
    }
    int64_t dim = 0;
    const auto [next, error] = std::from_chars(header.data() + at, header.data() + end, dim);
    if (error != std::errc() || dim < 0) return std::nullopt;
    dims.push_back(dim);
    at = size_t(next - header.data());
  }
  return dims;
}

// Null when the product is beyond what a file of `bytes` could hold.
std::optional<size_t> count_of(const std::vector<int64_t>& dims, size_t bytes) {
  size_t count = 1;
  for (const int64_t dim : dims) {
    if (dim != 0 && count > bytes / size_t(dim)) return std::nullopt;
    count *= size_t(dim);
  }
  return count;
}

}  // namespace

std::optional<Array> read_npy(std::string_view bytes) {
  if (!bytes.starts_with(npy_magic) || bytes.size() < 12) return std::nullopt;
  const int length_bytes = bytes[6] == 1 ? 2 : 4;
  const size_t begin = 8 + size_t(length_bytes), length = number_at(bytes, 8, length_bytes);
  if (length > bytes.size() || begin + length > bytes.size()) return std::nullopt;
  const std::string_view header = bytes.substr(begin, length), body = bytes.substr(begin + length);
  if (header.find("'<f4'") == std::string_view::npos || header.find("'fortran_order': False") == std::string_view::npos)
    return std::nullopt;
  const auto dims = read_shape(header);
  const auto count = dims ? count_of(*dims, body.size()) : std::nullopt;
  if (!count || body.size() != *count * sizeof(float)) return std::nullopt;
  Array array{*dims, std::vector<float>(*count)};
  if (*count > 0) std::memcpy(array.values.data(), body.data(), body.size());
  return array;
}

std::string write_npy(const Array& array) {
  std::string shape;
  for (const int64_t dim : array.dims) shape += std::to_string(dim) + ", ";
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr size_t fixed = 10, alignment = 64;  // magic, version, length
  header.resize((fixed + header.size() + 1 + alignment - 1) / alignment * alignment - fixed, ' ');
  header.back() = '\n';
  std::string bytes(npy_magic);
  bytes += {'\1', '\0', char(header.size() & 255), char(header.size() >> 8)};
  bytes += header;
  return bytes.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
}

namespace {

uint32_t crc32(std::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

void put(std::string& bytes, uint64_t number, int count) {
  for (int i = 0; i < count; ++i, number >>= 8) bytes += char(number & 255);
}

// What entry headers and directory share: version needed, flags (UTF-8 names), method (stored), time, date
// (1980-01-01), CRC, sizes, the name's length, no extra field.
std::string entry_facts(std::string_view data, size_t name_bytes) {
  std::string facts;
  put(facts, 20, 2);
  put(facts, 0x0800, 2);
  put(facts, 0, 4);
  put(facts, 0x21, 2);
  put(facts, crc32(data), 4);
  put(facts, data.size(), 4);
  put(facts, data.size(), 4);
  put(facts, name_bytes, 2);
  put(facts, 0, 2);
  return facts;
}

}  // namespace

std::string write_npz(const std::vector<NamedArray>& arrays) {
  std::string bytes, directory;
  for (const NamedArray& named : arrays) {
    const std::string name = named.name + ".npy", data = write_npy(named.array), facts = entry_facts(data, name.size());
    directory.append("PK\1\2\x14\0", 6).append(facts);
    put(directory, 0, 10);  // comment, disk, attributes
    put(directory, bytes.size(), 4);
    directory += name;
    bytes.append("PK\3\4").append(facts).append(name).append(data);
  }
  const size_t begin = bytes.size();
  bytes.append(directory).append("PK\5\6");
  put(bytes, 0, 4);
  put(bytes, arrays.size(), 2);
  put(bytes, arrays.size(), 2);
  put(bytes, directory.size(), 4);
  put(bytes, begin, 4);
  put(bytes, 0, 2);
  return bytes;
}

std::optional<std::vector<NamedArray>> read_npz(std::string_view bytes) {
  constexpr std::string_view end_mark("PK\x05\x06", 4), entry_mark("PK\x01\x02", 4), local_mark("PK\x03\x04", 4);
  const size_t end = bytes.rfind(end_mark);
  if (end == std::string_view::npos) return std::nullopt;
  const size_t entries = number_at(bytes, end + 10, 2);
  size_t at = number_at(bytes, end + 16, 4), left = bytes.size();  // entries that share bytes would make a bomb
  std::vector<NamedArray> arrays;
  for (size_t i = 0; i < entries; ++i) {
    if (at > bytes.size() || !bytes.substr(at).starts_with(entry_mark)) return std::nullopt;
    const size_t method = number_at(bytes, at + 10, 2), size = number_at(bytes, at + 24, 4),
                 name_length = number_at(bytes, at + 28, 2);
    const size_t more = number_at(bytes, at + 30, 2) + number_at(bytes, at + 32, 2),
                 local = number_at(bytes, at + 42, 4);
    if (method != 0 || local > bytes.size() || !bytes.substr(local).starts_with(local_mark)) return std::nullopt;
    const size_t data = local + 30 + number_at(bytes, local + 26, 2) + number_at(bytes, local + 28, 2);
    if (data > bytes.size() || size > bytes.size() - data || size > left || at + 46 + name_length > bytes.size())
      return std::nullopt;
    left -= size;
    std::string name(bytes.substr(at + 46, name_length));
    auto array = read_npy(bytes.substr(data, size));
    if (!array) return std::nullopt;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    arrays.push_back({std::move(name), std::move(*array)});
    at += 46 + name_length + more;
  }
  return arrays;
}

}  // namespace deeper
