// The network as its author described it, expanded: no blocks, no repeats, no parameters, nothing implicit.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/layers.h"
#include "dsl/source.h"

namespace deeper {

/// An assertion by the author, checked by `build`, which knows shapes and counts.
struct Expect {
  /// Where one number is written.
  struct Place {
    Range range;
    bool computed = false;  ///< from `$x`, a param's or an argument's
  };
  struct Figure {
    int64_t value = 0;
    Range range;
    bool with_params = false;  ///< written with `$param`: always counts, also where a param is overridden
    Place place;
  };
  struct OutShape {
    std::array<int64_t, 3> value{};  ///< height, width, channels
    Range range;
    bool with_params = false;
    std::array<Place, 3> places{};
  };
  std::optional<OutShape> out;
  std::optional<Figure> params, macs;
};

struct Layer;

/// Where the value of a layer's key is written: in the layer itself or in the network's `defaults`.
struct KeyPlace {
  std::string_view key;  ///< a name of the key table, static
  Range range;
};

struct Branch {
  std::string name;
  Range range;
  std::vector<Layer> layers;  ///< may be empty: the input itself
};

/// Parallel branches of one input, in file order. A `use` becomes one of these too (a single branch when its block has
/// `layers:`).
struct Branches {
  enum class Join { concat, add };
  std::vector<Branch> branches;
  Join join = Join::concat;
};

/// y = shortcut(x) + scale * f(x), then the activation; f is the layer that carries this.
struct Residual {
  Range range;
  std::vector<Layer> shortcut;  ///< empty = identity
  double scale = 1;
  ActivationSpec activation;
};

struct Layer {
  Range range;        ///< of the layer's word
  std::string path;   ///< unique, ids joined by `/`; the weight's name, the C++ comment, the golden's row
  bool named = true;  ///< false where the author gave no id and the path was made up (layers without weights)
  /// Absolute path of what it reads ("input" for the network's input); empty = the one before. A path that no layer has
  /// (an error told already, and what stands in the place of a layer that could not be read): the output is in doubt.
  std::string in;
  Range in_range;
  std::variant<LayerOp, Branches> body;
  std::optional<Residual> residual;
  Expect expect;
  std::vector<KeyPlace> places;  ///< of the keys that are written

  /// Where the value of `key` is written; the layer's own place where it is not.
  Range place(std::string_view key) const {
    for (const KeyPlace& at : places)
      if (at.key == key) return at.range;
    return range;
  }
};

/// One output. `layers` may be empty: the tapped tensor itself.
struct Head {
  std::string name;
  Range range;
  std::string from;  ///< absolute path, or one that no layer has (an error told already)
  Range from_range;
  bool optional = false;
  std::optional<double> loss_weight;
  std::vector<Layer> layers;
  std::string labels;  ///< file, relative to the spec; empty = none
  Range labels_range;
  int64_t topk = 5;
  Expect expect;
};

/// Numbers as in rt::Filter.
enum class Filter {
  bilinear,
  bicubic,
  box,
  nearest,
  opencv_bilinear,
  opencv_bicubic,
  opencv_nearest,
  area,
  tf_bilinear,
  tf1_bilinear,
  bilinear_align_corners
};
enum class ChannelOrder { rgb, bgr, gray };
/// What becomes of transparency; numbers as in rt::Alpha.
enum class Alpha { drop, black, white };

/// Fixed order: central fraction, resize or letterbox, crop, channel order, (x - mean) * scale. Sizes in pixels; fill,
/// mean and scale in the final channel order.
struct Preprocess {
  std::optional<double> central_fraction;  ///< of either side
  std::optional<int64_t> resize_short;     ///< short side
  std::optional<Size2> resize_warp;        ///< exact size
  std::optional<Size2> letterbox;          ///< the picture's shape is kept, what is left is filled
  std::optional<Size2> crop;
  Filter filter = Filter::bilinear;
  ChannelOrder channels = ChannelOrder::rgb;
  Alpha alpha = Alpha::drop;
  std::vector<double> mean, scale, fill;  ///< one per channel after parsing; fill: with letterbox only
};

/// `*` matches any characters, `/` too, captured as {1}, {2}, ...; the first matching rule wins, those with `more` let
/// the rules below them go on with the new name.
struct RenameRule {
  Range range;
  std::string from, to;
  bool more = false;
};

/// Names of the file that are passed over; `*` as in a rename rule.
struct IgnorePattern {
  Range range;
  std::string pattern;
};

enum class WeightLayout { oihw, hwio, ohwi };

struct ParamValue {
  std::string name, value;  ///< value as YAML would print it
  bool overridden = false;  ///< by --set
};

struct NetworkSpec {
  std::string file;  ///< as the user named it; relative files of the spec are found beside it
  std::string name;
  Range name_range;
  std::string about;
  std::vector<ParamValue> params;
  std::array<int64_t, 3> input{};  ///< height, width, channels; zeros where it could not be read
  Range input_range;
  std::optional<Preprocess> preprocess;
  Range preprocess_range, weights_range;  ///< of those keys' values
  std::vector<Layer> layers;
  std::vector<Head> heads;  ///< all of them, optional ones too; `build` takes those asked for
  WeightLayout layout = WeightLayout::oihw;
  std::vector<RenameRule> rename;
  std::vector<IgnorePattern> ignore;
  Expect expect;
  std::string goldens;  ///< file, relative to the spec; empty = none
};

}  // namespace deeper
