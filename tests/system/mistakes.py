"""Mistakes made on purpose: `golden check` names the layer with its line, and what is wrong with it.

Held against goldens that deeper recorded, and against activations of PyTorch (`--reference`) that were recorded with the mistake
already made, so that only values can tell.
"""
import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import support
import numpy as np

SPEC = """deeper: 1
name: mistakes
input:
  shape: [12, 12, 3]
  preprocess: {resize: [12, 12], filter: bilinear, channels: rgb, mean: [120, 110, 100], scale: 0.02}
blocks:
  half:
    residual: {shortcut: [], scale: 0.5, activation: relu}
    layers: [{id: up, conv: {kernel: 3, pad: same, out: 8}}]
layers:
  - {id: stem, conv: {kernel: 3, pad: 1, out: 8, batch_norm: {eps: 1.0e-3}, activation: relu}}
  - {id: norm, lrn: {size: 5, alpha: 0.5, beta: 0.75, k: 1}}
  - {id: bn, batch_norm: {eps: 1.0e-3}}
  - {id: wide, conv: {kernel: 3, pad: 2, dilation: 2, out: 8, activation: relu6}}
  - {id: sep, separable_conv: {kernel: 3, pad: same, out: 8, pre: none, activation: none}}
  - {id: sep2, separable_conv: {kernel: 3, pad: same, out: 8, pre: relu, activation: none}}
  - {id: pool, max_pool: {kernel: 3, stride: 2, rounding: ceil}}
  - id: mix
    branches:
      a: [{id: a, conv: {kernel: 1, out: 8, activation: relu}}]
      b: [{id: b, conv: {kernel: 3, pad: same, out: 8, activation: relu}}]
      c: [{average_pool: {kernel: 3, stride: 1, pad: same}}, {id: proj, conv: {kernel: 1, out: 8, activation: relu}}]
  - {id: squeeze, conv: {kernel: 1, out: 8}}
  - {id: res, use: half}
  - {id: down1, conv: {kernel: 1, stride: 2, out: 8, activation: relu}}
  - {id: down2, conv: {kernel: 3, pad: 1, out: 4, activation: relu}}
  - {id: shrink, average_pool: {kernel: 2, stride: 1}}
heads:
  main: {from: shrink, layers: [{id: classifier, dense: {out: 10, flatten: chw}}, {softmax: {}}]}
"""

# Kernels that fit whichever layout they are read in.
SQUARE = """deeper: 1
name: square
input: {shape: [8, 8, 3]}
layers:
  - {id: conv, conv: {kernel: 3, pad: same, out: 3, activation: relu}}
  - {global_pool: {kind: average}}
heads:
  main: {from: conv, layers: []}
weights: {layout: oihw}
"""


def made_up_weights():
    rng, tensors = np.random.default_rng(3), {}

    def conv(path, out, channels, kernel, bias=True):
        scale = np.sqrt(2 / (channels * kernel * kernel))
        tensors[path + "/weight"] = (rng.standard_normal((out, channels, kernel, kernel)) * scale).astype(np.float32)
        if bias:
            tensors[path + "/bias"] = (rng.standard_normal(out) * 0.1).astype(np.float32)

    def norm(path, channels):
        for name, least in (("gamma", 0.5), ("beta", 0), ("mean", 0), ("var", 0.5)):
            tensors[f"{path}/{name}"] = (least + rng.random(channels) * 0.5).astype(np.float32)

    conv("stem", 8, 3, 3, False)
    norm("stem/bn", 8)
    norm("bn", 8)
    conv("wide", 8, 8, 3)
    tensors["wide/weight"] *= 3  # beyond what relu6 lets through
    for path in ("sep", "sep2"):
        conv(path + "/depthwise", 8, 1, 3, False)
        conv(path + "/pointwise", 8, 8, 1)
    for path, out, channels, kernel in (("a", 8, 8, 1), ("b", 8, 8, 3), ("proj", 8, 8, 1), ("squeeze", 8, 24, 1), ("res/up", 8, 8, 3), ("down1", 8, 8, 1), ("down2", 4, 8, 3)):
        conv(path, out, channels, kernel)
    tensors["main/classifier/weight"] = (rng.standard_normal((10, 16)) * 0.3).astype(np.float32)
    tensors["main/classifier/bias"] = (rng.standard_normal(10) * 0.1).astype(np.float32)
    return tensors


