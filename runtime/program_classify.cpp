// Images in, classes out; and tensors into files on the way.
#include <stdio.h>
#include <string.h>

#include "runtime/preprocess.h"
#include "runtime/program_inputs.h"
#include "runtime/program_json.h"
#include "runtime/program_profile.h"
#include "runtime/program_progress.h"
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {
namespace {

constexpr int most_json_values = 65536;
constexpr int most_printed_values = 16;
constexpr int profile_runs = 20;

/// Where the values of --dump and --layers go.
struct Outputs {
  RowWriter dumps[most_dumps];  ///< as options.dumps
  ArchiveWriter layers;
  Buffer<float> gathered;
  bool with_layers = false, fine = true;
};

struct Run {
  Session& session;
  Inputs inputs;
  Outputs outputs;
  List<int> heads;
  Buffer<int> order;
  Buffer<float> last;  ///< the last input that could be read
  Json json{stdout};
  int images = 0, failed = 0;
  int unanswered = 0;  ///< images with a head that is not finite
};

Shape shape_of(const View& view) {
  if (view.height == 1 && view.width == 1) return {{view.channels}, 1};
  return {{view.height, view.width, view.channels}, 3};
}

const View& dumped_view(const Network& network, const Dump& dump) {
  return dump.what == Dump::What::logits ? network.heads[dump.head].logits : network.heads[dump.head].output;
}

bool open_dumps(Run& run) {
  const Network& network = *run.session.network;
  const List<Dump>& dumps = run.session.options->dumps;
  for (size_t i = 0; i < dumps.size(); ++i) {
    const bool input = dumps[i].what == Dump::What::input;
    const Shape row =
        input ? Shape{{network.height, network.width, network.channels}, 3} : shape_of(dumped_view(network, dumps[i]));
    if (!run.outputs.dumps[i].open(dumps[i].file, row, run.session.problem)) return false;
  }
  return true;
}

/// Of everything that can be printed or written, the size of the largest tensor.
size_t largest_tensor(const Network& network) {
  int64_t largest = 1;
  const auto count = [&largest](const View& view) {
    largest = element_count(view) > largest ? element_count(view) : largest;
  };
  for (int s = 0; s < network.step_count; ++s) {
    for (int o = 0; o < network.steps[s].output_count; ++o) count(network.steps[s].outputs[o].view);
  }
  for (int h = 0; h < network.head_count; ++h) {
    count(network.heads[h].output);
    count(network.heads[h].logits);
  }
  return static_cast<size_t>(largest);
}

bool open_outputs(Run& run) {
  const Network& network = *run.session.network;
  const Options& options = *run.session.options;
  const size_t largest = largest_tensor(network);
  if (!run.outputs.gathered.allocate(largest) || !run.order.allocate(largest) ||
      !run.last.allocate(input_floats(network)) || !choose_heads(run.session, run.heads)) {
    return set_problem(run.session.problem, exit_input, "out-of-memory", "out of memory");
  }
  run.outputs.with_layers = options.layers != nullptr;
  if (!open_dumps(run)) return false;
  return !run.outputs.with_layers || run.outputs.layers.open(options.layers, run.session.problem);
}

/// Observer of --layers: keeps what the step has just computed.
void keep_outputs(void* user, int number) {
  Run& run = *static_cast<Run*>(user);
  const Step& step = run.session.network->steps[number];
  for (int o = 0; run.outputs.fine && o < step.output_count; ++o) {
    const StepOutput& output = step.outputs[o];
    gather(output.view, run.session.context->memory.arena, run.outputs.gathered.data());
    const Shape shape{{output.view.height, output.view.width, output.view.channels}, 3};
    run.outputs.fine = run.outputs.layers.add(output.path, shape, run.outputs.gathered.data(), run.session.problem);
  }
}

bool write_dumps(Run& run, const float* tensor) {
  const Options& options = *run.session.options;
  for (size_t i = 0; i < options.dumps.size(); ++i) {
    const Dump& dump = options.dumps[i];
    RowWriter& writer = run.outputs.dumps[i];
    bool fine = true;
    if (tensor == nullptr) {
      fine = writer.add_missing(run.session.problem);
    } else if (dump.what == Dump::What::input) {
      fine = writer.add(tensor, run.session.problem);
    } else {
      gather(dumped_view(*run.session.network, dump), run.session.context->memory.arena, run.outputs.gathered.data());
      fine = writer.add(run.outputs.gathered.data(), run.session.problem);
    }
    if (!fine) return false;
  }
  return true;
}

bool finish_outputs(Run& run) {
  for (size_t i = 0; i < run.session.options->dumps.size(); ++i) {
    if (!run.outputs.dumps[i].finish(run.session.problem)) return false;
  }
  return !run.outputs.with_layers || run.failed > 0 || run.outputs.layers.finish(run.session.problem);
}

bool is_classifier(const Head& head) { return head.probabilities && head.output.height == 1 && head.output.width == 1; }

int top_count(const Run& run, const Head& head) {
  const int asked = run.session.options->topk > 0 ? run.session.options->topk : head.topk > 0 ? head.topk : 5;
  return asked < head.output.channels ? asked : head.output.channels;
}

void print_values(const Head& head, const float* values) {
  const int64_t count = element_count(head.output);
  if (count <= most_printed_values) {
    for (int64_t i = 0; i < count; ++i) printf("  %14.9g\n", static_cast<double>(values[i]));
    return;
  }
  double sum = 0, least = static_cast<double>(values[0]), most = least;
  for (int64_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(values[i]);
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  printf("  %dx%dx%d values from %.6g to %.6g, mean %.6g (--dump %s=OUT.npy writes them)\n", head.output.height,
         head.output.width, head.output.channels, least, most, sum / static_cast<double>(count), head.name);
}

void print_head(Run& run, int number) {
  const Head& head = run.session.network->heads[number];
  const float* values = output(*run.session.context, number);
  if (run.heads.size() > 1) printf(" %s\n", head.name);
  if (!is_classifier(head)) return print_values(head, values);
  const int count = top_count(run, head);
  find_top(values, head.output.channels, count, run.order.data());
  for (int i = 0; i < count; ++i) {
    const int index = run.order[static_cast<size_t>(i)];
    char words[32];
    const char* name = class_name(run.session, number, index, words);
    printf("  %5.1f %%  ", 100 * static_cast<double>(values[index]));
    print_shown(name);
    printf(name == words ? "\n" : " (%d)\n", index);
  }
}

void write_top(Run& run, int number, const float* values) {
  const Head& head = run.session.network->heads[number];
  const int count = top_count(run, head);
  find_top(values, head.output.channels, count, run.order.data());
  run.json.begin_array("top");
  for (int i = 0; i < count; ++i) {
    const int index = run.order[static_cast<size_t>(i)];
    char words[32];
    run.json.begin_object();
    run.json.number("index", index);
    run.json.text("label", class_name(run.session, number, index, words));
    run.json.real("probability", static_cast<double>(values[index]), 9);
    run.json.end_object();
  }
  run.json.end_array();
}

/// Too many numbers for JSON: an error, unless they go into a file anyway.
void refuse_values(Run& run, const Head& head) {
  for (const Dump& dump : run.session.options->dumps) {
    if (dump.what == Dump::What::output && &run.session.network->heads[dump.head] == &head) {
      return run.json.text("dump", dump.file);
    }
  }
  Problem problem;
  set_problem(problem, exit_input, "too-many-values",
              "head %s has %lld values, at most %d are printed: --dump %s=OUT.npy writes them", head.name,
              static_cast<long long>(element_count(head.output)), most_json_values, head.name);
  run.json.error("error", problem);
  ++run.failed;
}

/// `problem` null: the head is finite. Else what would be numbers is null.
void write_head(Run& run, int number, const Problem* problem) {
  const Head& head = run.session.network->heads[number];
  const float* values = output(*run.session.context, number);
  const int64_t count = element_count(head.output);
  run.json.begin_object();
  run.json.text("image", run.inputs.name());
  run.json.text("head", head.name);
  if (is_classifier(head) && problem != nullptr) {
    run.json.null("top");
  } else if (is_classifier(head)) {
    write_top(run, number, values);
  } else if (count > most_json_values) {
    refuse_values(run, head);
  } else {
    run.json.begin_array("values");
    for (int64_t i = 0; i < count; ++i) run.json.real(nullptr, static_cast<double>(values[i]), 9);
    run.json.end_array();
  }
  if (problem != nullptr) run.json.error("error", *problem);
  run.json.end_object();
}

void show_failure(Run& run) {
  ++run.failed;
  if (!run.session.options->json) {
    fflush(stdout);
    return say(*run.session.network, "", run.inputs.problem().words);
  }
  run.json.begin_object();
  run.json.text("image", run.inputs.name());
  run.json.error("error", run.inputs.problem());
  run.json.end_object();
}

/// The heads that have an answer, and an error for each that has none.
void show_heads(Run& run) {
  bool named = run.session.options->json, answered = true;
  for (const int head : run.heads) {
    Problem problem;
    const float* values = output(*run.session.context, head);
    const bool finite = check_finite(*run.session.network, head, values, run.inputs.name(), problem);
    answered = answered && finite;
    if (run.session.options->json) {
      write_head(run, head, finite ? nullptr : &problem);
      continue;
    }
    if (!finite) {
      fflush(stdout);
      say(*run.session.network, "", problem.words);
      continue;
    }
    if (!named) {
      print_shown(run.inputs.name());
      putchar('\n');
    }
    named = true;
    print_head(run, head);
  }
  run.unanswered += !answered;
}

bool classify_one(Run& run) {
  const float* tensor = run.inputs.tensor();
  if (++run.images > 1 && run.outputs.with_layers)
    return usage_problem(run.session.problem, "--layers takes one image");
  if (run.inputs.warning()[0] != 0) {
    char words[4600];
    snprintf(words, sizeof words, "%s: %s", run.inputs.name(), run.inputs.warning());
    say(*run.session.network, "warning: ", words);
  }
  if (tensor == nullptr) {
    show_failure(run);
    return write_dumps(run, nullptr);
  }
  const Observer observer{keep_outputs, &run};
  rt::run(*run.session.context, tensor, run.outputs.with_layers ? &observer : nullptr);
  if (!weights_intact(run.session) || !run.outputs.fine || !write_dumps(run, tensor)) return false;
  show_heads(run);
  return true;
}

/// More runs on the last image that could be read: one alone says little.
bool show_profile(Run& run) {
  Profile profile;
  if (!profile.begin(*run.session.network, profile_runs)) {
    return set_problem(run.session.problem, exit_input, "out-of-memory", "out of memory");
  }
  for (int i = 0; i < profile_runs; ++i) profile.run(*run.session.context, run.last.data());
  if (run.session.options->json) {
    profile.write(run.json);
  } else {
    profile.print();
  }
  return true;
}

bool classify_all(Run& run) {
  const bool tensors = run.session.options->tensor;
  ProgressBar bar(tensors ? 0 : run.inputs.size(), tensors ? "tensors" : "images", isatty(STDOUT_FILENO) == 0);
  for (size_t done = 0; run.inputs.next(); ++done) {
    bar.show(done);
    if (!classify_one(run)) return false;
    if (run.inputs.tensor() != nullptr) memcpy(run.last.data(), run.inputs.tensor(), run.last.size() * sizeof(float));
  }
  return true;
}

/// The JSON object around everything; a problem on the way is its last field.
int classify_to_json(Run& run) {
  run.session.json = &run.json;
  run.json.begin_object();
  run.json.number("deeper", 1);
  run.json.begin_array("results");
  bool fine = classify_all(run);
  run.json.end_array();
  const bool profile = run.session.options->profile && run.images > run.failed;
  fine = fine && (!profile || show_profile(run)) && finish_outputs(run);
  if (fine) {
    run.json.end_object();
  } else {
    run.json.end_with(run.session.problem);
  }
  run.session.json = nullptr;
  return fine ? run.failed + run.unanswered > 0 ? exit_input : exit_done : run.session.problem.exit;
}

}  // namespace

int classify_inputs(Session& session) {
  Run run{session, {}, {}, {}, {}, {}};
  if (!run.inputs.open(*session.network, *session.options, session.problem) || !open_session(session) ||
      !open_outputs(run)) {
    return report_problem(*session.network, session.options->json, session.problem);
  }
  if (session.options->json) return classify_to_json(run);
  bool fine = classify_all(run);
  const bool profile = session.options->profile && run.images > run.failed;
  fine = fine && (!profile || show_profile(run)) && finish_outputs(run);
  if (!fine) return report_problem(*session.network, false, session.problem);
  return run.failed + run.unanswered > 0 ? exit_input : exit_done;
}

}  // namespace rt::inline RT_ABI
