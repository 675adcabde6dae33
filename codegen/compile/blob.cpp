#include "codegen/compile/blob.h"

#include <cassert>
#include <cstring>

#include "codegen/compile/hash.h"
#include "runtime/blob.h"

namespace deeper {

void append_number(std::string& bytes, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(char(value >> shift & 0xff));
}

namespace {

rt::BlobSection append_section(std::string& bytes, std::string_view section) {
  bytes.resize((bytes.size() + 63) / 64 * 64);
  const rt::BlobSection place{bytes.size(), section.size()};
  bytes.append(section);
  return place;
}

// Room for the weights, filled in place.
rt::BlobSection pack_section(std::string& bytes, const BlobContent& content) {
  bytes.resize((bytes.size() + 63) / 64 * 64);
  const rt::BlobSection place{bytes.size(), content.pack_floats * sizeof(float)};
  bytes.resize(bytes.size() + place.bytes, '\0');
  content.pack({reinterpret_cast<float*>(bytes.data() + place.offset), content.pack_floats});
  return place;
}

std::string labels_section(const std::vector<std::vector<std::string>>& heads) {
  std::string bytes;
  for (const std::vector<std::string>& labels : heads) {
    append_number(bytes, uint32_t(labels.size()));
    for (const std::string& label : labels) {
      append_number(bytes, uint32_t(label.size()));
      bytes += label;
    }
  }
  return bytes;
}

template <size_t size>
void put_text(char (&field)[size], const std::string& text) {
  assert(text.size() <= size);
  std::memcpy(field, text.data(), std::min(text.size(), size));
}

}  // namespace

std::string make_blob(const BlobContent& content) {
  rt::BlobHeader header;
  std::memset(&header, 0, sizeof header);
  std::memcpy(header.magic, rt::blob_magic, sizeof header.magic);
  header.version = rt::blob_version;
  header.header_bytes = sizeof header;
  put_text(header.spec_hash, content.spec_hash);
  put_text(header.target, content.target);
  put_text(header.weights_hash, content.weights_hash);

  const std::string labels = labels_section(content.labels);
  const std::string_view weights(reinterpret_cast<const char*>(content.weights.data()), content.weights.size_bytes());
  std::string bytes;
  // All at once: a string that grows has twice its size in memory for a moment.
  bytes.reserve(sizeof header + weights.size() + content.pack_floats * sizeof(float) + labels.size() +
                content.goldens.size() + size_t{4} * 64);
  bytes.resize(sizeof header, '\0');
  header.weights = content.pack ? pack_section(bytes, content) : append_section(bytes, weights);
  header.labels = append_section(bytes, labels);
  header.goldens = append_section(bytes, content.goldens);
  bytes.resize((bytes.size() + 63) / 64 * 64);
  header.total_bytes = bytes.size();
  const Digest content_hash = sha256(std::string_view(bytes).substr(sizeof header));
  std::memcpy(header.content_hash, content_hash.data(), sizeof header.content_hash);
  const Digest header_hash = sha256({reinterpret_cast<const char*>(&header), sizeof header});
  std::memcpy(header.header_hash, header_hash.data(), sizeof header.header_hash);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace deeper
