// numpy's files, for tests that talk to Python: float32 and float64, C order, little endian; npz without compression.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace deeper::test {

struct Array {
  std::vector<int64_t> dims;
  std::vector<double> values;
};

enum class Precision { f32, f64 };

/// All of these throw std::runtime_error with the file's name on anything that they cannot read or write.
Array read_npy(const std::string& path);
void write_npy(const std::string& path, const Array& array, Precision precision);
/// Names without ".npy".
std::map<std::string, Array> read_npz(const std::string& path);
void write_npz(const std::string& path, const std::map<std::string, Array>& arrays, Precision precision);

}  // namespace deeper::test
