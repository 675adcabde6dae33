// Memory taken page by page from the system, and faulted in before `run` needs it: in one call to the system where it
// knows how, since the first touch of a page costs more than reading it.
#pragma once
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

inline size_t page_size() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

constexpr size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

/// Where the system has pages of this size, one is faulted in faster than 512 small ones.
inline constexpr size_t large_page = size_t{2} << 20;

/// An empty mapping that begins on a large page if it holds one. Null when there is no memory.
inline unsigned char* reserve_pages(size_t bytes) {
  const size_t slack = bytes >= large_page ? large_page : 0;
  void* mapped = mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  auto* begin = static_cast<unsigned char*>(mapped);
  if (slack == 0) return begin;
  const size_t ahead = round_up(reinterpret_cast<uintptr_t>(begin), large_page) - reinterpret_cast<uintptr_t>(begin);
  if (ahead > 0) munmap(begin, ahead);
  if (ahead < slack) munmap(begin + ahead + bytes, slack - ahead);
  return begin + ahead;
}

/// Zeroed pages, present, to be given back with the same number of bytes. Null when there is no memory.
inline void* take_pages(size_t bytes) {
  const size_t page = page_size(), whole = round_up(bytes, page);
  unsigned char* pages = reserve_pages(whole);
  if (!pages) return nullptr;
#ifdef MADV_HUGEPAGE
  if (whole >= large_page) madvise(pages, whole / large_page * large_page, MADV_HUGEPAGE);
#endif
#ifdef MADV_POPULATE_WRITE
  if (madvise(pages, whole, MADV_POPULATE_WRITE) == 0) return pages;
#endif
  volatile unsigned char* at = pages;
  for (size_t i = 0; i < whole; i += page) at[i] = 0;
  return pages;
}

inline void give_back_pages(void* pages, size_t bytes) { munmap(pages, round_up(bytes, page_size())); }

/// Makes every page of readable memory present. Linux before 5.14 and other systems read one byte of each instead.
/// False: some page cannot be read, since the file that is mapped there has become shorter.
inline bool fault_in(const void* begin, size_t bytes) {
  const size_t page = page_size();
  const size_t ahead = reinterpret_cast<uintptr_t>(begin) % page;
  const auto* at = static_cast<const volatile unsigned char*>(begin);
#ifdef MADV_POPULATE_READ
  void* first = const_cast<unsigned char*>(at) - ahead;
  if (madvise(first, bytes + ahead, MADV_POPULATE_READ) == 0) return true;
  if (errno == EFAULT) return false;
#endif
  for (size_t i = 0; i < bytes; i += page) (void)at[i];
  return true;
}

}  // namespace rt::inline RT_ABI
