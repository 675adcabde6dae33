// What can go wrong in the C interface. The numbers are part of it: none changes its meaning.
#pragma once
#include "runtime/abi.h"

namespace rt::inline RT_ABI {

enum Status : int {
  status_ok = 0,
  status_bad_argument = 1,
  status_out_of_memory = 2,
  status_cannot_read_weights = 3,
  status_not_weights = 4,
  status_other_version = 5,
  status_damaged_weights = 6,
  status_other_network = 7,
  status_other_target = 8,
  status_no_weights = 9,
  status_cpu_too_small = 10,
  status_too_many_threads = 11,
  status_no_thread = 12,
  status_unaligned = 13,
  // 32 and up: decoding and preprocessing of images
  status_unknown_image_format = 32,
  status_damaged_image = 33,
  status_image_too_large = 34,
  status_unsupported_image = 35,
  status_no_preprocessing = 36,
  status_not_finite = 37,
};

struct StatusText {
  int status;
  const char* text;
};
inline constexpr StatusText status_texts[] = {
    {status_ok, "ok"},
    {status_bad_argument, "an argument is null or out of range"},
    {status_out_of_memory, "out of memory"},
    {status_cannot_read_weights, "the weights file cannot be opened or read"},
    {status_not_weights, "not a weights file"},
    {status_other_version, "the weights file has a format version that this code does not read"},
    {status_damaged_weights, "the weights file is truncated or damaged"},
    {status_other_network, "the weights file belongs to another network or to other parameters of it"},
    {status_other_target, "the weights file is packed for another target"},
    {status_no_weights, "no weights are embedded: a path is needed"},
    {status_cpu_too_small, "this CPU lacks instructions that this code was built for"},
    {status_too_many_threads, "more threads than this network was built for"},
    {status_no_thread, "the system refuses to make a thread"},
    {status_unaligned, "the arena must be 64-byte aligned, weights in memory 4-byte aligned"},
    {status_unknown_image_format, "not an image of a known format"},
    {status_damaged_image, "the image is truncated or damaged"},
    {status_image_too_large, "the image has too many pixels"},
    {status_unsupported_image, "this kind of image is not supported"},
    {status_no_preprocessing, "this network takes tensors only: its spec has no `preprocess`"},
    {status_not_finite, "the network's output is not finite: there is no answer"},
};

/// Never null, static, in lower case without a full stop.
inline const char* message(int status) {
  for (const StatusText& known : status_texts)
    if (known.status == status) return known.text;
  return "unknown status";
}

}  // namespace rt::inline RT_ABI
