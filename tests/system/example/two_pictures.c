/* Two image libraries in one program: both networks look at the same picture. */
#include <stdio.h>

#include "fashion.h"
#include "googlenet.h"

int main(int argc, char** argv) {
  static const unsigned char picture[] = "P6 2 2 255\nABCDEFGHIJKL";
  fashion_model* first = NULL;
  googlenet_model* second = NULL;
  fashion_context* clothes = NULL;
  googlenet_context* things = NULL;
  int classes[2] = {-1, -1};
  float shares[2] = {0, 0};
  if (argc != 3) return 2;
  if (fashion_open(argv[1], &first) || fashion_create(first, NULL, &clothes)) return 3;
  if (googlenet_open(argv[2], &second) || googlenet_create(second, NULL, &things)) return 4;
  if (fashion_classify(clothes, picture, sizeof picture - 1, 0, 1, classes, shares, NULL, 0)) return 5;
  if (googlenet_classify(things, picture, sizeof picture - 1, 0, 1, classes + 1, shares + 1, NULL, 0)) return 6;
  printf("%d %.6f %d %.6f\n", classes[0], shares[0], classes[1], shares[1]);
  googlenet_destroy(things);
  fashion_destroy(clothes);
  googlenet_close(second);
  fashion_close(first);
  return 0;
}
