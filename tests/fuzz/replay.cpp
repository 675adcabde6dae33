// usage: fuzz_NAME FOLDER   gives every file of a kept corpus to the target, without a fuzzer: each must still come out
// well. The empty input is one of them.
#include <stdint.h>
#include <stdio.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" size_t LLVMFuzzerMutate(uint8_t*, size_t size, size_t) { return size; }  // of a mutator that is not called

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    fprintf(stderr, "%s\n", entry.path().c_str());  // the last one named is the one that failed
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    ++count;
  }
  LLVMFuzzerTestOneInput(nullptr, 0);
  fprintf(stderr, "%zu files\n", count);
  return count > 0 ? 0 : 1;  // a corpus that is not there proves nothing
}
