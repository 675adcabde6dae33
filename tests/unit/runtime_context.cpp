// Contexts and their threads: the same results however the work is split, nothing allocated while running.
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/unit/runtime_toy.h"

// The linker sends this program's own calls of the allocator through these (--wrap); it fixes their names.
// NOLINTBEGIN(bugprone-reserved-identifier)
static std::atomic<int> allocations{0};
static std::atomic<bool> no_pages{false};
extern "C" {
void* __real_malloc(size_t);
void* __real_calloc(size_t, size_t);
void* __real_aligned_alloc(size_t, size_t);
void* __real_mmap(void*, size_t, int, int, int, off_t);
void* __wrap_malloc(size_t bytes) {
  ++allocations;
  return __real_malloc(bytes);
}
void* __wrap_calloc(size_t count, size_t bytes) {
  ++allocations;
  return __real_calloc(count, bytes);
}
void* __wrap_aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __real_aligned_alloc(alignment, bytes);
}
void* __wrap_mmap(void* where, size_t bytes, int protection, int flags, int file, off_t offset) {
  ++allocations;
  return no_pages ? MAP_FAILED : __real_mmap(where, bytes, protection, flags, file, offset);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

struct Fixture : toy::Opened {
  std::vector<float> input = std::vector<float>(static_cast<size_t>(toy::pixels) * toy::channels);

  Fixture() : Opened(toy::Blob().bytes()) {
    REQUIRE(status == rt::status_ok);
    for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * i % 17);
  }

  rt::Context* create(const rt::ContextOptions& options) {
    rt::Context* context = nullptr;
    REQUIRE(rt::create_context(model, &options, &context) == rt::status_ok);
    return context;
  }

  void check_outputs(const rt::Context& context) const {
    const float *sums = rt::output(context, 0), *inner = rt::output(context, 1);
    size_t i = 0;
    for (int p = 0; p < toy::pixels; ++p) {
      float sum = 0;
      for (int c = 1; c <= toy::channels; ++c, ++i) {
        const float v = input[i] + static_cast<float>(c);
        REQUIRE(inner[i] == v);
        sum += v;
      }
      REQUIRE(sums[p] == 2 * sum);
    }
  }
};

void run_with_observer(Fixture& fixture, rt::Context& context) {
  struct Seen {
    const rt::Context* context;
    std::vector<int> steps;
    std::vector<float> after_sum;
  } seen{&context, {}, {}};
  seen.steps.reserve(8);
  const rt::Observer observer{[](void* user, int step) {
                                auto& s = *static_cast<Seen*>(user);
                                s.steps.push_back(step);
                                const float* arena = s.context->memory.arena;
                                if (step == 1) s.after_sum.assign(arena + 32, arena + 38);
                              },
                              &seen};
  rt::run(context, fixture.input.data(), &observer);
  CHECK(seen.steps == std::vector<int>{0, 1, 2});
  const float* sums = rt::output(context, 0);
  for (int p = 0; p < toy::pixels; ++p) CHECK(2 * seen.after_sum[static_cast<size_t>(5 - p)] == sums[p]);
}

}  // namespace

TEST_CASE("any number of threads gives the same, run after run") {
  Fixture fixture;
  for (int threads = 1; threads <= 8; ++threads) {
    rt::Context* context = fixture.create({.threads = threads});
    for (int i = 0; i < 300; ++i) {
      fixture.input[static_cast<size_t>(i) % fixture.input.size()] += 1;
      rt::run(*context, fixture.input.data());
      fixture.check_outputs(*context);
    }
    run_with_observer(fixture, *context);
    rt::destroy_context(context);
  }
}

TEST_CASE("threads that fell asleep wake up") {
  Fixture fixture;
  rt::Context* context = fixture.create({.threads = 3});
  for (int i = 0; i < 20; ++i) {
    usleep(2000);
    fixture.input[0] += 1;
    rt::run(*context, fixture.input.data());
    fixture.check_outputs(*context);
  }
  rt::destroy_context(context);
}

TEST_CASE("contexts of one model run side by side") {
  Fixture fixture;
  std::vector<std::thread> users;
  users.reserve(3);
  std::atomic<int> good{0};
  for (int u = 0; u < 3; ++u) {
    users.emplace_back([&] {
      const rt::ContextOptions options{.threads = 2};
      rt::Context* context = nullptr;
      if (rt::create_context(fixture.model, &options, &context)) return;
      for (int i = 0; i < 200; ++i) rt::run(*context, fixture.input.data());
      good += rt::output(*context, 0)[5] ==
              2 * (fixture.input[20] + fixture.input[21] + fixture.input[22] + fixture.input[23] + 10);
      rt::destroy_context(context);
    });
  }
  for (std::thread& user : users) user.join();
  CHECK(good == 3);
}

TEST_CASE("running allocates nothing") {
  Fixture fixture;
  for (int threads : {1, 2}) {
    const int at_first = allocations;
    rt::Context* context = fixture.create({.threads = threads});
    const int created = allocations;
    CHECK(created > at_first);
    for (int i = 0; i < 10; ++i) rt::run(*context, fixture.input.data());
    CHECK(allocations == created);
    rt::destroy_context(context);
  }
}

TEST_CASE("no memory for the arena") {
  const Fixture fixture;
  rt::Context* context = nullptr;
  no_pages = true;
  const rt::Status status = rt::create_context(fixture.model, nullptr, &context);
  no_pages = false;
  CHECK(status == rt::status_out_of_memory);
  CHECK(context == nullptr);
}

TEST_CASE("the caller's arena and pool serve") {
  Fixture fixture;
  struct Pool {
    int calls = 0, tasks = 0;
  } pool;
  const auto parallel = [](void* user, int count, rt::PoolTask task, void* argument) {
    auto& counted = *static_cast<Pool*>(user);
    ++counted.calls;
    counted.tasks += count;
    for (int i = count - 1; i >= 0; --i) task(argument, i);
  };
  const auto bytes = static_cast<size_t>(rt::arena_bytes(fixture.network, 4));
  CHECK(bytes == 1024 + 3 * 64);
  const toy::Aligned arena(std::string(bytes, '\xff'));
  rt::Context* context = fixture.create({.threads = 4, .arena = arena.data, .parallel = parallel, .user = &pool});
  rt::run(*context, fixture.input.data());
  fixture.check_outputs(*context);
  CHECK(rt::output(*context, 0) == reinterpret_cast<const float*>(arena.data));
  run_with_observer(fixture, *context);
  CHECK(pool.calls == 6);
  CHECK(pool.tasks == 24);
  rt::destroy_context(context);
}

TEST_CASE("options that do not fit") {
  Fixture fixture;
  const toy::Aligned arena(std::string(2048, '\0'));
  rt::Context* context = nullptr;
  const auto create = [&](const rt::ContextOptions& options) {
    return rt::create_context(fixture.model, &options, &context);
  };
  CHECK(create({.threads = 0}) == rt::status_bad_argument);
  CHECK(create({.threads = 9}) == rt::status_too_many_threads);
  CHECK(create({.arena = arena.data + 4}) == rt::status_unaligned);
  CHECK(rt::create_context(nullptr, nullptr, &context) == rt::status_bad_argument);
  CHECK(rt::create_context(fixture.model, nullptr, nullptr) == rt::status_bad_argument);
  CHECK(context == nullptr);
  REQUIRE(rt::create_context(fixture.model, nullptr, &context) == rt::status_ok);
  CHECK(rt::output(*context, 2) == nullptr);
  CHECK(rt::output(*context, -1) == nullptr);
  rt::destroy_context(context);
  rt::destroy_context(nullptr);
}
