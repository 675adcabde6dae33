#include <catch2/catch.hpp>

#include "tests/unit/dsl_support.h"

using dsl_test::ids_of;
using dsl_test::layer_at;
using dsl_test::network;
using dsl_test::parse;
using dsl_test::parse_ok;
using dsl_test::paths;

namespace {

std::string conv_of_4() { return "conv: {kernel: 1, out: 4}"; }
std::string pool() { return "max_pool: {kernel: 1, stride: 1}"; }

}  // namespace

TEST_CASE("ids of uses and layers make the path, names of branches do not") {
  const auto spec = parse_ok(network("  - {id: m, use: b}\n", "blocks:\n  b:\n    branches:\n      1x1: [{" +
                                                                  conv_of_4() + "}]\n      3x3: [{id: reduce, " +
                                                                  conv_of_4() + "}, {" + conv_of_4() +
                                                                  "}]\n"
                                                                  "      pool: [{" +
                                                                  pool() + "}, {id: proj, " + conv_of_4() + "}]\n"));
  CHECK(paths(spec.layers) == "m(m/1x1 | m/reduce m/3x3 | m/max_pool m/proj)");
}

TEST_CASE("a branches layer names its join, not its layers") {
  const auto spec = parse_ok(network("  - {id: fork, branches: {x: [{" + conv_of_4() + "}], y: []}}\n"));
  CHECK(paths(spec.layers) == "fork(x | )");
}

TEST_CASE("an unnamed use takes the branch's name, as a layer with weights does") {
  const std::string blocks = "blocks: {b: {layers: [{id: x, " + conv_of_4() + "}]}}\n";
  CHECK(paths(parse_ok(network("  - {id: f, branches: {y: [{use: b}]}}\n", blocks)).layers) == "f(y(y/x))");
  CHECK(ids_of(parse(network("  - {id: f, branches: {y: [{use: b}, {" + conv_of_4() + "}]}}\n", blocks))) ==
        "missing-id");
}

TEST_CASE("unnamed layers get paths of their own that no chosen one has") {
  const auto spec = parse_ok(
      network("  - {" + pool() + "}\n  - {activation: relu}\n  - {" + pool() +
              "}\n  - {activation: tanh}\n  - {activation: relu}\n"
              "  - {id: max_pool_2, " +
              conv_of_4() + "}\n  - {branches: {x: []}, join: add}\n  - {average_pool: {kernel: 1, stride: 1}}\n"));
  CHECK(paths(spec.layers) == "max_pool relu max_pool_3 tanh relu_2 max_pool_2 add average_pool");
}

TEST_CASE("layers of a head are below its name") {
  const auto spec =
      parse_ok(network("  - {id: a, " + conv_of_4() + "}\n",
                       "heads:\n  main: {from: a, layers: [{id: fc, dense: {out: 2, flatten: chw}}, {softmax: {}}]}\n"
                       "  aux: {from: a, optional: true, layers: [{id: fc, dense: {out: 2, flatten: chw}}]}\n"));
  CHECK(paths(spec.heads[0].layers) == "main/fc main/softmax");
  CHECK(paths(spec.heads[1].layers) == "aux/fc");
}

TEST_CASE("in: a local id, an inner path, or /path from outside") {
  const auto spec =
      parse_ok(network("  - {id: a, " + conv_of_4() + "}\n  - {id: m, use: b}\n  - {id: c, in: m/x, " + conv_of_4() +
                           "}\n  - {id: d, in: input, " + conv_of_4() + "}\n",
                       "blocks: {b: {layers: [{id: x, " + conv_of_4() + "}, {id: y, in: /a, " + conv_of_4() +
                           "}, {id: z, in: x, " + conv_of_4() + "}, {id: w, in: /input, " + conv_of_4() +
                           "}]}}\n"
                           "heads: {main: {from: c}, tap: {from: m/z}, same: {from: /m/z, layers: [{id: s, in: /m/x, " +
                           conv_of_4() + "}, {id: t, in: s, " + conv_of_4() + "}]}}\n"));
  CHECK(layer_at(spec, "m/y").in == "a");
  CHECK(layer_at(spec, "m/z").in == "m/x");
  CHECK(layer_at(spec, "m/w").in == "input");
  CHECK(layer_at(spec, "c").in == "m/x");
  CHECK(layer_at(spec, "d").in == "input");
  CHECK(spec.heads[1].from == "m/z");
  CHECK(spec.heads[2].from == "m/z");
  CHECK(layer_at(spec, "same/s").in == "m/x");
  CHECK(layer_at(spec, "same/t").in.empty());
}

