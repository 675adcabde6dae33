// What the runtime is compiled for. In a generated folder deeper writes this file, from the network's row of its target
// table; this one serves tests and tools, which compile the runtime by itself, and goes by the compiler's macros.
#pragma once

#if defined(__AVX512F__)
#define RT_ABI v1_host_avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define RT_ABI v1_host_avx2
#else
#define RT_ABI v1_host
#endif

// Multiply-adds round once, also where that is a call of the C library.
#define RT_FUSED 1
