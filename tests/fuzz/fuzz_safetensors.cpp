// Weights of a stranger: whatever the bytes, there are tensors or messages, never a crash or memory that the file does
// not have.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codegen/weights/store.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  deeper::Diagnostics diagnostics;
  const auto store = deeper::parse_safetensors({reinterpret_cast<const char*>(data), size}, "fuzz", diagnostics);
  size_t floats = 0;
  for (const auto& [name, tensor] : store.tensors) floats += tensor.values.size();
  if (floats > size / 2) std::abort();
  if (!store.tensors.empty() && diagnostics.has_errors()) std::abort();
  return 0;
}
