// SHA-256 (FIPS 180-4), streaming: hashes of specs, weights and goldens.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

struct Digest {
  unsigned char bytes[32];
  bool operator==(const Digest& other) const { return memcmp(bytes, other.bytes, sizeof bytes) == 0; }
};

class Sha256 {
 public:
  /// Any number of bytes, any number of times.
  void update(const void* data, size_t bytes) {
    const auto* from = static_cast<const unsigned char*>(data);
    total_ += bytes;
    if (filled_ > 0) {
      const size_t missing = sizeof block_ - filled_, taken = bytes < missing ? bytes : missing;
      if (taken == 0) return;
      memcpy(block_ + filled_, from, taken);
      filled_ += taken;
      from += taken;
      bytes -= taken;
      if (filled_ < sizeof block_) return;
      compress(block_);
      filled_ = 0;
    }
    for (; bytes >= sizeof block_; from += sizeof block_, bytes -= sizeof block_) compress(from);
    if (bytes > 0) memcpy(block_, from, bytes);
    filled_ = bytes;
  }

  /// The hash of all that was given; the object is used up.
  Digest finish() {
    const uint64_t bits = total_ * 8;
    const unsigned char one = 0x80, zero = 0;
    update(&one, 1);
    while (filled_ != 56) update(&zero, 1);
    unsigned char length[8];
    for (int i = 0; i < 8; ++i) length[i] = static_cast<unsigned char>(bits >> (56 - 8 * i));
    update(length, sizeof length);
    Digest digest;
    for (int i = 0; i < 32; ++i) digest.bytes[i] = static_cast<unsigned char>(state_[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
  }

 private:
  static uint32_t rotate(uint32_t x, int by) { return x >> by | x << (32 - by); }

  void compress(const unsigned char* block) {
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    static constexpr uint32_t roots[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; ++i) {
      const unsigned char* b = block + 4 * i;
      w[i] = uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | uint32_t{b[3]};
    }
    for (int i = 16; i < 64; ++i) {
      const uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, state_, sizeof s);
    for (int i = 0; i < 64; ++i) {
      const uint32_t t = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                         ((s[4] & s[5]) ^ (~s[4] & s[6])) + roots[i] + w[i];
      const uint32_t u =
          (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      memmove(s + 1, s, 7 * sizeof s[0]);
      s[4] += t;
      s[0] = t + u;
    }
    for (int i = 0; i < 8; ++i) state_[i] += s[i];
  }

  uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint64_t total_ = 0;
  size_t filled_ = 0;
  unsigned char block_[64];
};

inline Digest sha256(const void* data, size_t bytes) {
  Sha256 hash;
  hash.update(data, bytes);
  return hash.finish();
}

/// 64 digits and a terminating zero.
struct HexDigest {
  char text[65];
};
inline HexDigest to_hex(const Digest& digest) {
  HexDigest hex;
  for (int i = 0; i < 64; ++i) hex.text[i] = "0123456789abcdef"[digest.bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
  hex.text[64] = 0;
  return hex;
}

}  // namespace rt::inline RT_ABI
