// Memory for pictures and files: malloc'd, freed at the end of the scope. No exception, no C++ library.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// `size()` elements of a plain type. Never grows by itself; what could not be allocated is told by a return value.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { free(static_cast<void*>(data_)); }

  /// `count` zeroed elements in the place of what was there; false when there is not that much memory.
  [[nodiscard]] bool allocate(size_t count) {
    free(static_cast<void*>(data_));
    data_ = static_cast<T*>(calloc(count == 0 ? 1 : count, sizeof(T)));
    size_ = data_ == nullptr ? 0 : count;
    return data_ != nullptr;
  }

  /// Keeps the first elements; new ones are undefined. False, and nothing changed, when there is not that much memory.
  [[nodiscard]] bool resize(size_t count) {
    if (count > SIZE_MAX / sizeof(T)) return false;
    void* moved = realloc(static_cast<void*>(data_), count == 0 ? 1 : count * sizeof(T));
    if (moved == nullptr) return false;
    data_ = static_cast<T*>(moved);
    size_ = count;
    return true;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  // The analyzer guesses sizes of pictures that the decoders have refused.
  T& operator[](size_t i) { return data_[i]; }              // NOLINT(clang-analyzer-security.ArrayBound)
  const T& operator[](size_t i) const { return data_[i]; }  // NOLINT(clang-analyzer-security.ArrayBound)

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

/// A Buffer that grows at its end.
template <class T>
class List {
 public:
  /// False when there is no memory for it.
  [[nodiscard]] bool add(const T& value) {
    if (count_ == items_.size() && !items_.resize(count_ == 0 ? 8 : 2 * count_)) return false;
    items_[count_++] = value;
    return true;
  }
  size_t size() const { return count_; }
  T& operator[](size_t i) { return items_[i]; }
  const T& operator[](size_t i) const { return items_[i]; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + count_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + count_; }

 private:
  Buffer<T> items_;
  size_t count_ = 0;
};

}  // namespace rt::inline RT_ABI
