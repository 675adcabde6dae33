// Any bytes as a --tensor file: a problem, or just as many tensors as the header says.
#include <stdint.h>
#include <stdlib.h>

#include "runtime/program_npy.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rt::Network network{};
  network.height = 2;
  network.width = 3;
  network.channels = 1;
  float tensor[6];
  const MemoryFile file(data, size);
  const std::string path = file.path();
  rt::Problem problem;
  rt::TensorReader reader;
  const bool opened = reader.open(path.c_str(), network, problem);
  if (opened != (problem.words[0] == 0)) abort();
  if (!opened) return 0;
  if (static_cast<size_t>(reader.count()) > size / sizeof tensor) abort();
  for (int64_t i = 0; i < reader.count(); ++i)
    if (!reader.next(tensor, problem)) abort();
  if (reader.next(tensor, problem)) abort();
  return 0;
}
