// What ties the text to the kind of CPU that its tiles and blocks were made for.
#include "codegen/emit/emission.h"

namespace deeper {

namespace {

// {0} = target, {1} = the runtime's namespace, {2} = 1 where multiply-adds are fused.
constexpr const char* target_code = R"(// What the runtime in this folder is compiled for: {0}.
#pragma once

#define RT_ABI {1}

// 1: multiply-adds round once, as the target's instruction does; 0: it has none, they round twice.
#define RT_FUSED {2}
)";

// The flags that choose the instructions: "-march=x86-64-v3".
std::string machine_flags(const Schedule& schedule) {
  std::string text;
  for (const std::string& flag : schedule.flags)
    if (flag.starts_with("-m")) text += (text.empty() ? "" : " ") + flag;
  return text;
}

}  // namespace

std::string target_text(const Schedule& schedule) {
  return license_lines("//") +
         fmt::format(fmt::runtime(target_code), schedule.target, schedule.runtime_namespace, schedule.fused ? 1 : 0);
}

void emit_static_checks(Emission& e) {
  const Schedule& s = e.schedule;
  e.out.line("static_assert(rt::lanes == {} && rt::vector_registers >= {}{},", s.lanes, s.registers,
             s.fused ? " && rt::fma_instruction" : "");
  e.out.line("              \"made for {}: compile with {} and the other flags of CMakeLists.txt\");", s.target,
             machine_flags(s));
}

void emit_cpu_features(Emission& e) {
  std::vector<std::string> names;
  names.reserve(e.schedule.cpu_features.size());
  for (const std::string& feature : e.schedule.cpu_features) names.push_back("rt::cpu::" + feature);
  e.out.list(".cpu_features = rt::cpu::all(", names, "),");
}

}  // namespace deeper
