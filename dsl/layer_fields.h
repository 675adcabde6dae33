// The one table of every layer's keys: `fields(layer, visitor)` shows each key and its member to a visitor, in the
// order in which `expand` prints them. A default is what the struct itself holds; a derived one is told with `derive`.
//
// A visitor has
//   operator()(const KeyInfo&, Member&)      one key
//   whole(const KeyInfo&, Member&)           the layer's value itself, not a mapping
//   derive(Member&, const Member&)           the default of a later key, from keys before it
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/layers.h"
#include "dsl/spec.h"
#include "dsl/value.h"

namespace deeper {

template <class V>
void fields(BatchNormSpec& l, V& v) {
  v(KeyInfo{.name = "eps", .doc = "added to the variance", .above = true, .low = 0}, l.eps);
  v(KeyInfo{.name = "gamma", .doc = "has a factor per channel"}, l.gamma);
}

template <class V>
void fields(ConvLayer& l, V& v) {
  v(KeyInfo{.name = "kernel", .doc = "window, pixels", .required = true, .low = 1}, l.kernel);
  v(KeyInfo{.name = "out", .doc = "output channels", .required = true, .low = 1}, l.out);
  v(KeyInfo{.name = "stride", .doc = "step of the window, pixels", .low = 1}, l.stride);
  v(KeyInfo{.name = "pad", .doc = "zeros around the input, pixels", .low = 0}, l.pad);
  v(KeyInfo{.name = "dilation", .doc = "distance of the window's taps, pixels", .low = 1}, l.dilation);
  v(KeyInfo{.name = "groups", .doc = "groups of channels that do not mix", .low = 1}, l.groups);
  v(KeyInfo{.name = "pre", .doc = "activation in front"}, l.pre);
  v(KeyInfo{.name = "batch_norm", .doc = "behind the convolution"}, l.batch_norm);
  v.derive(l.bias, !l.batch_norm.has_value());
  v(KeyInfo{.name = "bias", .doc = "adds a number per channel", .fallback = "true; false beside batch_norm"}, l.bias);
  v(KeyInfo{.name = "activation", .doc = "behind everything else"}, l.activation);
}

template <class V>
void fields(SeparableConvLayer& l, V& v) {
  v(KeyInfo{.name = "kernel", .doc = "window of the depthwise half, pixels", .required = true, .low = 1}, l.kernel);
  v(KeyInfo{.name = "out", .doc = "output channels", .required = true, .low = 1}, l.out);
  v(KeyInfo{.name = "stride", .doc = "step of the window, pixels", .low = 1}, l.stride);
  v(KeyInfo{.name = "pad", .doc = "zeros around the input, pixels", .low = 0}, l.pad);
  v(KeyInfo{.name = "dilation", .doc = "distance of the window's taps, pixels", .low = 1}, l.dilation);
  v(KeyInfo{.name = "depth_multiplier", .doc = "depthwise outputs per input channel", .low = 1}, l.depth_multiplier);
  v(KeyInfo{.name = "pre", .doc = "activation in front"}, l.pre);
  v(KeyInfo{.name = "between_batch_norm", .doc = "behind the depthwise half"}, l.between_batch_norm);
  v(KeyInfo{.name = "between", .doc = "activation between the halves"}, l.between);
  v(KeyInfo{.name = "batch_norm", .doc = "behind the pointwise half"}, l.batch_norm);
  v.derive(l.bias, !l.batch_norm.has_value());
  v(KeyInfo{.name = "bias", .doc = "of the pointwise half", .fallback = "true; false beside batch_norm"}, l.bias);
  v(KeyInfo{.name = "activation", .doc = "behind everything else"}, l.activation);
}

template <class V>
void fields(DenseLayer& l, V& v) {
  v(KeyInfo{.name = "out", .doc = "output channels", .required = true, .low = 1}, l.out);
  v(KeyInfo{.name = "flatten",
            .doc = "order of the inputs in the weights; needed unless the input is 1x1",
            .fallback = ""},
    l.flatten);
  v(KeyInfo{.name = "batch_norm", .doc = "behind the product"}, l.batch_norm);
  v.derive(l.bias, !l.batch_norm.has_value());
  v(KeyInfo{.name = "bias", .doc = "adds a number per output", .fallback = "true; false beside batch_norm"}, l.bias);
  v(KeyInfo{.name = "activation", .doc = "behind everything else"}, l.activation);
}

template <class V>
void fields(PoolLayer& l, V& v) {
  v(KeyInfo{.name = "kind", .doc = "given by the word in `max_pool` and `average_pool`", .required = true}, l.kind);
  v(KeyInfo{.name = "kernel", .doc = "window, pixels", .required = true, .low = 1}, l.kernel);
  v(KeyInfo{.name = "stride", .doc = "step of the window, pixels", .required = true, .low = 1}, l.stride);
  v(KeyInfo{.name = "pad", .doc = "around the input, pixels", .low = 0}, l.pad);
  v(KeyInfo{.name = "rounding", .doc = "of the output's size; ceil: the last window may hang over"}, l.rounding);
  v(KeyInfo{.name = "average", .doc = "whether padding counts; means nothing to a max pool"}, l.average);
}

template <class V>
void fields(GlobalPoolLayer& l, V& v) {
  v(KeyInfo{.name = "kind", .doc = "over the whole map"}, l.kind);
}

template <class V>
void fields(LrnLayer& l, V& v) {
  v(KeyInfo{.name = "size", .doc = "channels in the sum", .low = 1}, l.size);
  v(KeyInfo{.name = "alpha", .doc = "factor of the sum of squares", .low = 0}, l.alpha);
  v(KeyInfo{.name = "beta", .doc = "power", .low = -4, .high = 4}, l.beta);
  v(KeyInfo{.name = "k", .doc = "added to the sum", .low = 0}, l.k);
  v(KeyInfo{.name = "alpha_mode", .doc = "per_window divides alpha by size"}, l.alpha_mode);
  v(KeyInfo{.name = "window",
            .doc =
                "where an even size has its extra channel: onnx behind the one that is normalised, pytorch before it"},
    l.window);
}

template <class V>
void fields(BatchNormLayer& l, V& v) {
  fields(l.norm, v);
}

template <class V>
void fields(ActivationLayer& l, V& v) {
  v.whole(KeyInfo{.name = "activation", .doc = "the function"}, l.activation);
}

template <class V>
void fields(SoftmaxLayer&, V&) {}

template <class V>
void fields(DropoutLayer& l, V& v) {
  v(KeyInfo{.name = "rate", .doc = "share of the values, for who trains; nothing happens here", .low = 0, .high = 1},
    l.rate);
}

template <class V>
void fields(L2NormalizeLayer& l, V& v) {
  v(KeyInfo{.name = "eps", .doc = "lower bound of the norm", .low = 0}, l.eps);
}

/// Where a layer's values are looked for: in itself, then in `defaults`, the specific word first.
struct LayerSource {
  const YamlNode* node = nullptr;
  std::string what;                       ///< "`max_pool`"
  std::vector<const YamlNode*> defaults;  ///< mappings
  std::string_view fixed_key;             ///< given by the word, no key here
  bool partial = false;                   ///< required keys may be missing (a `defaults` entry)
};

/// The visitor that reads. Tells every mistake; `finish` tells of unknown and missing keys.
class FieldReader {
 public:
  FieldReader(LayerSource source, Diagnostics& diagnostics);

