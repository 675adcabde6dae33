"""The zoo's layers against public tables of the published models, and all totals against the list of verified facts.

The tables are no part of this repository: ../shared/facts, or the folder that DEEPER_FACTS names; without them this skips. The
totals stand as `expect` in the networks too, which `deeper check` holds every time.
"""
import collections
import csv
import functools
import json
import os
import pathlib
import re
import unittest

import support

FACTS = pathlib.Path(os.environ.get("DEEPER_FACTS", support.ROOT / "../shared/facts"))
CONVOLUTIONS = {"conv", "separable_conv"}  # words of `check`; a separable convolution has two rows
COUNTED = {"Conv", "Convolution", "Linear", "InnerProduct"}
NORMS = {"BN", "Scale"}  # a `BatchNorm` row of a Caffe table holds moving statistics, which nobody counts

# Tables by network, with what `check` is asked for. Where a source differs from ours, it is in layers that have no weights:
# - soeaver's inception-v2 takes 231x231 pixels, not 224, and averages where slim's last module takes the maximum;
# - soeaver's inception-v3 takes the maximum in the last module, everybody else's averages;
# - Cadene's xception pads the strided pools by one on every side; soeaver's and ours do so only where TensorFlow's `same` does.
TABLES = [
    ("googlenet", "googlenet_deploy", [], []),
    ("googlenet", "googlenet_train_val", [], ["aux1", "aux2"]),
    ("googlenet_bn", "soeaver_inception-v1-tf", [], []),
    ("bn_inception", "cadene_bninception", [], []),
    ("inception_v2", "soeaver_inception-v2", ["size=231"], []),
    ("inception_v3", "soeaver_inception-v3", [], []),
    ("inception_v4", "soeaver_inception-v4", [], []),
    ("inception_v4", "cadene_inceptionv4", [], []),
    ("inception_resnet_v1", "facenet_inceptionresnetv1", [], []),
    ("inception_resnet_v2", "soeaver_inception-resnet-v2", [], []),
    ("inception_resnet_v2", "cadene_inceptionresnetv2", [], []),
    ("xception", "soeaver_xception", [], []),
    ("xception", "cadene_xception", [], []),
]

