#include "codegen/cli/golden_hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "dsl/text.h"

namespace deeper {
namespace {

/// [height][width][channels]
struct Map {
  int64_t height = 1, width = 1, channels = 1;
  const float* values = nullptr;

  double at(int64_t y, int64_t x, int64_t c) const { return double{values[(y * width + x) * channels + c]}; }
};

std::optional<Map> map_of(const Array& array) {
  Map map;
  const size_t rank = array.dims.size();
  if (rank == 0 || array.values.empty()) return std::nullopt;
  map.channels = array.dims[rank - 1];
  if (rank > 1) map.width = array.dims[rank - 2];
  if (rank > 2) map.height = array.dims[rank - 3];
  map.values = array.values.data();
  if (map.height * map.width * map.channels != int64_t(array.values.size())) return std::nullopt;
  return map;
}

struct Pair {
  Map now, then;
  double near = 0;  ///< differences up to here are none

  bool same(double a, double b) const { return std::fabs(a - b) <= near; }

  /// Whether now(y, x, c) is `expected(y, x, c)` everywhere.
  template <class Expected>
  bool everywhere(Expected&& expected) const {
    for (int64_t y = 0; y < now.height; ++y)
      for (int64_t x = 0; x < now.width; ++x)
        for (int64_t c = 0; c < now.channels; ++c)
          if (!same(now.at(y, x, c), expected(y, x, c))) return false;
    return true;
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (int64_t y = 0; y < now.height; ++y)
      for (int64_t x = 0; x < now.width; ++x)
        for (int64_t c = 0; c < now.channels; ++c) visit(y, x, c);
  }
};

std::string turned(const Pair& p) {
  const auto& then = p.then;
  const int64_t h = then.height - 1, w = then.width - 1;
  if (p.everywhere([&](auto y, auto x, auto c) { return then.at(h - y, x, c); })) return "it is upside down";
  if (p.everywhere([&](auto y, auto x, auto c) { return then.at(y, w - x, c); })) return "left and right are exchanged";
  if (h == w && p.everywhere([&](auto y, auto x, auto c) { return then.at(x, y, c); }))
    return "rows and columns are exchanged";
  return "";
}

bool same_channel(const Pair& p, int64_t now, int64_t then) {
  for (int64_t y = 0; y < p.now.height; ++y)
    for (int64_t x = 0; x < p.now.width; ++x)
      if (!p.same(p.now.at(y, x, now), p.then.at(y, x, then))) return false;
  return true;
}

/// "0 to 7 are 8 to 15, 8 to 15 are 0 to 7"
std::string blocks_text(const std::vector<int64_t>& from) {
  std::string text;
  size_t blocks = 0;
  for (size_t begin = 0; begin < from.size();) {
    size_t end = begin + 1;
    while (end < from.size() && from[end] == from[end - 1] + 1) ++end;
    const auto range = [](int64_t a, int64_t b) { return a == b ? std::to_string(a) : fmt::format("{} to {}", a, b); };
    if (int64_t(begin) != from[begin] && ++blocks <= 4)
      text += fmt::format("{}{} {} the recorded {}", text.empty() ? "" : ", ", range(int64_t(begin), int64_t(end) - 1),
                          end - begin == 1 ? "is" : "are", range(from[begin], from[end - 1]));
    begin = end;
  }
  return blocks <= 4 ? text : "";
}

std::string permuted_channels(const Pair& p) {
  const int64_t channels = p.now.channels;
  std::vector<int64_t> from(static_cast<size_t>(channels), -1);
  std::vector<bool> used(from.size());
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i <= channels && from[size_t(c)] < 0; ++i) {
      // Behind its neighbour's first, then itself: equal channels, as those of dead neurons, stay in their block.
      const int64_t behind = c > 0 ? (from[size_t(c) - 1] + 1) % channels : c;
      const int64_t candidate = i == 0 ? behind : (c + i - 1) % channels;
      if (used[size_t(candidate)] || !same_channel(p, c, candidate)) continue;
      from[size_t(c)] = candidate;
      used[size_t(candidate)] = true;
    }
  if (std::find(from.begin(), from.end(), -1) != from.end()) return "";
  bool reversed = true;
  for (int64_t c = 0; c < channels; ++c) reversed = reversed && from[size_t(c)] == channels - 1 - c;
  if (reversed && channels > 1)
    return channels == 3 ? "its channels are in reverse order: RGB and BGR are exchanged"
                         : "its channels are in reverse order";
  const std::string blocks = blocks_text(from);
  return "the same channels in another order" + (blocks.empty() ? "" : ": " + blocks);
}

/// Channels in reverse order before a mean of each was subtracted.
std::string reversed_with_means(const Pair& p) {
  const int64_t last = p.now.channels - 1;
  if (last != 2) return "";
  const bool fits = p.everywhere([&](auto y, auto x, auto c) {
    return p.then.at(y, x, last - c) + p.now.at(0, 0, c) - p.then.at(0, 0, last - c);
  });
  return fits ? "its channels are in reverse order, each with its own shift: RGB and BGR are exchanged" : "";
}

/// now = factor * then + shift, by least squares over what `counts`.
struct Line {
  double factor = 1, shift = 0;
  bool fits = false;
};
template <class Counts>
Line fit(const Pair& p, int64_t only_channel, Counts&& counts) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto visit = [&](int64_t y, int64_t x, int64_t c) {
    if (only_channel >= 0 && c != only_channel) return;
    const double now = p.now.at(y, x, c), then = p.then.at(y, x, c);
    if (!counts(now, then)) return;
    n += 1, sx += then, sy += now, sxx += then * then, sxy += then * now;
  };
  p.each(visit);
  const double spread = n * sxx - sx * sx;
  Line line;
  if (n < 4 || spread <= 1e-12 * std::max(1.0, n * sxx)) return line;
  line.factor = (n * sxy - sx * sy) / spread;
  line.shift = (sy - line.factor * sx) / n;
  line.fits = true;
  const double near = p.near * std::max(1.0, std::fabs(line.factor)) * 4;
  p.each([&](int64_t y, int64_t x, int64_t c) {
    if (only_channel >= 0 && c != only_channel) return;
    const double now = p.now.at(y, x, c), then = p.then.at(y, x, c);
    if (counts(now, then) && std::fabs(line.factor * then + line.shift - now) > near) line.fits = false;
  });
  return line;
}

