// usage: toy_weights FILE [wrong]   writes the toy network's weights (toy_blob.h).
#include <stdio.h>

#include "tests/support/toy_blob.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::vector<unsigned char> bytes = toy::weights_file(argc > 2);
  FILE* file = fopen(argv[1], "wb");
  const bool written = file != nullptr && fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return written && fclose(file) == 0 ? 0 : 1;
}
