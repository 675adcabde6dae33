// RT_ABI: everything in the runtime lives in an inline namespace named by its version, the network's target and the
// vector's bytes, so that two networks, or two levels of one network, link into one program without sharing code (one
// definition rule).
#pragma once

#ifdef __FAST_MATH__
#error "this network's results are defined bit by bit: build it without -ffast-math"
#endif

#define RT_VERSION 1

#include "runtime/target.h"
