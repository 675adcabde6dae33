#include "codegen/compile/hash.h"

#include <cstring>

#include "runtime/sha256.h"

namespace deeper {

Digest sha256(std::string_view bytes) {
  rt::Sha256 state;
  state.update(bytes.data(), bytes.size());
  const auto finished = state.finish();
  Digest digest;
  static_assert(sizeof finished == sizeof digest);
  std::memcpy(digest.data(), &finished, sizeof digest);
  return digest;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(digits[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

std::string hex_sha256(std::string_view bytes) {
  const Digest digest = sha256(bytes);
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace deeper
