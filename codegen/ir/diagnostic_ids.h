// Ids of the mistakes that `build`, the weights readers and `bind_weights` find; dsl/diagnostic_ids.h has those of the
// language.
#pragma once
#include <string_view>

namespace deeper::ids {

// build
inline constexpr std::string_view bad_size = "bad-size";            // a size, stride or count that is not positive
inline constexpr std::string_view branch_shapes = "branch-shapes";  // branches of a concat or add do not fit together
inline constexpr std::string_view residual_shapes = "residual-shapes";  // shortcut and residual differ
inline constexpr std::string_view expect_failed = "expect-failed";      // an author's assertion is not so
inline constexpr std::string_view flatten_missing = "flatten-missing";  // dense on a map larger than 1x1
inline constexpr std::string_view groups_divide = "groups-divide";      // groups do not divide the channels
inline constexpr std::string_view pad_same = "pad-same";                // `same` where only `same_tf` is defined
inline constexpr std::string_view pad_too_large = "pad-too-large";      // a pool's window could lie in the padding only
inline constexpr std::string_view too_large = "too-large";              // tensors beyond what can be addressed
inline constexpr std::string_view unknown_head = "unknown-head";        // --head names none of the network's
inline constexpr std::string_view window_too_large = "window-too-large";  // larger than the padded input
// weights
inline constexpr std::string_view weights_unreadable = "weights-unreadable";  // cannot be opened or read
inline constexpr std::string_view weights_malformed = "weights-malformed";    // not a sound safetensors file
inline constexpr std::string_view weight_missing = "weight-missing";
inline constexpr std::string_view weight_unused = "weight-unused";
inline constexpr std::string_view weight_ignored = "weight-ignored";  // `ignore` hides what the network needs
inline constexpr std::string_view weight_type = "weight-type";        // no kind of float, and the network needs it
inline constexpr std::string_view weights_passed_over = "weights-passed-over";  // of such types, and not needed
inline constexpr std::string_view weight_rule_idle = "weight-rule-idle";        // a rule or pattern without a name
inline constexpr std::string_view weight_shape = "weight-shape";
inline constexpr std::string_view weight_not_finite = "weight-not-finite";
inline constexpr std::string_view weight_variance = "weight-variance";  // negative, or not positive with eps
inline constexpr std::string_view weight_overflow = "weight-overflow";  // constants that multiply to no finite number
inline constexpr std::string_view weight_twice = "weight-twice";        // two names of the file map to one path

}  // namespace deeper::ids
