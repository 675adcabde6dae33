// A hand-made network of three steps and a weights blob for it, small enough to check by hand.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "runtime/api.h"
#include "runtime/selftest.h"

namespace toy {

// Input: 2 x 3 pixels of 4 channels. Step 0 adds weights[i % 4] to each float; step 1 sums each pixel; step 2 doubles
// the sums.
inline constexpr int pixels = 6, channels = 4;
inline constexpr rt::View sums{0, 2, 3, 1, 3, 1};
inline constexpr rt::View shifted{64, 2, 3, channels, 3 * 8, 8};  // eight floats a pixel: not dense

inline void shift(rt::Task task, const rt::Memory& m) {
  for (int u = task.begin; u < task.end; ++u) {
    for (int c = 0; c < channels; ++c) {
      m.arena[rt::at(shifted, u / 3, u % 3) + c] = m.input[u * channels + c] + m.weights[c];
    }
  }
}
inline void sum(rt::Task task, const rt::Memory& m) {
  for (int u = task.begin; u < task.end; ++u) {
    const float* from = m.arena + rt::at(shifted, (5 - u) / 3, (5 - u) % 3);  // another thread's pixels
    m.arena[32 + u] = from[0] + from[1] + from[2] + from[3];
  }
}
inline void twice(rt::Task task, const rt::Memory& m) {
  for (int u = task.begin; u < task.end; ++u) m.arena[u] = 2 * m.arena[32 + (5 - u)];
}

inline constexpr rt::Step steps[] = {{shift, pixels, "shift", "toy", 0, nullptr, 0},
                                     {sum, pixels, "sum", "toy", 0, nullptr, 0},
                                     {twice, pixels, "twice", "toy", 0, nullptr, 0}};
inline constexpr rt::Head heads[] = {{"main", sums, {}, 1, false}, {"inner", shifted, {}, 1, false}};

inline rt::Network network() {
  rt::Network n{};
  n.name = "toy";
  n.spec_hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  n.target = "here";
  n.height = 2;
  n.width = 3;
  n.channels = channels;
  n.arena_bytes = 1024;
  n.arena_bytes_per_thread = 64;
  n.weights_bytes = 16;
  n.max_threads = 8;
  n.steps = steps;
  n.step_count = 3;
  n.heads = heads;
  n.head_count = 2;
  return n;
}

inline std::string number(uint32_t value) { return std::string(reinterpret_cast<const char*>(&value), 4); }
inline std::string text(const std::string& s) { return number(static_cast<uint32_t>(s.size())) + s; }

/// Header, weights {1, 2, 3, 4}, labels and goldens at 64-byte boundaries.
struct Blob {
  rt::BlobHeader header{};
  std::string weights, labels, goldens;

  Blob() {
    const float values[] = {1, 2, 3, 4};
    weights.assign(reinterpret_cast<const char*>(values), sizeof values);
    labels = number(2) + text("cat") + text("dog") + number(0);
    const rt::Network n = network();
    std::memcpy(header.magic, rt::blob_magic, 8);
    header.version = rt::blob_version;
    header.header_bytes = sizeof header;
    std::memcpy(header.spec_hash, n.spec_hash, 64);
    std::memcpy(header.target, n.target, std::strlen(n.target));
  }

  static rt::BlobSection append(std::string& to, const std::string& section) {
    to.resize((to.size() + 63) / 64 * 64);
    const rt::BlobSection place{to.size(), section.size()};
    to += section;
    return place;
  }

  /// The file, its hashes fitting. Fields already set by hand keep their value where `keep` says so.
  std::string bytes() {
    std::string file(sizeof header, '\0');
    header.weights = append(file, weights);
    header.labels = append(file, labels);
    header.goldens = append(file, goldens);
    header.total_bytes = file.size();
    std::memcpy(header.content_hash, rt::sha256(file.data() + sizeof header, file.size() - sizeof header).bytes, 32);
    return seal(file);
  }
  /// Writes the header, with its own hash, over the file's begin.
  std::string seal(std::string file) {
    std::memcpy(header.header_hash, rt::header_hash(header).bytes, 32);
    std::memcpy(file.data(), &header, sizeof header);
    return file;
  }
};

/// Memory aligned as a mapped file is.
struct Aligned {
  std::vector<char> storage;
  char* data;
  size_t size;
  explicit Aligned(const std::string& bytes) : storage(bytes.size() + 64), size(bytes.size()) {
    data = storage.data() + (64 - reinterpret_cast<uintptr_t>(storage.data()) % 64) % 64;
    std::memcpy(data, bytes.data(), bytes.size());
  }
};

/// A model of a blob in memory; closed when it goes.
struct Opened {
  rt::Network network = toy::network();
  Aligned memory;
  rt::Model* model = nullptr;
  int status;
  explicit Opened(const std::string& file)
      : memory(file), status(rt::open_memory(network, memory.data, memory.size, &model)) {}
  ~Opened() { rt::close_model(model); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

}  // namespace toy
