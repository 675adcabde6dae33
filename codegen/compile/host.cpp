// What LLVM knows about this machine, matched with the target table. The only file that includes LLVM.
#include <algorithm>
#include <optional>

#include "codegen/compile/compile.h"
#include "codegen/compile/system.h"
#include "codegen/schedule/cpu_features.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

namespace deeper {
namespace {

// By LLVM's names; of a family without anything required, every CPU will do.
bool cpu_runs(const Target& target, const llvm::StringMap<bool>& host) {
  const std::vector<const CpuFeature*> needed = with_implied(target.required);
  return std::all_of(needed.begin(), needed.end(),
                     [&](const CpuFeature* feature) { return host.lookup(llvm::StringRef(feature->llvm)); });
}

std::optional<Family> host_family() {
  switch (llvm::Triple(llvm::sys::getProcessTriple()).getArch()) {
    case llvm::Triple::x86_64:
      return Family::x86_64;
    case llvm::Triple::aarch64:
      return Family::aarch64;
    case llvm::Triple::riscv64:
      return Family::riscv64;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool same_machine(const Target& target) { return host_family() == target.family; }

bool runs_here(const Target& target) {
  return same_machine(target) && cpu_runs(target, llvm::sys::getHostCPUFeatures());
}

const Target* host_target() {
  const Target* best = nullptr;
  for (const Target& target : targets())
    if (runs_here(target) && (best == nullptr || target.vector_bytes > best->vector_bytes)) best = &target;
  return best;
}

void on_llvm_without_memory(void (*handler)()) {
  static void (*const ours)() = handler;
  llvm::install_bad_alloc_error_handler([](void*, const char*, bool) { ours(); });
}

std::string host_cpu() { return llvm::sys::getHostCPUName().str(); }

}  // namespace deeper