# (key of expected.json, figure, network, settings, heads, figure of `check`)
TOTALS = [
    ("googlenet_v1_caffe_224", "params_no_aux", "googlenet", [], [], "params"),
    ("googlenet_v1_caffe_224", "params_with_2_aux", "googlenet", [], ["aux1", "aux2"], "params"),
    ("googlenet_v1_caffe_224", "weights_no_aux", "googlenet", [], [], "weights"),
    ("googlenet_v1_caffe_224", "biases_no_aux", "googlenet", [], [], "biases"),
    ("googlenet_v1_caffe_224", "convs", "googlenet", [], [], "convs"),
    ("googlenet_v1_caffe_224", "macs_no_aux", "googlenet", [], [], "macs"),
    ("googlenet_v1_caffe_224", "macs", "googlenet", [], [], "macs"),
    ("googlenet_v1_bn_torchvision_224(5x5->3x3)", "params_no_aux", "googlenet_bn", [], [], "params"),
    ("googlenet_v1_bn_torchvision_224(5x5->3x3)", "macs", "googlenet_bn", [], [], "macs"),
    ("bn_inception_caffe/Cadene_224", "params", "bn_inception", [], [], "params"),
    ("bn_inception_caffe/Cadene_224", "macs", "bn_inception", [], [], "macs"),
    ("inception_v2_slim_like_224", "params", "inception_v2", [], [], "params"),
    ("inception_v2_slim_like_224", "macs", "inception_v2", ["size=231"], [], "macs"),  # the source's pixels, whatever its key says
    ("inception_v3_299", "params_gamma_beta", "inception_v3", [], [], "params"),
    ("inception_v3_299", "params_keras_total", "inception_v3", ["gamma=false"], [], "keras_total"),
    ("inception_v3_299", "params_with_aux_torchvision", "inception_v3", [], ["aux"], "params"),
    ("inception_v3_299", "macs", "inception_v3", [], [], "macs"),
    ("inception_v3_299", "convs", "inception_v3", [], [], "convs"),
    ("inception_v4_299", "params", "inception_v4", [], [], "params"),
    ("inception_v4_299", "convs", "inception_v4", [], [], "convs"),
    ("inception_v4_299", "macs", "inception_v4", [], [], "macs"),
    ("inception_resnet_v2_299", "params", "inception_resnet_v2", [], [], "params"),
    ("inception_resnet_v2_299", "params_keras_total", "inception_resnet_v2", ["gamma=false"], [], "keras_total"),
    ("inception_resnet_v2_299", "convs", "inception_resnet_v2", [], [], "convs"),
    ("inception_resnet_v2_299", "macs", "inception_resnet_v2", [], [], "macs"),
    ("inception_resnet_v1_facenet_160", "params", "inception_resnet_v1", [], [], "params"),
    ("inception_resnet_v1_facenet_160", "macs", "inception_resnet_v1", [], [], "macs"),
    ("xception_299", "params", "xception", [], [], "params"),
    ("xception_299", "params_keras_total", "xception", [], [], "keras_total"),
    ("xception_299", "convs", "xception", [], [], "convs"),
    ("xception_299", "macs", "xception", [], [], "macs"),
    ("others_params", "mini_xception_64x64x1_7classes", "mini_xception", [], [], "params"),
    ("others_params", "meso_inception4", "meso_inception4", [], [], "params"),
    ("others_params", "alexnet_grouped", "alexnet", [], [], "params"),
    ("others_params", "network_in_network_imagenet", "network_in_network", [], [], "params"),
    ("others_params", "squeezenet_v1_1", "squeezenet", [], [], "params"),
]


@functools.lru_cache(maxsize=None)
def checked(network, settings=(), heads=()):
    """What `deeper check` says, optional heads included in the layers only."""
    arguments = [part for pair in settings for part in ("--set", pair)] + [part for head in heads for part in ("--head", head)]
    return json.loads(support.run(support.DEEPER, "check", support.ZOO / f"{network}.yaml", "--json", *arguments).out)


def figure(what, network, settings, heads):
    layers = checked(network, settings, heads)["layers"]
    convolutions = [layer for layer in layers if layer["op"] in CONVOLUTIONS]
    counted = convolutions + [layer for layer in layers if layer["op"] == "dense"]
    params = sum(layer["params"] for layer in layers)
    biases = sum(layer["out"][2] for layer in counted)  # of a network without batch norm
    if what == "keras_total":  # Keras counts moving means and variances too, two numbers for each that a gamma has
        gammas = checked(network, ("gamma=true",))["params"] - checked(network, ("gamma=false",))["params"]
        return params + 2 * gammas
    return {"params": params, "macs": sum(layer["macs"] for layer in layers), "convs": len(convolutions), "biases": biases,
            "weights": params - biases}[what]


def size_of(text, batched):
    """(height, width, channels) of "64x112x112", of "1x64x112x112" where it begins with a batch, of "1000"."""
    numbers = [int(part) for part in text.split("x")][batched:]
    channels, height, width = numbers + [1] * (3 - len(numbers))
    return height, width, channels


