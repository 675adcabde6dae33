#include "codegen/cli/golden_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "codegen/compile/files.h"
#include "codegen/compile/tensor_record.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// Everything of the network that a reference may name.
struct Known {
  std::vector<std::string> order;
  std::map<std::string, Shape, std::less<>> shapes;

  void add(const std::string& name, const Schedule& schedule, const BufferSlice& slice) {
    if (slice.buffer == BufferId::none) return;
    Shape shape = schedule.buffer(slice.buffer).shape;
    shape.channels = slice.channels;
    if (shapes.try_emplace(name, shape).second) order.push_back(name);
  }
};

Known known_names(const Schedule& schedule) {
  Known known;
  for (const ScheduledStep& step : schedule.steps)
    for (const StepOutput& output : step.outputs) known.add(output.path, schedule, output.slice);
  for (const ScheduledHead& head : schedule.heads) {
    known.add(head.name, schedule, head.output);
    known.add(head.name + ".logits", schedule, head.logits);
  }
  return known;
}

/// Dims without the ones in front that a batch of one image has, and with those that a vector lacks.
std::optional<std::vector<int64_t>> map_dims(std::vector<int64_t> dims) {
  if (dims.size() == 4 || dims.size() == 2) {
    if (dims[0] != 1) return std::nullopt;
    dims.erase(dims.begin());
  }
  if (dims.size() == 1) return std::vector<int64_t>{dims[0]};
  return dims.size() == 3 ? std::optional(dims) : std::nullopt;
}

Array channels_last(const Array& array, const Shape& shape) {
  Array out{{shape.height, shape.width, shape.channels}, std::vector<float>(array.values.size())};
  size_t at = 0;
  for (int64_t c = 0; c < shape.channels; ++c)
    for (int64_t y = 0; y < shape.height; ++y)
      for (int64_t x = 0; x < shape.width; ++x)
        out.values[size_t((y * shape.width + x) * shape.channels + c)] = array.values[at++];
  return out;
}

class ReferenceReader {
 public:
  ReferenceReader(const std::string& file, const Lowered& lowered, Diagnostics& diagnostics)
      : file_(file), lowered_(lowered), known_(known_names(lowered.schedule)), diagnostics_(diagnostics) {}

  Reference run(std::vector<NamedArray> arrays, ReferenceLayout layout) {
    for (NamedArray& array : arrays) take(std::move(array));
    if (taken_.empty() && !diagnostics_.has_errors()) error("it has no value that the program has");
    settle(layout);
    return diagnostics_.has_errors() ? Reference{} : sorted();
  }

 private:
  struct Taken {
    Array array;
    Shape shape;
    bool fits_nhwc = false, fits_nchw = false;
    bool ambiguous() const { return fits_nhwc && fits_nchw && shape.channels > 1 && shape.height * shape.width > 1; }
  };

  Diagnostic& error(std::string message) {
    return diagnostics_.error("bad-goldens", {}, fmt::format("{}: {}", file_, message));
  }

  void take(NamedArray named) {
    const auto found = known_.shapes.find(named.name);
    if (found == known_.shapes.end()) return refuse(named.name);
    if (!std::all_of(named.array.values.begin(), named.array.values.end(), [](float v) { return std::isfinite(v); })) {
      error(fmt::format("{} holds values that are not finite", ticked(named.name)));
      return;
    }
    const Shape& s = found->second;
    const auto dims = map_dims(named.array.dims);
    Taken taken{std::move(named.array), s};
    const bool vector = dims && dims->size() == 1 && s.height * s.width == 1 && dims->front() == s.channels;
    taken.fits_nhwc = vector || (dims && *dims == std::vector{s.height, s.width, s.channels});
    taken.fits_nchw = vector || (dims && *dims == std::vector{s.channels, s.height, s.width});
    if (taken.fits_nhwc || taken.fits_nchw) {
      taken_.emplace(std::move(named.name), std::move(taken));
      return;
    }
    error(
        fmt::format("{} is {}, but this step gives {}", ticked(named.name), shape_text(taken.array.dims), to_string(s)))
        .help =
        fmt::format("[{0}, {1}, {2}] or [{2}, {0}, {1}], with a 1 in front or without", s.height, s.width, s.channels);
  }

