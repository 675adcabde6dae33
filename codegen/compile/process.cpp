#include "codegen/compile/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "codegen/compile/interrupt.h"

namespace deeper {
namespace {

using Clock = std::chrono::steady_clock;

struct Child {
  pid_t pid = 0;
  size_t index = 0;
  int out = -1, err = -1;  // memory files: a child never waits for us to read
  Clock::time_point start, deadline;
};

std::string drain(int file) {
  std::string text;
  char block[4096];
  off_t at = 0;
  for (ssize_t got; (got = pread(file, block, sizeof block, at)) > 0; at += got) text.append(block, size_t(got));
  close(file);
  return text;
}

// What a compiler may see of our environment: enough to find things, nothing that changes its output.
std::vector<std::string> child_environment() {
  std::vector<std::string> list = {"LC_ALL=C", "SOURCE_DATE_EPOCH=0"};
  for (const char* name : {"PATH", "HOME", "TMPDIR"})
    if (const char* value = getenv(name)) list.push_back(fmt::format("{}={}", name, value));
  return list;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

int spawn(const Command& command, Child& child) {
  std::vector<std::string> arguments = command.arguments, environment = child_environment();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, child.out, 1);
  posix_spawn_file_actions_adddup2(&files, child.err, 2);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  if (!command.folder.empty()) posix_spawn_file_actions_addchdir_np(&files, command.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP);  // its own group: a compiler and what it starts end together
  const int error = posix_spawn(&child.pid, arguments[0].c_str(), &files, &attributes, pointers(arguments).data(),
                                pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

Child start(const Command& command, size_t index, Finished& result) {
  Child child;
  child.index = index;
  child.out = memfd_create("out", MFD_CLOEXEC);
  child.err = memfd_create("err", MFD_CLOEXEC);
  child.start = Clock::now();
  child.deadline = child.start + std::chrono::milliseconds(int64_t(command.timeout_seconds * 1000));
  result.code = child.out < 0 || child.err < 0 ? errno : spawn(command, child);
  if (result.code != 0) {
    result.reason = Finished::Reason::not_started;
    child.pid = 0;
    close(child.out);
    close(child.err);
  }
  return child;
}

void finish(const Child& child, int status, Finished& result) {
  result.seconds = std::chrono::duration<double>(Clock::now() - child.start).count();
  if (result.reason == Finished::Reason::not_started) {  // not killed by us
    result.reason = WIFEXITED(status) ? Finished::Reason::exited : Finished::Reason::signalled;
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  }
  result.out = drain(child.out);
  result.err = drain(child.err);
}

// Takes the children that have ended out of `running`; kills those that are out of time.
void reap(std::vector<Child>& running, std::vector<Finished>& results) {
  for (size_t i = 0; i < running.size();) {
    const Child child = running[i];
    Finished& result = results[child.index];
    if (result.reason == Finished::Reason::not_started && (pending_interrupt() != 0 || Clock::now() > child.deadline)) {
      result.reason = pending_interrupt() != 0 ? Finished::Reason::interrupted : Finished::Reason::timed_out;
      kill(-child.pid, SIGKILL);
    }
    int status = 0;
    const pid_t ended = waitpid(child.pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
      ++i;
      continue;
    }
    finish(child, status, result);
    running.erase(running.begin() + int64_t(i));
  }
}

}  // namespace

std::string Finished::how() const {
  switch (reason) {
    case Reason::exited:
      return fmt::format("ended with status {}", code);
    case Reason::signalled:
      return fmt::format("was killed by signal {}", code);
    case Reason::timed_out:
      return "took too long";
    case Reason::interrupted:
      return "was interrupted";
    case Reason::not_started:
      break;
  }
  return code == 0 ? "was not started" : fmt::format("could not be started: {}", strerror(code));
}

std::vector<Finished> run_all(std::span<const Command> commands, int at_once, const std::function<void(size_t)>& done) {
  std::vector<Finished> results(commands.size());
  std::vector<Child> running;
  size_t next = 0, ended = 0;
  bool going = true;
  while (next < commands.size() || !running.empty()) {
    while (going && next < commands.size() && int(running.size()) < at_once && pending_interrupt() == 0) {
      Child child = start(commands[next], next, results[next]);
      if (child.pid != 0) running.push_back(child);
      going = child.pid != 0;
      ++next;
    }
    if (running.empty()) break;
    reap(running, results);
    const size_t now = next - running.size();
    if (now != ended && done) done(now);
    ended = now;
    for (size_t i = 0; i < next; ++i)
      if (results[i].seconds > 0 && !results[i].ok()) going = false;
    if (!running.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (!going && running.empty()) break;
  }
  return results;
}

Finished run(const Command& command) { return run_all({&command, 1}, 1).front(); }

}  // namespace deeper
