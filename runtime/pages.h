// Memory taken page by page from the system, and faulted in before `run` needs it: in one call to the system where it
// knows how, since the first touch of a page costs more than reading it.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// Zeroed pages, present. Null when there is no memory.
inline void* take_pages(size_t bytes) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  return pages == MAP_FAILED ? nullptr : pages;
}

inline void give_back_pages(void* pages, size_t bytes) { munmap(pages, bytes); }

/// Makes every page of readable memory present. Linux before 5.14 and other systems read one byte of each instead.
inline void fault_in(const void* begin, size_t bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t ahead = reinterpret_cast<uintptr_t>(begin) % page;
  const auto* at = static_cast<const volatile unsigned char*>(begin);
#ifdef MADV_POPULATE_READ
  void* first = const_cast<unsigned char*>(at) - ahead;
  if (madvise(first, bytes + ahead, MADV_POPULATE_READ) == 0) return;
#endif
  for (size_t i = 0; i < bytes; i += page) (void)at[i];
}

}  // namespace rt::inline RT_ABI
