#include "runtime/program_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/preprocess.h"

namespace rt::inline RT_ABI {
namespace {

/// NAME.weights in the folder of the running program, or where that is not, of an installed one in ../share/NAME.
bool weights_beside(const Network& network, char* path, size_t size) {
  const ssize_t length = readlink("/proc/self/exe", path, size);
  if (length <= 0 || static_cast<size_t>(length) >= size) return false;
  path[length] = 0;
  char* slash = strrchr(path, '/');
  if (slash == nullptr) return false;
  const size_t left = size - static_cast<size_t>(slash + 1 - path);
  const auto name_file = [&](const char* folder) {
    const int written = snprintf(slash + 1, left, "%s%s.weights", folder, network.name);
    return written > 0 && static_cast<size_t>(written) < left;
  };
  if (!name_file("")) return false;
  if (access(path, F_OK) == 0) return true;
  char share[100];
  snprintf(share, sizeof share, "../share/%s/", network.name);
  return (name_file(share) && access(path, F_OK) == 0) || name_file("");
}

bool weights_problem(Session& session, const char* path, Status status) {
  struct stat about;
  if (status == status_cannot_read_weights) {
    if (stat(path, &about) != 0) {
      set_problem(session.problem, exit_input, status_id(status), "%s: %s (--weights FILE names another place)", path,
                  strerror(errno));
      return false;
    }
    if (S_ISDIR(about.st_mode)) return set_problem(session.problem, status, path, strerror(EISDIR));
    if (S_ISREG(about.st_mode) && about.st_size == 0)
      return set_problem(session.problem, status_not_weights, path, "the file is empty");
  }
  return set_problem(session.problem, status, path, message(status));
}

}  // namespace

double seconds_now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

size_t input_floats(const Network& network) {
  return static_cast<size_t>(network.height) * static_cast<size_t>(network.width) *
         static_cast<size_t>(network.channels);
}

bool open_weights(Session& session) {
  const Network& network = *session.network;
  const char* path = session.options->weights;
  if (path == nullptr && network.embedded != nullptr) {
    const Status status = open_model(network, nullptr, &session.model);
    return status == status_ok || weights_problem(session, "embedded weights", status);
  }
  if (path == nullptr) {
    if (!weights_beside(network, session.weights_beside, sizeof session.weights_beside)) {
      return set_problem(session.problem, exit_input, status_id(status_no_weights),
                         "cannot tell where this program is: --weights FILE names the weights");
    }
    path = session.weights_beside;
  }
  session.weights_path = path;
  session.weights_file = open_weights_file(path);
  if (session.weights_file < 0 || fstat(session.weights_file, &session.weights_then) != 0)
    return weights_problem(session, path, status_cannot_read_weights);
  const Status status = open_descriptor(network, session.weights_file, &session.model);
  return status == status_ok || weights_problem(session, path, status);
}

bool weights_changed(Session& session) {
  return set_problem(session.problem, exit_input, "weights-changed",
                     "%s was written to while this program used it: what it computed is not to be trusted; weights are "
                     "replaced by renaming a new file, never written in place",
                     session.weights_path);
}

bool weights_intact(Session& session) {
  if (session.weights_file < 0) return true;
  struct stat now;
  const struct stat& then = session.weights_then;
  const bool same = fstat(session.weights_file, &now) == 0 && now.st_size == then.st_size &&
                    now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
  return same || weights_changed(session);
}

bool open_session(Session& session) {
  const double begin = seconds_now();
  if (!open_weights(session)) return false;
  ContextOptions options;
  options.threads = session.options->threads;
  const Status status = create_context(session.model, &options, &session.context);
  session.load_ms = 1e3 * (seconds_now() - begin);
  if (status != status_ok && !weights_intact(session)) return false;
  return status == status_ok || set_problem(session.problem, exit_input, status_id(status), "%s", message(status));
}

const char* class_name(const Session& session, int head, int index, char (&words)[32]) {
  const char* text = label(*session.model, head, index);
  if (text != nullptr) return text;
  snprintf(words, sizeof words, "class %d", index);
  return words;
}

bool check_finite(const Network& network, int head, const float* values, const char* image, Problem& problem) {
  const int64_t count = element_count(network.heads[head].output), wrong = find_not_finite(values, count);
  if (wrong == count) return true;
  return set_problem(problem, exit_input, "not-finite", "%s: output %lld of head %s is %s: no answer", image,
                     static_cast<long long>(wrong), network.heads[head].name, name_of_not_finite(values[wrong]));
}

bool choose_heads(const Session& session, List<int>& heads) {
  for (const int head : session.options->heads) {
    if (!heads.add(head)) return false;
  }
  for (int h = 0; session.options->heads.size() == 0 && h < session.network->head_count; ++h) {
    if (!heads.add(h)) return false;
  }
  return true;
}

}  // namespace rt::inline RT_ABI
