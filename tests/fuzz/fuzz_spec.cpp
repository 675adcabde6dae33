// Any bytes as a spec: read or refused, never more than that; what is read prints as text that reads as the same again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "dsl/parse.h"

namespace {

void require(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what, text.c_str());
  std::abort();
}

void check(const std::string& text, const deeper::ParseOptions& options) {
  using namespace deeper;
  Sources sources;
  Diagnostics diagnostics;
  const NetworkSpec spec = parse_text("fuzz/net.yaml", text, options, sources, diagnostics);
  render(diagnostics, sources, true);
  to_json(diagnostics, sources);
  if (diagnostics.has_errors()) return;
  const std::string flat = print_yaml(spec);
  Sources flat_sources;
  Diagnostics flat_diagnostics;
  const NetworkSpec again = parse_text("fuzz/net.yaml", flat, {}, flat_sources, flat_diagnostics);
  require(!flat_diagnostics.has_errors(), "the flat text is refused",
          flat + render(flat_diagnostics, flat_sources, false));
  require(print_yaml(again) == flat, "the flat text changes", flat + print_yaml(again));
  require(spec_hash(again) == spec_hash(spec), "the hash changes", flat);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text, {});
  check(text, {{"n=7"}});  // for texts that declare `n`
  return 0;
}
