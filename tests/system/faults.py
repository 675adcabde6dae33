"""The system refuses: requests for memory, and calls about files, fail one after the other, in `deeper` and in a program that it made.
Status 1, with a message, or 0 where it did not matter; nothing half written, nothing left behind, never a crash."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import support

SPEC = """deeper: 1
name: tiny
input: {shape: [8, 8, 3], preprocess: {resize: [8, 8]}}
layers:
  - {id: a, conv: {kernel: 3, out: 4, activation: relu}, expect: {params: 1}}
  - {id: p, global_pool: {kind: average}}
heads: {main: {from: p, layers: [{id: fc, dense: {out: 2}}, {softmax: {}}]}}
"""
EACH, BEYOND = 100, 40  # every call of the first hundred, and so many of those behind, ever further apart


def calls(count):
    beyond = [int(EACH * (count / EACH) ** ((i + 1) / BEYOND)) for i in range(BEYOND)] if count > EACH else []
    return sorted({*range(1, min(count, EACH) + 1), *beyond})


def contents(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def shim():
    """The library that lets calls fail; compiled once."""
    library = support.CACHE / "faults.so"
    with support.locked(support.CACHE / "faults.lock"):
        if not library.exists():
            support.run("cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", support.CACHE / "faults.part", support.HERE / "faults.c", "-ldl")
            os.replace(support.CACHE / "faults.part", library)
    return library


class Faults(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.count = self.folder / "count"

    def run_with(self, command, what, **fault):
        environment = {**os.environ, "LD_PRELOAD": str(shim()), "FAULT": what, **{f"FAULT_{key}": str(value) for key, value in fault.items()}}
        return subprocess.run([str(word) for word in command], cwd=self.folder / "work", env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def fresh(self, files):
        shutil.rmtree(self.folder / "work", ignore_errors=True)
        (self.folder / "work").mkdir()
        for name, data in files.items():
            (self.folder / "work" / name).write_bytes(data)

    def each_fails(self, command, files, status=0, least=1):
        """`files`: what is there before. A run leaves them as they were, or as a run without faults does."""
        for what in ("memory", "files"):
            self.fresh(files)
            before = contents(self.folder / "work")
            done = self.run_with(command, what, COUNT=self.count)
            self.assertEqual(done.returncode, status, done.stderr.decode())
            after, count = contents(self.folder / "work"), int(self.count.read_text())
            self.assertGreaterEqual(count, least, "the faults are not where the calls are")
            refused = 0
            for at in calls(count):
                for on in ({}, {"ON": 1}):
                    self.fresh(files)
                    done = self.run_with(command, what, AT=at, **on)
                    said = f"{what} {at} of {count} {on}: status {done.returncode}\n{done.stderr.decode('utf-8', 'replace')}{done.stdout.decode('utf-8', 'replace')}"
                    now = contents(self.folder / "work")
                    if on and what == "memory":  # removing takes memory, too: the next build removes what it finds
                        now = {name: digest for name, digest in now.items() if not name.startswith(".deeper-build-")}
                    self.assertIn(done.returncode, (0, 1, status), said)
                    if done.returncode not in (0, status):
                        refused += 1
                        mute = on and what == "files"  # then standard error fails too
                        self.assertTrue(done.stderr or done.stdout or mute, said)
                    else:
                        self.assertEqual(now, after, said)
                    for name, digest in now.items():
                        if name.endswith(".npy"):  # an image that could not be read has its row, too
                            self.assertEqual(len(support.np.load(self.folder / "work" / name)), 1, said)
                            continue
                        self.assertIn(digest, (before.get(name), after.get(name)), f"half written: {name}\n{said}")
                    self.assertLessEqual(set(now), set(after), f"left behind\n{said}")
            self.assertGreater(refused, 0, "no fault was seen")


class Tool(Faults):
    FILES = {"tiny.yaml": SPEC.replace(", expect: {params: 1}", "").encode()}

    def test_build(self):
        self.each_fails([support.DEEPER, "build", "tiny.yaml", "--weights", "random:1", "--sources-only", "-o", "out"], self.FILES)

    def test_build_over_an_old_one(self):
        self.fresh(self.FILES)
        support.run(support.DEEPER, "build", "tiny.yaml", "--weights", "random:2", "--sources-only", "-o", "out", cwd=self.folder / "work")
        shutil.copytree(self.folder / "work/out", self.folder / "old")
        old = contents(self.folder / "old")
        command = [support.DEEPER, "build", "tiny.yaml", "--weights", "random:1", "--sources-only", "-o", "out"]
        self.fresh(self.FILES)
        support.run(*command, cwd=self.folder / "work")
        new = contents(self.folder / "work/out")
        for what in ("memory", "files"):
            self.fresh(self.FILES)
            self.run_with(command, what, COUNT=self.count)
            for at in calls(int(self.count.read_text()))[::5]:
                self.fresh(self.FILES)
                shutil.copytree(self.folder / "old", self.folder / "work/out")
                done = self.run_with(command, what, AT=at)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assertIn(contents(self.folder / "work/out"), (old, new), f"{what} {at}: neither the old nor the new one")
                self.assertEqual(sorted(path.name for path in (self.folder / "work").iterdir()), ["out", "tiny.yaml"], f"{what} {at}")

    def test_pictures_of_networks(self):
        self.each_fails([support.DEEPER, "draw", "tiny.yaml", "-o", "tiny.svg"], self.FILES)

    def test_check(self):
        self.each_fails([support.DEEPER, "check", "tiny.yaml"], self.FILES)

    def test_fix_expect(self):
        self.each_fails([support.DEEPER, "check", "tiny.yaml", "--fix-expect"], {"tiny.yaml": SPEC.encode()})


class Program(Faults):
    def setUp(self):
        super().setUp()
        self.network = support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)
        self.files = {"a.ppm": b"P6 28 28 255\n" + bytes(range(256)) * 9 + bytes(48), "list": b"a.ppm\n", "eval": b"a.ppm\t1\n"}

    def test_pictures(self):
        self.each_fails([self.network.program, "--threads", "2", "a.ppm"], self.files)

    def test_dumps(self):
        self.each_fails([self.network.program, "--list", "list", "--dump", "main=out.npy", "--layers", "all.npz"], self.files)

    def test_eval_and_json(self):
        self.each_fails([self.network.program, "--json", "--eval", "eval"], self.files)

    def test_checks(self):
        self.each_fails([self.network.program, "--self-test"], self.files)


if __name__ == "__main__":
    support.main()
