#include <catch2/catch.hpp>

#include "dsl/parse.h"
#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::network;
using dsl_test::parse_ok;

namespace {

const std::string rich =
    "deeper: 1\nname: rich\nabout: 'quotes \" and \\ and: #'\nparams: {n: 8}\n"
    "input: {shape: [8, 8, 3], preprocess: {resize: 10, crop: 8, channels: bgr, mean: [1, 2.5, 1.0e-4], scale: 0.5}}\n"
    "defaults: {conv: {activation: {leaky_relu: 0.1}}}\n"
    "blocks:\n  b:\n    args: {n: int}\n    residual: {shortcut: [{id: s, conv: {kernel: 1, out: $n}}], scale: 0.1}\n"
    "    branches:\n      1x1: [{conv: {kernel: 1, out: $n}}]\n      true: []\n      '1.5': [{dropout: {}}, "
    "{activation: relu}]\n"
    "layers:\n"
    "  - {id: m, use: b, with: {n: $n}, repeat: 2, expect: {out: [8, 8, $n]}}\n"
    "  - {id: sep, separable_conv: {kernel: 3, out: 4, pad: [1, 0], between_batch_norm: {}, pre: silu}, residual: {}}\n"
    "  - {in: m_1/1x1, average_pool: {kernel: 2, stride: 2, pad: same_tf, average: include_pad}}\n"
    "  - {lrn: {}}\n  - {id: bn, batch_norm: {gamma: false}}\n  - {l2_normalize: {}}\n  - {global_pool: {}}\n"
    "heads:\n  main: {from: bn, layers: [{id: fc, dense: {out: 10, flatten: hwc, batch_norm: {}}}, {softmax: {}}], "
    "labels: my labels.txt, topk: 3}\n"
    "  aux: {from: m_2/s, optional: true, loss_weight: 0.3}\n"
    "weights: {layout: hwio, rename: [{from: 'a/*', to: 'b/{1}'}, {from: '*.x', to: '{1}', more: true}], ignore: "
    "['*.step', 7]}\nexpect: {params: 17}\ngoldens: g.yaml\n";

}  // namespace

TEST_CASE("the flat text says the same again, to the letter") {
  const auto spec = parse_ok(rich);
  const std::string flat = print_yaml(spec);
  INFO(flat);
  const auto again = parse_ok(flat);
  CHECK(print_yaml(again) == flat);
  CHECK(spec_hash(again) == spec_hash(spec));
  CHECK(dsl_test::paths(again.layers) == dsl_test::paths(spec.layers));
  CHECK(again.about == spec.about);
  CHECK(again.heads[0].labels == "my labels.txt");
  CHECK(again.rename.size() == 2);
  CHECK(again.rename[1].more);
  CHECK(again.ignore.size() == 2);
}

TEST_CASE("a flat layer tells everything") {
  const std::string flat = print_yaml(parse_ok(network("  - {id: a, conv: {kernel: 3, out: 8, batch_norm: {}}}\n")));
  CHECK(flat.find("  - {id: a, conv: {kernel: [3, 3], out: 8, stride: [1, 1], pad: valid, dilation: [1, 1], groups: 1, "
                  "pre: none, "
                  "batch_norm: {eps: 0.001, gamma: true}, bias: false, activation: none}}\n") != std::string::npos);
}

TEST_CASE("the hash is of what is computed") {
  const auto hash = [](const std::string& text, const std::vector<std::string>& set = {}) {
    return spec_hash(parse_ok(text, set));
  };
  const std::string layers = "  - {id: a, conv: {kernel: 1, out: $n}}\n", params = "params: {n: 8}\n";
  const std::string base = hash(network(layers, params));
  CHECK(base.size() == 64);
  CHECK(hash(network("  - {id: a, conv: {out: 8, kernel: [1, 1], stride: 1}}\n")) == base);
  CHECK(hash(network(layers, params), {"n=8"}) == base);
  CHECK(hash(network(layers, params), {"n=9"}) != base);
  CHECK(hash(network(layers, params + "about: x\ngoldens: x.yaml\nexpect: {params: 3}\n")) == base);
  CHECK(hash(network("  - {id: a, conv: {kernel: 1, out: 8}, expect: {params: 32}}\n")) == base);
  CHECK(hash(network("  - {id: b, conv: {kernel: 1, out: 8}}\n")) != base);
  CHECK(hash(network(layers, params + "heads: {main: {from: input, labels: x.txt}}\n")) == base);
  CHECK(hash(network(layers, params + "heads: {main: {from: a}}\n")) != base);
  CHECK(hash(network(layers, params + "weights: {layout: hwio}\n")) != base);
}

TEST_CASE("where a param is overridden, figures that do not follow it are left out of the flat text") {
  const std::string text =
      network("  - {id: a, conv: {kernel: 1, out: $n}, expect: {out: [8, 8, $n], params: 32}}\n", "params: {n: 8}\n");
  const std::string plain = print_yaml(parse_ok(text)), overridden = print_yaml(parse_ok(text, {"n=9"}));
  CHECK(plain.find("expect: {out: [8, 8, 8], params: 32}") != std::string::npos);
  CHECK(overridden.find("expect: {out: [8, 8, 9]}") != std::string::npos);
  CHECK(print_yaml(parse_ok(overridden)) == overridden);
}