  template <class T>
  void operator()(const KeyInfo& key, T& member) {
    if (const YamlNode* value = look_up(key)) ok_ &= read_value(*value, key, member, diagnostics_);
  }
  template <class T>
  void whole(const KeyInfo& key, T& member) {
    is_whole_ = true;
    ok_ &= read_value(*source_.node, key, member, diagnostics_);
  }
  template <class T>
  void derive(T& member, const T& value) {
    member = value;
  }

  bool finish(std::vector<KeyPlace>* places);

 private:
  const YamlNode* look_up(const KeyInfo& key);

  LayerSource source_;
  Diagnostics& diagnostics_;
  std::vector<std::string_view> known_, missing_;
  std::vector<KeyPlace> places_;
  bool is_whole_ = false;
  bool ok_ = true;
};

/// The visitor that prints "key: value, key: value".
class FieldPrinter {
 public:
  template <class T>
  void operator()(const KeyInfo& key, T& member) {
    const std::string value = value_text(std::as_const(member));
    if (!value.empty()) text_ += (text_.empty() ? "" : ", ") + std::string(key.name) + ": " + value;
  }
  template <class T>
  void whole(const KeyInfo&, T& member) {
    whole_ = value_text(std::as_const(member));
  }
  template <class T>
  void derive(T&, const T&) {}

  /// In braces, or the whole value.
  std::string text() const { return whole_.empty() ? "{" + text_ + "}" : whole_; }

 private:
  std::string text_, whole_;
};

/// Reads one mapping into a struct that has a table.
template <class T>
bool read_fields(const YamlNode& node, std::string what, T& out, Diagnostics& diagnostics) {
  FieldReader reader({&node, std::move(what), {}, {}, false}, diagnostics);
  fields(out, reader);
  return reader.finish(nullptr);
}

/// Prints a struct that has a table, in flow style.
template <class T>
std::string fields_text(T value) {
  FieldPrinter printer;
  fields(value, printer);
  return printer.text();
}

/// All words that begin a layer with an operator: those of `LayerOp`, and `max_pool` and `average_pool`.
const std::vector<std::string_view>& layer_words();

/// The entries of `defaults` that a layer of this word takes, the specific one first.
std::vector<std::string_view> default_words(std::string_view word);

/// The keys inside a layer's word.
std::vector<std::string_view> keys_of(std::string_view word);

/// Has weights and so needs a name.
bool has_weights(std::string_view word);

/// `defaults` holds mappings by layer word. Empty, with errors, where anything is wrong.
std::optional<LayerOp> read_layer_op(std::string_view word, const YamlNode& value, const YamlNode* defaults,
                                     std::vector<KeyPlace>& places, Diagnostics& diagnostics);

/// Tells the mistakes of one `defaults` entry; false where it has any.
bool check_defaults(std::string_view word, const YamlNode& value, Diagnostics& diagnostics);

/// "conv: {kernel: [7, 7], ...}"
std::string layer_op_text(const LayerOp& op);

/// The word for a path that nobody chose: `max_pool`, `relu`, `softmax`.
std::string_view made_up_word(const LayerOp& op);

}  // namespace deeper
