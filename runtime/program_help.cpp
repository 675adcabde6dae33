#include <stdio.h>

#include "runtime/program_options.h"

namespace rt::inline RT_ABI {
namespace {

constexpr char examples[] = R"(
  %1$s photo.jpg                      what is in it
  %1$s --topk 3 --json *.png          for programs
  %1$s --eval list.tsv                top-1 and top-5 over lines of "path<tab>class"
  %1$s --bench 100 --profile          how fast, and where the time goes
)";

constexpr char option_text[] = R"(
IMAGE  JPEG, PNG, BMP or PNM (P5, P6); - reads standard input. One that cannot be read is told, the others are classified.
  --list FILE          more images, one path a line; can be given again
  --pixels             the images have the network's size already: no resize, no crop
  --tensor             the files are .npy instead: float32, [h, w, c] or [n, h, w, c], already preprocessed
  --layout nhwc|nchw   nchw: they are [c, h, w] or [n, c, h, w], as PyTorch has them (default: nhwc)
  --topk K             so many classes
  --head H             show this head only; can be given again
  --dump HEAD=F.npy    write the head's outputs, one row an image (NaN where one could not be read); up to 16 times, each
                       with another file
  --dump HEAD.logits=F.npy  what enters its last softmax
  --dump input=F.npy   what enters the network
  --layers F.npz       every step's output, by path, for one image
  --profile            how long each step takes
  --threads N          default 1; the results are the same bits for every N
  --weights FILE       default: embedded, else NAME.weights beside this program
  --json               one JSON object on standard output

Instead of images:
  --eval LIST          lines of "path<tab>class" (number or label)
  --bench N            N runs on made-up input
  --self-test          the goldens that are kept with the weights
  --verify             full hash of the weights
  --version, --help

Exit status: 0 done; 1 input or environment wrong (also: some images failed); 2 usage; 3 our fault; 4 a check failed.
)";

}  // namespace

void print_help(const Network& network) {
  printf("%s: a %dx%dx%d network, compiled for %s by deeper %s\n\nExamples:", network.name, network.height,
         network.width, network.channels, network.target, network.tool_version);
  printf(examples, network.name);
  printf("\nUsage: %s [options] IMAGE...\n", network.name);
  fputs(option_text, stdout);
  printf("\nHeads:");
  for (int h = 0; h < network.head_count; ++h) {
    const View& view = network.heads[h].output;
    printf(" %s (%dx%dx%d)", network.heads[h].name, view.height, view.width, view.channels);
  }
  printf("\n--dump knows: input");
  for (int h = 0; h < network.head_count; ++h) {
    printf(", %s", network.heads[h].name);
    if (network.heads[h].logits.channels > 0) printf(", %s.logits", network.heads[h].name);
  }
  printf("\n");
}

}  // namespace rt::inline RT_ABI
