// Small helpers on UTF-8 text that people wrote: counting, naming what was seen, the nearest known name.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// 0 to 9, whatever the locale.
bool is_digit(char c);

/// Code points; a byte that is no UTF-8 counts as one.
int count_code_points(std::string_view text);

/// Bytes of the code point that `text` (not empty) begins with; 0 where that is no UTF-8.
int code_point_bytes(std::string_view text);

/// Offset of the first byte that is no UTF-8.
std::optional<size_t> find_invalid_utf8(std::string_view text);

/// `text` in backticks for a message: without control characters, cut at 60 code points.
std::string ticked(std::string_view text);

/// One line that a terminal shows as it is: control characters and bytes that are no UTF-8 become `?`, tabs one space.
std::string printable(std::string_view text);

/// The same of a text of several lines. Further ones begin with `indent`: text of strangers cannot pass for a line of
/// ours.
std::string printable_lines(std::string_view text, std::string_view indent = {});

/// JSON text with such characters as escapes; line feeds stay, which JSON has between values only.
std::string escaped_controls(std::string_view json);

/// The known name that a typing mistake most likely meant; empty where none is near.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known);

/// "did you mean `x`?" where a known name is near, else "WHAT: a, b, c" (at most 20 of them).
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known, std::string_view what);

/// `[A-Za-z0-9_.-]+`, at most 128 long: ids of layers, uses, branches and blocks.
bool is_id(std::string_view text);

/// `[A-Za-z_][A-Za-z0-9_]*`, at most 64 long: params, args and heads.
bool is_identifier(std::string_view text);

/// A whole number as YAML 1.2's core schema has it: decimal with a sign, 0o17, 0x1f. Empty where it is none or does not
/// fit.
std::optional<int64_t> parse_int(std::string_view text);
/// Looks like a whole number, whatever its size.
bool looks_like_int(std::string_view text);
/// A finite number of the core schema, whole ones too.
std::optional<double> parse_number(std::string_view text);
/// true, True, TRUE and so on.
std::optional<bool> parse_bool(std::string_view text);
/// Empty, ~, null, Null, NULL.
bool is_null(std::string_view text);

/// Shortest text that reads back as the same double and is a float in YAML 1.1 and 1.2: `0.75`, `1.0e-4`, `104`.
std::string number_text(double value);

}  // namespace deeper
