// A weights file of a stranger: labels and goldens of any bytes, or sections of any place and size. The hashes fit, or
// nothing behind their check would ever be reached. What opens can be read to its last byte.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <string>

#include "tests/unit/runtime_toy.h"

namespace {

volatile float seen;  // reading is what counts

void read_all(const char* bytes, size_t size) {
  float sum = 0;
  for (size_t i = 0; i < size; ++i) sum += static_cast<float>(bytes[i]);
  seen = sum;
}

void visit_labels(const rt::Model& model) {
  for (int head = 0; head < model.network->head_count; ++head) {
    for (int i = 0; i < model.labels[head].count; ++i) {
      const char* text = rt::label(model, head, i);
      if (text == nullptr) abort();
      read_all(text, strlen(text));
    }
    if (rt::label(model, head, model.labels[head].count) != nullptr) abort();
  }
}

void visit_goldens(const rt::Model& model) {
  rt::GoldenReader goldens = rt::read_goldens(model);
  for (uint32_t g = 0; goldens.reader.ok && g < goldens.count; ++g) {
    const rt::Golden golden = goldens.next_golden();
    if (!goldens.reader.ok) return;
    read_all(golden.name, golden.name_bytes);
    read_all(reinterpret_cast<const char*>(golden.input), golden.input_bytes);
    for (uint32_t i = 0; goldens.reader.ok && i < golden.outputs; ++i) {
      const rt::GoldenValues values = goldens.next_values();
      for (uint32_t f = 0; goldens.reader.ok && f < values.floats; ++f) seen = values.values[f];
    }
  }
}

/// Sections of these bytes.
std::string with_sections(const std::string& bytes) {
  toy::Blob blob;
  const size_t middle = std::min(bytes.size(), static_cast<size_t>(static_cast<unsigned char>(bytes[0])) * 4);
  blob.labels = bytes.substr(0, middle);
  blob.goldens = bytes.substr(middle);
  return blob.bytes();
}

/// Sections where these bytes say.
std::string with_places(const std::string& bytes) {
  toy::Blob blob;
  std::string file = blob.bytes();
  const size_t known = std::min(bytes.size(), 3 * sizeof(rt::BlobSection));
  memcpy(reinterpret_cast<char*>(&blob.header.weights), bytes.data(), known);
  file += bytes.substr(known);
  blob.header.total_bytes = file.size();
  return blob.seal(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return -1;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const toy::Opened opened(data[0] % 2 == 0 ? with_sections(bytes) : with_places(bytes));
  if ((opened.status == rt::status_ok) != (opened.model != nullptr)) abort();
  if (opened.model == nullptr) return 0;
  if (data[0] % 2 == 0 && !rt::verify_content(*opened.model)) abort();
  for (int i = 0; i < 4; ++i) seen = opened.model->weights[i];
  visit_labels(*opened.model);
  visit_goldens(*opened.model);
  return 0;
}
