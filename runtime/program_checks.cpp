// Does this program, on this machine, compute what was recorded when it was built? Are its weights as they were
// written?
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/preprocess.h"
#include "runtime/program_json.h"
#include "runtime/program_session.h"
#include "runtime/selftest.h"

namespace rt::inline RT_ABI {
namespace {

struct GoldenResult {
  const char* name;
  int name_bytes;
  bool ok;
  double largest;  ///< difference of a value
};

/// The golden's input as the network takes it. False: it does not fit the network.
bool golden_input(const Network& network, const Golden& golden, Buffer<float>& tensor) {
  const size_t floats = tensor.size();
  if (golden.kind == golden_tensor) {
    if (golden.input_bytes != floats * sizeof(float)) return false;
    memcpy(tensor.data(), golden.input, golden.input_bytes);
    return true;
  }
  if (golden.kind != golden_pixels || golden.input_bytes != floats) return false;
  for (size_t i = 0; i < floats; ++i) tensor[i] = golden.input[i];
  normalize(network, tensor.data(), int64_t{network.height} * network.width);
  return true;
}

/// One recorded output against what the last run gave. False: it does not fit the network.
bool compare(const Session& session, const GoldenValues& expected, float tolerance, GoldenResult& result) {
  const Network& network = *session.network;
  if (expected.head >= static_cast<uint32_t>(network.head_count) || expected.what > golden_head_logits) return false;
  const Head& head = network.heads[expected.head];
  const View& view = expected.what == golden_head_logits ? head.logits : head.output;
  Buffer<float> actual;
  if (element_count(view) != int64_t{expected.floats} || !actual.allocate(expected.floats)) return false;
  gather(view, session.context->memory.arena, actual.data());
  const bool finite = find_not_finite(actual.data(), expected.floats) == expected.floats;
  const bool same = finite && memcmp(actual.data(), expected.values, expected.floats * sizeof(float)) == 0;
  bool near = finite;
  for (size_t i = 0; i < expected.floats; ++i) {
    const double difference = fabs(static_cast<double>(actual[i]) - static_cast<double>(expected.values[i]));
    near = near && difference <= static_cast<double>(tolerance);  // false for NaN
    if (!(difference <= result.largest)) result.largest = difference;
  }
  result.ok = result.ok && (same || (tolerance > 0 && near));
  return true;
}

bool check_golden(Session& session, GoldenReader& goldens, Buffer<float>& tensor, GoldenResult& result) {
  const Golden golden = goldens.next_golden();
  if (!goldens.reader.ok || !golden_input(*session.network, golden, tensor)) return false;
  result = {golden.name, static_cast<int>(golden.name_bytes), true, 0};
  run(*session.context, tensor.data());
  for (uint32_t i = 0; i < golden.outputs; ++i) {
    const GoldenValues expected = goldens.next_values();
    if (!goldens.reader.ok || !compare(session, expected, golden.tolerance, result)) return false;
  }
  return true;
}

void print(const GoldenResult* results, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    printf("%s  ", results[i].ok ? "ok    " : "FAILED");
    print_shown(results[i].name, results[i].name + results[i].name_bytes);
    printf("  largest difference %.3g\n", results[i].largest);
  }
}

void write(const GoldenResult* results, size_t count, int failed) {
  Json out(stdout);
  out.begin_object();
  out.number("deeper", 1);
  out.number("passed", static_cast<int64_t>(count) - failed);
  out.number("failed", failed);
  out.begin_array("goldens");
  for (size_t i = 0; i < count; ++i) {
    out.begin_object();
    out.text("input", results[i].name, results[i].name + results[i].name_bytes);
    out.boolean("ok", results[i].ok);
    out.real("largest_difference", results[i].largest);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

/// Fills in `results`; false: the problem says why nothing can be said.
bool check_goldens(Session& session, GoldenResult* results, size_t& count) {
  Buffer<float> tensor;
  if (!open_session(session)) return false;
  if (!tensor.allocate(input_floats(*session.network))) {
    return set_problem(session.problem, exit_input, "out-of-memory", "out of memory");
  }
  GoldenReader goldens = read_goldens(*session.model);
  if (goldens.reader.ok && goldens.count == 0) {
    return set_problem(session.problem, exit_input, "no-goldens",
                       "no goldens are kept with these weights: nothing can be tested");
  }
  for (count = 0; goldens.reader.ok && count < goldens.count; ++count) {
    if (!check_golden(session, goldens, tensor, results[count])) goldens.reader.ok = false;
  }
  if (!weights_intact(session)) return false;
  return goldens.reader.ok || set_problem(session.problem, exit_input, "weights-damaged",
                                          "the goldens that are kept with these weights are damaged");
}

}  // namespace

int self_test(Session& session) {
  GoldenResult results[golden_limit] = {};
  size_t count = 0;
  if (!check_goldens(session, results, count))
    return report_problem(*session.network, session.options->json, session.problem);
  int failed = 0;
  for (size_t i = 0; i < count; ++i) failed += !results[i].ok;
  if (session.options->json) {
    write(results, count, failed);
  } else {
    print(results, count);
    if (failed > 0) say(*session.network, "", "this program does not compute here what was recorded when it was built");
  }
  return failed > 0 ? exit_check : exit_done;
}

int verify(Session& session) {
  if (!open_weights(session)) return report_problem(*session.network, session.options->json, session.problem);
  const bool fine = verify_content(*session.model);
  if (!fine) {
    set_problem(session.problem, exit_check, "weights-damaged",
                "the weights are not those that were written: their hash is another");
    return report_problem(*session.network, session.options->json, session.problem);
  }
  if (session.options->json) {
    Json out(stdout);
    out.begin_object();
    out.number("deeper", 1);
    out.boolean("ok", true);
    out.end_object();
  } else {
    printf("ok: %zu bytes of weights are as they were written\n", session.model->size);
  }
  return exit_done;
}

}  // namespace rt::inline RT_ABI
