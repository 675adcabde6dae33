// A visitor out of lambdas, one a type.
#pragma once

namespace deeper {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

}  // namespace deeper
