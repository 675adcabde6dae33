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


TRUNK = """deeper: 1
name: net
input: {shape: [8, 8, 4]}
layers:
  - {id: a, conv: {kernel: 1, out: 8}}
  - {id: c, branches: {x: [{conv: {kernel: 1, out: 5}}], y: [{conv: {kernel: 3, pad: same, out: 6}}]}}
heads:
"""


def drawn_text(spec):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "net.yaml"
        path.write_text(spec)
        return run("draw", path)


def networks():
    return [path.stem for path in sorted(ZOO.glob("*.yaml"))]


class Draw(unittest.TestCase):
    def boxes_fit(self, drawn, name):
        for i, one in enumerate(drawn.rects):
            self.assertTrue(contains(Rect(0, 0, drawn.width, drawn.height), one), f"{name}: {one} leaves the picture")
            for other in drawn.rects[:i]:
                self.assertTrue(apart(one, other) or contains(one, other) or contains(other, one), f"{name}: {one} and {other}")

    def test_boxes_are_inside_each_other_or_apart(self):
        for name in networks():
            self.boxes_fit(picture(name), name)

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

    def test_heads(self):
        """Of one tensor: side by side, each with an arrow from the trunk; of another layer: by themselves, saying which."""
        inner = {"plain": "", "deep": ", layers: [{global_pool: {kind: max}}, {id: fc, dense: {out: 3}}, {softmax: {}}]",
                 "fork": ", layers: [{branches: {x: [{conv: {kernel: 1, out: 6}}], y: [{id: yy, conv: {kernel: 1, out: 6}}, {id: z, conv: {kernel: 1, out: 6}}]}}]",
                 "wide": ", layers: [{id: a_rather_long_name_of_a_layer_that_needs_its_room, conv: {kernel: 1, out: 6}}]"}
        cases = [{"h0": "c deep"}, {"h0": "c deep", "h1": "c wide"}, {"h0": "c plain", "h1": "c plain"}, {"h0": "a fork", "h1": "c deep"},
                 {"h0": "a deep", "h1": "a wide"}, {"h0": "c fork", "o1": "c deep", "h2": "c plain", "o3": "a wide", "h4": "input deep"},
                 {f"h{i}": "c deep" for i in range(7)}, {"h0": "y deep", "h1": "c deep", "o2": "y plain"}]
        for heads in cases:
            with self.subTest(heads=heads):
                lines = [f"  {name}: {{from: {where.split()[0]}{', optional: true' * (name[0] == 'o')}{inner[where.split()[1]]}}}\n" for name, where in heads.items()]
                drawn = Picture(drawn_text(TRUNK + "".join(lines)))
                self.boxes_fit(drawn, heads)
                self.heads_hang_where_they_belong(drawn, heads)

    def heads_hang_where_they_belong(self, drawn, heads):
        at_the_end = []
        for name, where in heads.items():
            title = next(t.text for t in drawn.texts if t.text == f"head {name}" or t.text.startswith(f"head {name}, "))
            box = drawn.box(title)
            arrows = [line for line in drawn.lines if line.bottom == box.top and line.top < line.bottom and box.left < line.left < box.right]
            if where.split()[0] == "c":
                at_the_end.append(box)
                self.assertEqual((title, len(arrows)), (f"head {name}", 1))
            else:
                self.assertRegex(title, f"from {where.split()[0]} 8x8x[0-9]+$")
                self.assertEqual(arrows, [])
            below = [line for line in drawn.lines if abs(line.top - box.bottom) < 0.2 and line.bottom > line.top and box.left < line.left < box.right]
            self.assertEqual(below, [], f"{name} leads to something")
        self.assertEqual(len({box.top for box in at_the_end}), min(len(at_the_end), 1))

    def test_the_title_counts_the_heads_that_were_asked_for(self):
        def title(*arguments):
            return next(t.text for t in Picture(run("draw", ZOO / "googlenet.yaml", *arguments)).texts if t.style == "h")

        rows = json.loads(run("check", ZOO / "googlenet.yaml", "--head", "aux1", "--head", "aux2", "--json"))["layers"]
        params = {head: sum(row["params"] for row in rows if row["path"].startswith(head + "/")) for head in ("aux1", "aux2")}
        trunk = sum(row["params"] for row in rows) - sum(params.values())
        self.assertRegex(title(), f"^googlenet: {trunk:,} parameters, .*, without optional heads$")
        self.assertRegex(title("--head", "aux2"), f"^googlenet with aux2: {trunk + params['aux2']:,} parameters, .*, without the other heads$")
        both = f"{trunk + sum(params.values()):,} parameters"
        self.assertRegex(title("--head", "aux2", "--head", "aux1"), f"^googlenet with aux1, aux2: {both}, [0-9,]+ multiply-adds$")
        self.assertEqual(title("--head", "main"), title())

    def test_what_looks_the_same_is_one_box_only_in_a_row(self):
        block = "{id: %s,%s branches: {x: [{id: %s, conv: {kernel: 1, out: 6}}], y: [{id: %s, conv: {kernel: 1, out: 6}}]}}"
        layers = [block % ("b", "", "b1", "b2"), block % ("d", " in: a,", "d1", "d2"), block % ("e", " in: a,", "e1", "e2")]
        drawn = Picture(drawn_text(TRUNK.replace("heads:", "  - " + "\n  - ".join(layers) + "\nheads:") + "  main: {from: e}\n"))
        shown = [t.text for t in drawn.texts if t.style == "n"]
        for name in ("d, reads a", "e, reads a"):
            self.assertIn(name, shown)

    def test_alpha_is_the_one_that_was_written(self):
        self.assertIn("lrn size 5 alpha 1.0e-4 beta 0.75 k 1", [t.text for t in picture("googlenet").texts])
        spec = TRUNK.replace("heads:", "  - {id: n, lrn: {size: 3, alpha: 0.25, alpha_mode: per_element}}\nheads:") + "  main: {from: n}\n"
        self.assertIn("lrn size 3 alpha 0.25 per element beta 0.75 k 1", [t.text for t in Picture(drawn_text(spec)).texts])

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
        layers = "  - {id: b, in: a, conv: {kernel: 1, out: 5}}\n  - {id: d, in: a, conv: {kernel: 1, out: 6}}\nheads:"
        drawn = Picture(drawn_text(TRUNK.replace("heads:", layers) + "  main: {from: d}\n  side: {from: b}\n"))
        self.assertEqual(drawn.between("a", "c"), ["8x8x8"])
        self.assertEqual(drawn.between("b", "d"), [])
        self.assertIn("reads a", [text.text for text in drawn.texts])


if __name__ == "__main__":
    result = unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2, exit=False).result
    for case, reason in result.skipped:
        print(f"SKIPPED {case}: {reason}")
    sys.exit(not result.wasSuccessful())
