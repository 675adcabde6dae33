/* A picture file instead of a tensor: libfashion_image.a decodes and preprocesses. */
#include <stdio.h>

#include "fashion.h"

int main(int argc, char** argv) {
  static unsigned char bytes[1 << 20];
  fashion_model* model = NULL;
  fashion_context* context = NULL;
  if (argc < 3) return 2;
  FILE* file = fopen(argv[2], "rb");
  const size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
  fashion_status status = fashion_open(argv[1], &model);
  if (!status) status = fashion_create(model, NULL, &context);
  if (!status) status = fashion_classify(context, bytes, size);
  if (status) {
    printf("error %s\n", fashion_message(status));
  } else {
    const float* share = fashion_output(context, FASHION_HEAD_MAIN);
    for (int i = 0; i < FASHION_HEAD_MAIN_CHANNELS; ++i) printf("%a\n", share[i]);
  }
  if (file) fclose(file);
  fashion_destroy(context);
  fashion_close(model);
  return 0;
}
