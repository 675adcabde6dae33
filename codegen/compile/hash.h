// SHA-256 by the runtime's own implementation.
#pragma once
#include <array>
#include <string>
#include <string_view>

namespace deeper {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);
/// 64 digits.
std::string hex_sha256(std::string_view bytes);
/// Two digits a byte.
std::string hex(std::string_view bytes);

}  // namespace deeper
