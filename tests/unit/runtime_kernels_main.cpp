#include "tests/unit/runtime_kernels.h"

int main() {
  kernel_test::Report report;
  kernel_test::test_conv(report);
  kernel_test::test_depthwise(report);
  kernel_test::test_epilogues(report);
  kernel_test::test_pools(report);
  kernel_test::test_channel_kernels(report);
  kernel_test::test_memory_kernels(report);
  kernel_test::test_math(report);
  kernel_test::test_float_modes(report);
  return report.failed() ? 1 : 0;
}
