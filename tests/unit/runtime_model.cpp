// Opening weights: what is accepted, and what each kind of damage is called.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/unit/runtime_toy.h"

namespace {

int open_bytes(const std::string& file) {
  const toy::Opened opened(file);
  CHECK((opened.model != nullptr) == (opened.status == rt::status_ok));
  return opened.status;
}

/// A blob whose header was changed, with a hash that fits the change.
template <class Change>
int open_changed(Change change) {
  toy::Blob blob;
  const std::string file = blob.bytes();
  change(blob.header);
  return open_bytes(blob.seal(file));
}

/// Removed when it goes.
struct TemporaryFile {
  std::string path = "runtime_model_" + std::to_string(getpid()) + ".weights";
  explicit TemporaryFile(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  ~TemporaryFile() { unlink(path.c_str()); }
};

}  // namespace

TEST_CASE("a good blob opens, with its weights and labels") {
  const rt::Network network = toy::network();
  const TemporaryFile file(toy::Blob().bytes());
  rt::Model* model = nullptr;
  REQUIRE(rt::open_model(network, file.path.c_str(), &model) == rt::status_ok);
  CHECK(model->weights[3] == 4);
  CHECK(rt::verify_content(*model));
  CHECK(std::string(rt::label(*model, 0, 0)) == "cat");
  CHECK(std::string(rt::label(*model, 0, 1)) == "dog");
  CHECK(rt::label(*model, 0, 2) == nullptr);
  CHECK(rt::label(*model, 0, -1) == nullptr);
  CHECK(rt::label(*model, 1, 0) == nullptr);
  CHECK(rt::label(*model, 2, 0) == nullptr);
  rt::close_model(model);
}

TEST_CASE("embedded weights serve when there is no path") {
  rt::Network network = toy::network();
  rt::Model* model = nullptr;
  CHECK(rt::open_model(network, nullptr, &model) == rt::status_no_weights);
  const toy::Aligned memory(toy::Blob().bytes());
  network.embedded = reinterpret_cast<const unsigned char*>(memory.data);
  network.embedded_end = network.embedded + memory.size;
  REQUIRE(rt::open_model(network, nullptr, &model) == rt::status_ok);
  rt::close_model(model);
}

TEST_CASE("paths that are no readable file") {
  const rt::Network network = toy::network();
  rt::Model* model = nullptr;
  CHECK(rt::open_model(network, "does/not/exist", &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_model(network, "/", &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_model(network, TemporaryFile("").path.c_str(), &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_model(network, "x", nullptr) == rt::status_bad_argument);
  CHECK(model == nullptr);
}

TEST_CASE("a copy stays as it was, whatever becomes of its file") {
  const rt::Network network = toy::network();
  const std::string bytes = toy::Blob().bytes();
  const TemporaryFile file(bytes);
  rt::Model* model = nullptr;
  REQUIRE(rt::open_copy(network, file.path.c_str(), &model) == rt::status_ok);
  std::ofstream(file.path, std::ios::binary | std::ios::in) << std::string(bytes.size(), 'x');
  CHECK(rt::verify_content(*model));
  REQUIRE(truncate(file.path.c_str(), 0) == 0);
  CHECK(rt::verify_content(*model));
  rt::Context* context = nullptr;
  REQUIRE(rt::create_context(model, nullptr, &context) == rt::status_ok);
  rt::destroy_context(context);
  CHECK(std::string(rt::label(*model, 0, 1)) == "dog");
  rt::close_model(model);
}

TEST_CASE("a copy of what is damaged, short or no file") {
  const rt::Network network = toy::network();
  rt::Model* model = nullptr;
  CHECK(rt::open_copy(network, "does/not/exist", &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_copy(network, "/", &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_copy(network, "/dev/zero", &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_copy(network, nullptr, &model) == rt::status_no_weights);
  CHECK(rt::open_copy(network, "x", nullptr) == rt::status_bad_argument);
  CHECK(rt::open_copy(network, TemporaryFile("deep").path.c_str(), &model) == rt::status_not_weights);
  std::string flipped = toy::Blob().bytes();
  flipped.back() ^= 1;  // found by the full hash only
  CHECK(rt::open_copy(network, TemporaryFile(flipped).path.c_str(), &model) == rt::status_damaged_weights);
  CHECK(model == nullptr);
}

TEST_CASE("a file that is cut off after open: create says so, where the system tells") {
  const rt::Network network = toy::network();
  const TemporaryFile file(toy::Blob().bytes());
  rt::Model* model = nullptr;
  REQUIRE(rt::open_model(network, file.path.c_str(), &model) == rt::status_ok);
  REQUIRE(truncate(file.path.c_str(), 0) == 0);
  const pid_t child = fork();
  if (child == 0) {
    rt::Context* context = nullptr;
    _exit(rt::create_context(model, nullptr, &context));
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  const bool told = WIFEXITED(status) && WEXITSTATUS(status) == rt::status_damaged_weights;
  const bool old_system = WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;  // Linux before 5.14, as NAME.h has it
  CHECK((told || old_system));
#if defined(MADV_POPULATE_READ)
  if (madvise(nullptr, 0, MADV_POPULATE_READ) == 0) CHECK(told);
#endif
  rt::close_model(model);
}

TEST_CASE("a pipe as weights does not make anybody wait") {
  const rt::Network network = toy::network();
  const std::string path = "runtime_model_" + std::to_string(getpid()) + ".pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  rt::Model* model = nullptr;
  CHECK(rt::open_model(network, path.c_str(), &model) == rt::status_cannot_read_weights);
  CHECK(rt::open_copy(network, path.c_str(), &model) == rt::status_cannot_read_weights);
  unlink(path.c_str());
}

TEST_CASE("blobs that do not fit") {
  CHECK(open_bytes(toy::Blob().bytes()) == rt::status_ok);
  CHECK(open_bytes("deep") == rt::status_not_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.magic[0] = 'X'; }) == rt::status_not_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.version = 99; }) == rt::status_other_version);
  CHECK(open_changed([](rt::BlobHeader& h) { h.spec_hash[63] = 'x'; }) == rt::status_other_network);
  CHECK(open_changed([](rt::BlobHeader& h) { h.target[0] = 't'; }) == rt::status_other_target);
  CHECK(open_changed([](rt::BlobHeader& h) { h.target[4] = '2'; }) == rt::status_other_target);
  CHECK(open_changed([](rt::BlobHeader& h) { h.total_bytes += 64; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.header_bytes = 8; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.weights.bytes = 12; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.weights.offset = 0; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.weights.offset += 4; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.labels.bytes = UINT64_MAX; }) == rt::status_damaged_weights);
  CHECK(open_changed([](rt::BlobHeader& h) { h.goldens.offset = UINT64_MAX - 63; }) == rt::status_damaged_weights);
}

TEST_CASE("a changed bit in the header, or a short file") {
  const std::string file = toy::Blob().bytes();
  std::string flipped = file;
  flipped[offsetof(rt::BlobHeader, weights_hash)] ^= 1;
  CHECK(open_bytes(flipped) == rt::status_damaged_weights);
  for (size_t bytes = 0; bytes < file.size(); bytes += 7) CHECK(open_bytes(file.substr(0, bytes)) != rt::status_ok);
}

TEST_CASE("labels that run out of their section") {
  for (const std::string& labels :
       {toy::number(1), toy::number(1) + toy::number(5) + "cat", toy::number(UINT32_MAX), toy::number(0) + "x"}) {
    toy::Blob blob;
    blob.labels = labels;
    CHECK(open_bytes(blob.bytes()) == rt::status_damaged_weights);
  }
  toy::Blob none;
  none.labels.clear();
  CHECK(open_bytes(none.bytes()) == rt::status_ok);
}

TEST_CASE("changed content is found by verify only") {
  std::string file = toy::Blob().bytes();
  file[(sizeof(rt::BlobHeader) + 63) / 64 * 64] ^= 1;
  const toy::Opened opened(file);
  REQUIRE(opened.status == rt::status_ok);
  CHECK(!rt::verify_content(*opened.model));
  rt::Model* model = nullptr;
  CHECK(rt::open_memory(opened.network, opened.memory.data + 1, 1000, &model) == rt::status_unaligned);
}

TEST_CASE("goldens are read back, damaged ones are noticed") {
  toy::Blob blob;
  const float tolerance = 0.5f, value = 42;
  std::string number_of_tolerance(reinterpret_cast<const char*>(&tolerance), 4);
  blob.goldens = toy::number(1) + toy::number(1) + toy::number(rt::golden_pixels) + toy::number(5) + toy::number(2) +
                 toy::number(1) + number_of_tolerance + std::string("photo\0\0\0", 8) + std::string("ab\0\0", 4) +
                 toy::number(1) + toy::number(rt::golden_head_logits) + toy::number(1) +
                 std::string(reinterpret_cast<const char*>(&value), 4);
  const size_t whole = blob.goldens.size();
  for (size_t bytes = whole; bytes > 8; bytes -= 4) {
    blob.goldens.resize(bytes);
    const toy::Opened opened(blob.bytes());
    REQUIRE(opened.status == rt::status_ok);
    rt::GoldenReader goldens = rt::read_goldens(*opened.model);
    REQUIRE(goldens.count == 1);
    const rt::Golden golden = goldens.next_golden();
    const rt::GoldenValues values = goldens.next_values();
    CHECK(goldens.reader.ok == (bytes == whole));
    if (goldens.reader.ok) {
      CHECK(std::string(golden.name, golden.name_bytes) == "photo");
      CHECK(golden.kind == rt::golden_pixels);
      CHECK(golden.tolerance == tolerance);
      CHECK(golden.input[1] == 'b');
      CHECK(values.head == 1);
      CHECK(values.what == rt::golden_head_logits);
      CHECK(values.values[0] == value);
    }
  }
}

TEST_CASE("every status has a message of its own") {
  std::vector<std::string> seen;
  for (int status = 0; status < 64; ++status) {
    const std::string text = rt::message(status);
    if (text == rt::message(-1)) continue;
    CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
    seen.push_back(text);
  }
  CHECK(seen.size() == 20);
}
