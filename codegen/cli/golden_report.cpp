#include "codegen/cli/golden_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dsl/text.h"

namespace deeper {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t most_changes = 10;

/// `weights:` concerns what it reaches first, whichever step that is.
bool concerns(const Change& change, const StepPair* step, const Findings& findings) {
  if (step == nullptr) return false;
  const std::vector<std::string> layers = findings.layers_of(step->now.path);
  return std::find(layers.begin(), layers.end(), change.layer) != layers.end() ||
         (change.layer == "weights" && step->now.path != "input");
}

std::string text_of(const Change& change) {
  return change.layer.empty() ? change.text : fmt::format("{}: {}", ticked(change.layer), change.text);
}

std::string number_and_head(const Verdict& verdict) {
  return fmt::format("{} differs by {:.3g} at most", ticked(verdict.head), verdict.largest);
}

/// "mean 1 was 2, largest 3 was 4"
std::string figures(const StepPair& step) {
  const auto& [now, then] = step;
  if (then.hash.empty()) return "it was not there";
  if (!then.shape.empty() && now.shape != then.shape) return fmt::format("its shape {} was {}", now.shape, then.shape);
  if (now.mean == then.mean && now.largest == then.largest) return "its bits do, mean and largest value do not";
  return fmt::format("mean {} was {}, largest {} was {}", number_text(now.mean), number_text(then.mean),
                     number_text(now.largest), number_text(then.largest));
}

/// "bits differ from `a` on; by more than the tolerance from `b` on"
std::string extent(const Verdict& verdict) {
  if (verdict.of_reference) return "";
  const auto from = [](const std::optional<StepPair>& step) {
    return step ? fmt::format("from {} on", ticked(step->now.path)) : std::string("in no step");
  };
  std::string text = "bits differ " + from(verdict.first.bits);
  if (verdict.tolerance > 0)
    text += fmt::format("; by more than the tolerance of {} {}", number_text(verdict.tolerance),
                        from(verdict.first.beyond));
  return text;
}

/// Where to look: what is known to have changed in the step says it more exactly than the step.
Range place_of(const Verdict& verdict, const Findings& findings) {
  for (const Change& change : findings.changes)
    if (concerns(change, verdict.step(), findings)) return change.range;
  const auto& [now, then] = *verdict.step();
  const std::vector<std::string> layers = findings.layers_of(now.path);
  const bool other_shape =
      !then.shape.empty() && now.shape != then.shape;  // which an activation or a norm leaves alone
  return findings.places.of_step(other_shape && !layers.empty() ? layers[0] : now.path);
}

std::vector<std::string> reasons(const Verdict& verdict, const Findings& findings) {
  std::vector<std::string> texts;
  for (const Change& change : findings.changes)
    if (concerns(change, verdict.step(), findings)) texts.push_back(text_of(change));
  if (!verdict.hint.empty()) texts.push_back(fmt::format("{}: {}", ticked(verdict.step()->now.path), verdict.hint));
  return texts;
}

void tell_other_top1(const Verdict& verdict, const NetworkSpec& spec, Diagnostics& failures) {
  if (!verdict.other_top1) return;
  const OtherTop1& other = *verdict.other_top1;
  const auto head =
      std::find_if(spec.heads.begin(), spec.heads.end(), [&](const Head& h) { return h.name == other.head; });
  failures
      .error("golden-differs", head == spec.heads.end() ? spec.name_range : head->range,
             fmt::format("{}: {} answers class {}, {} was recorded", verdict.input, ticked(other.head), other.now,
                         other.then))
      .notes.push_back({{}, fmt::format("no value differs by more than is allowed: {}", number_and_head(verdict))});
}

/// "it computes `pool` and `bn` together"
std::string together(const std::vector<std::string>& layers) {
  std::string text;
  for (size_t i = 0; i < layers.size(); ++i)
    text += (i == 0 ? "" : i + 1 < layers.size() ? ", " : " and ") + ticked(layers[i]);
  return fmt::format("it computes {} together", text);
}

/// "here `wide` is conv 3x3 pad 1, relu6": to be held against what the other engine computes.
void tell_settings(const std::vector<std::string>& layers, const Findings& findings, Diagnostic& told) {
  for (const LayerRow& row : findings.rows)
    for (const std::string& layer : layers)
      if (row.path == layer || row.path == layer + "/depthwise" || row.path == layer + "/pointwise")
        told.notes.push_back({{}, fmt::format("here {} is {} {}", ticked(row.path), row.op, row.details)});
}

}  // namespace

