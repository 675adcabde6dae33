#include "dsl/parse.h"
#include "dsl/print_yaml.h"
#include "runtime/sha256.h"

namespace deeper {

std::string spec_hash(const NetworkSpec& spec) {
  const std::string text = print_identity(spec);
  rt::Sha256 hash;
  hash.update(text.data(), text.size());
  return rt::to_hex(hash.finish()).text;
}

}  // namespace deeper
