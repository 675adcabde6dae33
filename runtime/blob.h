// The weights file: one header, then sections at 64-byte boundaries. Written by `deeper build`, mapped read-only at run
// time. Little endian. Opening checks magic, version, sizes, spec hash, target and the header's own hash; `--verify`
// checks the content.
#pragma once
#include <stdint.h>

namespace rt {  // a file format, the same for every level: no inline namespace

inline constexpr char blob_magic[8] = {'D', 'E', 'E', 'P', 'E', 'R', 'W', '\n'};
inline constexpr uint32_t blob_version = 1;

struct BlobSection {
  uint64_t offset;  ///< from the file's begin, a multiple of 64
  uint64_t bytes;
};

struct BlobHeader {
  char magic[8];
  uint32_t version;
  uint32_t header_bytes;  ///< sizeof(BlobHeader)
  uint64_t total_bytes;   ///< of the file
  char spec_hash[64];     ///< hex, not terminated
  char target[32];        ///< zero-padded
  char weights_hash[64];  ///< hex SHA-256 of the author's weights file, or "random:SEED" zero-padded
  BlobSection weights;    ///< packed floats
  BlobSection labels;     ///< for each head in order: uint32 count, then count times (uint32 bytes, UTF-8 text)
  BlobSection goldens;    ///< for the self-test; see runtime/selftest.h
  unsigned char content_hash[32];  ///< SHA-256 of everything after the header
  unsigned char header_hash[32];   ///< SHA-256 of the header with this field zero
};

}  // namespace rt
