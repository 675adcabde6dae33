// A network as boxes: what `deeper draw` shows, before and after the boxes have places.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/build.h"
#include "dsl/spec.h"

namespace deeper {

inline constexpr double title_height = 22, line_height = 14, arrow_length = 18, trunk_arrow_length = 30,
                        fork_height = 16, branch_gap = 14, frame_padding = 8, join_height = 18, label_gap = 8;

/// A layer, or a module: branches side by side, each a stack of boxes. Lengths are SVG user units (pixels at 100 %).
struct Box {
  std::string title;               ///< the id, or ids, it stands for
  std::vector<std::string> lines;  ///< what it does
  std::string kind;   ///< "conv", "pool", ...: its colour; "module" for a frame, "fork" for heads of one tensor
  std::string shape;  ///< of its output, "28x28x256"
  std::string join;   ///< of several branches: "concat", "add", "+ 0.17 f(x)"; empty where they stay apart
  std::vector<std::vector<Box>> branches;
  bool dashed = false;    ///< an optional head
  bool detached = false;  ///< no arrow from the box before it: it reads another, which its text names
  double x = 0, y = 0, width = 0, height = 0;
  double column_left = 0;  ///< of a box of the trunk: where its column begins

  bool is_module() const { return !branches.empty(); }
  bool forks() const { return branches.size() > 1; }
  bool is_framed() const { return kind != "fork"; }  ///< heads of one tensor stand side by side without a frame
  double padding() const { return is_framed() ? frame_padding : 0; }
  /// From the upper edge to what is inside.
  double head_room() const { return title.empty() ? padding() : title_height; }
};

struct Picture {
  std::string title;
  std::vector<Box> boxes;
  std::vector<int> columns;  ///< of each column the index of its first box
  double width = 0, height = 0;
};

/// The trunk, then the heads: those of its end side by side, the others by themselves. Neighbours that look the same
/// (Inception v4's seven B) become one box that says how many. The picture has all heads; its title tells
/// `counted`, the cost with the optional heads that were asked for.
Picture compose(const NetworkSpec& spec, const BuildResult& built, const std::vector<std::string>& asked,
                const Cost& counted);

/// Gives every box its place: the trunk runs down and goes on in a further column where one would be too tall to read.
void arrange(Picture& picture);

/// A standalone SVG document; text is escaped.
std::string to_svg(const Picture& picture);

}  // namespace deeper
