/* Every rounding mode and, on x86, flushing of subnormals around NAME_run, with one thread, own threads and a pool of the
   caller's: the same bits, and the mode is left as it was. The input: float32 on standard input. */
#include <fenv.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "fashion.h"

#define SETTINGS 3
static float picture[FASHION_INPUT_HEIGHT * FASHION_INPUT_WIDTH * FASHION_INPUT_CHANNELS];
static fashion_context* contexts[SETTINGS];

static void in_turn(void* user, int count, fashion_task task, void* argument) {
  int i;
  (void)user;
  for (i = 0; i < count; ++i) task(argument, i);
}

static int differs(const float* expected, int setting) {
  fashion_run(contexts[setting], picture);
  return memcmp(fashion_output(contexts[setting], 0), expected, FASHION_HEAD_MAIN_CHANNELS * sizeof(float)) != 0;
}

static int wrong_in_modes(const float* expected, int setting) {
  const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
  int i, wrong = 0;
  for (i = 0; i < 4; ++i) {
    fesetround(modes[i]);
    wrong += differs(expected, setting);
    wrong += fegetround() != modes[i];
  }
#if defined(__x86_64__)
  _mm_setcsr(0x9fc0);
  wrong += differs(expected, setting);
  wrong += (_mm_getcsr() & 0xffc0) != 0x9fc0;
  _mm_setcsr(0x1f80);
#endif
  return wrong;
}

int main(int argc, char** argv) {
  static float expected[FASHION_HEAD_MAIN_CHANNELS];
  fashion_model* model = NULL;
  int i;
  if (!fread(picture, sizeof picture, 1, stdin) || fashion_open(argc > 1 ? argv[1] : NULL, &model)) return 1;
  for (i = 0; i < SETTINGS; ++i) {
    fashion_options options;
    memset(&options, 0, sizeof options);
    options.threads = i == 0 ? 1 : 3;
    if (i == 2) options.parallel = in_turn;
    fesetround(i == 1 ? FE_UPWARD : FE_TONEAREST); /* threads are born with it */
    if (fashion_create(model, &options, &contexts[i])) return 1;
    fesetround(FE_TONEAREST);
  }
  fashion_run(contexts[0], picture);
  memcpy(expected, fashion_output(contexts[0], 0), sizeof expected);
  for (i = 0; i < SETTINGS; ++i) printf("%d\n", wrong_in_modes(expected, i));
  for (i = 0; i < SETTINGS; ++i) fashion_destroy(contexts[i]);
  fashion_close(model);
  return 0;
}
