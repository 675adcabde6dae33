// Any bytes as an array and as an archive of arrays: read or refused, and never more values than the file has bytes
// for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codegen/compile/arrays.h"

namespace {

void check(const deeper::Array& array) {
  size_t count = 1;
  for (const int64_t dim : array.dims) {
    if (dim < 0) std::abort();
    count *= static_cast<size_t>(dim);
  }
  if (count != array.values.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto array = deeper::read_npy(bytes)) {
    check(*array);
    if (array->values.size() > size / sizeof(float)) std::abort();
  }
  if (const auto arrays = deeper::read_npz(bytes)) {
    size_t floats = 0;
    for (const auto& [name, array] : *arrays) {
      check(array);
      floats += array.values.size();
    }
    if (floats > size / sizeof(float)) std::abort();
  }
  return 0;
}
