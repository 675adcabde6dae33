"""Specs that are wrong: a located error, exit status 1, within 2 s and 200 MB, and nothing is written.

The messages themselves are pinned by tests/golden/errors; here is what they may cost, bombs above all.
"""
import json
import os
import pathlib
import tempfile
import unittest

import support

HEAD = "deeper: 1\nname: wrong\ninput: {shape: [8, 8, 3]}\n"
TAIL = "heads:\n  main: {from: last, layers: []}\n"
LAST = "  - {id: last, conv: {kernel: 1, out: 4}}\n"


def network(layers="", before="", tail=TAIL):
    return HEAD + before + "layers:\n" + layers + LAST + tail


def alias_bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    return HEAD + "\n".join(lines) + "\n"


def block(name, body, args=""):
    return f"  {name}:\n{args}    layers:\n      - {body}\n"


RECURSION = "blocks:\n" + block("a", "{id: x, use: b}") + block("b", "{id: y, use: a}")
DOUBLING = "blocks:\n" + block("b0", "{conv: {kernel: 1, out: 3}}") + "".join(block(f"b{i}", f"{{id: x, use: b{i - 1}, repeat: 10}}") for i in range(1, 12))

SPECS = {  # name: (text, a word of the message)
    "unknown key": (network("  - {id: a, conv: {kernal: 1, out: 4}}\n"), "kernel"),
    "unknown layer": (network("  - {id: a, covn: {kernel: 1, out: 4}}\n"), "conv"),
    "unknown section": (network(before="laiers: []\n"), "layers"),
    "duplicate key": (network("  - {id: a, conv: {kernel: 1, out: 4, out: 5}}\n"), "out"),
    "wrong type": (network("  - {id: a, conv: {kernel: one, out: 4}}\n"), "one"),
    "branches that differ": (network("  - id: a\n    branches:\n      x: [{conv: {kernel: 3, out: 4}}]\n      y: [{conv: {kernel: 1, out: 4}}]\n"), "6x6"),
    "even kernel with same": (network("  - {id: a, conv: {kernel: 2, out: 4, pad: same}}\n"), "same_tf"),
    "missing argument": (network("  - {id: a, use: b}\n", "blocks:\n" + block("b", "{conv: {kernel: 1, out: $n}}", "    args: {n: int}\n")), "n"),
    "surplus argument": (network("  - {id: a, use: b, with: {m: 1}}\n", "blocks:\n" + block("b", "{conv: {kernel: 1, out: 3}}")), "m"),
    "recursion": (network("  - {id: a, use: a}\n", RECURSION), "a"),
    "missing include": (network(before="include: [nowhere.yaml]\n"), "nowhere.yaml"),
    "escaping include": (network(before="include: [../../etc/passwd]\n"), "passwd"),
    "absolute include": (network(before="include: [/etc/passwd]\n"), "passwd"),
    "duplicate id": (network("  - {id: last, conv: {kernel: 1, out: 4}}\n"), "last"),
    "unused block": (network(before="blocks:\n" + block("b", "{conv: {kernel: 1, out: 3}}")), "b"),
    "expect that fails": (network("  - {id: a, conv: {kernel: 1, out: 4}, expect: {params: 17}}\n"), "16"),
    "huge count": (network("  - {id: a, conv: {kernel: 1, out: 9000000000000000000}}\n"), "a|large|out"),
    "huge map": (network().replace("[8, 8, 3]", "[2000000000, 2000000000, 3]"), "."),
    "number beyond 64 bits": (network("  - {id: a, conv: {kernel: 1, out: 99999999999999999999999}}\n"), "."),
    "negative count": (network("  - {id: a, conv: {kernel: 1, out: -4}}\n"), "-4"),
    "window beyond the map": (network("  - {id: a, conv: {kernel: 11, out: 4}}\n"), "11"),
    "labels elsewhere": (network(tail="heads:\n  main: {from: last, layers: [], labels: /etc/passwd}\n"), "absolute path"),
    "labels above": (network(tail="heads:\n  main: {from: last, layers: [], labels: ../labels.txt}\n"), "leaves the folder"),
    "goldens elsewhere": (network(before="goldens: /dev/zero\n"), "absolute path"),
    "goldens above": (network(before="goldens: x/../../goldens.yaml\n"), "leaves the folder"),
    "missing name": (network().replace("name: wrong\n", ""), "name"),
    "wrong version": (network().replace("deeper: 1", "deeper: 7"), "7"),
    "tabs": (network("\t- {id: a}\n"), "tab"),
    "not UTF-8": (network("  - {id: \udcff\udcfe, conv: {kernel: 1, out: 4}}\n"), "UTF-8"),
    "empty file": ("", "empty|deeper"),
    "no mapping": ("- 1\n- 2\n", "."),
    "second document": (network() + "---\n" + network(), "document"),
    "anchor": (network("  - &x {id: a, conv: {kernel: 1, out: 4}}\n"), "anchor|alias"),
    "alias bomb": (alias_bomb(), "anchor|alias"),
    "alias to itself": (HEAD + "layers: &a [*a]\n", "anchor|alias"),
    "one comma": (",", "."),
    "many commas": ("[" + "," * 100000, "."),
    "deep flow": ("[" * 200000, "."),
    "deep mapping": (HEAD + "layers: " + "{a: " * 50000, "."),
    "deep block": ("".join(" " * i + "a:\n" for i in range(1200)), "."),
    "huge scalar": (network(f"  - {{id: {'x' * 900000}, conv: {{kernel: 1, out: 4}}}}\n"), "."),
    "huge file": ("# " + "x" * 30_000_000 + "\n" + network(), "."),
    "many layers": (network("  - {conv: {kernel: 1, out: 3}}\n" * 25000), "."),
    "doubling blocks": (network("  - {id: a, use: b11}\n", DOUBLING), "."),
    "huge repeat": (network("  - {id: a, conv: {kernel: 1, out: 3}, repeat: 1000000000}\n"), "."),
    "deep arithmetic": (network("  - {id: a, conv: {kernel: 1, out: " + "(" * 100000 + "1}}\n"), "."),
    "division by zero": (network("  - {id: a, conv: {kernel: 1, out: $n // 0}}\n", "params: {n: 4}\n"), "."),
    "overflow": (network("  - {id: a, conv: {kernel: 1, out: $n * $n * $n}}\n", "params: {n: 9000000000}\n"), "."),
    "reads what is not there": (network("  - {id: a, in: /nowhere, conv: {kernel: 1, out: 4}}\n"), "nowhere"),
    "no heads": (network(tail=""), "head"),
    "a head of nothing": (network(tail="heads:\n  main: {from: nose, layers: []}\n"), "nose"),
    "many errors": (network("".join(f"  - {{id: a{i}, conv: {{kernal: 1, out: x}}}}\n" for i in range(3000))), "kernal"),
}
SECONDS, MEGABYTES = 2.0, 200.0


