// How long each step takes.
#pragma once
#include "runtime/program_json.h"
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {

class Profile {
 public:
  /// Room for `runs` runs.
  bool begin(const Network& network, int runs);
  /// One run, measured step by step.
  void run(Context& context, const float* input);
  /// "steps": [{"paths":, "algorithm":, "macs":, "median_ms":}], a field of the open object.
  void write(Json& out);
  /// The table, on standard output.
  void print();

 private:
  double median_ms(int step);

  const Network* network_ = nullptr;
  Buffer<float> times_;   ///< [step][run] in milliseconds
  Buffer<float> sorted_;  ///< of one step
  int runs_ = 0, done_ = 0;
  double last_ = 0;
  static void after_step(void* self, int step);
};

/// Sorts ascending.
void sort_times(float* times, int count);

}  // namespace rt::inline RT_ABI