std::string line_text(const Line& line, double near) {
  const bool factor = std::fabs(line.factor - 1) > 1e-4, shift = std::fabs(line.shift) > near * 4;
  if (factor && shift) return fmt::format("{:.4g} times what it was, {:+.4g}", line.factor, line.shift);
  if (factor) return fmt::format("{:.4g} times what it was", line.factor);
  return shift ? fmt::format("what it was {:+.4g}", line.shift) : "as it was";
}

/// What a scale, a mean, a bias or a norm's numbers do. Values that an activation has cut to 0 do not count.
std::string scaled(const Pair& p) {
  const auto counts = [](double now, double then) { return now != 0 && then != 0; };
  if (const Line all = fit(p, -1, counts); all.fits)
    return all.factor != 1 || all.shift != 0 ? "every value is " + line_text(all, p.near) : "";
  std::string text;
  bool shifted_only = true;
  for (int64_t c = 0; c < p.now.channels; ++c) {
    const Line line = fit(p, c, counts);
    if (!line.fits) return "";
    shifted_only = shifted_only && std::fabs(line.factor - 1) < 1e-3;
    if (c < 4) text += fmt::format("{}channel {} is {}", c > 0 ? ", " : "", c, line_text(line, p.near));
  }
  if (p.now.channels > 4) text += ", and so on";
  return fmt::format(
      "each channel has {}: {}",
      shifted_only ? "its own shift (bias, mean)" : "its own scale and shift (a norm's or a preprocessing's numbers)",
      text);
}

