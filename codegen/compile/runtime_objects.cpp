#include "codegen/compile/runtime_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

constexpr const char* headers_name = "headers";  // in the entry: a hash and a path a line

std::string base_name(const std::string& object) { return fs::path(object).filename().string(); }

void append(std::string& text, std::string_view part) { text += fmt::format("{}:{}\n", part.size(), part); }

// Every file of the runtime, since any may include any.
void append_runtime(std::string& text, const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder + "/runtime", error), end; !error && at != end; at.increment(error))
    names.insert(at->path().filename().string());
  std::string reason;
  for (const std::string& name : names) {
    append(text, name);
    append(text, read_file(fmt::format("{}/runtime/{}", folder, name), reason).value_or(""));
  }
}

std::string line_of(const std::string& header) {
  std::string reason;
  const auto text = read_file(header, reason);
  return fmt::format("{} {}\n", text ? hex_sha256(*text) : std::string("missing"), header);
}

// The system's headers are what they were.
bool headers_hold(const std::string& list) {
  std::string reason;
  const auto text = read_file(list, reason);
  if (!text) return false;
  for (size_t begin = 0; begin < text->size();) {
    const size_t end = std::min(text->find('\n', begin), text->size()), blank = text->find(' ', begin);
    if (blank == std::string::npos || blank > end) return false;
    if (line_of(text->substr(blank + 1, end - blank - 1)) != text->substr(begin, end + 1 - begin)) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

std::vector<std::string> absolute_dependencies(const std::string& rule) {
  std::vector<std::string> paths;
  std::string word;
  const auto finish = [&] {
    if (word.starts_with('/')) paths.push_back(word);
    word.clear();
  };
  for (size_t i = 0; i < rule.size(); ++i) {
    const char next = i + 1 < rule.size() ? rule[i + 1] : '\n';
    const bool escaped = rule[i] == '\\' && (next == ' ' || next == '#' || next == '\\');
    if (escaped || (rule[i] == '$' && next == '$')) {
      word += rule[++i];
    } else if (rule[i] == '\\' && next == '\n') {
      ++i;
      finish();
    } else if (rule[i] == ' ' || rule[i] == '\n') {
      finish();
    } else {
      word += rule[i];
    }
  }
  finish();
  return paths;
}

RuntimeObjects::RuntimeObjects(const CompileJob& job, const Toolchain& tools, const std::vector<Command>& commands,
                               std::vector<std::string> objects)
    : cache_(job.cache), folder_(job.folder), objects_(std::move(objects)) {
  if (cache_ == nullptr || commands.empty()) return;
  std::string text;
  append(text, tools.identity);
  for (const Command& command : commands)
    for (const std::string& word : command.arguments) append(text, word);
  append_runtime(text, folder_);
  title_ = {"runtime", "runtime", std::string(job.target->name), hex_sha256(text).substr(0, 32)};
  entry_ = cache_->find(title_);
  if (!entry_ || headers_hold(entry_->file(headers_name))) return;
  entry_.reset();
  cache_->discard(title_);
}

std::string RuntimeObjects::path(const std::string& object) const {
  return entry_ ? entry_->file(base_name(object)) : object;
}

void RuntimeObjects::keep() {
  if (cache_ == nullptr || objects_.empty() || entry_) return;
  std::string reason;
  (void)cache_->keep(
      title_,
      [&](const std::string& entry) {
        std::set<std::string> headers;
        std::error_code error;
        for (const std::string& object : objects_) {
          const auto rule = read_file(fmt::format("{}/{}.d", folder_, object), reason);
          fs::copy_file(folder_ + "/" + object, entry + "/" + base_name(object), error);
          if (!rule || error) return false;
          for (std::string& path : absolute_dependencies(*rule)) headers.insert(std::move(path));
        }
        std::string list;
        for (const std::string& header : headers) list += line_of(header);
        return write_file(entry + "/" + headers_name, list).empty();
      },
      reason);
}

}  // namespace deeper
