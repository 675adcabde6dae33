#include <algorithm>
#include <cmath>

#include "codegen/draw/picture.h"

namespace deeper {
namespace {

constexpr double character_width = 6.6, bold_width = 7.4, margin = 24, column_gap = 60, caption_height = 40,
                 preferred_aspect = 1.4;
constexpr int most_columns = 12;

double text_width(const std::string& text) { return character_width * static_cast<double>(text.size()); }
double title_width(const std::string& text) { return bold_width * static_cast<double>(text.size()); }

void measure(Box& box);

struct Extent {
  double width = 0, height = 0;
};

Extent measure_stack(std::vector<Box>& stack, double arrow) {
  Extent extent{24, 0};
  for (Box& box : stack) {
    measure(box);
    extent.width = std::max(extent.width, box.width);
    extent.height += box.height + (&box == &stack.front() ? 0 : arrow);
  }
  return extent;
}

void measure(Box& box) {
  if (!box.is_module()) {
    double widest = title_width(box.title);
    for (const std::string& line : box.lines) widest = std::max(widest, text_width(line));
    box.width = widest + 14;
    box.height = line_height * static_cast<double>(box.lines.size() + (box.title.empty() ? 0 : 1)) + 8;
    return;
  }
  double width = 0, height = 0;
  for (auto& branch : box.branches) {
    const Extent extent = measure_stack(branch, arrow_length);
    width += extent.width + (&branch == &box.branches.front() ? 0 : branch_gap);
    height = std::max(height, extent.height);
  }
  if (!box.forks())  // shapes stand beside its arrows, right of the middle
    for (const Box& inner : box.branches.front()) width = std::max(width, 2 * (label_gap + text_width(inner.shape)));
  box.width = std::max(width, title_width(box.title)) + 2 * box.padding();
  box.height = box.head_room() + height + box.padding() + (box.forks() ? fork_height : 0) +
               (box.join.empty() ? 0 : fork_height + join_height);
}

void place(Box& box, double x, double y);

void place_stack(std::vector<Box>& stack, double center, double y, double arrow) {
  for (Box& box : stack) {
    place(box, center - box.width / 2, y);
    y += box.height + arrow;
  }
}

void place(Box& box, double x, double y) {
  box.x = x;
  box.y = y;
  if (!box.is_module()) return;
  double inner = 0;
  std::vector<double> widths;
  for (auto& branch : box.branches) {
    widths.push_back(measure_stack(branch, arrow_length).width);
    inner += widths.back() + (widths.size() > 1 ? branch_gap : 0);
  }
  double left = x + (box.width - inner) / 2;
  const double top = y + box.head_room() + (box.forks() ? fork_height : 0);
  for (size_t i = 0; i < box.branches.size(); ++i) {
    place_stack(box.branches[i], left + widths[i] / 2, top, arrow_length);
    left += widths[i] + branch_gap;
  }
}

// Fills columns from the top, a new one where the next box would pass `limit`.
std::vector<int> split(const std::vector<Box>& boxes, double limit) {
  std::vector<int> columns = {0};
  double height = 0;
  for (size_t i = 0; i < boxes.size(); ++i) {
    const double more = boxes[i].height + trunk_arrow_length;
    if (height > 0 && height + more > limit) {
      columns.push_back(static_cast<int>(i));
      height = 0;
    }
    height += more;
  }
  return columns;
}

void place_columns(Picture& picture) {
  double x = margin;
  picture.height = 0;
  for (size_t c = 0; c < picture.columns.size(); ++c) {
    const auto first = picture.boxes.begin() + picture.columns[c];
    const auto last =
        c + 1 < picture.columns.size() ? picture.boxes.begin() + picture.columns[c + 1] : picture.boxes.end();
    double width = 0, y = margin + caption_height;
    for (auto box = first; box != last; ++box) width = std::max(width, box->width);
    for (auto box = first; box != last; ++box) {
      place(*box, x + (width - box->width) / 2, y);
      box->column_left = x;
      y += box->height + trunk_arrow_length;
    }
    picture.height = std::max(picture.height, y + margin);
    x += width + column_gap;
  }
  picture.width = std::max(x - column_gap + margin, 2 * margin + 1.3 * text_width(picture.title));
}

}  // namespace

void arrange(Picture& picture) {
  double total = 0;
  for (Box& box : picture.boxes) {
    measure(box);
    total += box.height + trunk_arrow_length;
  }
  double best = -1;
  std::vector<int> best_columns = {0};
  for (int count = 1; count <= most_columns; ++count)
    for (const double slack :
         {1.0, 1.04, 1.08, 1.12, 1.16, 1.2}) {  // more, where a last column would hold next to nothing
      picture.columns = split(picture.boxes, slack * total / count);
      place_columns(picture);
      const double used = total / (picture.height * static_cast<double>(picture.columns.size()));
      const double off = std::abs(std::log(picture.width / picture.height / preferred_aspect)) + 1 - used;
      if (best >= 0 && off >= best) continue;
      best = off;
      best_columns = picture.columns;
    }
  picture.columns = best_columns;
  place_columns(picture);
}

}  // namespace deeper
