// `expect`: what an author asserts, against the real figure.
#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ir/graph_builder.h"

namespace deeper {

void GraphBuilder::check(const Expect& expect, const std::string& subject, NodeId out, const Tally& before) {
  if (in_doubt_ != before.in_doubt) return;
  if (expect.out && out != NodeId::none) {
    const auto& [height, width, channels] = expect.out->value;
    const Shape wanted{height, width, channels};
    if (wanted != shape(out))
      expect_failed(expect.out->range, expect.out->with_params,
                    fmt::format("{} gives {}, but {} is expected", subject, to_string(shape(out)), to_string(wanted)));
  }
  // Both differences are of sums that only grow, so they cannot wrap where the sums did not.
  const auto since = [](Size now, Size then) { return now.ok() ? Size(now.value() - then.value()) : now; };
  expect_figure(expect.params, "parameters", since(counted_.params, before.cost.params), subject);
  expect_figure(expect.macs, "multiply-adds", since(counted_.macs, before.cost.macs), subject);
}

void GraphBuilder::expect_figure(const std::optional<Expect::Figure>& figure, std::string_view word, Size real,
                                 const std::string& subject) {
  if (!figure || !real.ok() || real.value() == figure->value) return;
  expect_failed(figure->range, figure->with_params,
                fmt::format("{} has {} {}, but {} are expected", subject, real.value(), word, figure->value));
}

/// A plain number describes the network with its own params: where one is overridden, it cannot be held against the
/// author.
Diagnostic& GraphBuilder::expect_failed(Range range, bool with_params, std::string message) {
  if (params_overridden_ && !with_params) return diagnostics_.note(ids::expect_failed, range, std::move(message));
  return diagnostics_.error(ids::expect_failed, range, std::move(message));
}

}  // namespace deeper
