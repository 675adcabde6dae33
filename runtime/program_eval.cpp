// Accuracy over a list of images.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/preprocess.h"
#include "runtime/program_inputs.h"
#include "runtime/program_json.h"
#include "runtime/program_list.h"
#include "runtime/program_progress.h"
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_errors = 1000;

struct Line {
  const char* path;
  int expected;
};

struct Evaluation {
  Session& session;
  int head;
  TextList list;
  List<Line> lines;
  Buffer<float> tensor;
  Buffer<int> order;
  int images = 0, top1 = 0, top5 = 0;
  size_t failed = 0;
  size_t unanswered = 0;  ///< of those: counted as wrong
  List<Problem> errors;   ///< the first ones: each takes a kilobyte, and a wrong list has a wrong line for every image
  double seconds = 0;
};

/// A class by its number, else by its label; -1.
int class_of(const Evaluation& e, const char* word) {
  const int classes = e.session.network->heads[e.head].output.channels;
  char* end = nullptr;
  const long number = strtol(word, &end, 10);
  if (end != word && *end == 0) return number >= 0 && number < classes ? static_cast<int>(number) : -1;
  for (int i = 0; i < classes; ++i) {
    const char* text = label(*e.session.model, e.head, i);
    if (text != nullptr && strcmp(text, word) == 0) return i;
  }
  return -1;
}

bool wrong_line(Evaluation& e, size_t number, const char* words, const char* about = nullptr) {
  return set_problem(e.session.problem, exit_input, "list", about == nullptr ? "%s:%zu: %s" : "%s:%zu: %s \"%.100s\"",
                     e.session.options->eval_list, number, words, about);
}

/// "path<tab>class" lines, all checked before the first image is read.
bool read_list(Evaluation& e) {
  if (!e.list.read(e.session.options->eval_list, e.session.problem)) return false;
  for (const TextList::Line& line : e.list.lines()) {
    char* tab = strrchr(line.text, '\t');
    if (tab == nullptr) return wrong_line(e, line.number, "no tab between path and class");
    *tab = 0;
    const int expected = class_of(e, tab + 1);
    if (expected < 0) return wrong_line(e, line.number, "no such class", tab + 1);
    if (!e.lines.add({line.text, expected})) return wrong_line(e, line.number, "out of memory");
  }
  return e.lines.size() > 0 || wrong_line(e, 1, "the list is empty");
}

/// --head, else the head called main, else the first one.
bool choose_head(Evaluation& e) {
  const List<int>& heads = e.session.options->heads;
  const Network& network = *e.session.network;
  e.head = heads.size() > 0 ? heads[0] : find_head(network, "main", strlen("main"));
  if (e.head < 0) e.head = 0;
  const Head& head = network.heads[e.head];
  return (head.output.height == 1 && head.output.width == 1) ||
         usage_problem(e.session.problem, "head %s gives no classes", head.name);
}

/// False, with the problem, where the network gives no numbers: wrong then, whatever was expected.
bool judge(Evaluation& e, const Line& line, Problem& problem) {
  const float* values = output(*e.session.context, e.head);
  const int classes = e.session.network->heads[e.head].output.channels, k = classes < 5 ? classes : 5;
  const int expected = line.expected;
  ++e.images;
  if (!check_finite(*e.session.network, e.head, values, line.path, problem)) {
    ++e.unanswered;
    return false;
  }
  find_top(values, classes, k, e.order.data());
  e.top1 += e.order[0] == expected;
  for (int i = 0; i < k; ++i) e.top5 += e.order[static_cast<size_t>(i)] == expected;
  return true;
}

/// People are told at once, programs at the end.
bool add_error(Evaluation& e, const Problem& problem, ProgressBar& bar) {
  ++e.failed;
  if (!e.session.options->json) {
    bar.hide();
    say(*e.session.network, "", problem.words);
    return true;
  }
  return e.errors.size() >= most_errors || e.errors.add(problem) ||
         set_problem(e.session.problem, exit_input, "out-of-memory", "out of memory");
}

bool run_all(Evaluation& e) {
  ProgressBar bar(e.lines.size(), "images");
  const double begin = seconds_now();
  for (size_t i = 0; i < e.lines.size(); ++i) {
    Problem problem;
    char warning[300];
    if (load_image(*e.session.network, e.lines[i].path, e.session.options->pixels, e.tensor.data(), problem, warning)) {
      run(*e.session.context, e.tensor.data());
      if (!weights_intact(e.session)) return false;
      if (!judge(e, e.lines[i], problem) && !add_error(e, problem, bar)) return false;
    } else if (!add_error(e, problem, bar)) {
      return false;
    }
    bar.show(i + 1);
  }
  e.seconds = seconds_now() - begin;
  return true;
}

void report(Evaluation& e) {
  const double images = e.images > 0 ? e.images : 1, speed = e.seconds > 0 ? e.images / e.seconds : 0;
  if (!e.session.options->json) {
    printf("%d images: top-1 %.2f %%, top-5 %.2f %%, %.1f images/s", e.images, 100 * e.top1 / images,
           100 * e.top5 / images, speed);
    if (e.unanswered > 0) printf("; %zu of them without an answer", e.unanswered);
    if (e.failed > e.unanswered) printf("; %zu more could not be read", e.failed - e.unanswered);
    putchar('\n');
    return;
  }
  Json out(stdout);
  out.begin_object();
  out.number("deeper", 1);
  out.number("images", e.images);
  out.real("top1", e.top1 / images, 9);
  out.real("top5", e.top5 / images, 9);
  out.real("images_per_second", speed);
  out.begin_array("errors");
  for (const Problem& problem : e.errors) out.error(nullptr, problem);
  out.end_array();
  if (e.failed > e.errors.size()) out.number("errors_omitted", static_cast<int64_t>(e.failed - e.errors.size()));
  out.end_object();
}

}  // namespace

int evaluate(Session& session) {
  Evaluation e{session, 0, {}, {}, {}, {}, 0, 0, 0, 0, 0, {}, 0};
  bool fine = choose_head(e) && open_session(session) && read_list(e);
  if (fine && (!e.tensor.allocate(input_floats(*session.network)) ||
               !e.order.allocate(static_cast<size_t>(session.network->heads[e.head].output.channels)))) {
    fine = set_problem(session.problem, exit_input, "out-of-memory", "out of memory");
  }
  if (!fine || !run_all(e)) return report_problem(*session.network, session.options->json, session.problem);
  report(e);
  return e.failed > 0 ? exit_input : exit_done;
}

}  // namespace rt::inline RT_ABI
