#include "codegen/cli/golden_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "codegen/cli/golden_hints.h"
#include "codegen/cli/measure.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

// Compares one recorded array with what came out now; false when its file cannot be read.
bool compare(const std::string& folder, const std::string& file, const std::string& name, const Array& now,
             Verdict& verdict, Range range, Diagnostics& diagnostics) {
  std::string reason = "not an npy file of float32";
  const auto bytes = read_file(folder + "/" + file, reason);
  const auto then = bytes ? read_npy(*bytes) : std::nullopt;
  if (!then) {
    diagnostics.error("bad-goldens", range, fmt::format("cannot read {}: {}", file, reason));
    return false;
  }
  const Difference found = difference(now, *then);
  if (!allowed(found, verdict.tolerance)) verdict.values_differ = true;
  if (found.largest > verdict.largest || verdict.head.empty()) {
    verdict.largest = std::max(verdict.largest, found.largest);
    verdict.head = name;
  }
  return true;
}

void compare_head(const GoldenHead& head, const std::string& folder, const MeasuredHead& now, Verdict& verdict,
                  Range range, Diagnostics& diagnostics) {
  const std::optional<int64_t> top = top1(now);
  if (!verdict.top1) verdict.top1 = top;
  if (head.top1 && top && *top != *head.top1 && !verdict.other_top1)
    verdict.other_top1 = OtherTop1{head.head, *top, *head.top1};
  if (!head.output.empty() && !compare(folder, head.output, head.head, now.output, verdict, range, diagnostics)) return;
  if (!head.logits.empty())
    compare(folder, head.logits, head.head + ".logits", now.logits, verdict, range, diagnostics);
}

void compare_heads(const Golden& golden, const std::string& folder, const Measured& measured, Verdict& verdict,
                   Diagnostics& diagnostics) {
  for (const GoldenHead& head : golden.heads) {
    const auto now = std::find_if(measured.heads.begin(), measured.heads.end(),
                                  [&](const MeasuredHead& h) { return h.head == head.head; });
    if (now == measured.heads.end()) {
      diagnostics
          .note("bad-goldens", golden.range,
                fmt::format("head `{}` is not built, its golden is not compared", head.head))
          .help = fmt::format("--head {}", head.head);
      continue;
    }
    compare_head(head, folder, *now, verdict, golden.range, diagnostics);
  }
}

std::optional<std::vector<NamedArray>> reference_arrays(const Golden& golden, const std::string& folder,
                                                        Diagnostics& diagnostics) {
  std::string reason = "not an npz file of float32 arrays";
  const auto bytes = read_file(folder + "/" + golden.reference, reason);
  auto arrays = bytes ? read_npz(*bytes) : std::nullopt;
  if (!arrays)
    diagnostics.error("bad-goldens", golden.range, fmt::format("cannot read {}: {}", golden.reference, reason));
  return arrays;
}

const Array* find_array(const std::vector<NamedArray>& arrays, const std::string& name) {
  const auto found = std::find_if(arrays.begin(), arrays.end(), [&](const NamedArray& a) { return a.name == name; });
  return found == arrays.end() ? nullptr : &found->array;
}

/// What a reference says, or the input that was kept, against what came out now.
std::string hint_of(const Verdict& verdict, const Measured& measured, std::vector<NamedArray> known,
                    const Golden& golden, const std::string& folder) {
  if (verdict.step() == nullptr) return "";
  const std::string& path = verdict.step()->now.path;
  std::string ignored;
  if (path == "input" && find_array(known, path) == nullptr && !golden.tensor.empty())
    if (const auto bytes = read_file(folder + "/" + golden.tensor, ignored))
      if (auto tensor = read_npy(*bytes)) known.push_back({path, std::move(*tensor)});
  const Array *now = find_array(measured.layers, path), *then = find_array(known, path);
  return now != nullptr && then != nullptr ? difference_hint(*now, *then) : "";
}

/// The input's path; a diagnostic when it is not the file that was recorded.
std::string input_of(const Golden& golden, const std::string& folder, Diagnostics& diagnostics) {
  std::string input = fs::path(golden.input).is_absolute() ? golden.input : folder + "/" + golden.input, reason;
  const auto bytes = read_file(input, reason);
  if (!bytes)
    diagnostics.error("bad-goldens", golden.range, fmt::format("cannot read the input {}: {}", input, reason));
  if (bytes && hex_sha256(*bytes) != golden.input_hash)
    diagnostics.error("bad-goldens", golden.range,
                      fmt::format("the input {} is not the file that was recorded", input));
  return input;
}

}  // namespace

std::optional<Verdict> check_golden(const CachedProgram& program, const Golden& golden, const std::string& folder,
                                    const std::set<std::string>& added, Diagnostics& diagnostics) {
  const std::string input = input_of(golden, folder, diagnostics);
  const Scratch scratch(diagnostics);
  std::vector<NamedArray> reference;
  if (!golden.reference.empty())
    if (auto arrays = reference_arrays(golden, folder, diagnostics)) reference = std::move(*arrays);
  if (diagnostics.has_errors()) return std::nullopt;
  const auto measured = measure(program, input, golden.pixels, scratch, diagnostics);
  if (!measured) return std::nullopt;
  Verdict verdict;
  verdict.input = golden.input;
  verdict.tolerance = golden.tolerance;
  verdict.of_reference = !golden.reference.empty();
  compare_heads(golden, folder, *measured, verdict, diagnostics);
  if (verdict.of_reference) {
    verdict.first = first_differences(measured->layers, reference, golden.tolerance);
    verdict.values_differ |= !verdict.first.none();
  }
  verdict.ok = !verdict.values_differ && !verdict.other_top1;
  if (verdict.values_differ && !verdict.of_reference)
    verdict.first = first_differences(measured->layers, golden, added);
  if (!verdict.ok) verdict.hint = hint_of(verdict, *measured, std::move(reference), golden, folder);
  return verdict;
}

}  // namespace deeper