TEST_CASE("an in that names what is read anyway is no difference") {
  const auto spec = parse_ok(network("  - {id: a, in: input, " + conv_of_4() + "}\n  - {id: b, in: a, " + conv_of_4() +
                                     "}\n  - {id: f, branches: {x: [{id: c, in: b, " + conv_of_4() + "}]}}\n"));
  CHECK(layer_at(spec, "a").in.empty());
  CHECK(layer_at(spec, "b").in.empty());
  CHECK(layer_at(spec, "c").in.empty());
}

TEST_CASE("only what comes before can be read") {
  CHECK(ids_of(parse(network("  - {id: a, in: b, " + conv_of_4() + "}\n  - {id: b, " + conv_of_4() + "}\n"))) ==
        "path-comes-later");
  CHECK(ids_of(parse(network("  - {id: a, in: a, " + conv_of_4() + "}\n"))) == "path-comes-later");
  CHECK(ids_of(parse(network("  - {id: f, branches: {x: [{id: c, in: f, " + conv_of_4() + "}]}}\n"))) ==
        "path-comes-later");
  CHECK(ids_of(parse(network("  - {id: f, branches: {x: [{" + conv_of_4() + "}], y: [{id: c, in: x, " + conv_of_4() +
                             "}]}}\n")))
            .empty());
  CHECK(ids_of(parse(network("  - {id: a, in: x, " + conv_of_4() + "}\n"))) == "unknown-path");
}

TEST_CASE("heads read the network, and heads before them that are always built") {
  const auto ids = [](const std::string& heads) {
    return ids_of(parse(network("  - {id: a, " + conv_of_4() + "}\n", "heads:\n" + heads)));
  };
  const std::string layers = ", layers: [{id: x, " + conv_of_4() + "}]}\n";
  CHECK(ids("  one: {from: a" + layers + "  two: {from: one/x}\n").empty());
  CHECK(ids("  two: {from: one/x}\n  one: {from: a" + layers) == "path-comes-later");
  CHECK(ids("  one: {from: a, optional: true" + layers + "  two: {from: one/x}\n") == "path-comes-later");
}

TEST_CASE("paths are unique over the whole network") {
  CHECK(ids_of(parse(network("  - {id: a, " + conv_of_4() + "}\n  - {id: f, branches: {a: [{" + conv_of_4() +
                             "}]}}\n"))) == "duplicate-id");
  CHECK(ids_of(parse(network("  - {id: a_1, " + conv_of_4() + "}\n  - {id: a, " + conv_of_4() + ", repeat: 2}\n"))) ==
        "duplicate-id");
  CHECK(ids_of(parse(network("  - {id: main/x, " + conv_of_4() + "}\n",
                             "heads: {main: {from: input, layers: [{id: x, " + conv_of_4() + "}]}}\n"))) ==
        "duplicate-id");
  const auto parsed = parse(network("  - {id: a, " + conv_of_4() + "}\n  - {id: a, " + conv_of_4() + "}\n"));
  CHECK(paths(parsed.spec.layers) == "a conv");
}

TEST_CASE("full paths as ids belong to the network's own lists") {
  CHECK(paths(parse_ok(network("  - {id: m/x, " + conv_of_4() + "}\n  - {id: f, branches: {b: [{id: m/y, " +
                               conv_of_4() + "}]}}\n"))
                  .layers) == "m/x f(m/y)");
  CHECK(ids_of(parse(network("  - {id: m, use: b}\n", "blocks: {b: {layers: [{id: x/y, " + conv_of_4() + "}]}}\n"))) ==
        "bad-name");
  for (const char* id : {"/a", "a/", "a//b", "'a b'", "a/b c"})
    CHECK(ids_of(parse(network("  - {id: " + std::string(id) + ", " + conv_of_4() + "}\n"))) == "bad-name");
}
