#include "codegen/schedule/cpu_features.h"

#include <algorithm>

namespace deeper {
namespace {

using Words = std::string_view[];

// The levels of the x86-64 psABI, as its table 3.1 has them.
constexpr Words x86_64_v2 = {"sse3", "ssse3", "cx16", "sse4_1", "sse4_2", "popcnt", "lahf"};
constexpr Words x86_64_v3 = {"x86_64_v2", "avx", "f16c", "fma", "movbe", "bmi", "avx2", "bmi2", "lzcnt"};
constexpr Words x86_64_v4 = {"x86_64_v3", "avx512f", "avx512dq", "avx512cd", "avx512bw", "avx512vl"};
constexpr Words vectors_of_256_bits = {"rvv"};

constexpr CpuFeature table[] = {
    {"sse3", "sse3", {}},
    {"ssse3", "ssse3", {}},
    {"cx16", "cx16", {}},
    {"sse4_1", "sse4.1", {}},
    {"sse4_2", "sse4.2", {}},
    {"popcnt", "popcnt", {}},
    {"lahf", "sahf", {}},
    {"x86_64_v2", {}, x86_64_v2},
    {"avx", "avx", {}},
    {"f16c", "f16c", {}},
    {"fma", "fma", {}},
    {"movbe", "movbe", {}},
    {"bmi", "bmi", {}},
    {"avx2", "avx2", {}},
    {"bmi2", "bmi2", {}},
    {"lzcnt", "lzcnt", {}},
    {"x86_64_v3", {}, x86_64_v3},
    {"avx512f", "avx512f", {}},
    {"avx512dq", "avx512dq", {}},
    {"avx512cd", "avx512cd", {}},
    {"avx512bw", "avx512bw", {}},
    {"avx512vl", "avx512vl", {}},
    {"x86_64_v4", {}, x86_64_v4},
    {"rvv", "v", {}},
    {"vlen256", "zvl256b", vectors_of_256_bits},
};

bool among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::span<const CpuFeature> cpu_features() { return table; }

std::vector<const CpuFeature*> with_implied(std::span<const std::string_view> required) {
  std::vector<std::string_view> wanted(required.begin(), required.end());
  std::vector<const CpuFeature*> features;
  for (size_t i = std::size(table); i-- > 0;) {
    const CpuFeature& feature = table[i];
    if (!among(wanted, feature.name)) continue;
    wanted.insert(wanted.end(), feature.implies.begin(), feature.implies.end());
    if (!feature.llvm.empty()) features.push_back(&feature);
  }
  std::reverse(features.begin(), features.end());
  return features;
}

}  // namespace deeper
