// Words of Keras, PyTorch, Caffe, TF-slim and ONNX, and what to write in their place: better than the nearest word,
// which may be another function altogether (`prelu` is not `relu`).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

enum class ForeignPlace { layer, activation, pad };

/// What to write instead; empty where the word is not known. Case, `_` and `-` do not count.
std::string foreign_word_help(ForeignPlace place, std::string_view word);

struct ForeignKey {
  std::string_view ours;  ///< the key here; empty where there is none
  std::string_view note;  ///< what to do beside that, or instead
};

/// For a key that a mapping does not have. Of several meanings the first whose key is among `known` counts, or one
/// without a key here. Nothing: not known, or known for other mappings only.
const ForeignKey* foreign_key(std::string_view key, const std::vector<std::string_view>& known);

}  // namespace deeper
