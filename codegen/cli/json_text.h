// How the commands print JSON: one member a line, lists of objects one object a line.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deeper {

/// `object` as text with a line end. Bytes that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& object);

}  // namespace deeper
