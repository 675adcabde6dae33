// The program around a network: what NAME_main.cpp calls.
#pragma once
#include "runtime/network.h"

namespace rt::inline RT_ABI {

/// The whole command line of a generated program (NAME --help); the result is the exit status: 0 done, 1 the input or
/// the environment is wrong (also: some images failed), 2 usage, 3 our fault, 4 a check failed. Refuses to run on a CPU
/// without the target's instructions before any of them is used.
int program(const Network& network, int argc, char** argv);

}  // namespace rt::inline RT_ABI
