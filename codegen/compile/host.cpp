// What LLVM knows about this machine, matched with the target table. The only file that includes LLVM.
#include <algorithm>

#include "codegen/compile/compile.h"
#include "codegen/compile/system.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace deeper {
namespace {

// What `-march=` of an x86 level asks for, in LLVM's names ("avx512f").
bool x86_level_runs(std::string_view level, const llvm::StringMap<bool>& host) {
  if (llvm::X86::parseArchX86(level, /*Only64Bit=*/true) == llvm::X86::CK_None) return false;
  llvm::SmallVector<llvm::StringRef, 64> wanted;
  llvm::X86::getFeaturesForCPU(level, wanted);
  return std::all_of(wanted.begin(), wanted.end(), [&](llvm::StringRef feature) {
    const auto found = host.find(feature);
    // The map tells of what CPUID tells of; "64bit" and the like are not in it.
    return found == host.end() || found->second;
  });
}

bool cpu_runs(const Target& target, const llvm::StringMap<bool>& host) {
  const llvm::Triple triple{llvm::StringRef(target.triple)};
  if (triple.getArch() == llvm::Triple::x86_64) return x86_level_runs(target.march, host);
  if (triple.getArch() == llvm::Triple::riscv64) return host.lookup("v");
  return true;  // every AArch64 CPU has the Advanced SIMD that its row uses
}

}  // namespace

bool same_machine(const Target& target) {
  return llvm::Triple(llvm::StringRef(target.triple)).getArch() ==
         llvm::Triple(llvm::sys::getProcessTriple()).getArch();
}

bool runs_here(const Target& target) {
  return same_machine(target) && cpu_runs(target, llvm::sys::getHostCPUFeatures());
}

const Target* host_target() {
  const Target* best = nullptr;
  for (const Target& target : targets())
    if (runs_here(target) && (best == nullptr || target.vector_floats > best->vector_floats)) best = &target;
  return best;
}

std::string host_cpu() { return llvm::sys::getHostCPUName().str(); }

}  // namespace deeper
