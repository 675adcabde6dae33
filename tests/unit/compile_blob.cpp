// The weights file as the runtime reads it.
#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "codegen/compile/blob.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/manifest.h"
#include "runtime/blob.h"

using namespace deeper;

namespace {

const std::vector<float> weights = {1.5F, -2, 3};

BlobContent content() {
  return {std::string(64, 'a'), "x86-64-v3", "random:1", weights, {{"cat", "dögs"}, {}}, "goldens!"};
}

rt::BlobHeader header_of(const std::string& bytes) {
  rt::BlobHeader header;
  REQUIRE(bytes.size() >= sizeof header);
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

std::string section(const std::string& bytes, const rt::BlobSection& place) {
  REQUIRE(place.offset % 64 == 0);
  return bytes.substr(place.offset, place.bytes);
}

}  // namespace

TEST_CASE("header and sections of the weights file") {
  const std::string bytes = make_blob(content());
  rt::BlobHeader header = header_of(bytes);
  CHECK(std::memcmp(header.magic, rt::blob_magic, sizeof header.magic) == 0);
  CHECK(header.version == rt::blob_version);
  CHECK(header.header_bytes == sizeof header);
  CHECK(header.total_bytes == bytes.size());
  CHECK(std::string(header.spec_hash, 64) == std::string(64, 'a'));
  CHECK(std::string(header.target) == "x86-64-v3");
  CHECK(std::string(header.weights_hash) == "random:1");

  const std::string packed = section(bytes, header.weights);
  REQUIRE(packed.size() == sizeof(float) * weights.size());
  CHECK(std::memcmp(packed.data(), weights.data(), packed.size()) == 0);
  CHECK(section(bytes, header.labels) == std::string("\2\0\0\0\3\0\0\0cat\5\0\0\0d\303\266gs\0\0\0\0", 24));
  CHECK(section(bytes, header.goldens) == "goldens!");
}

TEST_CASE("hashes of the weights file: its content's, and the header's with its own field zero") {
  const std::string bytes = make_blob(content());
  rt::BlobHeader header = header_of(bytes);
  const Digest content_hash = sha256(std::string_view(bytes).substr(sizeof header));
  CHECK(std::memcmp(content_hash.data(), header.content_hash, 32) == 0);
  unsigned char told[32];
  std::memcpy(told, header.header_hash, sizeof told);
  std::memset(header.header_hash, 0, sizeof header.header_hash);
  const Digest header_hash = sha256({reinterpret_cast<const char*>(&header), sizeof header});
  CHECK(std::memcmp(header_hash.data(), told, sizeof told) == 0);
}

TEST_CASE("same content, same bytes; other content, other bytes") {
  CHECK(make_blob(content()) == make_blob(content()));
  BlobContent other = content();
  other.labels[1] = {"x"};
  CHECK(make_blob(content()) != make_blob(other));
}

TEST_CASE("SHA-256 of FIPS 180-4's examples") {
  CHECK(hex_sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("the manifest says what LANGUAGE promises") {
  Schedule schedule;
  schedule.network = "net";
  schedule.target = "aarch64";
  schedule.spec_hash = "5e";
  schedule.arena_floats = 100;
  schedule.weights_floats = 7;
  ManifestFacts facts{&schedule, "random:1", "clang 22.1.8", {}, {"net.cpp", "net.h"}, {{"net.cpp", "c0de"}}};
  facts.report.flags = {"-O3"};
  facts.report.stack_bytes = 640;
  const auto out = nlohmann::json::parse(manifest(facts));
  CHECK(out["deeper"] == 1);
  CHECK(out["network"] == "net");
  CHECK(out["spec_hash"] == "5e");
  CHECK(out["sources"]["net.cpp"] == "c0de");
  CHECK(out["weights_hash"] == "random:1");
  CHECK(out["target"] == "aarch64");
  CHECK(out["dtype"] == "f32");
  CHECK(out["algorithms"] == "exact");
  CHECK(out["arena_bytes"] == 400);
  CHECK(out["weights_bytes"] == 28);
  CHECK(out["stack_bytes"] == 640);
  CHECK(out["compiler"] == "clang 22.1.8");
  CHECK(out["flags"][0] == "-O3");
  CHECK(out["files"].size() == 2);
  facts.compiler.clear();
  CHECK_FALSE(nlohmann::json::parse(manifest(facts)).contains("compiler"));
}
