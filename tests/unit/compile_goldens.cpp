// The goldens file, and what of it goes into the weights file.
#include <catch2/catch.hpp>
#include <cstring>

#include "codegen/compile/golden_file.h"
#include "codegen/compile/golden_section.h"
#include "compile_support.h"
#include "runtime/selftest.h"

using namespace deeper;

namespace {

GoldenFile example() {
  Golden first{
      "../it's a cat.png", "aa", true, "cat.input.npy", 1e-4, {{"main", "main.npy", "main.logits.npy", 1}}, {}, {}, ""};
  first.steps = {{"conv1", -0.125, 3.5, "0123456789abcdef", -0.25, "2x3x1"},
                 {"a/1x1", 1e-7, 0, "00", std::nullopt, ""}};
  Golden second{"x.npy", "bb", false, "", 0, {{"tap", "tap.npy", "", std::nullopt}}, {}, {}, "x.reference.npz"};
  return {"net", "5e", "3e", {{"classes", "10"}}, {first, second}, "net.spec.yaml", "net.tensors.yaml"};
}

std::string npy(const std::vector<float>& values) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(values.size()) + ",), }";
  header.resize(118, ' ');
  return std::string("\x93NUMPY\1\0", 8) + std::string{char(header.size()), '\0'} + header +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

/// A network of two input values and a head of two, and its goldens in `folder`.
Lowered lowered(const TestFolder& folder) {
  Lowered result;
  result.checked.spec.file = folder.path("net.yaml");
  result.checked.spec.goldens = "net.goldens.yaml";
  result.weights_hash = "3e";
  result.schedule.spec_hash = "5e";
  result.schedule.input = {1, 2, 1};
  result.schedule.has_preprocess = true;
  result.schedule.preprocess.mean = {100};
  result.schedule.preprocess.scale = {0.1};
  Buffer buffer;
  buffer.shape = {1, 1, 2};
  result.schedule.buffers = {buffer};
  const BufferSlice slice{BufferId{0}, 0, 2};
  result.schedule.heads = {{"main", slice, slice, 5}};
  GoldenFile file = example();
  file.goldens.resize(1);
  folder.write("net.goldens.yaml", print_goldens(file));
  folder.write("main.npy", npy({0.25F, 0.75F}));
  folder.write("main.logits.npy", npy({1, 2}));
  return result;
}

uint32_t number(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  REQUIRE(at + 4 <= bytes.size());
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

TEST_CASE("a goldens file reads back as it was written") {
  const TestFolder folder;
  folder.write("g.yaml", print_goldens(example()));
  Sources sources;
  Diagnostics diagnostics;
  const auto file = read_goldens(folder.path("g.yaml"), sources, diagnostics);
  INFO(messages(diagnostics));
  CHECK(print_goldens(given(file)) == print_goldens(example()));
  CHECK(given(file).goldens[0].tolerance == 1e-4);
  CHECK(given(file).goldens[1].tolerance == 0);
  CHECK(given(file).goldens[0].heads[0].top1 == 1);
  CHECK(given(file).goldens[0].steps[0].mean == -0.125);
}

TEST_CASE("names that hold anything but what is no text read back as they were written") {
  for (const char* name :
       {"it's.png", "a\nb.png", "\x1b]0;x\x07.png", "\xc2\x9b\u202e.png", "\t\"\\.png", "\x7f", "- a: b #c"}) {
    const TestFolder folder;
    GoldenFile file = example();
    file.goldens[0].input = name;
    folder.write("g.yaml", print_goldens(file));
    Sources sources;
    Diagnostics diagnostics;
    const auto back = read_goldens(folder.path("g.yaml"), sources, diagnostics);
    INFO(messages(diagnostics));
    CHECK(given(back).goldens[0].input == name);
  }
}

TEST_CASE("goldens of earlier versions, without probe, shape, spec and tensors, still read") {
  const TestFolder folder;
  GoldenFile old = example();
  old.spec = old.tensors = old.goldens[1].reference = "";
  old.goldens[0].steps[0].probe.reset();
  old.goldens[0].steps[0].shape = "";
  const std::string text = print_goldens(old);
  for (const char* word : {"probe", "shape", "spec:", "tensors:", "reference"})
    CHECK(text.find(word) == std::string::npos);
  folder.write("g.yaml", text);
  Sources sources;
  Diagnostics diagnostics;
  const auto file = read_goldens(folder.path("g.yaml"), sources, diagnostics);
  CHECK(print_goldens(given(file)) == text);
}

TEST_CASE("tensors read back as they were written") {
  const TestFolder folder;
  const std::vector<TensorRecord> tensors = {{"a/weight", "8x3x3x3", -0.5, 2, "0123456789abcdef", "fedcba9876543210"}};
  folder.write("t.yaml", print_tensors(tensors));
  Sources sources;
  Diagnostics diagnostics;
  CHECK(print_tensors(given(read_tensors(folder.path("t.yaml"), sources, diagnostics))) == print_tensors(tensors));
  folder.write("t.yaml", "tensors: [{path: a}]\n");
  CHECK_FALSE(read_tensors(folder.path("t.yaml"), sources, diagnostics));
}

TEST_CASE("goldens files that are wrong name the place") {
  const TestFolder folder;
  const std::string right = print_goldens(example());
  for (const auto& [from, to] : {std::pair{"tolerance: bits", "tolerance: {f32: -1}"},
                                 {"mean: -0.125", "mean: much"},
                                 {"  - input:", "  - inputs:"},
                                 {"deeper: 1", "deeper: 2"},
                                 {"spec: 'net", "spec: '../net"},
                                 {"reference: 'x", "reference: '/etc/x"},
                                 {"    tolerance:", "    tolerance: bits\n    tolerance:"},
                                 {"goldens:", "golden: &x"}}) {
    std::string text = right;
    text.replace(text.find(from), std::strlen(from), to);
    folder.write("g.yaml", text);
    Sources sources;
    Diagnostics diagnostics;
    CHECK_FALSE(read_goldens(folder.path("g.yaml"), sources, diagnostics));
    REQUIRE(diagnostics.error_count() > 0);
    CHECK(diagnostics.all()[0].range.line > 0);
  }
  Sources sources;
  Diagnostics diagnostics;
  CHECK_FALSE(read_goldens(folder.path("missing.yaml"), sources, diagnostics));
}

TEST_CASE("the self-test's section: pixels where preprocessing gives exactly the tensor") {
  const TestFolder folder;
  const Lowered network = lowered(folder);
  const float scale = 0.1F;
  folder.write("cat.input.npy", npy({(7 - 100.0F) * scale, (255 - 100.0F) * scale}));
  Diagnostics diagnostics;
  const std::string section = golden_section(network, diagnostics);
  INFO(messages(diagnostics));
  REQUIRE_FALSE(section.empty());
  CHECK(number(section, 0) == rt::golden_version);
  CHECK(number(section, 4) == 1);
  CHECK(number(section, 8) == rt::golden_pixels);
  const uint32_t name_bytes = number(section, 12);
  CHECK(number(section, 16) == 2);  // bytes of the input
  CHECK(number(section, 20) == 2);  // output and logits
  const size_t input = 28 + (name_bytes + 3) / 4 * 4;
  CHECK(section.substr(28, name_bytes) == "../it's a cat.png");
  CHECK(section.substr(input, 4) == std::string("\x07\xff\0\0", 4));
  CHECK(number(section, input + 4) == 0);
  CHECK(number(section, input + 8) == rt::golden_head_output);
  CHECK(number(section, input + 12) == 2);
  CHECK(number(section, input + 28) == rt::golden_head_logits);
  CHECK(section.size() == input + 4 + 2 * (12 + 8));
}

TEST_CASE("the self-test's section: the tensor itself where no pixels give it") {
  const TestFolder folder;
  const Lowered network = lowered(folder);
  folder.write("cat.input.npy", npy({0.123F, 5}));
  Diagnostics diagnostics;
  const std::string section = golden_section(network, diagnostics);
  REQUIRE_FALSE(section.empty());
  CHECK(number(section, 8) == rt::golden_tensor);
  CHECK(number(section, 16) == 8);
}

TEST_CASE("no section, and a note that says why") {
  const TestFolder folder;
  Lowered network = lowered(folder);
  folder.write("cat.input.npy", npy({1, 2}));
  Diagnostics diagnostics;
  std::string why;
  SECTION("no file") {
    network.checked.spec.goldens = "nowhere.yaml";
    why = "does not exist";
  }
  SECTION("other weights") {
    network.weights_hash = "random:2";
    why = "other weights";
  }
  SECTION("other parameters") {
    network.schedule.spec_hash = "77";
    why = "other parameters";
  }
  SECTION("outputs of another size") {
    folder.write("main.npy", npy({1, 2, 3}));
    why = "do not fit";
  }
  CHECK(golden_section(network, diagnostics).empty());
  CHECK_THAT(messages(diagnostics), Catch::Contains(why));
  CHECK_FALSE(diagnostics.has_errors());
}