def exchanged(tensors, one, other):
    return {**tensors, one: tensors[other], other: tensors[one]}


def changed(tensors, path, change):
    return {**tensors, path: np.ascontiguousarray(change(tensors[path]))}


@dataclasses.dataclass(frozen=True)
class Mistake:
    name: str
    step: str  # that is to be named
    line: str  # what stands in the line that is to be named
    reason: str  # a pattern that the reasons are to match, for goldens that deeper recorded
    spec: tuple = ()  # text and what replaces it
    weights: object = None  # tensors -> tensors
    by_values: str = ""  # a pattern for what another engine's values alone tell; "" where they tell no more than the layer


MISTAKES = [
    Mistake("mean", "input", "mean:", r"preprocess.mean is \[100, 110, 120\], was \[120, 110, 100\]", ("[120, 110, 100]", "[100, 110, 120]"), by_values=r"its own shift \(bias, mean\)"),
    Mistake("scale", "input", "scale: 0.0", r"preprocess.scale is", ("scale: 0.02", "scale: 0.00784"), by_values="every value is 0.392 times"),
    Mistake("channel order", "input", "channels: bgr", "preprocess.channels is bgr, was rgb", ("channels: rgb", "channels: bgr"), by_values="RGB and BGR are exchanged"),
    Mistake("filter", "input", "filter: nearest", "preprocess.filter is nearest, was bilinear", ("filter: bilinear", "filter: nearest")),
    Mistake("eps", "stem", "id: stem", "batch_norm.eps is 0.1, was 0.001", ("id: stem, conv: {kernel: 3, pad: 1, out: 8, batch_norm: {eps: 1.0e-3}", "id: stem, conv: {kernel: 3, pad: 1, out: 8, batch_norm: {eps: 0.1}"), by_values="its own scale and shift"),
    Mistake("gamma and beta", "stem", "id: stem", "`stem/bn/gamma` and `stem/bn/beta` are exchanged", weights=lambda t: exchanged(t, "stem/bn/gamma", "stem/bn/beta"), by_values="its own scale and shift"),
    Mistake("reversed input channels of the stem", "stem", "id: stem", "its input channels are in reverse order", weights=lambda t: changed(t, "stem/weight", lambda w: w[:, ::-1])),
    Mistake("LRN mode", "norm", "id: norm", "alpha_mode is per_element, was per_window", ("k: 1}", "k: 1, alpha_mode: per_element}")),
    Mistake("norm's mean and variance", "bn", "id: bn", "`bn/mean` and `bn/var` are exchanged", weights=lambda t: exchanged(t, "bn/mean", "bn/var"), by_values="its own scale and shift"),
    Mistake("dilation and pad", "wide", "id: wide", r"dilation is \[1, 1\], was \[2, 2\]", ("pad: 2, dilation: 2", "pad: 1, dilation: 1")),
    Mistake("transposed weight", "wide", "id: wide", r"inputs and outputs are exchanged \(transposed\)", weights=lambda t: changed(t, "wide/weight", lambda w: w.transpose(1, 0, 2, 3))),
    Mistake("activation", "wide", "id: wide", "activation is relu, was relu6", ("relu6", "relu"), by_values="values above 6 are kept"),
    Mistake("flipped depthwise", "sep/depthwise", "id: sep,", "its kernels are turned by 180 degrees", weights=lambda t: changed(t, "sep/depthwise/weight", lambda w: w[:, :, ::-1, ::-1])),
    Mistake("pad", "sep/depthwise", "id: sep,", r"pad is \[0, 0, 2, 2\], was same", ("id: sep, separable_conv: {kernel: 3, pad: same", "id: sep, separable_conv: {kernel: 3, pad: [0, 0, 2, 2]"), by_values="shifted by one pixel"),
    Mistake("pre", "sep2/depthwise", "id: sep2", "pre is none, was relu", ("pre: relu", "pre: none")),
    Mistake("pool rounding", "pool", "id: pool", "rounding is floor, was ceil", ("rounding: ceil", "rounding: floor"), by_values="it is 5x5x8, was 6x6x8"),
    Mistake("exchanged weights", "a", "a: [", "`a/weight` and `proj/weight` are exchanged", weights=lambda t: exchanged(t, "a/weight", "proj/weight")),
    Mistake("average counts its padding", "proj", "average_pool", "average is include_pad, was exclude_pad", ("average_pool: {kernel: 3, stride: 1, pad: same}", "average_pool: {kernel: 3, stride: 1, pad: same, average: include_pad}"), by_values="only the map's border"),
    Mistake("exchanged branches", "mix", "branches:", "its branches are c, b, a, were a, b, c", ("      a: [{id: a, conv: {kernel: 1, out: 8, activation: relu}}]\n", ""), by_values="the same channels in another order"),
    Mistake("bias", "squeeze", "id: squeeze", "`squeeze/bias` changed: every value is 0", weights=lambda t: changed(t, "squeeze/bias", lambda b: b * 0), by_values=r"its own shift \(bias, mean\)"),
    Mistake("residual scale", "res", "residual:", "residual.scale is 1, was 0.5", ("scale: 0.5", "scale: 1")),
    Mistake("stride", "down1", "id: down1", r"stride is \[1, 1\], was \[2, 2\]", ("down1, conv: {kernel: 1, stride: 2,", "down1, conv: {kernel: 1,"), by_values="it is 6x6x8, was 3x3x8"),
    Mistake("flatten order", "main/classifier", "id: classifier", "flatten is hwc, was chw", ("flatten: chw", "flatten: hwc")),
    Mistake("flatten order of the file", "main/classifier", "id: classifier", "its columns are those of `flatten: hwc`, read as chw",
            weights=lambda t: changed(t, "main/classifier/weight", lambda w: w.reshape(10, 4, 2, 2).transpose(0, 2, 3, 1).reshape(10, 16))),
]
assert len(MISTAKES) >= 20