class WrongSpecs(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.spec = self.folder / "wrong.yaml"

    def refused(self, *arguments):
        before = sorted(self.folder.rglob("*"))
        measured = support.measured(support.DEEPER, *arguments, status=1, timeout=30, cwd=self.folder)
        self.assertEqual(sorted(self.folder.rglob("*")), before, "something was written")
        self.assertLess(measured.peak_mb, MEGABYTES)
        self.assertLess(measured.seconds, SECONDS)
        return measured.done

    def test_each(self):
        for name, (text, word) in SPECS.items():
            with self.subTest(name=name):
                self.spec.write_bytes(text.encode("utf-8", "surrogateescape"))
                done = self.refused("build", "wrong.yaml", "--weights", "random:1", "-o", "out")
                self.assertEqual(done.out, "")
                self.assertRegex(done.err, r"(?m)^wrong\.yaml:\d+:\d+: error: [^A-Z\n].*[^.\n]$")
                self.assertRegex(done.err, word)

    def test_each_as_json(self):
        for name, (text, _) in SPECS.items():
            with self.subTest(name=name):
                self.spec.write_bytes(text.encode("utf-8", "surrogateescape"))
                document = json.loads(self.refused("check", "wrong.yaml", "--json").out)
                self.assertEqual(document["deeper"], 1)
                self.assertGreater(len(document["errors"]), 0)
                for error in document["errors"]:
                    self.assertLessEqual({"id", "file", "line", "column", "severity", "message", "notes", "help"}, set(error))

    def test_a_folder_and_nothing(self):
        (self.folder / "folder.yaml").mkdir()
        for name in ("folder.yaml", "missing.yaml", "/dev/null"):
            with self.subTest(name=name):
                self.assertIn(name, self.refused("check", name).err)

    def test_files_that_are_none(self):
        """Pipes that nobody writes, devices, sparse giants: refused at once, whoever names them."""
        os.mkfifo(self.folder / "pipe")
        (self.folder / "link").symlink_to("/dev/zero")
        (self.folder / "giant").touch()
        os.truncate(self.folder / "giant", 1 << 40)
        self.spec.write_text(network(tail="heads:\n  main: {from: last, layers: [{global_pool: {kind: max}}, {softmax: {}}], labels: pipe}\n"))
        build = ["build", "wrong.yaml", "--weights", "random:1", "--sources-only", "-o", "out"]
        self.assertIn("pipe: is not a regular file", self.refused(*build).err)
        for name, why in (("pipe", "not a regular file"), ("link", "not a regular file"), ("giant", "has more than"), (".", "is a folder")):
            with self.subTest(name=name):
                self.assertIn(why, self.refused(*build, "--labels", name).err)
                self.refused("build", "wrong.yaml", "--weights", name, "--sources-only", "-o", "out")
                self.refused("check", name)
                self.refused("dump", name, "--stage", "tree")

    def test_more_memory_than_there_is(self):
        """One odd number in a sound spec; every command says where, before memory is taken, and an option allows it."""
        conv = "  - {{id: {}, conv: {{kernel: {}, out: {}}}}}\n"
        cases = {
            "one layer": (network(conv.format("a", 1, 1000000) + conv.format("b", 1, 2000)), "--max-weights", ":6:"),
            "a sum": (network("".join(conv.format(f"a{i}", 1, 15000) for i in range(8))), "--max-weights", ":6:"),
            "activations": (network(conv.format("a", 1, 64)).replace("8, 8, 3", "4000, 4500, 3"), "--max-arena", ":5:"),
            "a dense layer": (network(tail="heads:\n  main: {from: last, layers: [{id: d, dense: {out: 5000000, flatten: hwc}}]}\n"), "--max-weights", ":7:"),
        }
        for name, (text, option, line) in cases.items():
            self.spec.write_text(text)
            for command in (["check"], ["build", "--weights", "random:1", "--sources-only", "-o", "out"], ["run", "--weights", "random:1", "x.png"], ["explain", "--weights", "random:1"]):
                with self.subTest(name=name, command=command[0]):
                    done = self.refused(command[0], "wrong.yaml", *command[1:])
                    self.assertRegex(done.err, rf"^wrong\.yaml{line}\d+: error: .* the limit is 4 GB\n")
                    self.assertRegex(done.err, rf"help: `{option} \d+G` allows that")
            support.run(support.DEEPER, "check", self.spec, option, "20G")
        self.spec.write_text(network(conv.format("a", 1, 64)).replace("8, 8, 3", "1000, 1000, 3"))
        self.assertIn("the activations of wrong take", self.refused("check", "wrong.yaml", "--max-arena", "257M").err)
        self.refused("build", "wrong.yaml", "--weights", "random:1", "--sources-only", "-o", "out", "--max-arena", "257M")

    def test_streams_that_nobody_takes(self):
        """Standard error that is full or closed changes no status; results that are lost are an error."""
        self.spec.write_text(network())
        for command, status in ((["check", "wrong.yaml"], 0), (["check", "nosuch.yaml"], 1), (["frobnicate"], 2)):
            for stream in ("/dev/full", "closed"):
                with self.subTest(command=command, stream=stream):
                    support.run("/bin/sh", "-c", 'exec "$@" 2>' + ("&-" if stream == "closed" else stream), "sh", support.DEEPER, *command, status=status, cwd=self.folder)
        for command in (["--version"], ["--help"], ["check", "wrong.yaml"], ["schema"], ["draw", "wrong.yaml"], ["expand", "wrong.yaml"], ["targets"], ["check", "nosuch.yaml", "--json"]):
            for stream in ("/dev/full", "&-"):
                with self.subTest(command=command, stream=stream):
                    done = support.run("/bin/sh", "-c", f'exec "$@" >{stream}', "sh", support.DEEPER, *command, status=1, cwd=self.folder)
                    self.assertRegex(done.err, "No space left on device|Bad file descriptor")

    def test_all_errors_of_a_file_in_one_run(self):
        self.spec.write_text(network("  - {id: a, conv: {kernal: 1, out: 4}}\n  - {id: b, pool: {kind: min, kernel: 3, stride: 1}}\n  - {id: c, use: nothing}\n"))
        done = self.refused("check", "wrong.yaml")
        for line in (5, 6, 7):
            self.assertIn(f"wrong.yaml:{line}:", done.err)

    def test_usage(self):
        for arguments in ([], ["frobnicate"], ["build"], ["check", "x.yaml", "--no-such"], ["build", "x.yaml", "--weights", "random:1", "--dtype", "int3"]):
            with self.subTest(arguments=arguments):
                support.run(support.DEEPER, *arguments, status=2)


if __name__ == "__main__":
    support.main()
