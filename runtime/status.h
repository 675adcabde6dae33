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
};

/// Never null, static, in lower case without a full stop.
inline const char* message(int status) {
  switch (status) {
    case status_ok:
      return "ok";
    case status_bad_argument:
      return "an argument is null or out of range";
    case status_out_of_memory:
      return "out of memory";
    case status_cannot_read_weights:
      return "the weights file cannot be opened or read";
    case status_not_weights:
      return "not a weights file";
    case status_other_version:
      return "the weights file has a format version that this code does not read";
    case status_damaged_weights:
      return "the weights file is truncated or damaged";
    case status_other_network:
      return "the weights file belongs to another network or to other parameters of it";
    case status_other_target:
      return "the weights file is packed for another target";
    case status_no_weights:
      return "no weights are embedded: a path is needed";
    case status_cpu_too_small:
      return "this CPU lacks instructions that this code was built for";
    case status_too_many_threads:
      return "more threads than this network was built for";
    case status_no_thread:
      return "the system refuses to make a thread";
    case status_unaligned:
      return "the arena must be 64-byte aligned, weights in memory 4-byte aligned";
    case status_unknown_image_format:
      return "not an image of a known format";
    case status_damaged_image:
      return "the image is truncated or damaged";
    case status_image_too_large:
      return "the image has too many pixels";
    case status_unsupported_image:
      return "this kind of image is not supported";
    case status_no_preprocessing:
      return "this network takes tensors only: its spec has no `preprocess`";
    default:
      return "unknown status";
  }
}

}  // namespace rt::inline RT_ABI