def mistaken_spec(mistake):
    if not mistake.spec:
        return SPEC
    before, after = mistake.spec
    assert SPEC.count(before) == 1, mistake.name
    text = SPEC.replace(before, after)
    if mistake.name == "exchanged branches":  # the first and the last
        lines = text.splitlines(True)
        at = next(i for i, line in enumerate(lines) if line.startswith("      c: ["))
        lines[at - 1 : at + 1] = [lines[at], lines[at - 1], before]
        return "".join(lines)
    if mistake.name == "stride":  # on the second convolution instead
        text = text.replace("down2, conv: {kernel: 3, pad: 1,", "down2, conv: {kernel: 3, pad: 1, stride: 2,")
    return text


class Made(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.picture = cls.folder / "picture.ppm"
        pixels = np.random.default_rng(1).integers(0, 256, (16, 20, 3)).astype(np.uint8)
        cls.picture.write_bytes(b"P6 20 16 255\n" + pixels.tobytes())
        cls.tensors = made_up_weights()
        cls.spec, cls.weights = cls.folder / "right.yaml", cls.folder / "right.safetensors"
        cls.spec.write_text(SPEC)
        support.write_safetensors(cls.weights, cls.tensors)

    @classmethod
    def golden(cls, what, *arguments, status=0):
        environment = {**support.with_compiler_cache(), "XDG_CACHE_HOME": str(support.CACHE / "golden-cache")}
        return support.run(support.DEEPER, "golden", what, *arguments, status=status, env=environment)

    def make(self, mistake):
        """The mistake's spec and weights."""
        spec, weights = self.folder / "mistaken.yaml", self.folder / "mistaken.safetensors"
        spec.write_text(mistaken_spec(mistake))
        support.write_safetensors(weights, mistake.weights(self.tensors) if mistake.weights else self.tensors)
        return spec, weights

    def check(self, spec, weights, goldens):
        """The only golden's entry of --json, and the same as text."""
        arguments = (spec, "--weights", weights, "--goldens", goldens)
        entry = json.loads(self.golden("check", *arguments, "--json", status=4).out)["goldens"][0]
        text = self.golden("check", *arguments, status=4).err
        self.assertIn(f"`{entry['first_step']['path']}`", text)
        for reason in entry["reasons"]:
            self.assertIn(reason, text)
        return entry, text

    def line_of(self, spec, part):
        return next(i for i, line in enumerate(spec.read_text().splitlines(), 1) if part in line)

    def check_place(self, entry, mistake, spec):
        first = entry["first_step"]
        self.assertEqual(first["path"], mistake.step)
        self.assertEqual(pathlib.Path(first["file"]), spec)
        self.assertEqual(first["line"], self.line_of(spec, mistake.line))


class Recorded(Made):
    """Against what deeper recorded: layer, line and reason of every mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.golden("record", cls.spec, "--weights", cls.weights, "-o", cls.folder / "goldens", cls.picture)
        cls.goldens = cls.folder / "goldens/mistakes.goldens.yaml"

    def test_every_mistake(self):
        for mistake in MISTAKES:
            with self.subTest(mistake.name):
                spec, weights = self.make(mistake)
                entry, text = self.check(spec, weights, self.goldens)
                self.check_place(entry, mistake, spec)
                self.assertRegex("\n".join(entry["reasons"]), mistake.reason)
                self.assertEqual(entry["bits_differ_from"], mistake.step)
                self.assertIn(f"bits differ from `{mistake.step}` on", text)

    def test_every_step_is_recorded(self):
        text = self.goldens.read_text()
        for step in ("input", "sep/depthwise", "sep+sep2/pre", "sep2/depthwise", "proj/unpooled", "mix", "res", "main/softmax"):
            self.assertIn(f"path: '{step}'", text)

    def test_layout(self):
        spec, weights, x = self.folder / "square.yaml", self.folder / "square.safetensors", self.folder / "x.npy"
        rng = np.random.default_rng(5)
        support.write_safetensors(weights, {"conv/weight": rng.standard_normal((3, 3, 3, 3)).astype(np.float32), "conv/bias": np.ones(3, np.float32)})
        np.save(x, support.images(2, 8, 8, 3))
        spec.write_text(SQUARE.replace("  - {global_pool: {kind: average}}\n", ""))
        self.golden("record", spec, "--weights", weights, "-o", self.folder / "square", x)
        spec.write_text(spec.read_text().replace("layout: oihw", "layout: hwio"))
        entry, text = self.check(spec, weights, self.folder / "square/square.goldens.yaml")
        self.assertEqual(entry["first_step"]["path"], "conv")
        self.assertEqual(entry["first_step"]["line"], self.line_of(spec, "layout:"))
        self.assertRegex("\n".join(entry["reasons"]), "layout is hwio, was oihw")
        self.assertIn("it lies in the order", text)


class FromAnotherEngine(Made):
    """Against PyTorch's values, recorded with the mistaken network: the layer and its line; the reason where values tell it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        support.need_torch()
        if support.run("/usr/bin/python3", "-c", "import PIL", status=None).returncode != 0:
            raise unittest.SkipTest("no Pillow (Debian: python3-pil)")
        cls.reference = cls.folder / "torch.npz"
        support.run("/usr/bin/python3", support.HERE / "mistakes_torch.py", cls.weights, cls.picture, cls.reference)

    def record(self, spec, weights, name):
        folder = self.folder / name
        done = self.golden("record", spec, "--weights", weights, "-o", folder, "--reference", self.reference, self.picture)
        self.assertIn("`average_pool` is passed over", done.err)
        return folder / "mistakes.goldens.yaml"

    def test_the_right_network_agrees(self):
        goldens = self.record(self.spec, self.weights, "right")
        done = self.golden("check", self.spec, "--weights", self.weights, "--goldens", goldens, "--json")
        self.assertEqual(json.loads(done.out)["passed"], 1)

    def test_every_mistake(self):
        for number, mistake in enumerate(MISTAKES):
            with self.subTest(mistake.name):
                spec, weights = self.make(mistake)
                if mistake.by_values.startswith("it is"):  # values of another shape are refused at once
                    done = self.golden("record", spec, "--weights", weights, "-o", self.folder / "never", "--reference", self.reference, self.picture, status=1)
                    self.assertIn(f"`{mistake.step}` is 1x", done.err)
                    goldens = self.record(self.spec, self.weights, str(number))
                else:
                    goldens = self.record(spec, weights, str(number))
                entry, text = self.check(spec, weights, goldens)
                self.check_place(entry, mistake, spec)
                self.assertIn("differs from the reference", text)
                if mistake.by_values:
                    self.assertRegex("\n".join(entry["reasons"]), mistake.by_values)
                if mistake.step in ("stem", "norm", "wide", "pool", "mix", "squeeze"):
                    self.assertIn(f"here `{mistake.step}` is ", text)


if __name__ == "__main__":
    support.main()
