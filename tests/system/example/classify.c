/* A picture file instead of a tensor: libfashion_image.a decodes and preprocesses. Prints each class and its
 * probability. */
#include <stdio.h>

#include "fashion.h"

int main(int argc, char** argv) {
  static unsigned char bytes[1 << 20];
  int classes[FASHION_HEAD_MAIN_CHANNELS];
  float shares[FASHION_HEAD_MAIN_CHANNELS];
  char words[300] = "";
  fashion_model* model = NULL;
  fashion_context* context = NULL;
  FILE* file = argc == 3 ? fopen(argv[2], "rb") : NULL;
  if (!file) return 2;
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  fashion_status status = fashion_open(argv[1], &model);
  if (!status) status = fashion_create(model, NULL, &context);
  if (!status) {
    status = fashion_classify(context, bytes, size, FASHION_HEAD_MAIN, FASHION_HEAD_MAIN_CHANNELS, classes, shares,
                              words, sizeof words);
  }
  if (status) {
    printf("error %s: %s\n", fashion_message(status), words);
  } else {
    for (int i = 0; i < FASHION_HEAD_MAIN_CHANNELS; ++i) printf("%d %a\n", classes[i], shares[i]);
  }
  fashion_destroy(context);
  fashion_close(model);
  return 0;
}
