#include "tests/golden/runner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

namespace golden {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> case_files(int count, char** arguments) {
  std::vector<fs::path> files;
  for (int i = 1; i < count; ++i) {
    const fs::path path = fs::absolute(arguments[i]);
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string read_text(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

int run(int count, char** arguments, const Check& check) {
  const std::vector<fs::path> files = case_files(count, arguments);
  const fs::path program = fs::absolute(arguments[0]);
  const char* asked = std::getenv("UPDATE_GOLDEN");
  const bool update = asked != nullptr && std::string(asked) == "1";
  const fs::path folder =
      fs::temp_directory_path() / fmt::format("deeper_{}_{}", program.filename().string(), getpid());
  fs::create_directories(folder);
  int failures = 0;
  for (const fs::path& file : files) {
    const std::string wrong = check(file, folder, update);
    if (wrong.empty()) continue;
    ++failures;
    fmt::print("{}: {}\nagain: {} {}\n\n", file.string(), wrong, program.string(), file.string());
  }
  fs::remove_all(folder);
  fmt::print("{} cases, {} failed\n", files.size(), failures);
  return failures > 0 || files.empty() ? 1 : 0;
}

}  // namespace golden
