// Compiled once a target and disassembled by runtime_instructions.py: the tiles that schedules name, and one of every
// other kernel with the functions behind the C interface.
#include "runtime/api.h"
#include "runtime/border.h"
#include "runtime/conv.h"
#include "runtime/depthwise.h"
#include "runtime/elementwise.h"
#include "runtime/input.h"
#include "runtime/l2_normalize.h"
#include "runtime/lrn.h"
#include "runtime/pool.h"
#include "runtime/selftest.h"
#include "runtime/softmax.h"

#define TILE(R, P, N)                                                                                  \
  template void rt::conv_tile<R, P, N>(const rt::ConvWindow&, const float*, rt::Strides, const float*, \
                                       const rt::ConvOut&, const rt::Relu&)

TILE(1, TILE_PIXELS, 2);
TILE(1, TILE_PIXELS - 1, 2);
TILE(1, TILE_PIXELS, 1);
TILE(2, TILE_PIXELS / 2, 2);
TILE(1, 1, 2);
TILE(1, 1, 8);

template void rt::max_pool(const rt::PoolWindow&, const float*, int64_t, const rt::ConvOut&, int, const rt::None&);
template void rt::average_pool(const rt::PoolWindow&, const float*, int64_t, const rt::ConvOut&, int, float,
                               const rt::Chain<rt::Bias, rt::Relu>&);
template void rt::depthwise_tile<4>(const rt::ConvWindow&, const float*, int64_t, const float*, const rt::ConvOut&,
                                    const rt::Relu&);
template void rt::elementwise(const float*, int64_t, const rt::ConvOut&, int,
                              const rt::Chain<rt::Affine, rt::Add, rt::Tanh, rt::Silu>&);
template void rt::lrn(const rt::LrnParameters&, const float*, int64_t, const rt::ConvOut&, int, rt::PowThreeQuarters);
template void rt::lrn(const rt::LrnParameters&, const float*, int64_t, const rt::ConvOut&, int, rt::PowAny);

extern const rt::Network network;

int use_everything(const float* in, const rt::ConvOut& out, const void* blob, size_t bytes) {
  rt::copy_input(in, 9, out, 3);
  rt::softmax(in, 3, out, 3);
  rt::l2_normalize(in, 3, out, 3, 1e-12f);
  rt::zero_border(out.data, 3, 3, 3, out.strides, 1, 1, 1, 1);
  rt::Model* model = nullptr;
  rt::Context* context = nullptr;
  int status = rt::open_model(network, "path", &model);
  if (!status) status = rt::open_memory(network, blob, bytes, &model);
  if (!status) status = rt::create_context(model, nullptr, &context);
  if (!status) rt::run(*context, in);
  if (!status) status = rt::output(*context, 0) && rt::label(*model, 0, 0) && rt::verify_content(*model);
  if (!status) status = static_cast<int>(rt::read_goldens(*model).next_golden().kind);
  rt::destroy_context(context);
  rt::close_model(model);
  return rt::message(status)[0];
}
