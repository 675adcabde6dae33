// The keys of the mappings that hold layers together. Those of the layers themselves stand in layer_fields.h.
// Reader, README tables and whatever else lists keys walk these.
#pragma once
#include <cstddef>
#include <limits>
#include <string_view>

namespace deeper {

struct KeyInfo {
  std::string_view name;
  std::string_view doc;  ///< one line, with the unit
  bool required = false;
  bool above = false;                                     ///< `low` itself is not included
  double low = -std::numeric_limits<double>::infinity();  ///< bounds of numbers, both included
  double high = std::numeric_limits<double>::infinity();
  std::string_view type = {};      ///< where no member's type tells it
  std::string_view fallback = {};  ///< where no member's default tells it
};

constexpr KeyInfo network_keys[] = {
    {.name = "deeper", .doc = "version of the language", .required = true, .type = "1"},
    {.name = "name",
     .doc = "file, program, C prefix; not of functions that the system has (`pthread`)",
     .required = true,
     .type = "`[a-z][a-z0-9_]{0,63}`"},
    {.name = "about", .doc = "what it is and where it comes from", .type = "text", .fallback = ""},
    {.name = "params", .doc = "what `--set NAME=VALUE` can change", .type = "name: declaration"},
    {.name = "include",
     .doc = "files that hold `deeper: 1` and `blocks:`, below this file's folder",
     .type = "[file, ...]"},
    {.name = "input", .doc = "shape and preprocessing", .required = true, .type = "mapping"},
    {.name = "defaults", .doc = "keys for every layer of a word, wherever it is written", .type = "layer word: keys"},
    {.name = "blocks", .doc = "modules to `use`", .type = "name: block"},
    {.name = "layers", .doc = "each reads the one before it", .required = true, .type = "[layer, ...]"},
    {.name = "heads", .doc = "the outputs", .required = true, .type = "name: head"},
    {.name = "weights", .doc = "how names and layouts in a weights file map to this network", .type = "mapping"},
    {.name = "expect", .doc = "checked against the real figures, optional heads left out", .type = "mapping"},
    {.name = "goldens", .doc = "recorded outputs to compare with", .type = "file"},
};

constexpr KeyInfo include_keys[] = {
    {.name = "deeper", .doc = "version of the language", .required = true, .type = "1"},
    {.name = "blocks", .doc = "modules to `use`", .required = true, .type = "name: block"},
};

constexpr KeyInfo input_keys[] = {
    {.name = "shape", .doc = "pixels and channels", .required = true, .type = "[height, width, channels]"},
    {.name = "preprocess",
     .doc = "from a picture to the input; without it the program takes tensors only",
     .type = "mapping"},
};

constexpr KeyInfo preprocess_keys[] = {
    {.name = "central_fraction",
     .doc = "of either side, from the middle, before anything else",
     .above = true,
     .low = 0,
     .high = 1,
     .type = "number",
     .fallback = "the whole picture"},
    {.name = "resize",
     .doc = "pixels of the short side, or the whole size",
     .low = 1,
     .high = 65536,
     .type = "whole number or [height, width]",
     .fallback = "no resize"},
    {.name = "letterbox",
     .doc = "largest size of the picture's shape within this one, in the middle; in the place of resize and crop",
     .low = 1,
     .high = 65536,
     .type = "whole number or [height, width]",
     .fallback = "none"},
    {.name = "fill",
     .doc = "around a letterbox, 0 to 255, in the order of the channels",
     .type = "number, or one per channel",
     .fallback = "0"},
    {.name = "crop",
     .doc = "pixels, from the middle",
     .low = 1,
     .high = 65536,
     .type = "whole number or [height, width]",
     .fallback = "no crop"},
    {.name = "filter",
     .doc = "of the resize",
     .type = "bilinear, bicubic, box, nearest, opencv_bilinear, opencv_bicubic, opencv_nearest, area, tf_bilinear, "
             "tf1_bilinear or bilinear_align_corners",
     .fallback = "bilinear"},
    {.name = "channels", .doc = "order of the channels", .type = "rgb, bgr or gray", .fallback = "rgb"},
    {.name = "alpha",
     .doc = "transparency: dropped, or pasted on a colour",
     .type = "drop, black or white",
     .fallback = "drop"},
    {.name = "mean",
     .doc = "taken from a value of 0 to 255, in the order of the channels",
     .type = "number, or one per channel",
     .fallback = "0"},
    {.name = "scale", .doc = "times what is left", .type = "number, or one per channel", .fallback = "1"},
};

constexpr KeyInfo block_keys[] = {
    {.name = "args", .doc = "what `with` gives values to", .type = "name: declaration"},
    {.name = "layers", .doc = "its layers (or `branches`)", .type = "[layer, ...]"},
    {.name = "branches", .doc = "short for one `branches` layer", .type = "name: [layer, ...]"},
    {.name = "join", .doc = "how `branches` meet", .type = "concat or add", .fallback = "concat"},
    {.name = "residual", .doc = "adds what enters the block to what leaves it", .type = "mapping"},
};

constexpr KeyInfo declaration_keys[] = {
    {.name = "type", .doc = "any value of a type", .type = "int, number or bool"},
    {.name = "one_of", .doc = "one of these values", .type = "[value, ...]"},
    {.name = "default", .doc = "where no value is given", .type = "value"},
};

/// Beside the layer's word.
constexpr KeyInfo layer_keys[] = {
    {.name = "id", .doc = "its name in the paths; layers without weights need none", .type = "`[A-Za-z0-9_.-]+`"},
    {.name = "in",
     .doc = "what it reads: a local id, or `/path` from outside",
     .type = "path",
     .fallback = "the layer before"},
    {.name = "expect", .doc = "checked against the real figures", .type = "mapping"},
    {.name = "residual", .doc = "adds what enters this layer to what leaves it", .type = "mapping"},
    {.name = "repeat",
     .doc = "so many in a row, named id_1, id_2, ...",
     .low = 1,
     .high = 20000,
     .type = "whole number",
     .fallback = "1"},
};

/// Of a `use` only.
constexpr KeyInfo use_keys[] = {
    {.name = "use", .doc = "the block", .type = "name"},
    {.name = "with", .doc = "its arguments", .type = "name: value"},
};

/// Of a `branches` layer only.
constexpr KeyInfo branches_keys[] = {
    {.name = "branches",
     .doc = "file order is concat order; an empty list is the input itself",
     .type = "name: [layer, ...]"},
    {.name = "join", .doc = "how they meet", .type = "concat or add", .fallback = "concat"},
};

constexpr KeyInfo residual_keys[] = {
    {.name = "shortcut",
     .doc = "layers on the way past; none is the input itself",
     .type = "[layer, ...]",
     .fallback = "[]"},
    {.name = "scale", .doc = "y = shortcut(x) + scale * layer(x)", .type = "number", .fallback = "1"},
    {.name = "activation", .doc = "behind the sum", .type = "activation", .fallback = "none"},
};

constexpr KeyInfo expect_keys[] = {
    {.name = "out", .doc = "shape of the output, pixels and channels", .type = "[height, width, channels]"},
    {.name = "params", .doc = "weights, biases, gammas and betas", .low = 0, .type = "whole number"},
    {.name = "macs", .doc = "multiply-adds of convolutions and dense layers", .low = 0, .type = "whole number"},
};

constexpr KeyInfo head_keys[] = {
    {.name = "from", .doc = "path of the layer it reads", .required = true, .type = "path"},
    {.name = "optional", .doc = "built only with `--head NAME`", .type = "true or false", .fallback = "false"},
    {.name = "loss_weight", .doc = "factor of an auxiliary head's loss, for who trains it", .type = "number"},
    {.name = "layers", .doc = "none: the output is the layer itself", .type = "[layer, ...]", .fallback = "[]"},
    {.name = "labels", .doc = "names of the classes, one a line", .type = "file"},
    {.name = "topk",
     .doc = "classes that the program prints",
     .low = 1,
     .high = 1e6,
     .type = "whole number",
     .fallback = "5"},
    {.name = "expect", .doc = "checked where the head is built", .type = "mapping"},
};

constexpr KeyInfo weights_keys[] = {
    {.name = "layout",
     .doc = "order of a convolution's weights in the file",
     .type = "oihw, hwio or ohwi",
     .fallback = "oihw"},
    {.name = "rename",
     .doc = "the first rule that matches a name in the file wins",
     .type = "[rule, ...]",
     .fallback = "[]"},
    {.name = "ignore",
     .doc = "names in the file that are passed over; `*` is any characters",
     .type = "[text, ...]",
     .fallback = "[]"},
};

constexpr KeyInfo rename_keys[] = {
    {.name = "from", .doc = "name in the file; `*` is any characters", .required = true, .type = "text"},
    {.name = "to", .doc = "name here; {1} is what the first `*` took", .required = true, .type = "text"},
    {.name = "more", .doc = "the rules below go on with the new name", .type = "true or false", .fallback = "false"},
};

}  // namespace deeper
