// Mutates text as what it is, a spec: numbers become others, words others of the language, lines go, come twice or
// change places. For fuzzers of what lies behind the parser.
#pragma once
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace spec_mutator {

inline constexpr std::string_view numbers[] = {"0",     "1",       "2",      "3",          "4",
                                               "5",     "7",       "8",      "9",          "15",
                                               "16",    "17",      "31",     "32",         "33",
                                               "64",    "100",     "255",    "256",        "1000",
                                               "65536", "1000000", "-1",     "2147483647", "1099511627776",
                                               "0.5",   "1.0e-3",  "1.0e+30"};
inline constexpr std::string_view words[] = {"conv",         "separable_conv",
                                             "dense",        "max_pool",
                                             "average_pool", "global_pool",
                                             "lrn",          "batch_norm",
                                             "activation",   "softmax",
                                             "dropout",      "l2_normalize",
                                             "same",         "same_tf",
                                             "valid",        "relu",
                                             "relu6",        "sigmoid",
                                             "tanh",         "silu",
                                             "hard_swish",   "none",
                                             "max",          "average",
                                             "ceil",         "floor",
                                             "include_pad",  "exclude_pad",
                                             "add",          "concat",
                                             "chw",          "hwc",
                                             "true",         "false",
                                             "kernel",       "stride",
                                             "out",          "pad",
                                             "groups",       "dilation",
                                             "size",         "rounding",
                                             "pre",          "bias"};

struct Token {
  size_t begin, end;
  bool number;
};

inline bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

inline std::vector<Token> tokens_of(const std::string& text) {
  std::vector<Token> tokens;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && in_word(text[end])) ++end;
    if (end > begin) tokens.push_back({begin, end, text[begin] >= '0' && text[begin] <= '9'});
    begin = std::max(end, begin + 1);
  }
  return tokens;
}

inline void change_token(std::string& text, std::minstd_rand& random) {
  const std::vector<Token> tokens = tokens_of(text);
  if (tokens.empty()) return;
  const Token& token = tokens[random() % tokens.size()];
  std::string_view by;
  if (random() % 8 == 0) {
    const Token& other = tokens[random() % tokens.size()];
    by = std::string_view(text).substr(other.begin, other.end - other.begin);
  } else {
    by = token.number ? numbers[random() % std::size(numbers)] : words[random() % std::size(words)];
  }
  text.replace(token.begin, token.end - token.begin, std::string(by));
}

inline void change_lines(std::string& text, std::minstd_rand& random) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (lines.empty()) return;
  const size_t at = random() % lines.size(), other = random() % lines.size();
  const unsigned what = random() % 3;
  if (what == 0) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
  if (what == 1) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(lines[other]));
  if (what == 2) std::swap(lines[at], lines[other]);
  text.clear();
  for (const std::string& line : lines) text += line + "\n";
}

/// As LLVMFuzzerCustomMutator has it. Now and then none of it: the caller's own bytes at random.
inline size_t mutate(uint8_t* data, size_t size, size_t most, unsigned seed) {
  std::minstd_rand random(seed);
  std::string text(reinterpret_cast<const char*>(data), size);
  for (unsigned rounds = 1 + random() % 3; rounds > 0; --rounds) {
    if (random() % 3 == 0)
      change_lines(text, random);
    else
      change_token(text, random);
  }
  if (text.size() > most) text.resize(most);
  memcpy(data, text.data(), text.size());
  return text.size();
}

}  // namespace spec_mutator
