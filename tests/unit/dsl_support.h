// Small networks in memory for the tests of dsl/.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dsl/parse.h"

namespace dsl_test {

struct Parsed {
  deeper::NetworkSpec spec;
  deeper::Sources sources;
  deeper::Diagnostics diagnostics;
};

/// A network of 8x8x3 around these lines: `layers` are list items indented by two, `more` whole sections.
std::string network(const std::string& layers, const std::string& more = {});

Parsed parse(const std::string& text, const std::vector<std::string>& set = {});

/// Fails the test on any diagnostic.
deeper::NetworkSpec parse_ok(const std::string& text, const std::vector<std::string>& set = {});

/// The ids of all diagnostics, in order, blanks between them.
std::string ids_of(const Parsed& parsed);

/// Paths in order; what a layer holds stands in parentheses behind it: "a(x y) b".
std::string paths(const std::vector<deeper::Layer>& layers);

/// The layer with that path, anywhere.
const deeper::Layer& layer_at(const deeper::NetworkSpec& spec, const std::string& path);

/// The value; the test fails where there is none.
template <class T>
const T& given(const std::optional<T>& value) {
  if (!value) throw std::logic_error("nothing is given");
  return *value;
}

template <class L>
const L& op_at(const deeper::NetworkSpec& spec, const std::string& path) {
  return std::get<L>(std::get<deeper::LayerOp>(layer_at(spec, path).body));
}

}  // namespace dsl_test
