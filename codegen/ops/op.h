// The only list of ops.
#pragma once
#include <variant>

#include "codegen/ops/activation.h"
#include "codegen/ops/add.h"
#include "codegen/ops/affine.h"
#include "codegen/ops/batch_norm.h"
#include "codegen/ops/concat.h"
#include "codegen/ops/conv2d.h"
#include "codegen/ops/identity.h"
#include "codegen/ops/input.h"
#include "codegen/ops/l2_normalize.h"
#include "codegen/ops/lrn.h"
#include "codegen/ops/pool.h"
#include "codegen/ops/slice.h"
#include "codegen/ops/softmax.h"

namespace deeper {

using Op = std::variant<Input, Conv2d, BatchNorm, Affine, Activation, Pool, Lrn, Softmax, L2Normalize, Add, Concat,
                        Slice, Identity>;

// What follows folds over the list: an op without a shape rule does not compile. (The names differ from the ops' own,
// so that a missing one cannot silently convert to the variant and call itself.)
/// The output's shape; the zero shape when the inputs do not suit the op.
Shape op_shape(const Op& op, const Shapes& inputs);
/// The op's word: its name, but "dense" for a convolution written so.
std::string_view op_word(const Op& op);
/// What distinguishes it from others of its kind: "7x7/2 pad 3"; empty when nothing does.
std::string op_details(const Op& op);
/// The constants that the op refers to; pointers into `op`.
std::vector<ConstantUse> op_constants(Op& op, const Shapes& inputs);

}  // namespace deeper
