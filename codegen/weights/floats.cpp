#include "codegen/weights/floats.h"

#include <bit>
#include <cmath>
#include <limits>

namespace deeper {
namespace {

template <class Unsigned>
Unsigned little_endian(const char* from) {
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof(Unsigned); ++i)
    value = static_cast<Unsigned>(value | static_cast<Unsigned>(static_cast<unsigned char>(from[i])) << (8 * i));
  return value;
}

/// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits.
float half_to_float(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  const float sign = bits >> 15 ? -1.0F : 1.0F;
  if (exponent == 31)
    return fraction ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

float to_float(NumberType type, const char* from) {
  switch (type) {
    case NumberType::f16:
      return half_to_float(little_endian<uint16_t>(from));
    case NumberType::bf16:
      return std::bit_cast<float>(uint32_t{little_endian<uint16_t>(from)} << 16);
    case NumberType::f32:
      return std::bit_cast<float>(little_endian<uint32_t>(from));
    case NumberType::f64:
      break;
  }
  const auto value = std::bit_cast<double>(little_endian<uint64_t>(from));
  constexpr double beyond = 0x1.ffffffp127;  // the first that rounds to infinity; a cast would be undefined
  if (std::abs(value) >= beyond) return std::copysign(std::numeric_limits<float>::infinity(), value < 0 ? -1.0F : 1.0F);
  return static_cast<float>(value);
}

}  // namespace

std::optional<NumberType> number_type(std::string_view word) {
  if (word == "F16") return NumberType::f16;
  if (word == "BF16") return NumberType::bf16;
  if (word == "F32") return NumberType::f32;
  if (word == "F64") return NumberType::f64;
  return std::nullopt;
}

int64_t bytes_of(NumberType type) {
  switch (type) {
    case NumberType::f16:
    case NumberType::bf16:
      return 2;
    case NumberType::f32:
      return 4;
    case NumberType::f64:
      return 8;
  }
  return 0;
}

std::optional<int64_t> bits_of(std::string_view word) {
  constexpr std::pair<std::string_view, int64_t> types[] = {
      {"BOOL", 8},    {"U8", 8},      {"I8", 8},   {"F8_E4M3", 8}, {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F4", 4},
      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"I16", 16}, {"U16", 16},    {"F16", 16},    {"BF16", 16},   {"I32", 32},
      {"U32", 32},    {"F32", 32},    {"I64", 64}, {"U64", 64},    {"F64", 64},    {"C64", 64}};
  for (const auto& [name, bits] : types)
    if (name == word) return bits;
  return std::nullopt;
}

std::vector<float> to_floats(NumberType type, std::string_view bytes) {
  const auto size = static_cast<size_t>(bytes_of(type));
  std::vector<float> values(bytes.size() / size);
  for (size_t i = 0; i < values.size(); ++i) values[i] = to_float(type, bytes.data() + i * size);
  return values;
}

}  // namespace deeper
