// Any bytes as a goldens file: read, or refused with a message; what is read prints as text that reads as the same
// again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "codegen/compile/golden_file.h"
#include "tests/fuzz/memory_file.h"

namespace {

std::optional<deeper::GoldenFile> read(const uint8_t* data, size_t size) {
  const MemoryFile file(data, size);
  deeper::Sources sources;
  deeper::Diagnostics diagnostics;
  auto goldens = deeper::read_goldens(file.path(), sources, diagnostics);
  deeper::render(diagnostics, sources, true);
  if (goldens.has_value() == diagnostics.has_errors()) std::abort();
  return goldens;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto goldens = read(data, size);
  if (!goldens) return 0;
  const std::string text = deeper::print_goldens(*goldens);
  // Texts with escaped line ends are nothing that we write.
  if (std::string_view(reinterpret_cast<const char*>(data), size).find('\\') != std::string_view::npos) return 0;
  const auto again = read(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  if (!again || deeper::print_goldens(*again) != text) std::abort();
  return 0;
}
