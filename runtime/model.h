// The weights of a network: a blob (runtime/blob.h) mapped from a file, given in memory or embedded; checked,
// immutable, shared by any number of contexts. Opening reads the header and the labels only, never the weights.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/blob.h"
#include "runtime/cpu.h"
#include "runtime/network.h"
#include "runtime/pages.h"
#include "runtime/sha256.h"
#include "runtime/status.h"

namespace rt::inline RT_ABI {

/// Labels of one head.
struct Labels {
  int count;
  const char** texts;  ///< UTF-8, terminated
};

struct Model {
  const Network* network;
  const unsigned char* bytes;  ///< the blob
  size_t size;
  bool mapped;  ///< a mapping of ours, of a file or of memory, to be unmapped
  BlobHeader header;
  const float* weights;
  Labels* labels;  ///< one for each head
};

/// A field of `Size` bytes, zero-padded, holds exactly `text`.
template <size_t Size>
bool holds(const char (&field)[Size], const char* text) {
  const size_t length = strlen(text);
  if (length > Size || memcmp(field, text, length) != 0) return false;
  for (size_t i = length; i < Size; ++i) {
    if (field[i] != 0) return false;
  }
  return true;
}

inline bool is_inside(const BlobSection& section, uint64_t total) {
  return section.offset % 64 == 0 && section.offset >= sizeof(BlobHeader) && section.offset <= total &&
         section.bytes <= total - section.offset;
}

inline Digest header_hash(BlobHeader header) {
  memset(header.header_hash, 0, sizeof header.header_hash);
  return sha256(&header, sizeof header);
}

/// Everything but the content: that would mean reading it all.
inline Status check_header(const BlobHeader& header, size_t size, const Network& network) {
  if (memcmp(header.magic, blob_magic, sizeof blob_magic) != 0) return status_not_weights;
  if (header.version != blob_version) return status_other_version;
  if (header.header_bytes != sizeof(BlobHeader) || header.total_bytes != size) return status_damaged_weights;
  if (memcmp(header_hash(header).bytes, header.header_hash, sizeof header.header_hash) != 0)
    return status_damaged_weights;
  if (!holds(header.spec_hash, network.spec_hash)) return status_other_network;
  if (!holds(header.target, network.target)) return status_other_target;
  if (!is_inside(header.weights, size) || !is_inside(header.labels, size) || !is_inside(header.goldens, size)) {
    return status_damaged_weights;
  }
  return header.weights.bytes == static_cast<uint64_t>(network.weights_bytes) ? status_ok : status_damaged_weights;
}

/// True when everything after the header hashes to what the header says. Reads the whole blob.
inline bool verify_content(const Model& model) {
  const Digest digest = sha256(model.bytes + sizeof(BlobHeader), model.size - sizeof(BlobHeader));
  return memcmp(digest.bytes, model.header.content_hash, sizeof digest.bytes) == 0;
}

/// Walks a section of numbers and texts without leaving it.
struct SectionReader {
  const unsigned char* at;
  uint64_t left;
  bool ok = true;