  /// A layer whose value the program never has, or no layer at all.
  void refuse(const std::string& name) {
    for (const ScheduledStep& step : lowered_.schedule.steps) {
      if (std::find(step.paths.begin(), step.paths.end(), name) == step.paths.end()) continue;
      diagnostics_
          .note("bad-goldens", {},
                fmt::format("{}: {} is passed over: the program has no value of its own there, what follows is "
                            "computed with it",
                            file_, ticked(name)))
          .help = fmt::format(
          "{} is what this step leaves; `--disable-pass fuse-epilogues` keeps layers apart, here and in "
          "`golden check`",
          step.outputs.empty() ? "nothing" : ticked(step.outputs.front().path));
      return;
    }
    std::vector<std::string_view> names(known_.order.begin(), known_.order.end());
    error(fmt::format("the network has no step {}", ticked(name))).help = suggestion(name, names, "its steps");
  }

  /// One file has one layout: arrays that fit both ways go with those that fit one.
  void settle(ReferenceLayout layout) {
    std::set<std::string> nhwc, nchw, both;
    for (const auto& [name, taken] : taken_) {
      if (taken.ambiguous()) both.insert(name);
      if (taken.fits_nhwc && !taken.fits_nchw) nhwc.insert(name);
      if (taken.fits_nchw && !taken.fits_nhwc) nchw.insert(name);
    }
    if (layout == ReferenceLayout::by_shape && !both.empty() && nhwc.empty() == nchw.empty()) {
      error(fmt::format("{} fits as [h, w, c] and as [c, h, w]", ticked(*both.begin()))).help =
          "`--reference-layout nhwc` or `--reference-layout nchw` tells which it is";
      return;
    }
    const bool channels_first =
        layout == ReferenceLayout::nchw || (layout == ReferenceLayout::by_shape && nhwc.empty());
    const std::set<std::string>& wrong = channels_first ? nhwc : nchw;
    if (layout != ReferenceLayout::by_shape && !wrong.empty()) {
      error(fmt::format("{} is not {}", ticked(*wrong.begin()), channels_first ? "[c, h, w]" : "[h, w, c]"));
      return;
    }
    for (auto& [name, taken] : taken_) {
      const bool turn = taken.fits_nchw && (!taken.fits_nhwc || (taken.ambiguous() && channels_first));
      const Shape& s = taken.shape;
      if (turn) taken.array = channels_last(taken.array, s);
      taken.array.dims = {s.height, s.width, s.channels};
    }
  }

  std::optional<Array> taken(const std::string& name) const {
    const auto found = taken_.find(name);
    return found == taken_.end() ? std::nullopt : std::optional(found->second.array);
  }

  Reference sorted() const {
    Reference reference;
    reference.input = taken("input");
    std::set<std::string> of_heads;
    for (const ScheduledHead& head : lowered_.schedule.heads) {
      of_heads.insert({head.name, head.name + ".logits"});
      ReferenceHead values{head.name, taken(head.name), taken(head.name + ".logits"),
                           head.logits.buffer != BufferId::none};
      if (values.output || values.logits) reference.heads.push_back(std::move(values));
    }
    for (const std::string& name : known_.order)
      if (auto array = taken(name); array && !of_heads.contains(name))
        reference.steps.push_back({name, std::move(*array)});
    return reference;
  }

  const std::string& file_;
  const Lowered& lowered_;
  const Known known_;
  Diagnostics& diagnostics_;
  std::map<std::string, Taken> taken_;
};

/// Why `read_npz` will not have it, as far as its first bytes and headers tell.
std::string why_unreadable(std::string_view bytes) {
  if (!bytes.starts_with("PK")) return "it is no npz file";
  if (bytes.find("'fortran_order': True") != std::string_view::npos)
    return "an array lies in Fortran order; `numpy.ascontiguousarray` mends that";
  for (const char* type : {"'<f8'", "'<f2'", "'<i8'"})
    if (bytes.find(type) != std::string_view::npos)
      return fmt::format("its arrays must be float32, and one is {}; `.astype(numpy.float32)` mends that", type);
  return "it is damaged or compressed; `numpy.savez(file, **arrays)` writes what can be read";
}

}  // namespace

Reference read_reference(const std::string& file, ReferenceLayout layout, const Lowered& lowered,
                         Diagnostics& diagnostics) {
  std::string reason;
  const auto bytes = read_file(file, reason);
  auto arrays = bytes ? read_npz(*bytes) : std::nullopt;
  if (!arrays) {
    diagnostics.error("bad-goldens", {},
                      fmt::format("cannot read {}: {}", file, bytes ? why_unreadable(*bytes) : reason));
    return {};
  }
  if (arrays->empty()) diagnostics.error("bad-goldens", {}, fmt::format("{} holds no arrays", file));
  return ReferenceReader(file, lowered, diagnostics).run(std::move(*arrays), layout);
}

}  // namespace deeper
