// Against the examples of FIPS 180-4 and of NIST's example files.
#include "runtime/sha256.h"

#include <catch2/catch.hpp>
#include <string>

namespace {
std::string hash_of(const std::string& text) { return rt::to_hex(rt::sha256(text.data(), text.size())).text; }
}  // namespace

TEST_CASE("published examples of SHA-256") {
  CHECK(hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hash_of(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces hash as the whole does") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  for (size_t first : {0, 1, 55, 56, 63, 64, 65, 128, 200}) {
    for (size_t second : {0, 1, 63, 64, 99}) {
      rt::Sha256 hash;
      hash.update(text.data(), first);
      hash.update(text.data() + first, second);
      hash.update(text.data() + first + second, text.size() - first - second);
      REQUIRE(rt::to_hex(hash.finish()).text == hash_of(text));
    }
  }
}
