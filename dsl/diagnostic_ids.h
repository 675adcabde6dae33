// The one list of what can be wrong. An id is a contract: `--json` carries it, goldens name it; none is renamed. A test
// finds ids that are used and not listed, listed and not used, or shown by no golden.
#pragma once
#include <string_view>

namespace deeper {

struct DiagnosticId {
  std::string_view id;
  std::string_view meaning;
};

inline constexpr DiagnosticId diagnostic_ids[] = {
    // Files and text (dsl)
    {"unreadable-file", "a file is missing, is no regular file or cannot be read"},
    {"file-too-large", "a file is larger than 1 MiB"},
    {"bad-encoding", "text that is not UTF-8, or a control character"},
    {"tab-indentation", "a tab in the indentation"},
    {"bad-yaml", "text that is not YAML"},
    {"empty-file", "nothing but blanks and comments"},
    {"anchor-or-alias", "YAML anchors and aliases are not part of the language"},
    {"yaml-tag", "YAML tags are not part of the language"},
    {"second-document", "more than one YAML document in a file"},
    {"too-deep", "lists and mappings, or layers, nested too deep"},
    {"too-many-values", "more values in a file than the language allows"},
    {"duplicate-key", "a key given twice in one mapping"},
    {"bad-key", "a key that is not a plain word"},
    // Keys and values (dsl)
    {"unknown-key", "a key that this mapping does not have"},
    {"missing-key", "a key that this mapping must have"},
    {"wrong-type", "a value of another type than its key takes"},
    {"out-of-range", "a number beyond the bounds of its key"},
    {"unknown-word", "a word that is not one of those allowed here"},
    {"wrong-count", "a list with more or fewer values than its key takes"},
    {"conflicting-keys", "keys that do not go together"},
    {"bad-version", "a format version that this program does not read"},
    {"bad-name", "a name, id or path with characters that are not allowed"},
    {"bad-preprocess", "preprocessing that does not end at the network's input"},
    // Parameters and expressions (dsl)
    {"bad-declaration", "a parameter or argument that is not declared as the language has it"},
    {"unknown-parameter", "`$x` without a parameter or argument of that name"},
    {"missing-argument", "a block's argument without a value"},
    {"unknown-argument", "a `with:` key that the block does not declare"},
    {"missing-parameter", "a network's parameter without a value"},
    {"bad-expression", "arithmetic that cannot be read"},
    {"expression-overflow", "arithmetic beyond 2^40 or a division by zero"},
    {"bad-set", "`--set` that is not NAME=VALUE"},
    // Structure (dsl)
    {"bad-include", "an include that is not a relative path below the network's folder, or is given twice"},
    {"unknown-block", "a `use:` of a block that is not there"},
    {"duplicate-block", "two blocks of one name"},
    {"unused-block", "a block of the network's own file that nothing uses"},
    {"unused-defaults", "an entry of `defaults` for a layer that the network does not have"},
    {"block-recursion", "a block that uses itself"},
    {"unknown-layer", "a layer word that the language does not have"},
    {"layer-word", "a layer with no word, or with more than one"},
    {"missing-id", "a layer with weights, a use or a repeat without an id"},
    {"duplicate-id", "two layers with the same path"},
    {"unknown-path", "`in:` or `from:` names a layer that is not there"},
    {"path-comes-later", "`in:` or `from:` names a layer that comes later"},
    {"too-many-layers", "an expansion with more layers or values than the language allows"},
    {"bad-rename", "a rename rule whose `*` and {1}, {2}, ... do not fit together"},
    // Build (codegen/ir, codegen/ops)
    {"bad-size", "a size, stride or count that is not positive"},
    {"branch-shapes", "branches that do not fit together"},
    {"residual-shapes", "a shortcut that does not fit what it is added to"},
    {"expect-failed", "an `expect` that is not so"},
    {"flatten-missing", "a dense layer on a map larger than 1x1 without `flatten`"},
    {"groups-divide", "groups that do not divide the channels"},
    {"pad-same", "`pad: same` where only `same_tf` is defined"},
    {"pad-too-large", "padding that a pool's window could lie in alone"},
    {"too-large", "tensors or sums beyond what can be addressed, or beyond `--max-weights` and `--max-arena`"},
    {"unknown-head", "`--head` or `--labels` with a head that is not there"},
    {"window-too-large", "a window larger than its padded input"},
    // Weights (codegen/weights)
    {"weights-unreadable", "a weights file that cannot be read"},
    {"weights-malformed", "a weights file that is not a sound safetensors file"},
    {"weight-missing", "a weight that the file does not hold"},
    {"weight-unused", "a weight that the network does not have"},
    {"weight-shape", "a weight of another shape"},
    {"weight-type", "a weight of a type that is not read"},
    {"weight-ignored", "a weight that `weights.ignore` passes over"},
    {"weights-passed-over", "tensors of types that are not read, which nothing needs"},
    {"weight-rule-idle", "a rule of `weights` that matches no name of the file"},
    {"weight-not-finite", "a weight that is NaN or infinite"},
    {"weight-variance", "a batch norm's variance that is negative, or not positive with eps"},
    {"weight-overflow", "weights whose product, computed at build time, is NaN or infinite"},
    {"weight-twice", "two names of the file that map to one weight"},
    // Schedule, compile, command line (codegen/schedule, codegen/compile, codegen/cli)
    {"unknown-target", "`--target` with a name that is not in the table"},
    {"target-unavailable", "a target that cannot be built for on this machine"},
    {"unknown-pass", "`--disable-pass` with a pass that is not there"},
    {"bad-weights-option", "`--weights` that is neither a file nor random:SEED"},
    {"bad-labels", "a labels file that cannot be read or does not fit its head"},
    {"no-labels", "no labels: the program prints numbers"},
    {"no-compiler", "no compiler that this program can use"},
    {"output-folder", "an output folder that cannot be written or is not ours"},
    {"cache-folder", "a cache that is not ours alone, or no place for one"},
    {"cannot-write", "a file that cannot be written"},
    {"cannot-fix-expect", "an `expect` that --fix-expect must not rewrite"},
    {"interrupted", "stopped by a signal"},
    {"internal-runtime", "our mistake: a runtime file is not part of this program"},
    {"internal-verify", "our mistake: a graph or schedule broke its invariants"},
    {"internal-compile", "our mistake: the compiler refused what we wrote"},
    {"bad-goldens", "a goldens file, or what it names, that cannot be read or was recorded for something else"},
    {"no-goldens", "a network without goldens"},
    {"golden-differs", "an output that is not what was recorded"},
    {"program-failed", "the network's own program ended with an error"},
    {"internal-program", "our mistake: the network's own program says what it should not"},
};

}  // namespace deeper