std::vector<std::string> Findings::layers_of(const std::string& step) const {
  const auto found = layers.find(step);
  if (found == layers.end()) return places.layers_of_step(step);
  std::vector<std::string> names;
  for (const std::string& part : found->second) {
    const std::string layer = places.layer_of(part);
    if (!layer.empty() && (names.empty() || names.back() != layer)) names.push_back(layer);
  }
  return names;
}

void tell(const Verdict& verdict, const NetworkSpec& spec, const Findings& findings, Diagnostics& failures) {
  if (!verdict.values_differ) return tell_other_top1(verdict, spec, failures);
  if (verdict.step() == nullptr) {
    const std::string why = verdict.of_reference ? "but no step that the reference has" : "but no step's output does";
    failures.error("golden-differs", spec.name_range,
                   fmt::format("{}: {}, {}", verdict.input, number_and_head(verdict), why));
    return;
  }
  const StepPair& step = *verdict.step();
  const std::string what =
      verdict.of_reference ? "the first step that differs from the reference" : "the first step that differs";
  Diagnostic& told =
      failures.error("golden-differs", place_of(verdict, findings),
                     fmt::format("{}: {} is {}: {}", verdict.input, ticked(step.now.path), what, figures(step)));
  if (const auto layers = findings.layers_of(step.now.path); layers.size() > 1)
    told.notes.push_back({{}, together(layers)});
  for (std::string& reason : reasons(verdict, findings)) told.notes.push_back({{}, std::move(reason)});
  if (verdict.of_reference) tell_settings(findings.layers_of(step.now.path), findings, told);
  if (std::string text = extent(verdict); !text.empty()) told.notes.push_back({{}, std::move(text)});
  if (!verdict.head.empty()) told.notes.push_back({{}, number_and_head(verdict)});
  if (!findings.known && !verdict.of_reference)
    told.help = "these goldens were recorded by an earlier version; recorded anew, they can tell what has changed";
}

void tell_rest(const std::vector<Verdict>& verdicts, const Findings& findings, Diagnostics& failures) {
  size_t told = 0, left = 0;
  for (const Change& change : findings.changes) {
    const auto explains = [&](const Verdict& v) { return !v.ok && concerns(change, v.step(), findings); };
    if (std::any_of(verdicts.begin(), verdicts.end(), explains)) continue;
    if (told++ < most_changes) {
      failures.note("golden-differs", change.range,
                    fmt::format("changed since the goldens were recorded: {}", text_of(change)));
    } else {
      ++left;
    }
  }
  if (left > 0) failures.note("golden-differs", {}, fmt::format("and {} more changes", left));
}

Json to_json(const Verdict& verdict, const NetworkSpec& spec, const Findings& findings, const Sources& sources) {
  Json out = {{"input", verdict.input}, {"ok", verdict.ok}};
  out["largest_difference"] = std::isfinite(verdict.largest) ? Json(verdict.largest) : Json(nullptr);
  out["first_step"] = nullptr;
  if (verdict.step() != nullptr) {
    const auto& [now, then] = *verdict.step();
    const Range place = place_of(verdict, findings);
    out["first_step"] = {{"path", now.path},
                         {"file", place.file == FileId::none ? spec.file : sources.name(place.file)},
                         {"line", place.line},
                         {"mean", now.mean},
                         {"recorded_mean", then.mean},
                         {"largest", now.largest},
                         {"recorded_largest", then.largest}};
  }
  out["top1"] = verdict.top1 ? Json(*verdict.top1) : Json(nullptr);
  if (verdict.other_top1) out["recorded_top1"] = verdict.other_top1->then;
  const auto path = [](const std::optional<StepPair>& step) { return step ? Json(step->now.path) : Json(nullptr); };
  out["bits_differ_from"] = path(verdict.first.bits);
  out["tolerance_exceeded_from"] = path(verdict.first.beyond);
  out["reasons"] = Json::array();
  if (verdict.step() != nullptr)
    for (const std::string& reason : reasons(verdict, findings)) out["reasons"].push_back(reason);
  return out;
}

}  // namespace deeper
