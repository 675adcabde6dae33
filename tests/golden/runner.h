// What the runners of golden cases share: finding the files, telling what is wrong with each, and rewriting on request.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

namespace golden {

/// The whole file; empty where it cannot be read.
std::string read_text(const std::filesystem::path& path);

/// What is wrong with a case's file, empty = nothing. `folder` is for whatever it needs to write; `update`: the file is
/// to be rewritten with what comes out now.
using Check =
    std::function<std::string(const std::filesystem::path& file, const std::filesystem::path& folder, bool update)>;

/// A runner's main: its arguments are files, or folders of `.txt` files. UPDATE_GOLDEN=1 updates. No case at all is a
/// failure.
int run(int count, char** arguments, const Check& check);

}  // namespace golden
