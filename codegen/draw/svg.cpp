#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "codegen/draw/picture.h"

namespace deeper {
namespace {

struct Colour {
  const char* kind;
  const char* fill;
};
// The colours people know from figure 3 of "Going Deeper with Convolutions": blue convolutions, red pools, green joins.
constexpr Colour colours[] = {
    {"input", "#ffffff"},   {"conv", "#bcd7f2"},       {"separable_conv", "#bcd7f2"},
    {"dense", "#d9c8ee"},   {"pool", "#f6c1b9"},       {"global_pool", "#f6c1b9"},
    {"lrn", "#e3e3e3"},     {"batch_norm", "#e3e3e3"}, {"activation", "#e3e3e3"},
    {"softmax", "#f8e39a"}, {"dropout", "#f2f2f2"},    {"l2_normalize", "#e3e3e3"},
};

const char* colour_of(const std::string& kind) {
  const auto found =
      std::find_if(std::begin(colours), std::end(colours), [&](const Colour& c) { return kind == c.kind; });
  return found == std::end(colours) ? "#f4f4f4" : found->fill;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

class SvgWriter {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  void text(double x, double y, const char* style, const std::string& what) {
    line(R"(<text x="{:.1f}" y="{:.1f}" class="{}">{}</text>)", x, y, style, escaped(what));
  }
  void arrow(double x1, double y1, double x2, double y2) {
    if (x1 == x2) return line(R"(<path class="a" d="M{:.1f} {:.1f}V{:.1f}"/>)", x1, y1, y2);
    line(R"(<path class="a" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}V{:.1f}"/>)", x1, y1, (y1 + y2) / 2, x2, y2);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void draw(const Box& box, SvgWriter& out);

double center(const Box& box) { return box.x + box.width / 2; }

void draw_leaf(const Box& box, SvgWriter& out) {
  out.line(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3" fill="{}" stroke="#555"/>)", box.x,
           box.y, box.width, box.height, colour_of(box.kind));
  double y = box.y + line_height + 1;
  if (!box.title.empty()) {
    out.text(center(box), y, "n", box.title);
    y += line_height;
  }
  for (const std::string& text : box.lines) {
    out.text(center(box), y, "t", text);
    y += line_height;
  }
}

// One branch between the fork above and the join below, if there is one. An empty branch is the input itself.
void draw_branch(const std::vector<Box>& branch, double x, double top, std::optional<double> bottom, SvgWriter& out) {
  double from = top;
  for (const Box& box : branch) {
    if (!box.detached) out.arrow(&box == &branch.front() ? x : center(box), from, center(box), box.y);
    draw(box, out);
    from = box.y + box.height;
  }
  if (bottom) out.arrow(branch.empty() ? x : center(branch.back()), from, x, *bottom);
}

void draw_fork(const Box& box, SvgWriter& out) {
  const double top = box.y + (box.is_framed() ? box.head_room() - 4 : 0);
  const double left = box.x + box.padding(), right = box.x + box.width - box.padding();
  std::optional<double> join;
  if (!box.join.empty()) join = box.y + box.height - box.padding() - join_height;
  double first = 0, last = 0;
  double free = left + 12;  // where a branch without boxes runs: after its left neighbour
  for (const auto& branch : box.branches) {
    double x = free;
    for (const Box& inner : branch) {
      x = center(inner);
      free = std::max(free, inner.x + inner.width + branch_gap + 12);
    }
    x = std::min(x, right - 6);
    draw_branch(branch, x, top, join, out);
    if (&branch == &box.branches.front()) first = x;
    last = x;
  }
  out.line(R"(<path class="l" d="M{:.1f} {:.1f}H{:.1f}"/>)", std::min(first, center(box)), top,
           std::max(last, center(box)));
  if (!join) return;
  out.line(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3" fill="#c5e8c0" stroke="#555"/>)", left,
           *join, right - left, join_height);
  out.text(center(box), *join + 13, "t", box.join);
}

void draw_inner_step(const Box& from, const Box& to, SvgWriter& out) {
  const double y = from.y + from.height;
  out.arrow(center(from), y, center(to), to.y);
  out.text(center(from) + label_gap, y + 12, "s", from.shape);
}

void draw(const Box& box, SvgWriter& out) {
  if (!box.is_module()) return draw_leaf(box, out);
  if (!box.is_framed()) return draw_fork(box, out);
  out.line(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="6" fill="#fbfbf7" stroke="#888"{}/>)",
           box.x, box.y, box.width, box.height, box.dashed ? R"( stroke-dasharray="5 4")" : "");
  if (!box.title.empty()) out.text(center(box), box.y + 13, "n", box.title);
  if (box.forks()) return draw_fork(box, out);
  const std::vector<Box>& only = box.branches.front();
  for (size_t i = 0; i < only.size(); ++i) {
    if (i > 0 && !only[i].detached) draw_inner_step(only[i - 1], only[i], out);
    draw(only[i], out);
  }
}

// From one box of the trunk to the next, with the shape that passes; over to the next column where it begins one.
void draw_step(const Box& from, const Box& to, SvgWriter& out) {
  const double y = from.y + from.height;
  if (to.y > y) {
    out.arrow(center(from), y, center(to), to.y);
    out.text(center(from) + label_gap, y + 19, "s", from.shape);
    return;
  }
  const double down = y + 20, between = to.column_left - 22, up = to.y - 16;
  out.line(R"(<path class="a" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}V{:.1f}H{:.1f}V{:.1f}"/>)", center(from), y, down, between,
           up, center(to), to.y);
  out.text(center(from) + label_gap, y + 13, "s", from.shape);
}

}  // namespace

std::string to_svg(const Picture& picture) {
  SvgWriter out;
  out.line(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}">)",
           picture.width, picture.height);
  out.line(
      "<style>text{{font:11px 'DejaVu Sans',Verdana,sans-serif;text-anchor:middle;fill:#222}}.n{{font-weight:bold}}"
      ".s{{text-anchor:start;fill:#666}}.h{{font-size:16px;text-anchor:start}}.a,.l{{fill:none;stroke:#444}}"
      ".a{{marker-end:url(#m)}}</style>");
  out.line(R"(<defs><marker id="m" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">)"
           R"(<path d="M0 0L8 4L0 8z" fill="#444"/></marker></defs>)");
  out.line(R"(<rect width="100%" height="100%" fill="#ffffff"/>)");
  out.text(24, 34, "h", picture.title);
  for (size_t i = 0; i < picture.boxes.size(); ++i) {
    const Box& box = picture.boxes[i];
    if (i > 0 && !box.detached) draw_step(picture.boxes[i - 1], box, out);
    draw(box, out);
  }
  out.line("</svg>");
  return out.take();
}

}  // namespace deeper
