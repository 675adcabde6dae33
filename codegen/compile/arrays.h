// Arrays that the programs write: npy files, and npz files with stored entries. Little-endian float32 in C order only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

struct Array {
  std::vector<int64_t> dims;
  std::vector<float> values;
};

/// Null when `bytes` is no such file, or not whole.
std::optional<Array> read_npy(std::string_view bytes);

/// A version 1.0 file.
std::string write_npy(const Array& array);

struct NamedArray {
  std::string name;  ///< without ".npy"
  Array array;
};
/// In the file's order. Null when `bytes` is no zip of stored npy files, or damaged.
std::optional<std::vector<NamedArray>> read_npz(std::string_view bytes);
/// Stored entries; less than 4 GiB together.
std::string write_npz(const std::vector<NamedArray>& arrays);

}  // namespace deeper