  const unsigned char* take(uint64_t bytes) {
    ok = ok && bytes <= left;
    if (!ok) return nullptr;
    const unsigned char* taken = at;
    at += bytes;
    left -= bytes;
    return taken;
  }
  uint32_t number() {
    uint32_t value = 0;
    if (const unsigned char* from = take(sizeof value)) memcpy(&value, from, sizeof value);
    return value;
  }
};

inline SectionReader reader_of(const Model& model, const BlobSection& section) {
  return {model.bytes + section.offset, section.bytes};
}

/// How much the labels need: number of texts, and their bytes with a zero each. False when the section is damaged.
inline bool measure_labels(const Model& model, size_t& texts, size_t& bytes) {
  SectionReader reader = reader_of(model, model.header.labels);
  if (reader.left == 0) return true;
  for (int h = 0; h < model.network->head_count; ++h) {
    const uint32_t count = reader.number();
    for (uint32_t i = 0; reader.ok && i < count; ++i, ++texts) {
      const uint32_t length = reader.number();
      reader.take(length);
      bytes += length + size_t{1};
    }
  }
  return reader.ok;
}

/// Copies of the labels, terminated, behind their tables in one piece of memory.
inline Status read_labels(Model& model) {
  size_t texts = 0, bytes = 0;
  if (!measure_labels(model, texts, bytes)) return status_damaged_weights;
  const size_t heads = static_cast<size_t>(model.network->head_count);
  auto* memory = static_cast<char*>(calloc(1, heads * sizeof(Labels) + texts * sizeof(const char*) + bytes + 1));
  if (!memory) return status_out_of_memory;
  model.labels = reinterpret_cast<Labels*>(memory);
  auto** table = reinterpret_cast<const char**>(memory + heads * sizeof(Labels));
  char* text = reinterpret_cast<char*>(table + texts);
  SectionReader reader = reader_of(model, model.header.labels);
  size_t next = 0;
  for (size_t h = 0; h < heads && reader.left > 0; ++h) {
    model.labels[h] = {static_cast<int>(reader.number()), table + next};
    for (int i = 0; i < model.labels[h].count && next < texts; ++i, ++next) {
      const uint32_t length = reader.number();
      memcpy(text, reader.take(length), length);
      table[next] = text;
      text += length + size_t{1};
    }
  }
  return status_ok;
}

inline void close_model(Model* model) {
  if (!model) return;
  if (model->mapped) munmap(const_cast<unsigned char*>(model->bytes), model->size);
  free(model->labels);
  free(model);
}

/// Checks `bytes`, which stay where they are and must outlive the model (unless `mapped`: then the model unmaps them,
/// at once when something is wrong).
inline Status adopt_blob(const Network& network, const void* bytes, size_t size, bool mapped, Model** out) {
  auto* model = static_cast<Model*>(calloc(1, sizeof(Model)));
  if (!model) {
    if (mapped) munmap(const_cast<void*>(bytes), size);
    return status_out_of_memory;
  }
  model->network = &network;
  model->bytes = static_cast<const unsigned char*>(bytes);
  model->size = size;
  model->mapped = mapped;
  Status status = size < sizeof(BlobHeader) ? status_not_weights : status_ok;
  if (!status) {
    memcpy(&model->header, bytes, sizeof(BlobHeader));
    status = check_header(model->header, size, network);
  }
  if (!status) status = read_labels(*model);
  if (status) {
    close_model(model);
    return status;
  }
  model->weights = reinterpret_cast<const float*>(model->bytes + model->header.weights.offset);
  *out = model;
  return status_ok;
}

/// `bytes`: a whole weights file, 4-byte aligned (64 is faster), which must outlive the model.
inline Status open_memory(const Network& network, const void* bytes, size_t size, Model** out) {
  if (!out || !bytes) return status_bad_argument;
  *out = nullptr;
  if (cpu_lacks(network.cpu_features)) return status_cpu_too_small;
  if (reinterpret_cast<uintptr_t>(bytes) % alignof(float) != 0) return status_unaligned;
  return adopt_blob(network, bytes, size, false, out);
}

/// For reading; negative when that does not work. A pipe does not make it wait.
inline int open_weights_file(const char* path) { return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); }

/// Bytes of a regular file; 0: none, or it is something else.
inline size_t regular_size(int file) {
  struct stat about;
  return fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 ? static_cast<size_t>(about.st_size)
                                                                                 : 0;
}

/// Maps what `file` is open on, which may be closed afterwards.
inline Status open_descriptor(const Network& network, int file, Model** out) {
  if (cpu_lacks(network.cpu_features)) return status_cpu_too_small;
  const size_t size = regular_size(file);
  void* mapped = size == 0 ? MAP_FAILED : mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  return mapped == MAP_FAILED ? status_cannot_read_weights : adopt_blob(network, mapped, size, true, out);
}

/// A copy of what `file` is open on, whose content is checked as a whole.
inline Status copy_descriptor(const Network& network, int file, Model** out) {
  if (cpu_lacks(network.cpu_features)) return status_cpu_too_small;
  const size_t size = regular_size(file);
  if (size == 0) return status_cannot_read_weights;
  auto* bytes = static_cast<unsigned char*>(take_pages(size));
  if (!bytes) return status_out_of_memory;
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count = read(file, bytes + filled, size - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    filled += static_cast<size_t>(count);
  }
  if (filled < size) {
    give_back_pages(bytes, size);
    return status_damaged_weights;
  }
  const Status status = adopt_blob(network, bytes, size, true, out);
  if (status || verify_content(**out)) return status;
  close_model(*out);
  *out = nullptr;
  return status_damaged_weights;
}

/// The weights at `path`, or the embedded ones when that is null.
inline Status open_model(const Network& network, const char* path, Model** out) {
  if (!out) return status_bad_argument;
  *out = nullptr;
  if (!path) {
    if (!network.embedded) return status_no_weights;
    return open_memory(network, network.embedded, static_cast<size_t>(network.embedded_end - network.embedded), out);
  }
  const int file = open_weights_file(path);
  if (file < 0) return status_cannot_read_weights;
  const Status status = open_descriptor(network, file, out);
  close(file);
  return status;
}

/// The same, from a copy in memory: whatever becomes of the file, the model stays as it is. Reads and hashes all of it.
inline Status open_copy(const Network& network, const char* path, Model** out) {
  if (!path) {
    const Status status = open_model(network, path, out);
    if (status || verify_content(**out)) return status;
    close_model(*out);
    *out = nullptr;
    return status_damaged_weights;
  }
  if (!out) return status_bad_argument;
  *out = nullptr;
  const int file = open_weights_file(path);
  if (file < 0) return status_cannot_read_weights;
  const Status status = copy_descriptor(network, file, out);
  close(file);
  return status;
}

/// Null when the head has no labels or the number is out of range.
inline const char* label(const Model& model, int head, int index) {
  if (head < 0 || head >= model.network->head_count) return nullptr;
  const Labels& labels = model.labels[head];
  return index >= 0 && index < labels.count ? labels.texts[index] : nullptr;
}

}  // namespace rt::inline RT_ABI
