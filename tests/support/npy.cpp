#include "tests/support/npy.h"

#include <bit>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace deeper::test {
namespace {

std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) throw std::runtime_error("cannot be read");
  return bytes.str();
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error(path + ": cannot be written");
}

void append(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

uint64_t number(const std::string& bytes, size_t at, size_t count) {
  if (at + count > bytes.size()) throw std::runtime_error("ends too early");
  uint64_t value = 0;
  for (size_t i = 0; i < count; ++i) value |= uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return value;
}

/// What stands behind 'key': in the header's dictionary.
std::string entry(const std::string& header, const std::string& key) {
  const size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) throw std::runtime_error("has no " + key);
  return header.substr(header.find_first_not_of(' ', at + key.size() + 3));
}

Array from_npy(const std::string& bytes) {
  if (!bytes.starts_with("\x93NUMPY")) throw std::runtime_error("is no npy");
  const size_t width = number(bytes, 6, 1) == 1 ? 2 : 4;
  const size_t begin = 8 + width, length = number(bytes, 8, width);
  const std::string header = bytes.substr(begin, length);
  if (!entry(header, "fortran_order").starts_with("False")) throw std::runtime_error("is in Fortran order");
  const bool wide = entry(header, "descr").starts_with("'<f8'");
  if (!wide && !entry(header, "descr").starts_with("'<f4'")) throw std::runtime_error("holds no floats");
  Array array;
  size_t count = 1;
  std::istringstream shape(entry(header, "shape").substr(1));
  for (int64_t dim = 0; shape >> dim; shape.ignore(1)) {
    array.dims.push_back(dim);
    count *= static_cast<size_t>(dim);
  }
  const size_t size = wide ? 8 : 4;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t bits = number(bytes, begin + length + i * size, size);
    array.values.push_back(wide ? std::bit_cast<double>(bits) : std::bit_cast<float>(static_cast<uint32_t>(bits)));
  }
  return array;
}

std::string to_npy(const Array& array, Precision precision) {
  std::string header = std::string("{'descr': '") + (precision == Precision::f64 ? "<f8" : "<f4") +
                       "', 'fortran_order': False, 'shape': (";
  for (const int64_t dim : array.dims) header += std::to_string(dim) + ",";
  header += "), }";
  header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  append(bytes, header.size(), 2);
  bytes += header;
  for (const double value : array.values) {
    if (precision == Precision::f64)
      append(bytes, std::bit_cast<uint64_t>(value), 8);
    else
      append(bytes, std::bit_cast<uint32_t>(static_cast<float>(value)), 4);
  }
  return bytes;
}

uint32_t crc32(const std::string& bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

/// The fields that a zip's local and central headers share, from "version needed" to the name's length.
std::string zip_fields(const std::string& name, const std::string& data) {
  std::string out;
  append(out, 20, 2);              // version needed
  append(out, 0, 2 + 2);           // flags; stored
  append(out, 0x21 << 16, 2 + 2);  // 1980-01-01, so that the same arrays give the same bytes
  append(out, crc32(data), 4);
  append(out, data.size(), 4);
  append(out, data.size(), 4);
  append(out, name.size(), 2);
  append(out, 0, 2);  // no extra field
  return out;
}

std::map<std::string, Array> from_npz(const std::string& bytes) {
  const size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string::npos) throw std::runtime_error("is no zip");
  const uint64_t entries = number(bytes, end + 10, 2);
  size_t at = number(bytes, end + 16, 4);
  std::map<std::string, Array> arrays;
  for (uint64_t i = 0; i < entries; ++i) {
    const size_t name_length = number(bytes, at + 28, 2), local = number(bytes, at + 42, 4),
                 size = number(bytes, at + 20, 4);
    if (number(bytes, at + 10, 2) != 0) throw std::runtime_error("is compressed");
    std::string name = bytes.substr(at + 46, name_length);
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    const size_t data = local + 30 + number(bytes, local + 26, 2) + number(bytes, local + 28, 2);
    arrays[name] = from_npy(bytes.substr(data, size));
    at += 46 + name_length + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
  }
  return arrays;
}

template <class Read>
auto named(const std::string& path, Read read) {
  try {
    return read(read_bytes(path));
  } catch (const std::exception& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

}  // namespace

Array read_npy(const std::string& path) { return named(path, from_npy); }

std::map<std::string, Array> read_npz(const std::string& path) { return named(path, from_npz); }

void write_npy(const std::string& path, const Array& array, Precision precision) {
  write_bytes(path, to_npy(array, precision));
}

void write_npz(const std::string& path, const std::map<std::string, Array>& arrays, Precision precision) {
  std::string bytes, directory;
  for (const auto& [key, array] : arrays) {
    const std::string name = key + ".npy", data = to_npy(array, precision), fields = zip_fields(name, data);
    directory += "PK\x01\x02";
    append(directory, 20, 2);  // version made by
    directory += fields;
    append(directory, 0, 2 + 2 + 2);  // no comment; disk 0; internal attributes
    append(directory, 0, 4);          // external attributes
    append(directory, bytes.size(), 4);
    directory += name;
    bytes += "PK\x03\x04" + fields + name + data;
  }
  const size_t begin = bytes.size();
  bytes += directory + "PK\x05\x06";
  append(bytes, 0, 2 + 2);
  append(bytes, arrays.size(), 2);
  append(bytes, arrays.size(), 2);
  append(bytes, directory.size(), 4);
  append(bytes, begin, 4);
  append(bytes, 0, 2);
  write_bytes(path, bytes);
}

}  // namespace deeper::test
