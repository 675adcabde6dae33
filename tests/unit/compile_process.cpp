#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "codegen/compile/interrupt.h"
#include "codegen/compile/process.h"
#include "codegen/compile/stack_usage.h"
#include "compile_support.h"

using namespace deeper;

TEST_CASE("arguments reach the child as they are, its words come back") {
  const Finished done = run({{"/usr/bin/printf", "%s|", "two words", "$HOME;`id`", ""}, ""});
  CHECK(done.ok());
  CHECK(done.out == "two words|$HOME;`id`||");
  CHECK(done.err.empty());
}

TEST_CASE("exit status, standard error, working folder") {
  const TestFolder folder;
  const Finished done = run({{"/bin/ls", "missing file"}, folder.path()});
  CHECK_FALSE(done.ok());
  CHECK(done.how() == "ended with status 2");
  CHECK_THAT(done.err, Catch::Contains("missing file") && Catch::Contains("No such file"));
  CHECK(run({{"/bin/pwd", "-P"}, folder.path()}).out == std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST_CASE("nothing of ours is open in a child, and its environment is small") {
  int pipes[2];
  REQUIRE(pipe(pipes) == 0);
  const Finished files = run({{"/bin/ls", "/proc/self/fd"}, ""});
  CHECK(files.out == "0\n1\n2\n3\n");  // 3 is the folder that ls reads
  setenv("CPATH", "/somewhere", 1);
  const Finished environment = run({{"/usr/bin/env"}, ""});
  unsetenv("CPATH");
  CHECK_THAT(environment.out, Catch::Contains("LC_ALL=C") && !Catch::Contains("CPATH"));
  close(pipes[0]);
  close(pipes[1]);
}

TEST_CASE("what cannot be started, is killed, or takes too long says so") {
  CHECK_THAT(run({{"/no/such/program"}, ""}).how(), Catch::Contains("could not be started: No such file"));
  const Finished slow = run({{"/bin/sleep", "20"}, "", 0.05});
  CHECK(slow.reason == Finished::Reason::timed_out);
  CHECK(slow.seconds < 10);
}

TEST_CASE("several at a time, in order of the list; after a failure no more are started") {
  std::vector<Command> commands;
  for (const char* word : {"a", "b", "c"}) commands.push_back({{"/bin/echo", word}, ""});
  size_t last = 0;
  const std::vector<Finished> done = run_all(commands, 2, [&](size_t count) { last = count; });
  CHECK(last == 3);
  CHECK((done[0].out + done[1].out + done[2].out) == "a\nb\nc\n");
  commands.insert(commands.begin(), {{"/bin/false"}, ""});
  const std::vector<Finished> failed = run_all(commands, 1);
  CHECK(failed[0].how() == "ended with status 1");
  CHECK(failed[1].how() == "was not started");
}

TEST_CASE("a signal ends the children, and is delivered when the guard ends") {
  static volatile sig_atomic_t delivered = 0;
  struct sigaction mine = {}, old = {};
  mine.sa_handler = [](int) { delivered = 1; };
  sigaction(SIGTERM, &mine, &old);
  {
    const InterruptGuard guard;
    std::thread sender([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      kill(getpid(), SIGTERM);
    });
    const Finished done = run({{"/bin/sleep", "20"}, ""});
    sender.join();
    CHECK(done.reason == Finished::Reason::interrupted);
    CHECK(pending_interrupt() == SIGTERM);
    CHECK(delivered == 0);
  }
  CHECK(delivered == 1);
  CHECK(pending_interrupt() == 0);
  sigaction(SIGTERM, &old, nullptr);
}

TEST_CASE("the stack's bound is the sum of the eight largest frames with their return addresses") {
  CHECK(stack_bound("") == 0);
  CHECK(stack_bound("net.cpp:3:f\t100\tstatic\nnet.cpp:9:g(int, char:x)\t28\tstatic\n") == 144);
  std::string many;
  for (int i = 1; i <= 10; ++i) many += "a.cpp:1:f\t" + std::to_string(i * 10) + "\tstatic\n";
  CHECK(stack_bound(many) == 30 + 40 + 50 + 60 + 70 + 80 + 90 + 100 + 8 * 8);
  CHECK(stack_bound("a.cpp:1:f\t100\tdynamic\n") == -1);
}
