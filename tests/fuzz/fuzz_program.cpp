// The command line of a generated program, and the lists it is given. Behind a first byte `o`: words, one a line, as
// the command line: options or a usage problem with words. Behind any other: a list of images that --eval takes, with
// the whole program around it: a status that its contract knows, and nothing else.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/program.h"
#include "runtime/program_list.h"
#include "runtime/program_options.h"
#include "tests/fuzz/memory_file.h"
#include "tests/support/toy_blob.h"
#include "tests/support/toy_network.h"

namespace {

int run(std::vector<std::string> words, const rt::Network& network, int (*what)(const rt::Network&, int, char**)) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return what(network, static_cast<int>(words.size()), pointers.data());
}

int parse(const rt::Network& network, int argc, char** argv) {
  rt::Options options;
  rt::Problem problem;
  const bool fine = rt::parse_options(network, argc, argv, options, problem);
  if (fine != (problem.words[0] == 0)) abort();
  if (!fine) return problem.exit;
  if (options.dumps.size() > rt::most_dumps || options.topk < 0 || options.threads < 1) abort();
  for (int head : options.heads)
    if (head < 0 || head >= network.head_count) abort();
  return 0;
}

void command_line(const std::string& text) {
  std::vector<std::string> words = {"toy"};
  for (size_t begin = 0; begin < text.size() && words.size() < 64;) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const int status = run(words, toy::network, parse);
  if (status != 0 && status != rt::exit_input && status != rt::exit_usage) abort();
}

void list(const std::string& text) {
  static const std::vector<unsigned char> blob = toy::weights_file(false);
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const MemoryFile file(bytes, text.size()), weights(blob.data(), blob.size());
  rt::TextList lines;
  rt::Problem problem;
  if (lines.read(file.path().c_str(), problem) != (problem.words[0] == 0)) abort();
  size_t last = 0;
  for (const rt::TextList::Line& line : lines.lines()) {
    if (line.number <= last || line.text[0] == 0 || strchr(line.text, '\n') != nullptr) abort();
    last = line.number;
  }
  const int status =
      run({"toy", "--json", "--weights", weights.path(), "--eval", file.path()}, toy::network, rt::program);
  if (status != 0 && status != rt::exit_input) abort();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const int null = open("/dev/null", O_RDWR);
  dup2(null, 0);  // `-` in a list
  dup2(null, 1);
  close(null);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 4096) return -1;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] == 'o')
    command_line(text);
  else
    list(text);
  return 0;
}
