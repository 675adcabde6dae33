#include "tests/support/toy_blob.h"

#include <stdint.h>
#include <string.h>

#include "runtime/blob.h"
#include "runtime/math.h"
#include "runtime/selftest.h"
#include "tests/support/toy_network.h"

namespace {

struct Section {
  std::vector<unsigned char> bytes;

  void number(uint32_t value) { add(&value, sizeof value); }
  void add(const void* data, size_t size) {
    const auto* from = static_cast<const unsigned char*>(data);
    bytes.insert(bytes.end(), from, from + size);
  }
  void pad(size_t to) { bytes.resize((bytes.size() + to - 1) / to * to); }
};

Section labels() {
  Section section;
  section.number(toy::classes);
  for (const char* text : {"rot", "gr\xc3\xbcn", "blau \"3\""}) {
    section.number(static_cast<uint32_t>(strlen(text)));
    section.add(text, strlen(text));
  }
  section.number(0);  // of `map`
  return section;
}

/// After (x - mean) * scale the channels are 5, 0, 0: so are the logits, since the weights are 1.
Section goldens(bool wrong) {
  Section section;
  const float tolerance = 1e-5f, logits[] = {wrong ? 6.0f : 5.0f, 0, 0};
  section.number(rt::golden_version);
  section.number(1);
  section.number(rt::golden_pixels);
  section.number(7);
  section.number(toy::side * toy::side * toy::channels);
  section.number(1);
  section.add(&tolerance, sizeof tolerance);
  section.add("red.png", 7);
  section.pad(4);
  for (int i = 0; i < toy::side * toy::side; ++i) section.add("\x14\x14\x1e", 3);
  section.pad(4);
  section.number(0);
  section.number(rt::golden_head_logits);
  section.number(toy::classes);
  section.add(logits, sizeof logits);
  return section;
}

rt::BlobSection place(const Section& section, Section& blob) {
  blob.pad(64);
  const rt::BlobSection placed{blob.bytes.size(), section.bytes.size()};
  blob.add(section.bytes.data(), section.bytes.size());
  return placed;
}

}  // namespace

std::vector<unsigned char> toy::weights_file(bool wrong) {
  rt::BlobHeader header{};
  Section blob, weights;
  const float ones[toy::classes] = {1, 1, 1};
  weights.add(ones, sizeof ones);
  blob.bytes.resize(sizeof header);
  header.weights = place(weights, blob);
  header.labels = place(labels(), blob);
  header.goldens = place(goldens(wrong), blob);
  memcpy(header.magic, rt::blob_magic, sizeof header.magic);
  header.version = rt::blob_version;
  header.header_bytes = sizeof header;
  header.total_bytes = blob.bytes.size();
  memcpy(header.spec_hash, toy::network.spec_hash, sizeof header.spec_hash);
  memcpy(header.target, "test", 4);
  memcpy(header.weights_hash, "by hand", 7);
  const rt::Digest content = rt::sha256(blob.bytes.data() + sizeof header, blob.bytes.size() - sizeof header);
  memcpy(header.content_hash, content.bytes, sizeof content.bytes);
  const rt::Digest own = rt::header_hash(header);
  memcpy(header.header_hash, own.bytes, sizeof own.bytes);
  memcpy(blob.bytes.data(), &header, sizeof header);
  return blob.bytes;
}
