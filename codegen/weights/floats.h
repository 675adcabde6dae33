// Little-endian numbers of a file -> float.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace deeper {

inline constexpr std::string_view types_read = "F32, F16, BF16 and F64";

enum class NumberType { f16, bf16, f32, f64 };

/// "F16", "BF16", "F32", "F64"; nothing for others.
std::optional<NumberType> number_type(std::string_view word);
int64_t bytes_of(NumberType type);

/// Bits of a number of any type that safetensors files have; nothing for words that are none.
std::optional<int64_t> bits_of(std::string_view word);

/// `bytes` holds whole numbers. F64 is rounded to the nearest float, and to infinity beyond; NaN stays NaN.
std::vector<float> to_floats(NumberType type, std::string_view bytes);

}  // namespace deeper
