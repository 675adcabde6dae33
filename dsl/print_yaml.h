// What the spec hash is made of.
#pragma once
#include <string>

#include "dsl/spec.h"

namespace deeper {

/// `print_yaml` without about, labels, expect and goldens.
std::string print_identity(const NetworkSpec& spec);

}  // namespace deeper
