// The host's rounding mode, its flushing of subnormals and its traps change no bit of a result, and are its own again
// afterwards; in every thread that computes.
#include <fenv.h>

#include <catch2/catch.hpp>
#include <thread>

#include "tests/unit/runtime_toy.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

struct HostMode : toy::Opened {
  std::vector<float> input = std::vector<float>(static_cast<size_t>(toy::pixels) * toy::channels);
  explicit HostMode(toy::Blob blob = {}) : Opened(blob.bytes()) {
    REQUIRE(status == rt::status_ok);
    for (size_t i = 0; i < input.size(); ++i) input[i] = 0.1F * static_cast<float>(i * i % 17) - 0.7F;
  }

  /// Both heads' bits of a context made and run here and now.
  std::string bits(const rt::ContextOptions& options) const {
    rt::Context* context = nullptr;
    if (rt::create_context(model, &options, &context)) return "no context";
    rt::run(*context, input.data());
    std::string all(reinterpret_cast<const char*>(rt::output(*context, 0)), toy::pixels * sizeof(float));
    all.append(reinterpret_cast<const char*>(rt::output(*context, 1)), input.size() * sizeof(float));
    rt::destroy_context(context);
    return all;
  }
};

/// A pool whose threads have the mode of whoever makes them, as glibc's have.
void on_new_threads(void*, int count, rt::PoolTask task, void* argument) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i)
    threads.emplace_back([=] {
      fesetround(FE_UPWARD);
      task(argument, i);
    });
  for (std::thread& thread : threads) thread.join();
}

void check_all_threads(const HostMode& host, const std::string& expected) {
  for (int threads = 1; threads <= 4; ++threads) CHECK((host.bits({.threads = threads}) == expected));
  CHECK((host.bits({.threads = 3, .parallel = on_new_threads}) == expected));
}

}  // namespace

TEST_CASE("the host's rounding mode changes no bit and stays as it was") {
  const HostMode host;
  const std::string expected = host.bits({.threads = 1});
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST}) {
    fesetround(mode);
    check_all_threads(host, expected);
    const int after = fegetround();
    fesetround(FE_TONEAREST);
    CHECK(after == mode);
  }
}

TEST_CASE("a context that was made in another mode computes in the ordinary one") {
  const HostMode host;
  const std::string expected = host.bits({.threads = 1});
  fesetround(FE_UPWARD);
  rt::Context* context = nullptr;
  const rt::ContextOptions options{.threads = 3};
  const rt::Status status = rt::create_context(host.model, &options, &context);
  fesetround(FE_TONEAREST);
  REQUIRE(status == rt::status_ok);
  rt::run(*context, host.input.data());
  CHECK(std::memcmp(rt::output(*context, 0), expected.data(), toy::pixels * sizeof(float)) == 0);
  rt::destroy_context(context);
}

#if defined(__x86_64__)
TEST_CASE("flushing of subnormals and traps are off while a network runs") {
  toy::Blob blob;
  blob.weights.assign(16, '\0');
  HostMode host(blob);
  for (size_t i = 0; i < host.input.size(); ++i) host.input[i] = static_cast<float>(i) * 0x1p-149F;
  const std::string expected = host.bits({.threads = 1});
  CHECK((expected != std::string(expected.size(), '\0')));
  const unsigned before = _mm_getcsr();
  constexpr unsigned flush = 0x8000, denormals_are_zero = 0x40, trap_inexact = 0x1000;
  for (const unsigned mode : {before | flush, before | denormals_are_zero, before | flush | denormals_are_zero,
                              before & ~trap_inexact & ~0x3fU}) {
    _mm_setcsr(mode);
    std::string results[2];
    for (int threads = 1; threads <= 2; ++threads) results[threads - 1] = host.bits({.threads = threads});
    const unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    CHECK((results[0] == expected));
    CHECK((results[1] == expected));
    CHECK((after & ~0x3fU) == (mode & ~0x3fU));
  }
}
#endif
