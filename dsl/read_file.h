// Files from strangers: how all of deeper reads them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace deeper {

inline constexpr uint64_t most_file_bytes = uint64_t{1} << 30;   ///< where nothing else is said
inline constexpr uint64_t most_text_bytes = uint64_t{16} << 20;  ///< labels, goldens, manifests
inline constexpr uint64_t most_weights_bytes = uint64_t{1} << 40;

/// The bytes of a regular file of at most `most_bytes`; waits for no pipe and reads no device. Null and `reason` when
/// it cannot ("No such file or directory", "is a folder", "is not a regular file", "has more than 1024 bytes").
std::optional<std::string> read_file(const std::string& path, std::string& reason,
                                     uint64_t most_bytes = most_file_bytes);

/// Absolute, without links and dots, as far as it exists.
std::filesystem::path canonical_path(const std::filesystem::path& path, std::error_code& error);

/// The place of a file that the file `from` names, relative to its folder: there or below, links followed; it need not
/// exist. With `root`, in the folder of that file or below. Empty and `complaint` ("`/etc/passwd` is an absolute path")
/// when it would be elsewhere.
std::string path_within(const std::string& from, const std::string& name, std::string& complaint,
                        const std::string& root = "");

}  // namespace deeper
