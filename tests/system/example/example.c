/* The whole interface in ten lines: weights, a context, one picture, the best class. The picture: float32 on standard
   input. */
#include <stdio.h>

#include "fashion.h"

int main(int argc, char** argv) {
  static float picture[FASHION_INPUT_HEIGHT * FASHION_INPUT_WIDTH * FASHION_INPUT_CHANNELS];
  fashion_model* model = NULL;
  fashion_context* context = NULL;
  fashion_status status = fashion_open(argc > 1 ? argv[1] : NULL, &model);
  if (!status) status = fashion_create(model, NULL, &context);
  if (status || !fread(picture, sizeof picture, 1, stdin)) return fprintf(stderr, "%s\n", fashion_message(status)), 1;
  fashion_run(context, picture);
  const float* share = fashion_output(context, FASHION_HEAD_MAIN);
  int best = 0;
  for (int i = 1; i < FASHION_HEAD_MAIN_CHANNELS; ++i) best = share[i] > share[best] ? i : best;
  printf("%d %s %.6f\n", best, fashion_label(model, FASHION_HEAD_MAIN, best), share[best]);
  fashion_destroy(context);
  fashion_close(model);
  return 0;
}
