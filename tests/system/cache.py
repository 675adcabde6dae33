"""What deeper keeps for itself: the runtime's objects."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import support

SPEC = """deeper: 1
name: net
input: {shape: [8, 8, 3], preprocess: {resize: [8, 8], scale: 0.01}}
layers:
  - {id: conv1, conv: {kernel: 3, pad: same, out: 8, activation: relu}}
  - {id: pool1, global_pool: {kind: average}}
heads:
  main: {from: pool1, layers: [{id: classifier, dense: {out: 4}}, {softmax: {}}]}
"""


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def clang():
    """Behind ccache where there is one: what is compiled again here was compiled before."""
    return f"{shutil.which('ccache') or ''} {clang_itself()}"


def clang_itself():
    return next(path for path in (pathlib.Path(f"/usr/lib/llvm-{version}/bin/clang") for version in (22, 19)) if path.exists())


class Cached(unittest.TestCase):
    """A cache, a network and a compiler of the test's own; the compiler writes down what it compiles."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.spec = self.folder / "net.yaml"
        self.spec.write_text(SPEC)
        self.cache = self.folder / "cache/deeper"
        self.log = self.folder / "compiled"
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        for name in ("llvm-ar", "ld.lld"):
            os.symlink(clang_itself().parent / name, self.tools / name)
        self.make_compiler()
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "DEEPER_CLANG": str(self.tools / "clang")}

    def make_compiler(self, more=""):
        script = f'#!/bin/sh\necho "$@" >>{self.log}\nexec {clang()} "$@" {more}\n'
        (self.tools / "clang.part").write_text(script)
        (self.tools / "clang.part").chmod(0o755)
        (self.tools / "clang.part").rename(self.tools / "clang")

    def compiled(self):
        """The runtime's files that were compiled since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return sum(" -c runtime/" in line for line in lines)

    def entries(self, kind):
        lists = {path.parent: json.loads(path.read_text()) for path in self.cache.glob("*/entry.json")}
        return [folder for folder, entry in sorted(lists.items()) if entry["kind"] == kind]


class Objects(Cached):
    def build(self, *arguments, out="out", status=0, environment=None):
        return support.run(support.DEEPER, "build", self.spec, "--weights", "random:1", "-o", self.folder / out, *arguments, status=status,
                           env={**self.environment, **(environment or {})})

    def test_the_runtime_is_compiled_once(self):
        """The same bytes with and without; whatever changes an object makes it anew."""
        self.build("--no-cache")
        files = self.compiled()
        self.assertGreater(files, 10)
        self.assertFalse(self.cache.exists())
        anew = contents(self.folder / "out")

        self.build()
        self.assertEqual(self.compiled(), files)
        self.assertEqual(contents(self.folder / "out"), anew)
        self.build()
        self.assertEqual(self.compiled(), 0)
        self.assertEqual(contents(self.folder / "out"), anew)
        self.spec.write_text(SPEC.replace("name: net", "name: other").replace("out: 8", "out: 16"))
        self.build(out="other")
        self.assertEqual(self.compiled(), 0)
        support.run(self.folder / "other/other", "--verify")
        self.build(environment={"DEEPER_NO_CACHE": "1"}, out="third")
        self.assertEqual(self.compiled(), files)

        self.spec.write_text(SPEC)
        (entry,) = self.entries("runtime")
        changes = {
            "an object": lambda: (entry / "rt_image.cpp.o").write_bytes((entry / "rt_top.cpp.o").read_bytes()),
            "a header of the system": lambda: self.replace_header(entry),
            "another compiler at its place": lambda: self.make_compiler("-DANOTHER"),
        }
        for what, change in changes.items():
            with self.subTest(what):
                change()
                self.build()
                self.assertEqual(self.compiled(), files)
                self.assertEqual(contents(self.folder / "out"), anew)
                self.build()
                self.assertEqual(self.compiled(), 0)

    def replace_header(self, entry):
        """As if the system had had another stdio.h when the objects were made."""
        entries = json.loads((entry / "entry.json").read_text())
        text = (entry / "headers").read_text().splitlines()
        index = next(i for i, line in enumerate(text) if line.endswith("/stdio.h"))
        text[index] = "0" * 64 + " " + text[index].split(" ", 1)[1]
        (entry / "headers").write_text("\n".join(text) + "\n")
        record = next(file for file in entries["files"] if file["name"] == "headers")
        record["sha256"] = hashlib.sha256((entry / "headers").read_bytes()).hexdigest()
        (entry / "entry.json").write_text(json.dumps(entries))

    def test_without_a_place_it_just_compiles(self):
        file = self.folder / "file"
        file.write_text("x")
        places = {"no HOME": {"XDG_CACHE_HOME": "", "HOME": ""}, "a file in the way": {"XDG_CACHE_HOME": str(file)}}
        for what, environment in places.items():
            with self.subTest(what):
                self.assertNotIn("cache", self.build(environment=environment).err)

    def test_one_that_others_can_write_is_not_used(self):
        self.cache.mkdir(parents=True)
        self.cache.chmod(0o777)
        done = self.build()
        self.assertIn("can be written by others", done.err)
        self.assertIn(f"chmod 700 {self.cache}", done.err)
        self.assertGreater(self.compiled(), 10)
        self.assertEqual(list(self.cache.iterdir()), [])

    def test_builds_at_once(self):
        processes = [subprocess.Popen([support.DEEPER, "build", self.spec, "--weights", "random:1", "-o", self.folder / f"out{i}"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment) for i in range(3)]
        self.assertEqual([process.wait(300) for process in processes], [0, 0, 0])
        self.assertEqual(contents(self.folder / "out0"), contents(self.folder / "out1"))
        self.assertEqual(contents(self.folder / "out0"), contents(self.folder / "out2"))
        self.assertEqual(len(self.entries("runtime")), 1)
        self.assertEqual([path.name for path in self.cache.iterdir() if path.name.startswith(".")], [])


if __name__ == "__main__":
    support.main()
