// Shared functions, proven from the text: the function that a follower would have had by itself reads the same as its
// leader's once names have been replaced by what they stand for.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "codegen/emit/emit.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

void name_slice(Schedule& s, const BufferSlice& slice) {
  if (slice.buffer == BufferId::none) return;
  const auto is_it = [&](const NamedView& view) { return view.slice == slice; };
  if (std::any_of(s.views.begin(), s.views.end(), is_it)) return;
  s.views.push_back({"slice_" + std::to_string(s.views.size()), slice});
}

void name_part(Schedule& s, const ConvPart& part) {
  name_slice(s, part.out);
  for (const PlacedEpilogueOp& op : part.epilogue) name_slice(s, op.operand);
}

void name_part(Schedule& s, const ChannelPart& part) {
  name_slice(s, part.in);
  name_slice(s, part.out);
  for (const PlacedEpilogueOp& op : part.epilogue) name_slice(s, op.operand);
}

void name_slices(Schedule& s, const Kernel& kernel) {
  if (const auto* conv = std::get_if<ConvKernel>(&kernel)) {
    name_slice(s, conv->in);
    for (const ConvPart& part : conv->parts) name_part(s, part);
  } else if (const auto* depthwise = std::get_if<DepthwiseKernel>(&kernel)) {
    name_slice(s, depthwise->in);
    name_slice(s, depthwise->out);
    for (const PlacedEpilogueOp& op : depthwise->epilogue) name_slice(s, op.operand);
  } else if (const auto* pool = std::get_if<PoolKernel>(&kernel)) {
    for (const ChannelPart& part : pool->parts) name_part(s, part);
  } else if (const auto* elementwise = std::get_if<ElementwiseKernel>(&kernel)) {
    for (const ChannelPart& part : elementwise->parts) name_part(s, part);
  } else {
    FAIL("a kind of step that nobody has shared so far: name its slices here");
  }
}

/// Every step with a function of its own, and with names for what it refers to.
Schedule unshared(Schedule s) {
  for (ScheduledStep& step : s.steps) {
    if (step.code.leader < 0) continue;
    step.code = {};
    name_slices(s, step.kernel);
    for (const BufferId id : step.zero_borders) name_slice(s, {id, 0, s.buffer(id).shape.channels});
  }
  return s;
}

/// The function (or functions) of each step, without comments and without the names of functions.
std::vector<std::string> functions(const Schedule& s) {
  std::istringstream in(emit(s).at(1).text);
  std::vector<std::string> list;
  bool inside = false;
  for (std::string line; std::getline(in, line) && line != "}  // namespace steps";) {
    inside = inside || line == "namespace steps {";
    if (inside && line.empty()) list.emplace_back();
    if (list.empty() || line.starts_with("//")) continue;
    if (line.starts_with("static void ")) line = "static void";
    if (line.ends_with("(task, m);")) line = "  f(task, m);";
    list.back() += line + "\n";
  }
  list.pop_back();  // the empty line in front of the namespace's end
  return list;
}

std::string place_of(const Schedule& s, const std::string& view_name) {
  const auto named = [&](const NamedView& view) {
    return view.name == view_name || s.buffer(view.slice.buffer).name == view_name;
  };
  const BufferSlice slice = std::find_if(s.views.begin(), s.views.end(), named)->slice;
  const Buffer& b = s.buffer(slice.buffer);
  const bool whole = b.name == view_name;
  return fmt::format("[{} {} {} {} {}]", b.origin() + (whole ? 0 : slice.channel), to_string(b.shape),
                     whole ? b.shape.channels : slice.channels, b.row, b.pixel);
}

int64_t offset_of(const Schedule& s, const std::string& weights_name) {
  const auto named = [&](const Packed& packed) { return packed.name == weights_name; };
  return std::find_if(s.packed.begin(), s.packed.end(), named)->offset;
}

/// Views replaced by their places, weights by their places behind `first`.
std::string with_numbers(const Schedule& s, const std::string& text, int64_t first) {
  static const std::regex name("(buffers|weights)::(\\w+)");
  std::string result;
  size_t done = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) {
    const auto begin = static_cast<size_t>(at->position());
    result += text.substr(done, begin - done);
    result += (*at)[1] == "buffers" ? place_of(s, (*at)[2]) : fmt::format("[{}]", offset_of(s, (*at)[2]) - first);
    done = begin + static_cast<size_t>(at->length());
  }
  return result + text.substr(done);
}

/// All white space as one: lines are wrapped by the length of names.
std::string unwrapped(const std::string& text) { return std::regex_replace(text, std::regex("\\s+"), " "); }

int check_followers(const Schedule& s) {
  const Schedule alone = unshared(s);
  const std::vector<std::string> texts = functions(alone);
  REQUIRE(texts.size() == s.steps.size());
  const auto normal = [&](int step, int packed) {
    const int64_t first = packed < 0 ? 0 : s.packed[static_cast<size_t>(packed)].offset;
    return unwrapped(with_numbers(alone, texts[static_cast<size_t>(step)], first));
  };
  int followers = 0;
  for (size_t i = 0; i < s.steps.size(); ++i) {
    const StepCode& code = s.steps[i].code;
    if (code.leader < 0) continue;
    ++followers;
    CHECK(normal(static_cast<int>(i), code.weights) == normal(code.leader, code.leader_weights));
  }
  return followers;
}

TEST_CASE("a follower's own function would read the same as its leader's") {
  for (const char* name : {"inception_v4", "inception_resnet_v2", "squeezenet", "xception"}) {
    TestNetwork network = from_zoo(name);
    const Graph graph = optimize(network.graph(), {});
    for (const Target& target : targets()) {
      INFO(name << " for " << target.name);
      CHECK(check_followers(schedule(graph, target, {})) > 0);
    }
  }
}

}  // namespace
}  // namespace deeper
