#include "tests/unit/dsl_support.h"

#include <catch2/catch.hpp>

namespace dsl_test {
namespace {

using deeper::Layer;

const Layer* find(const std::vector<Layer>& layers, const std::string& path) {
  for (const Layer& layer : layers) {
    if (layer.path == path) return &layer;
    if (const auto* branches = std::get_if<deeper::Branches>(&layer.body))
      for (const deeper::Branch& branch : branches->branches)
        if (const Layer* found = find(branch.layers, path)) return found;
    if (const auto& residual = layer.residual)
      if (const Layer* found = find(residual->shortcut, path)) return found;
  }
  return nullptr;
}

}  // namespace

std::string network(const std::string& layers, const std::string& more) {
  const bool heads = more.find("heads:") != std::string::npos;
  return "deeper: 1\nname: net\ninput: {shape: [8, 8, 3]}\n" + more + "layers:\n" + layers +
         (heads ? "" : "heads: {main: {from: input}}\n");
}

Parsed parse(const std::string& text, const std::vector<std::string>& set) {
  Parsed out;
  out.spec = deeper::parse_text("net.yaml", text, {set}, out.sources, out.diagnostics);
  return out;
}

deeper::NetworkSpec parse_ok(const std::string& text, const std::vector<std::string>& set) {
  Parsed out = parse(text, set);
  INFO(deeper::render(out.diagnostics, out.sources, false));
  REQUIRE_FALSE(out.diagnostics.has_errors());
  return std::move(out.spec);
}

std::string ids_of(const Parsed& parsed) {
  std::string out;
  for (const deeper::Diagnostic& each : parsed.diagnostics.all())
    out += (out.empty() ? "" : " ") + std::string(each.id);
  return out;
}

std::string paths(const std::vector<Layer>& layers) {
  std::string out;
  for (const Layer& layer : layers) {
    std::string inner;
    if (const auto* branches = std::get_if<deeper::Branches>(&layer.body))
      for (const deeper::Branch& branch : branches->branches)
        inner += (inner.empty() ? "" : " | ") + paths(branch.layers);
    if (const auto& residual = layer.residual) inner += " + " + paths(residual->shortcut);
    out += (out.empty() ? "" : " ") + layer.path + (inner.empty() ? "" : "(" + inner + ")");
  }
  return out;
}

const Layer& layer_at(const deeper::NetworkSpec& spec, const std::string& path) {
  const Layer* found = find(spec.layers, path);
  for (const deeper::Head& head : spec.heads)
    if (found == nullptr) found = find(head.layers, path);
  INFO(path);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace dsl_test