def rows_of(table):
    """(output, parameters, multiply-adds) of every convolution and dense layer, its norm's parameters with it."""
    rows = []
    with open(table, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["type"] in COUNTED:
                rows.append([size_of(row["out"], "name" not in row), int(row["params"]), int(row["macs"])])
            elif row["type"] in NORMS:
                rows[-1][1] += int(row["params"])
    return collections.Counter(map(tuple, rows))


def input_shape(network):
    """As `deeper expand` prints it."""
    flat = support.run(support.DEEPER, "expand", support.ZOO / f"{network}.yaml").out
    return re.search(r"shape: \[(\d+), (\d+), (\d+)\]", flat).groups()


class Facts(unittest.TestCase):
    def setUp(self):
        if not (FACTS / "expected.json").exists():
            raise unittest.SkipTest("no expected.json in ../shared/facts, nor in the folder DEEPER_FACTS names")

    def test_every_layer(self):
        for network, table, settings, heads in TABLES:
            with self.subTest(network=network, table=table):
                theirs = rows_of(FACTS / f"nets/{table}.tsv")
                layers = checked(network, tuple(settings), tuple(heads))["layers"]
                ours = collections.Counter((tuple(layer["out"]), layer["params"], layer["macs"])
                                           for layer in layers if layer["op"] in CONVOLUTIONS | {"dense"})
                self.assertGreater(sum(theirs.values()), 50)
                self.assertEqual(ours - theirs, collections.Counter(), "rows that the table does not have")
                self.assertEqual(theirs - ours, collections.Counter(), "rows that only the table has")

    def test_every_total(self):
        expected = json.loads((FACTS / "expected.json").read_text(encoding="utf-8"))
        for key, name, network, settings, heads, what in TOTALS:
            with self.subTest(key=key, figure=name):
                self.assertEqual(figure(what, network, tuple(settings), tuple(heads)), expected[key][name])

    def test_no_total_is_forgotten(self):
        expected = json.loads((FACTS / "expected.json").read_text(encoding="utf-8"))
        listed = {(key, name) for key, figures in expected.items() for name in figures if name != "note"}
        self.assertEqual(listed, {(key, name) for key, name, *_ in TOTALS})


class Zoo(unittest.TestCase):
    """Without any tables: each network holds to what it says of itself, the optional heads too."""

    def test_every_network_passes_its_own_expectations(self):
        networks = sorted(support.ZOO.glob("*.yaml"))
        self.assertGreaterEqual(len(networks), 18)
        for spec in networks:
            with self.subTest(network=spec.stem):
                self.assertEqual(checked(spec.stem)["network"], spec.stem)
                self.assertIn("expect: {params:", spec.read_text(encoding="utf-8"), "a total for the whole network")

    def test_optional_heads_pass_theirs(self):
        for network, heads in (("googlenet", ("aux1", "aux2")), ("inception_v3", ("aux",)), ("inception_resnet_v1", ("raw", "classifier"))):
            with self.subTest(network=network):
                checked(network, (), heads)

    def test_the_table_of_the_zoo_tells_the_truth(self):
        lines = (support.ZOO / "README.md").read_text(encoding="utf-8").splitlines()
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
        rows = [row for row in cells if len(row) == 6]  # zoo_sources.py holds the table with five columns
        self.assertEqual({row[0].strip("`") for row in rows}, {spec.stem for spec in support.ZOO.glob("*.yaml")})
        for name, _source, shape, params, macs, names in rows:
            with self.subTest(network=name):
                spec = (support.ZOO / f"{name.strip('`')}.yaml").read_text(encoding="utf-8")
                totals = checked(name.strip("`"))
                self.assertEqual([int(params), int(macs)], [totals["params"], totals["macs"]])
                declared = re.findall(r"^  (\w+):", spec.split("\nparams:")[1].split("\n\n")[0], re.M) if "\nparams:" in spec else []
                self.assertEqual(set(filter(None, names.split(", "))), set(declared) - {"size", "classes"})
                self.assertEqual(tuple(shape.split("x")), input_shape(name.strip("`")))

    def test_inception_v4_fits_a_page(self):
        """The language is for reading: a network of 149 convolutions in 150 lines, blocks included."""
        text = (support.ZOO / "inception_v4.yaml").read_text(encoding="utf-8")
        includes = text.split("include: [")[1].split("]")[0].split(", ")
        lines = text.count("\n") + sum((support.ZOO / name).read_text(encoding="utf-8").count("\n") for name in includes)
        self.assertLessEqual(lines, 150)


if __name__ == "__main__":
    support.main()
