"""What deeper keeps for itself: the runtime's objects; programs and weights of `deeper run`."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import support
import numpy as np

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


class Run(Cached):
    """`deeper run`: whatever happens to the files meanwhile, what is kept under a key is what has it."""

    def setUp(self):
        super().setUp()
        self.picture = self.folder / "picture.ppm"
        self.picture.write_bytes(b"P6 8 8 255\n" + bytes(range(192)))
        self.weights = self.folder / "net.safetensors"

    def run_network(self, *arguments, status=0, environment=None):
        return support.run(support.DEEPER, "run", self.spec, "--weights", self.weights, *arguments, "--json", self.picture, status=status,
                           env={**self.environment, **(environment or {})})

    def answer(self, *arguments, **options):
        """(class, its name, probability)"""
        best = json.loads(self.run_network(*arguments, **options).out)["results"][0]["top"][0]
        return best["index"], best["label"], best["probability"]

    def write_weights(self, path, best, salt=0):
        """Weights whose answer is the class `best`; a file of its own for each `salt`."""
        bias = np.zeros(4, np.float32)
        bias[best] = 2 + best
        support.write_safetensors(path, {
            "conv1/weight": np.full((8, 3, 3, 3), 0.01, np.float32), "conv1/bias": np.full(8, salt, np.float32),
            "main/classifier/weight": np.zeros((4, 8), np.float32), "main/classifier/bias": bias})

    def test_weights_that_are_replaced_while_they_are_read(self):
        """At each moment; afterwards either file gives its own answer."""
        swapper = self.folder / "swapper.so"
        support.run("cc", "-shared", "-fPIC", "-o", swapper, support.HERE / "swap.c", "-ldl")
        self.write_weights(self.weights, 0)
        self.answer()  # the program is there
        right = {}
        for best in range(4):
            self.write_weights(self.weights, best)
            right[best] = self.answer()
            self.assertEqual(right[best][0], best)
        swaps = 0
        moments = (("open", 1), ("open", 2), ("read", 1), ("read", 2), ("close", 1), ("open", 3))
        for salt, (when, nth) in enumerate(moments, 1):
            with self.subTest(when=when, nth=nth):
                other = self.folder / "other.safetensors"
                self.write_weights(self.weights, 1, salt)
                self.write_weights(other, 2, salt)
                first = self.answer(environment={"LD_PRELOAD": str(swapper), "SWAP_PATH": str(self.weights), "SWAP_BY": str(other),
                                                 "SWAP_WHEN": when, "SWAP_NTH": str(nth)})
                self.assertIn(first, (right[1], right[2]))
                swaps += not other.exists()
                for best in (1, 2, 1):
                    self.write_weights(self.weights, best, salt)
                    self.assertEqual(self.answer(), right[best])
        self.assertGreaterEqual(swaps, 2)  # opened and read once, there are no more moments

    def test_what_changes_the_answer_changes_the_key(self):
        """Labels, an included file, a parameter: each time the answer of what is there now."""
        self.write_weights(self.weights, 1)
        labels = self.folder / "labels.txt"
        for names in ("a b c d", "e f g h", "a b c d"):
            labels.write_text("\n".join(names.split()) + "\n")
            self.assertEqual(self.answer("--labels", labels)[1], names.split()[1])
        self.spec.write_text(SPEC.replace("softmax: {}}]}", "softmax: {}}], labels: labels.txt}"))
        for names in ("i j k l", "a b c d"):
            labels.write_text("\n".join(names.split()) + "\n")
            self.assertEqual(self.answer()[1], names.split()[1])
        self.spec.write_text(SPEC.replace("layers:\n  - {id: conv1", "include: [head.yaml]\nparams: {steep: 1}\nlayers:\n  - {id: conv1")
                             .replace("{id: classifier, dense: {out: 4}}, {softmax: {}}", "{id: classifier, use: last}"))
        self.write_weights(self.weights, 1)
        tensors = support.read_safetensors(self.weights)
        tensors = {name.replace("main/classifier", "main/classifier/last"): np.array(value) for name, value in tensors.items()}
        support.write_safetensors(self.weights, tensors)
        answers = []
        for activation in ("none", "relu6", "none"):
            (self.folder / "head.yaml").write_text(
                f"deeper: 1\nblocks:\n  last:\n    layers: [{{id: last, dense: {{out: 4, activation: {activation}}}}}, "
                "{activation: {leaky_relu: 0.5}}, {softmax: {}}]\n")
            answers.append(self.answer()[2])
        self.assertEqual(answers[0], answers[2])
        self.assertEqual(len(self.entries("program")), 4)  # `labels:` is in the flat text too

    def test_another_compiler_makes_another_program(self):
        self.write_weights(self.weights, 1)
        self.answer()
        self.answer()
        self.assertEqual(len(self.entries("program")), 1)
        self.make_compiler("-DANOTHER")
        self.answer()
        self.assertEqual(len(self.entries("program")), 2)

    def test_entries_are_checked_before_they_are_used(self):
        self.write_weights(self.weights, 1)
        right = self.answer()
        (program,), (weights,) = self.entries("program"), self.entries("weights")
        planted = f"#!/bin/sh\ntouch {self.folder}/planted\n".encode()
        size = (program / "net").stat().st_size

        def flip(path):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data)

        damages = {
            "a program of others": lambda: (program / "net").write_bytes(planted),
            "one of the same size": lambda: (program / "net").write_bytes(planted.ljust(size, b"\n")),
            "a program with another bit": lambda: flip(program / "net"),
            "a program that is cut": lambda: os.truncate(program / "net", 1000),
            "weights with another bit": lambda: flip(weights / "net.weights"),
            "weights that are cut": lambda: os.truncate(weights / "net.weights", 100),
            "a list that is cut": lambda: os.truncate(program / "entry.json", 50),
            "a list that is gone": lambda: (weights / "entry.json").unlink(),
        }
        for what, damage in damages.items():
            with self.subTest(what):
                damage()
                self.assertEqual(self.answer(), right)
                self.assertFalse((self.folder / "planted").exists())
                self.assertEqual((program / "net").stat().st_size, size)  # made anew

    def test_a_cache_that_is_not_ours_alone(self):
        self.write_weights(self.weights, 1)
        self.answer()
        (program,) = self.entries("program")
        (program / "net").write_text(f"#!/bin/sh\ntouch {self.folder}/planted\n")
        elsewhere = self.folder / "elsewhere"

        def link():
            self.cache.chmod(0o700)
            self.cache.rename(elsewhere)
            self.cache.symlink_to(elsewhere)

        cases = {"can be written by others": lambda: self.cache.chmod(0o777), "is a link": link}
        if os.geteuid() == 0:
            def give_away():
                self.cache.unlink()
                elsewhere.rename(self.cache)
                os.chown(self.cache, 65534, 65534)
            cases["belongs to another user"] = give_away
        for message, change in cases.items():
            with self.subTest(message):
                change()
                done = self.run_network(status=1)
                error = json.loads(done.out)["errors"][0]
                self.assertEqual(error["id"], "cache-folder")
                self.assertIn(message, error["message"])
                self.assertIn("XDG_CACHE_HOME", error["help"])
                self.assertFalse((self.folder / "planted").exists())
                self.assertEqual(support.run(support.DEEPER, "cache", status=1, env=self.environment).out, "")

    def test_many_at_once(self):
        """Runs on an empty cache, while another process empties it over and over."""
        self.write_weights(self.weights, 1)
        right = self.answer()
        support.run(support.DEEPER, "cache", "--empty", env=self.environment)
        command = [support.DEEPER, "run", self.spec, "--weights", self.weights, "--json", self.picture]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, env=self.environment) for _ in range(3)]
        while any(process.poll() is None for process in processes):  # what they print fits into a pipe
            support.run(support.DEEPER, "cache", "--empty", env=self.environment)
            time.sleep(0.05)
        for process in processes:
            self.addCleanup(process.stdout.close)
            self.assertEqual(process.returncode, 0)
            best = json.loads(process.communicate()[0])["results"][0]["top"][0]
            self.assertEqual((best["index"], best["label"], best["probability"]), right)

    def test_listing_and_emptying(self):
        def cache(*arguments, **options):
            return json.loads(support.run(support.DEEPER, "cache", "--json", *arguments, env={**self.environment, **options}).out)

        self.assertEqual(cache()["entries"], [])
        for best in (0, 1):
            self.write_weights(self.weights, best)
            self.answer()
        listed = cache()
        self.assertEqual(sorted(entry["kind"] for entry in listed["entries"]), ["program", "runtime", "weights", "weights"])
        self.assertEqual({entry["network"] for entry in listed["entries"]}, {"net", "runtime"})
        self.assertEqual(listed["bytes"], sum(entry["bytes"] for entry in listed["entries"]))
        self.assertEqual(listed["bytes"], sum(path.stat().st_size for path in self.cache.rglob("*") if path.is_file()))
        self.assertIn(str(self.cache), support.run(support.DEEPER, "cache", env=self.environment).out)

        used = max(listed["entries"], key=lambda entry: entry["bytes"])
        os.utime(self.cache / used["folder"], (1, 10**9 * 4))  # used last
        left = cache("--limit", str(used["bytes"] + 100))
        self.assertEqual([entry["folder"] for entry in left["entries"]], [used["folder"]])
        self.assertEqual(left["removed"]["entries"], 3)
        self.assertEqual(cache(DEEPER_CACHE_LIMIT="12MB")["limit_bytes"], 12_000_000)
        self.assertEqual(cache("--empty")["entries"], [])
        self.assertEqual(list(self.cache.iterdir()), [])

    def test_the_limit_holds_while_it_is_used(self):
        self.write_weights(self.weights, 0)
        self.answer(environment={"DEEPER_CACHE_LIMIT": "1"})
        kinds = {json.loads(path.read_text())["kind"] for path in self.cache.glob("*/entry.json")}
        self.assertEqual(kinds, {"program", "weights"})  # in use when the last was made; the runtime's objects went
        done = self.run_network(status=1, environment={"DEEPER_CACHE_LIMIT": "a lot"})
        self.assertIn("no size", json.loads(done.out)["errors"][0]["message"])

if __name__ == "__main__":
    support.main()
