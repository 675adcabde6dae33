// The opened network, as the parts of the program share it.
#pragma once
#include <sys/stat.h>

#include "runtime/api.h"
#include "runtime/buffer.h"
#include "runtime/program_options.h"
#include "runtime/program_problem.h"

namespace rt::inline RT_ABI {

class Json;

struct Session {
  const Network* network = nullptr;
  const Options* options = nullptr;
  Model* model = nullptr;
  Context* context = nullptr;
  double load_ms = 0;  ///< open and create
  Problem problem;     ///< the last one
  const char* weights_path = nullptr;
  char weights_beside[4096] = "";
  int weights_file = -1;       ///< what the model maps; -1: nothing
  struct stat weights_then{};  ///< when it was opened
  Json* json = nullptr;        ///< what is being written on standard output

  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    destroy_context(context);
    close_model(model);
    if (weights_file >= 0) close(weights_file);
  }
};

/// Opens the weights: those of --weights, else the embedded ones, else NAME.weights beside the program. False: the
/// problem.
bool open_weights(Session& session);
/// Opens the weights and makes a context for --threads.
bool open_session(Session& session);

/// The weights file is what it was when it was opened. False, and the problem: somebody wrote into it, so what was
/// computed since is not to be trusted. One that was replaced under its name is still here as it was.
bool weights_intact(Session& session);
/// That problem; false.
bool weights_changed(Session& session);

/// "the label", or "class 7" where there are none. `words`: room for the latter.
const char* class_name(const Session& session, int head, int index, char (&words)[32]);
/// Whether a head's output is all finite; else the problem about `image`.
bool check_finite(const Network& network, int head, const float* values, const char* image, Problem& problem);
/// Heads to show: --head, or all in the network's order.
bool choose_heads(const Session& session, List<int>& heads);
size_t input_floats(const Network& network);

double seconds_now();

// Each is one mode of the program and returns the exit status.
int classify_inputs(Session& session);
int evaluate(Session& session);
int bench(Session& session);
int self_test(Session& session);
int verify(Session& session);

}  // namespace rt::inline RT_ABI
