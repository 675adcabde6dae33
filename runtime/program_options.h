// The command line of a generated program.
#pragma once
#include "runtime/buffer.h"
#include "runtime/network.h"
#include "runtime/program_problem.h"

namespace rt::inline RT_ABI {

enum class Mode { classify, help, version, verify, self_test, eval, bench };

/// Of the files of --tensor.
enum class Layout { unsaid, nhwc, nchw };

/// `--dump TENSOR=FILE`.
struct Dump {
  enum class What { input, output, logits };
  What what;
  int head;  ///< of output and logits
  const char* file;
};

inline constexpr size_t most_dumps = 16;

struct Options {
  Mode mode = Mode::classify;
  bool json = false, profile = false, pixels = false, tensor = false;
  Layout layout = Layout::unsaid;
  int topk = 0;  ///< 0: what the spec says
  int threads = 1;
  int bench_runs = 0;
  const char* weights = nullptr;    ///< null: embedded, or beside the program
  const char* eval_list = nullptr;  ///< lines of "path<tab>class"
  const char* layers = nullptr;     ///< npz to write
  List<const char*> inputs;         ///< paths; "-" is standard input
  List<const char*> lists;          ///< files with one path a line
  List<int> heads;                  ///< to be shown, in the order given; empty: all
  List<Dump> dumps;
};

/// False: the problem says what is wrong (usage). Understands `--option value` and `--option=value`.
bool parse_options(const Network& network, int argc, char** argv, Options& options, Problem& problem);

/// The whole --help text on standard output.
void print_help(const Network& network);

/// Number of the head with this name; -1.
int find_head(const Network& network, const char* name, size_t length);

}  // namespace rt::inline RT_ABI
