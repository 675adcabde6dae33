#include "codegen/cli/json_text.h"

#include <nlohmann/json.hpp>

#include "dsl/text.h"

namespace deeper {
namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const Json& value) {
  return escaped_controls(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string lines(const Json& list) {
  std::string out = "[";
  for (const Json& item : list) out += (out.size() > 1 ? ",\n    " : "\n    ") + one_line(item);
  return out + "\n  ]";
}

}  // namespace

std::string json_text(const Json& object) {
  std::string out = "{";
  for (const auto& [key, value] : object.items()) {
    const bool objects = value.is_array() && !value.empty() && value.front().is_object();
    out += (out.size() > 1 ? ",\n  " : "\n  ") + one_line(key) + ": " + (objects ? lines(value) : one_line(value));
  }
  return out + "\n}\n";
}

}  // namespace deeper
