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

using Op = std::variant<Input, Conv2d, BatchNorm, Affine, Activation, Pool, Lrn, Softmax, L2Normalize, Add, Concat, Slice, Identity>;

}  // namespace deeper
