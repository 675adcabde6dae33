// Names of this runtime's version and instruction set: everything in the runtime lives in an inline namespace named by
// them, so that two networks, or two levels of one network, link into one program without sharing code (one definition
// rule).
#pragma once

#ifdef __FAST_MATH__
#error "this network's results are defined bit by bit: build it without -ffast-math"
#endif

#define RT_VERSION 1

#if defined(__AVX512F__)
#define RT_ABI v1_x86_64_v4
#elif defined(__AVX2__) && defined(__FMA__)
#define RT_ABI v1_x86_64_v3
#elif defined(__aarch64__)
#define RT_ABI v1_aarch64
#elif defined(__riscv)
#define RT_ABI v1_riscv64
#else
#define RT_ABI v1_portable
#endif
