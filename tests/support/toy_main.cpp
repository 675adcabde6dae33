#include "runtime/program.h"
#include "tests/support/toy_network.h"

int main(int argc, char** argv) { return rt::program(toy::network, argc, argv); }
