// Which foreign code decodes pictures here: whoever hears of a hole in one of them can ask a program.
#pragma once
#include "runtime/abi.h"

namespace rt::inline RT_ABI {

struct ImageLibrary {
  const char *name, *version;
};

/// Those that are inside, and entries of nulls behind them.
void list_image_libraries(ImageLibrary (&libraries)[4]);

}  // namespace rt::inline RT_ABI