std::string clipped(const Pair& p) {
  double most_now = 0, most_then = 0, least_now = 0, least_then = 0, leak = 0;
  p.each([&](int64_t y, int64_t x, int64_t c) {
    const double now = p.now.at(y, x, c), then = p.then.at(y, x, c);
    most_now = std::max(most_now, now), most_then = std::max(most_then, then);
    least_now = std::min(least_now, now), least_then = std::min(least_then, then);
    if (then < -1e-3 && leak == 0) leak = now / then;
  });
  if (least_then >= 0 && p.everywhere([&](auto y, auto x, auto c) {
        const double now = p.now.at(y, x, c), then = p.then.at(y, x, c);
        return then == 0 && now < 0 ? now : then;
      }))
    return "negative values are kept where they were 0: a relu is missing";
  if (least_now >= 0 && p.everywhere([&](auto y, auto x, auto c) { return std::max(0.0, p.then.at(y, x, c)); }))
    return "0 stands where values were negative: a relu too many";
  if (most_then <= 6.0 && most_now > 6.0 && p.everywhere([&](auto y, auto x, auto c) {
        return std::min(6.0, p.now.at(y, x, c)) == p.then.at(y, x, c) ? p.now.at(y, x, c) : p.then.at(y, x, c);
      }))
    return "values above 6 are kept: a relu where a relu6 was";
  if (most_now <= 6.0 && p.everywhere([&](auto y, auto x, auto c) { return std::min(6.0, p.then.at(y, x, c)); }))
    return "values above 6 are cut: a relu6 where there was none";
  if (least_then < 0 && p.everywhere([&](auto y, auto x, auto c) {
        const double then = p.then.at(y, x, c);
        return then < 0 ? leak * then : then;
      }))
    return fmt::format("negative values are {:.4g} times what they were: another leaky_relu", leak);
  return "";
}

/// now(y, x) = then(y + dy, x + dx) inside.
std::string shifted(const Pair& p) {
  for (int64_t dy = -1; dy <= 1; ++dy)
    for (int64_t dx = -1; dx <= 1; ++dx) {
      if ((dy == 0 && dx == 0) || p.now.height < 4 || p.now.width < 4) continue;
      bool fits = true;
      for (int64_t y = 1; fits && y + 1 < p.now.height; ++y)
        for (int64_t x = 1; fits && x + 1 < p.now.width; ++x)
          for (int64_t c = 0; fits && c < p.now.channels; ++c)
            fits = p.same(p.now.at(y, x, c), p.then.at(y + dy, x + dx, c));
      if (fits) return "the map is shifted by one pixel: padding on the other side";
    }
  return "";
}

std::string border(const Pair& p) {
  int64_t depth = 0;
  const int64_t h = p.now.height, w = p.now.width;
  p.each([&](int64_t y, int64_t x, int64_t c) {
    if (!p.same(p.now.at(y, x, c), p.then.at(y, x, c))) depth = std::max(depth, std::min({y + 1, x + 1, h - y, w - x}));
  });
  const bool inside_agrees = depth > 0 && 4 * depth <= std::min(h, w);
  return inside_agrees ? "only the map's border differs: padding, or an average that counts it otherwise" : "";
}

}  // namespace

std::string difference_hint(const Array& now, const Array& then) {
  const auto is = map_of(now), was = map_of(then);
  if (!is || !was) return "";
  if (is->height != was->height || is->width != was->width || is->channels != was->channels)
    return fmt::format("it is {}x{}x{}, was {}x{}x{}", is->height, is->width, is->channels, was->height, was->width,
                       was->channels);
  double largest = 0;
  for (const float value : then.values) largest = std::max(largest, std::fabs(double{value}));
  const Pair pair{*is, *was, 1e-5 * std::max(1e-3, largest)};
  for (const auto& pattern : {permuted_channels, reversed_with_means, turned, clipped, scaled, shifted, border})
    if (std::string text = pattern(pair); !text.empty()) return text;
  return "";
}

}  // namespace deeper
