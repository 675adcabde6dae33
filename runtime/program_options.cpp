#include "runtime/program_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace rt::inline RT_ABI {
namespace {

struct Parser {
  const Network& network;
  Options& options;
  Problem& problem;
  const char* name = "";  ///< of the option that is being read

  bool whole_number(const char* text, int least, int most, int& value) {
    char* end = nullptr;
    const long number = strtol(text, &end, 10);
    const bool digits = *text >= '0' && *text <= '9' && *end == 0;
    if (!digits || number < least || number > most) {
      return usage_problem(problem, "%s takes a number from %d to %d, not \"%s\"", name, least, most, text);
    }
    value = static_cast<int>(number);
    return true;
  }
  bool mode(Mode mode) {
    if (options.mode != Mode::classify && options.mode != mode) {
      return usage_problem(problem, "%s cannot be combined with what stands before it", name);
    }
    options.mode = mode;
    return true;
  }
  template <class T>
  bool add(List<T>& list, const T& value) {
    return list.add(value) || set_problem(problem, exit_input, "out-of-memory", "out of memory");
  }
};

/// "input, main, main.logits": what --dump takes.
void list_dumps(const Network& network, char* words, size_t size) {
  size_t used = static_cast<size_t>(snprintf(words, size, "input"));
  for (int h = 0; h < network.head_count && used < size; ++h) {
    const Head& head = network.heads[h];
    const bool logits = head.logits.channels > 0;
    used += static_cast<size_t>(
        snprintf(words + used, size - used, logits ? ", %s, %s.logits" : ", %s", head.name, head.name));
  }
}

bool take_layout(Parser& parser, const char* value) {
  const bool nhwc = strcmp(value, "nhwc") == 0;
  if (!nhwc && strcmp(value, "nchw") != 0)
    return usage_problem(parser.problem, "--layout is nhwc or nchw, not \"%s\"", value);
  parser.options.layout = nhwc ? Layout::nhwc : Layout::nchw;
  return true;
}

void list_heads(const Network& network, char* words, size_t size) {
  words[0] = 0;
  for (int h = 0; h < network.head_count; ++h) {
    const size_t used = strlen(words);
    if (used + 1 >= size) return;
    strncat(words, h == 0 ? "" : ", ", size - used - 1);
    strncat(words, network.heads[h].name, size - strlen(words) - 1);
  }
}

bool add_head(Parser& parser, const char* value) {
  const int head = find_head(parser.network, value, strlen(value));
  if (head >= 0) return parser.add(parser.options.heads, head);
  char names[300];
  list_heads(parser.network, names, sizeof names);
  return usage_problem(parser.problem, "there is no head \"%s\"; this program has %s", value, names);
}

/// "main=OUT.npy", "main.logits=OUT.npy", "input=X.npy".
bool add_dump(Parser& parser, const char* value) {
  const char* equals = strchr(value, '=');
  if (parser.options.dumps.size() == most_dumps)
    return usage_problem(parser.problem, "--dump can be given %zu times at most, \"%s\" is one more", most_dumps,
                         value);
  char names[600];
  list_dumps(parser.network, names, sizeof names);
  if (equals == nullptr || equals == value || equals[1] == 0) {
    return usage_problem(parser.problem,
                         "--dump takes TENSOR=FILE.npy, as in --dump main=out.npy, up to %zu times; not \"%.100s\"; "
                         "tensors: %s",
                         most_dumps, value, names);
  }
  const size_t length = static_cast<size_t>(equals - value), suffix = strlen(".logits");
  Dump dump{Dump::What::output, find_head(parser.network, value, length), equals + 1};
  if (dump.head >= 0) return parser.add(parser.options.dumps, dump);
  if (length == strlen("input") && memcmp(value, "input", length) == 0) {
    dump.what = Dump::What::input;
    return parser.add(parser.options.dumps, dump);
  }
  if (length > suffix && memcmp(equals - suffix, ".logits", suffix) == 0) {
    dump.what = Dump::What::logits;
    dump.head = find_head(parser.network, value, length - suffix);
  }
  if (dump.head < 0) {
    return usage_problem(parser.problem, "nothing is called \"%.*s\"; --dump knows %s",
                         static_cast<int>(length < 100 ? length : 100), value, names);
  }
  if (parser.network.heads[dump.head].logits.channels == 0) {
    return usage_problem(parser.problem, "head %s does not end in a softmax, it has no logits",
                         parser.network.heads[dump.head].name);
  }
  return parser.add(parser.options.dumps, dump);
}

struct OptionRow {
  const char* name;
  bool takes_value;
  bool (*take)(Parser& parser, const char* value);
};

constexpr int most_topk = 1'000'000, most_runs = 1'000'000;

const OptionRow option_table[] = {
    {"--help", false, [](Parser& p, const char*) { return p.options.mode = Mode::help, true; }},
    {"-h", false, [](Parser& p, const char*) { return p.options.mode = Mode::help, true; }},
    {"--version", false, [](Parser& p, const char*) { return p.mode(Mode::version); }},
    {"--verify", false, [](Parser& p, const char*) { return p.mode(Mode::verify); }},
    {"--self-test", false, [](Parser& p, const char*) { return p.mode(Mode::self_test); }},
    {"--eval", true, [](Parser& p, const char* v) { return p.options.eval_list = v, p.mode(Mode::eval); }},
    {"--bench", true,
     [](Parser& p, const char* v) {
       return p.mode(Mode::bench) && p.whole_number(v, 1, most_runs, p.options.bench_runs);
     }},
    {"--json", false, [](Parser& p, const char*) { return p.options.json = true; }},
    {"--profile", false, [](Parser& p, const char*) { return p.options.profile = true; }},
    {"--pixels", false, [](Parser& p, const char*) { return p.options.pixels = true; }},
    {"--tensor", false, [](Parser& p, const char*) { return p.options.tensor = true; }},
    {"--layout", true, take_layout},
    {"--topk", true, [](Parser& p, const char* v) { return p.whole_number(v, 1, most_topk, p.options.topk); }},
    {"--threads", true,
     [](Parser& p, const char* v) { return p.whole_number(v, 1, p.network.max_threads, p.options.threads); }},
    {"--weights", true, [](Parser& p, const char* v) { return p.options.weights = v, true; }},
    {"--layers", true, [](Parser& p, const char* v) { return p.options.layers = v, true; }},
    {"--list", true, [](Parser& p, const char* v) { return p.add(p.options.lists, v); }},
    {"--head", true, add_head},
    {"--dump", true, add_dump},
};

const OptionRow* find_row(const char* word, size_t length) {
  for (const OptionRow& row : option_table) {
    if (strlen(row.name) == length && memcmp(row.name, word, length) == 0) return &row;
  }
  return nullptr;
}

/// One option at argv[at]; moves `at` past its value.
bool take_option(Parser& parser, int argc, char** argv, int& at) {
  const char* word = argv[at];
  const char* equals = strchr(word, '=');
  const size_t length = equals == nullptr ? strlen(word) : static_cast<size_t>(equals - word);
  const OptionRow* row = find_row(word, length);
  if (row == nullptr) return usage_problem(parser.problem, "there is no option %.*s", static_cast<int>(length), word);
  parser.name = row->name;
  if (!row->takes_value) {
    if (equals != nullptr) return usage_problem(parser.problem, "%s takes no value", row->name);
    return row->take(parser, nullptr);
  }
  if (equals != nullptr) return row->take(parser, equals + 1);
  if (at + 1 >= argc) return usage_problem(parser.problem, "%s needs a value", row->name);
  return row->take(parser, argv[++at]);
}

/// Two outputs in one file: one of them would be lost.
bool check_outputs(const Options& options, Problem& problem) {
  for (size_t i = 0; i < options.dumps.size(); ++i) {
    const char* file = options.dumps[i].file;
    bool twice = options.layers != nullptr && strcmp(options.layers, file) == 0;
    for (size_t k = 0; k < i; ++k) twice = twice || strcmp(options.dumps[k].file, file) == 0;
    if (twice && strcmp(file, "/dev/null") != 0) return usage_problem(problem, "%s is named twice as an output", file);
  }
  return true;
}

bool check_combination(const Options& options, Problem& problem) {
  const bool inputs = options.inputs.size() + options.lists.size() > 0;
  if (options.mode == Mode::help) return true;
  if (options.mode == Mode::classify && !inputs) return usage_problem(problem, "no image is named");
  if (options.mode != Mode::classify) {
    if (inputs) return usage_problem(problem, "images are named, but nothing is to be classified");
    if (options.dumps.size() > 0 || options.layers != nullptr)
      return usage_problem(problem, "--dump and --layers go with images");
  }
  if (options.tensor && options.pixels) return usage_problem(problem, "--pixels and --tensor exclude each other");
  if (options.layout != Layout::unsaid && !options.tensor) return usage_problem(problem, "--layout goes with --tensor");
  if (options.tensor && options.mode == Mode::eval) return usage_problem(problem, "--eval reads images, not tensors");
  return true;
}

}  // namespace

int find_head(const Network& network, const char* name, size_t length) {
  for (int h = 0; h < network.head_count; ++h) {
    if (strlen(network.heads[h].name) == length && memcmp(network.heads[h].name, name, length) == 0) return h;
  }
  return -1;
}

bool parse_options(const Network& network, int argc, char** argv, Options& options, Problem& problem) {
  Parser parser{network, options, problem};
  for (int i = 1; i < argc; ++i) {  // known first: mistakes are told in the form that was asked for
    if (strcmp(argv[i], "--json") == 0) options.json = true;
  }
  bool only_paths = false;
  for (int at = 1; at < argc; ++at) {
    const char* word = argv[at];
    const bool option = !only_paths && word[0] == '-' && word[1] != 0;
    if (option && strcmp(word, "--") == 0) {
      only_paths = true;
    } else if (option ? !take_option(parser, argc, argv, at)
                      : !parser.add(options.inputs, static_cast<const char*>(word))) {
      return false;
    }
  }
  return check_combination(options, problem) && check_outputs(options, problem);
}

}  // namespace rt::inline RT_ABI
