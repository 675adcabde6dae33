"""What is generated for each network of the zoo: lines, arena and weights as dsl/networks/README.md says, and within bounds.

usage: zoo_sources.py PATH/TO/deeper CACHE [--print]
  --print builds all of them, one after the other, and prints the table's rows with the seconds of processor time; not a test
"""
import json
import pathlib
import re
import resource
import sys
import tempfile
import unittest

import support

TARGET = "x86-64-v4"
PAGE = support.ZOO / "README.md"
MOST_LINES = 6000
ROW = re.compile(r"^\| `(\w+)` \| ([\d,]+) \| [\d.]+ \| ([\d,]+) \| ([\d,]+) \|$", re.M)


def number(text):
    return int(text.replace(",", ""))


def generate(spec, folder, *options):
    """Lines of NAME.cpp, bytes of the arena with one thread, bytes of the weights."""
    support.run(support.DEEPER, "build", spec, "--weights", "random:1", "--target", TARGET, *options, "-o", folder, timeout=900)
    manifest = json.loads((folder / "manifest.json").read_text())
    lines = (folder / f"{spec.stem}.cpp").read_text().count("\n")
    return lines, manifest["arena_bytes"], manifest["weights_bytes"]


class Sources(unittest.TestCase):
    def test_table(self):
        rows = {name: tuple(number(text) for text in rest) for name, *rest in ROW.findall(PAGE.read_text())}
        specs = sorted(support.ZOO.glob("*.yaml"))
        self.assertEqual(sorted(rows), [spec.stem for spec in specs])
        for spec in specs:
            with self.subTest(network=spec.stem), tempfile.TemporaryDirectory() as folder:
                made = generate(spec, pathlib.Path(folder) / "out", "--sources-only")
                self.assertLessEqual(made[0], MOST_LINES)
                self.assertEqual(rows[spec.stem], made, f"{PAGE.name} is not fresh: zoo_sources.py --print")


def print_rows():
    for spec in sorted(support.ZOO.glob("*.yaml")):
        with tempfile.TemporaryDirectory() as folder:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            lines, arena, weights = generate(spec, pathlib.Path(folder) / "out")
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            print(f"| `{spec.stem}` | {lines:,} | {seconds:.1f} | {arena:,} | {weights:,} |", flush=True)


if __name__ == "__main__":
    if sys.argv[-1] == "--print":
        support.DEEPER = pathlib.Path(sys.argv[1]).resolve()
        print_rows()
    else:
        support.main()
