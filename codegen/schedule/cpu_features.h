// What a CPU can have beyond its family's baseline, and what implies what. Names are those of rt::cpu (runtime/cpu.h),
// which asks the CPU itself.
#pragma once
#include <span>
#include <string_view>
#include <vector>

namespace deeper {

struct CpuFeature {
  std::string_view name;                      ///< "avx2", also of its bit in rt::cpu; of a level: "x86_64_v3"
  std::string_view llvm;                      ///< LLVM's name of it; empty: a level, which is only what it implies
  std::span<const std::string_view> implies;  ///< features further up in the table
};

/// Ordered: a feature implies only those before it.
std::span<const CpuFeature> cpu_features();

/// The features with a bit of their own among `required` and all that they imply, in the table's order. Names that the
/// table does not have are a mistake of the target table's, which a unit test looks for.
std::vector<const CpuFeature*> with_implied(std::span<const std::string_view> required);

}  // namespace deeper
