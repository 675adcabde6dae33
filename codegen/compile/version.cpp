#include "codegen/compile/version.h"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <string_view>

#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"

namespace deeper {
namespace {

// The build id note among one segment of notes, each name and content padded to 4 bytes; empty when there is none.
std::string_view find_build_id(std::string_view notes) {
  ElfW(Nhdr) note;
  while (notes.size() > sizeof note) {
    std::memcpy(&note, notes.data(), sizeof note);
    const size_t name = (note.n_namesz + 3) / 4 * 4, content = (note.n_descsz + 3) / 4 * 4;
    if (notes.size() < sizeof note + name + content) break;
    if (note.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof note, 4) == std::string_view("GNU\0", 4))
      return notes.substr(sizeof note + name, note.n_descsz);
    notes.remove_prefix(sizeof note + name + content);
  }
  return {};
}

// dl_iterate_phdr's first object is the program itself.
int take_build_id(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type != PT_NOTE) continue;
    const char* begin = reinterpret_cast<const char*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    const std::string_view id = find_build_id({begin, info->dlpi_phdr[i].p_memsz});
    if (!id.empty()) *static_cast<std::string*>(out) = hex(id);
  }
  return 1;
}

}  // namespace

std::string tool_version() { return "deeper " DEEPER_VERSION; }

std::string tool_build_id() {
  std::string id, reason;
  dl_iterate_phdr(take_build_id, &id);
  if (id.empty()) id = hex_sha256(read_file("/proc/self/exe", reason).value_or(""));
  return id;
}

}  // namespace deeper
