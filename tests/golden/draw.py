#!/usr/bin/env python3
"""Pictures of the zoo, read as XML: names, shapes on arrows, and nothing that overlaps.

usage: draw.py PATH/TO/deeper, in the folder of the project
"""
import collections
import functools
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

try:
    from PIL import ImageFont

    FONTS = {kind: ImageFont.truetype(f"DejaVuSans{kind}.ttf", 11) for kind in ("", "-Bold")}
except (ImportError, OSError):
    FONTS = None

DEEPER = pathlib.Path(sys.argv[1]).resolve()
ZOO = pathlib.Path("dsl/networks")
SVG = "{http://www.w3.org/2000/svg}"

Rect = collections.namedtuple("Rect", "left top right bottom")
Text = collections.namedtuple("Text", "x y style text")


def run(*arguments, **options):
    return subprocess.run([DEEPER, *arguments], capture_output=True, text=True, check=True, timeout=60, **options).stdout


def contains(outer, inner):
    return outer.left <= inner.left and outer.top <= inner.top and inner.right <= outer.right and inner.bottom <= outer.bottom


def apart(one, other):
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


def segments(path):
    """The lines of a path of M, V and H, each as a flat rectangle."""
    x, y = 0, 0
    for letter, first, second in re.findall(r"([MVH])([-\d.]+)(?: ([-\d.]+))?", path):
        to = (float(first), float(second)) if letter == "M" else (x, float(first)) if letter == "V" else (float(first), y)
        if letter != "M":
            yield Rect(min(x, to[0]), min(y, to[1]), max(x, to[0]), max(y, to[1]))
        x, y = to


class Picture:
    def __init__(self, text):
        root = xml.fromstring(text)
        self.width, self.height = float(root.get("width")), float(root.get("height"))
        self.rects = [Rect(x, y, x + w, y + h) for x, y, w, h in self.numbers(root, "rect", "x", "y", "width", "height")]
        self.texts = [Text(float(t.get("x")), float(t.get("y")), t.get("class"), t.text or "") for t in root.iter(SVG + "text")]
        self.lines = [line for path in root.iter(SVG + "path") if path.get("class") for line in segments(path.get("d"))]

    @staticmethod
    def numbers(root, kind, *keys):
        for each in root.iter(SVG + kind):
            if each.get("x"):
                yield [float(each.get(key)) for key in keys]

    def box(self, title):
        """The smallest box around a title."""
        text = next(text for text in self.texts if text.style == "n" and text.text == title)
        around = [rect for rect in self.rects if contains(rect, Rect(text.x, text.y, text.x, text.y))]
        return min(around, key=lambda rect: (rect.right - rect.left) * (rect.bottom - rect.top))

    def between(self, above, below):
        """The shape on the arrow from one box down to another."""
        above, below = self.box(above), self.box(below)
        middle = (above.left + above.right) / 2
        return [t.text for t in self.texts if t.style == "s" and above.bottom < t.y < below.top and 0 < t.x - middle < 20]


def text_rect(text, font):
    width = font.getlength(text.text)
    left = text.x if text.style == "s" else text.x - width / 2
    return Rect(left, text.y - 8, left + width, text.y + 2)


@functools.lru_cache(maxsize=None)
def picture(name):
    return Picture(run("draw", ZOO / f"{name}.yaml"))


def networks():
    return [path.stem for path in sorted(ZOO.glob("*.yaml"))]


class Draw(unittest.TestCase):
    def test_boxes_are_inside_each_other_or_apart(self):
        for name in networks():
            rects = picture(name).rects
            for i, one in enumerate(rects):
                self.assertTrue(contains(Rect(0, 0, picture(name).width, picture(name).height), one), f"{name}: {one} leaves the picture")
                for other in rects[:i]:
                    self.assertTrue(apart(one, other) or contains(one, other) or contains(other, one), f"{name}: {one} and {other}")

    def test_names(self):
        for name in networks():
            shown = set()
            for text in picture(name).texts:
                first, _, last = re.sub(r" \(\d+ times\)$", "", text.text).partition(" ... ")
                shown.update(first.split(", "))
                stem, number = re.fullmatch(r"(.*?)(\d*)", last).groups()  # `a_1 ... a_4` stands for those between, too
                shown.update(f"{stem}{i}" for i in range(1, int(number or 0) + 1))
            for layer in json.loads(run("check", ZOO / f"{name}.yaml", "--json"))["layers"]:
                parts = [part for part in layer["path"].split("/") if part not in ("depthwise", "pointwise")]
                if layer["params"] > 0:
                    self.assertIn(parts[-1], shown, name)
                if len(parts) > 1 and not layer["path"].startswith("main/"):
                    self.assertTrue(parts[0] in shown or f"head {parts[0]}" in shown, f"{name}: {parts[0]}")

    def test_shapes_on_arrows(self):
        for name, above, below, shape in (
            ("googlenet", "conv1", "pool1", "112x112x64"),
            ("googlenet", "inception_3b", "pool3", "28x28x480"),
            ("inception_v4", "stem", "inception_a_1 ... inception_a_4 (4 times)", "35x35x384"),
            ("inception_v4", "conv1", "conv2", "149x149x32"),  # inside of a module
            ("xception", "conv1", "conv2", "149x149x32"),
        ):
            self.assertEqual(picture(name).between(above, below), [shape], f"{name}: {above} to {below}")

    @unittest.skipIf(FONTS is None, "needs python3-pil and the font DejaVu Sans to measure texts")
    def test_texts_fit(self):
        for name in networks():
            drawn = picture(name)
            for text in drawn.texts:
                if text.style == "h":
                    continue
                place = text_rect(text, FONTS["-Bold" if text.style == "n" else ""])
                for rect in drawn.rects:
                    self.assertTrue(contains(rect, place) or apart(rect, place), f"{name}: {text} crosses the edge of {rect}")
                for line in drawn.lines:
                    self.assertTrue(apart(line, place), f"{name}: {text} is crossed by a line")

    def test_many_layers_in_time(self):
        with tempfile.TemporaryDirectory() as folder:
            spec = pathlib.Path(folder) / "net.yaml"
            spec.write_text("deeper: 1\nname: net\ninput: {shape: [4, 4, 8]}\nlayers: [{id: a, repeat: 5000, conv: {kernel: 1, out: 8}}]\nheads: {main: {from: a_5000}}\n")
            start = time.monotonic()
            drawn = Picture(run("draw", spec))
            self.assertLess(time.monotonic() - start, 20)
            self.assertEqual(sum(text.style == "n" and text.text.startswith("a_") for text in drawn.texts), 5000)

    def test_what_reads_something_else_has_no_arrow_from_its_neighbour(self):
        with tempfile.TemporaryDirectory() as folder:
            spec = pathlib.Path(folder) / "net.yaml"
            spec.write_text("""deeper: 1
name: net
input: {shape: [4, 4, 8]}
layers:
  - {id: a, conv: {kernel: 1, out: 8}}
  - {id: b, conv: {kernel: 1, out: 5}}
  - {id: c, in: a, conv: {kernel: 1, out: 6}}
heads: {main: {from: c}, side: {from: b}}
""")
            drawn = Picture(run("draw", spec))
            self.assertEqual(drawn.between("a", "b"), ["4x4x8"])
            self.assertEqual(drawn.between("b", "c"), [])
            self.assertIn("reads a", [text.text for text in drawn.texts])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
