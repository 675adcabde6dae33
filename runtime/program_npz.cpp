// The zip container of .npz files: stored entries, each with its CRC, and a directory at the end (APPNOTE.TXT 4.3).
#include <string.h>

#include "runtime/program_npy.h"

namespace rt::inline RT_ABI {
namespace {

constexpr int64_t most_archive_bytes = 0xffffffff;
constexpr unsigned most_entries = 0xffff;

/// CRC-32 of zip and PNG, four bits at a time.
uint32_t crc32(uint32_t crc, const void* bytes, size_t size) {
  constexpr uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                  0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                  0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  const auto* at = static_cast<const unsigned char*>(bytes);
  crc = ~crc;
  for (size_t i = 0; i < size; ++i) {
    crc = table[(crc ^ at[i]) & 15] ^ crc >> 4;
    crc = table[(crc ^ at[i] >> 4) & 15] ^ crc >> 4;
  }
  return ~crc;
}

/// Little-endian numbers in a row.
struct Record {
  unsigned char bytes[64];
  size_t size = 0;

  void number(uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes[size++] = static_cast<unsigned char>(value >> 8 * i);
  }
};

/// What entry headers and directory share: version needed, flags (UTF-8 names), method (stored), time, date
/// (1980-01-01), CRC, sizes, name's length, no extra field.
void describe(Record& record, uint32_t crc, size_t size, size_t name_bytes) {
  constexpr unsigned version = 20, utf8_names = 0x0800, stored = 0, time = 0, date = 0x21;
  record.number(version, 2);
  record.number(utf8_names, 2);
  record.number(stored, 2);
  record.number(time, 2);
  record.number(date, 2);
  record.number(crc, 4);
  record.number(size, 4);
  record.number(size, 4);
  record.number(name_bytes, 2);
  record.number(0, 2);
}

bool append(Buffer<char>& buffer, size_t& filled, const void* bytes, size_t size) {
  if (filled + size > buffer.size() && !buffer.resize(2 * (filled + size))) return false;
  memcpy(buffer.data() + filled, bytes, size);
  filled += size;
  return true;
}

}  // namespace

bool ArchiveWriter::add(const char* name, const Shape& shape, const float* values, Problem& problem) {
  size_t floats = 1;
  for (int i = 0; i < shape.rank; ++i) floats *= static_cast<size_t>(shape.sizes[i]);
  const size_t name_bytes = strlen(name) + strlen(".npy"), size = npy_header_bytes + floats * sizeof(float);
  char header[npy_header_bytes];
  make_npy_header(shape, header);
  const uint32_t crc = crc32(crc32(0, header, sizeof header), values, floats * sizeof(float));
  Record local, entry;
  local.number(0x04034b50, 4);
  describe(local, crc, size, name_bytes);
  entry.number(0x02014b50, 4);
  entry.number(20, 2);  // made by
  describe(entry, crc, size, name_bytes);
  entry.number(0, 6);  // comment, disk, internal attributes
  entry.number(0, 4);  // external attributes
  entry.number(static_cast<uint64_t>(offset_), 4);
  offset_ += static_cast<int64_t>(local.size + name_bytes + size);
  if (name_bytes > 0xffff || offset_ > most_archive_bytes || ++entries_ > most_entries) {
    return set_problem(problem, exit_input, "file", "%s: more than 4 GiB do not fit into an .npz file", file_.path());
  }
  if (!append(directory_, directory_bytes_, entry.bytes, entry.size) ||
      !append(directory_, directory_bytes_, name, strlen(name)) || !append(directory_, directory_bytes_, ".npy", 4)) {
    return set_problem(problem, exit_input, "out-of-memory", "out of memory");
  }
  return file_.write(local.bytes, local.size, problem) && file_.write(name, strlen(name), problem) &&
         file_.write(".npy", 4, problem) && file_.write(header, sizeof header, problem) &&
         file_.write(values, floats * sizeof(float), problem);
}

bool ArchiveWriter::finish(Problem& problem) {
  Record end;
  end.number(0x06054b50, 4);
  end.number(0, 4);  // disks
  end.number(entries_, 2);
  end.number(entries_, 2);
  end.number(directory_bytes_, 4);
  end.number(static_cast<uint64_t>(offset_), 4);
  end.number(0, 2);
  return (directory_bytes_ == 0 || file_.write(directory_.data(), directory_bytes_, problem)) &&
         file_.write(end.bytes, end.size, problem) && file_.commit(problem);
}

}  // namespace rt::inline RT_ABI
