// `expect`: what an author asserts, against the real figure.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ir/graph_builder.h"

namespace deeper {

namespace {

/// The first, how many more, and where the next ones are, so that a pattern shows.
void tell_together(const std::vector<Label>& failed, Severity severity, Diagnostics& diagnostics) {
  constexpr size_t shown = 3;
  if (failed.empty()) return;
  std::string message = failed.front().message;
  if (failed.size() > 1) message += fmt::format("; {} more of `expect` are not so", failed.size() - 1);
  Diagnostic& told = severity == Severity::error
                         ? diagnostics.error(ids::expect_failed, failed.front().range, std::move(message))
                         : diagnostics.note(ids::expect_failed, failed.front().range, std::move(message));
  told.notes.assign(failed.begin() + 1, failed.begin() + static_cast<std::ptrdiff_t>(std::min(failed.size(), shown)));
  if (severity == Severity::error)
    told.help = "where the network is meant so, `deeper check --fix-expect` writes what it has";
}

}  // namespace

void GraphBuilder::check(const Expect& expect, const std::string& subject, NodeId out, const Tally& before) {
  if (in_doubt_ != before.in_doubt) return;
  if (expect.out && out != NodeId::none) expect_shape(*expect.out, shape(out), subject);
  // Both differences are of sums that only grow, so they cannot wrap where the sums did not.
  const auto since = [](Size now, Size then) { return now.ok() ? Size(now.value() - then.value()) : now; };
  expect_figure(expect.params, "parameters", since(counted_.params, before.cost.params), subject);
  expect_figure(expect.macs, "multiply-adds", since(counted_.macs, before.cost.macs), subject);
}

void GraphBuilder::expect_shape(const Expect::OutShape& expected, const Shape& real, const std::string& subject) {
  const auto& [height, width, channels] = expected.value;
  const std::array<int64_t, 3> sides = {real.height, real.width, real.channels};
  for (size_t i = 0; i < sides.size(); ++i)
    result_.expected.push_back({expected.places[i], expected.value[i], sides[i]});
  const Shape wanted{height, width, channels};
  if (wanted != real)
    expect_failed(expected.range, expected.with_params,
                  fmt::format("{} gives {}, but {} is expected", subject, to_string(real), to_string(wanted)));
}

void GraphBuilder::expect_figure(const std::optional<Expect::Figure>& figure, std::string_view word, Size real,
                                 const std::string& subject) {
  if (!figure || !real.ok()) return;
  result_.expected.push_back({figure->place, figure->value, real.value()});
  if (real.value() == figure->value) return;
  expect_failed(figure->range, figure->with_params,
                fmt::format("{} has {} {}, but {} are expected", subject, real.value(), word, figure->value));
}

/// A plain number describes the network with its own params: where one is overridden, it cannot be held against the
/// author.
void GraphBuilder::expect_failed(Range range, bool with_params, std::string message) {
  (params_overridden_ && !with_params ? failed_of_defaults_ : failed_).push_back({range, std::move(message)});
}

void GraphBuilder::tell_expects() {
  tell_together(failed_, Severity::error, diagnostics_);
  tell_together(failed_of_defaults_, Severity::note, diagnostics_);
}

}  // namespace deeper
