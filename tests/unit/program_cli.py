"""The program around a network, by the toy network of tests/support/toy_network.cpp, which numpy can compute as well."""
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import unittest

from program_support import BUILT, LABELS, MEAN, SCALE, Image, Program, logits, np, pixels, softmax


class Classify(Program):
    def test_text(self):
        out = self.run_toy("--head", "main", self.picture("a.png", 1)).out
        expected = softmax(logits((pixels(1) - MEAN) * SCALE))
        best = int(expected.argmax())
        self.assertEqual(out.splitlines()[0], "a.png")
        self.assertEqual(out.splitlines()[1].strip(), f"{100 * expected[best]:.1f} %  {LABELS[best]} ({best})")
        self.assertEqual(len(out.splitlines()), 3)  # the spec's topk is 2

    def test_json(self):
        self.picture("a.png", 1), self.picture("b.ppm", 2)
        results = self.json("a.png", "b.ppm", "--topk=3")["results"]
        self.assertEqual([(r["image"], r["head"]) for r in results], [(i, h) for i in ("a.png", "b.ppm") for h in ("main", "map")])
        for result, seed in ((results[0], 1), (results[2], 2)):
            expected = softmax(logits((pixels(seed) - MEAN) * SCALE))
            floats = np.where(expected < 1e-37, 0, expected)  # rt::exp has no subnormal results
            self.assertEqual([entry["index"] for entry in result["top"]], np.argsort(-floats, kind="stable").tolist())
            for entry in result["top"]:
                self.assertEqual(entry["label"], LABELS[entry["index"]])
                self.assertAlmostEqual(entry["probability"], expected[entry["index"]], 5)
        self.assertTrue(np.array_equal(np.float32(results[1]["values"]).reshape(8, 8, 3), (pixels(1) - MEAN) * SCALE))

    def test_failures_between(self):
        good = self.picture("good.png", 1)
        (self.folder / "text.jpg").write_text("no picture\n")
        (self.folder / "folder").mkdir()
        names = ["text.jpg", good, "missing.png", good, "folder"]
        done = self.run_toy("--head=main", *names, status=1)
        self.assertEqual(done.out.count("good.png\n"), 2)
        lines = done.err.splitlines()
        self.assertEqual([line.split(": ")[1] for line in lines], ["text.jpg", "missing.png", "folder"])
        self.assertIn("No such file or directory", lines[1])
        results = self.json("--head=main", *names, status=1)["results"]
        self.assertEqual([result["image"] for result in results], names)
        self.assertEqual(["error" in result for result in results], [True, False, True, False, True])
        self.assertEqual(results[0]["error"]["id"], "image-format")

    def test_list_and_standard_input(self):
        self.picture("a.png", 1), self.picture("b.png", 2)
        (self.folder / "list").write_text("a.png\r\n\nb.png")
        listed = self.json("--list", "list")["results"]
        self.assertEqual(listed, self.json("a.png", "b.png")["results"])
        piped = self.json("-", input=(self.folder / "b.png").read_bytes())["results"]
        self.assertEqual(piped[0]["top"], listed[2]["top"])
        self.assertEqual(self.json("--list", "-", input=b"a.png\nb.png\n")["results"], listed)

    def test_names_that_are_no_text(self):
        name = b"\xff\n\"x\\.png"
        (self.folder / "a.png").write_bytes(b"")
        try:
            os.rename(os.fsencode(self.folder) + b"/a.png", os.fsencode(self.folder) + b"/" + name)
        except OSError as refused:
            self.skipTest(f"the file system takes no such name: {refused}")
        done = self.run_toy("--json", name, status=1)
        self.assertEqual(json.loads(done.out)["results"][0]["image"], '\ufffd\n"x\\.png')
        self.assertEqual(len(self.run_toy(name, status=1).err.splitlines()), 1)

    def test_tensors(self):
        x = np.random.default_rng(3).standard_normal((3, 8, 8, 3)).astype(np.float32)
        np.save(self.folder / "x.npy", x), np.save(self.folder / "one.npy", x[1])
        results = self.json("--tensor", "--head=map", "x.npy", "one.npy")["results"]
        self.assertEqual([result["image"] for result in results], ["x.npy[0]", "x.npy[1]", "x.npy[2]", "one.npy"])
        for result, value in zip(results, [*x, x[1]]):
            self.assertTrue(np.array_equal(np.float32(result["values"]).reshape(8, 8, 3), value))
        piped = self.json("--tensor", "--head=map", "-", input=(self.folder / "x.npy").read_bytes())["results"]
        self.assertEqual([result["values"] for result in piped], [result["values"] for result in results[:3]])

    def test_wrong_tensors(self):
        for name, array in {"f8": np.zeros((8, 8, 3)), "flat": np.zeros(192, np.float32), "big": np.zeros((8, 8, 3), ">f4"),
                            "order": np.asfortranarray(np.zeros((8, 8, 3), np.float32)), "five": np.zeros((1, 1, 8, 8, 3), np.float32)}.items():
            np.save(self.folder / name, array)
            self.wrong("--tensor", f"{name}.npy", words=name)
        np.save(self.folder / "cut", np.zeros((5, 8, 8, 3), np.float32))
        whole = (self.folder / "cut.npy").read_bytes()
        (self.folder / "cut.npy").write_bytes(whole[:-4])
        self.wrong("--tensor", "cut.npy", words="cut.npy")
        done = self.run_toy("--tensor", "-", input=whole[:-4], status=1)
        self.assertEqual(done.out.count("main"), 4)
        self.assertIn("cut off", done.err)

    def test_threads_give_the_same_bytes(self):
        self.picture("a.png", 1)
        expected = self.run_toy("--json", "a.png").out
        for threads in "234":
            self.assertEqual(self.run_toy("--json", "--threads", threads, "a.png").out, expected)

    def test_profile(self):
        self.picture("a.png", 1)
        self.assertRegex(self.run_toy("--profile", "a.png").out, r"100\.0%.*3 steps")
        steps = self.json("--profile", "a.png")["steps"]
        self.assertEqual([step["paths"] for step in steps], [["copy"], ["pool/sum", "pool/mean"], ["softmax"]])

    def test_a_large_picture_takes_little_memory(self):
        Image.fromarray(np.zeros((9000, 9000, 3), np.uint8)).save(self.folder / "large.jpg")
        before = resource.getrlimit(resource.RLIMIT_AS)
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (64 << 20, before[1]))
        if b"asan" in (self.folder / "toy").read_bytes():
            self.skipTest("built with a sanitizer, which reserves address space")
        self.assertIn("large.jpg", self.run_toy("large.jpg", preexec_fn=limit).out)


class Files(Program):
    def test_dumps(self):
        self.picture("a.png", 1), self.picture("b.png", 2)
        (self.folder / "text.png").write_text("no picture\n")
        dumps = ["--dump", "main=main.npy", "--dump", "main.logits=logits.npy", "--dump", "map=map.npy", "--dump", "input=input.npy"]
        self.run_toy(*dumps, "a.png", "text.png", "b.png", status=1)
        main, raw, copies, inputs = (np.load(self.folder / f"{name}.npy") for name in ("main", "logits", "map", "input"))
        self.assertEqual([array.shape for array in (main, raw, copies, inputs)], [(3, 3), (3, 3), (3, 8, 8, 3), (3, 8, 8, 3)])
        for row, seed in ((0, 1), (2, 2)):
            tensor = (pixels(seed) - MEAN) * SCALE
            self.assertTrue(np.array_equal(inputs[row], tensor))
            self.assertTrue(np.array_equal(copies[row], tensor))
            np.testing.assert_allclose(raw[row], logits(tensor), rtol=1e-6)  # a sum of 64 floats
            np.testing.assert_allclose(main[row], softmax(logits(tensor)), rtol=2e-5, atol=1e-30)  # of logits up to 250
        for array in (main, raw, copies, inputs):
            self.assertTrue(np.isnan(array[1]).all())
        self.assertEqual(self.litter(), [])

    def test_layers(self):
        self.picture("a.png", 1)
        self.run_toy("--layers", "layers.npz", "a.png")
        with np.load(self.folder / "layers.npz") as layers:
            self.assertEqual(sorted(layers.files), ["copy", "pool/mean", "softmax"])
            self.assertTrue(np.array_equal(layers["copy"], (pixels(1) - MEAN) * SCALE))
            self.assertEqual(layers["pool/mean"].shape, (1, 1, 3))
        check = subprocess.run([sys.executable, "-m", "zipfile", "-t", "layers.npz"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(check.stdout.strip(), "Done testing")  # checksums
        self.assertIn("one image", self.run_toy("--layers", "two.npz", "a.png", "a.png", status=2).err)
        self.assertFalse((self.folder / "two.npz").exists())
        self.assertEqual(self.litter(), [])

    def test_outputs_that_cannot_be_written(self):
        self.picture("a.png", 1)
        (self.folder / "folder").mkdir()
        (self.folder / "kept.npy").write_text("old")
        full = os.path.exists("/dev/full")
        for path in (*["/dev/full"] * full, "no/such.npy", "folder", "a.png/x.npy"):
            self.assertIn(path, self.run_toy("--dump", f"main={path}", "a.png", status=1).err)
            self.assertIn("errors", self.json("--dump", f"main={path}", "a.png", status=1))
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        ignore = lambda: (limit(), signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        self.assertIn("kept.npy", self.run_toy("--dump", "map=kept.npy", "a.png", status=1, preexec_fn=ignore).err)
        self.assertEqual((self.folder / "kept.npy").read_text(), "old")
        self.assertEqual(self.litter(), [])
        if not full:
            self.skipTest("no /dev/full here")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([self.folder / "toy", "a.png"], cwd=self.folder, stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


class Weights(Program):
    def test_wrong_weights(self):
        self.picture("a.png", 1)
        good = (self.folder / "toy.weights").read_bytes()
        (self.folder / "folder").mkdir()
        for name, data, words in (("none", b"", "empty"), ("text", b"x" * 5000, "not a weights file"), ("cut", good[:-1], "damaged"),
                                  ("long", good + b"x", "damaged"), ("header", good[:30] + b"?" + good[31:], "damaged")):
            (self.folder / name).write_bytes(data)
            self.wrong("--weights", name, "a.png", words=words)
        self.wrong("--weights", "missing", "a.png", words="missing: No such file")
        self.wrong("--weights", "folder", "a.png", words="Is a directory")
        os.rename(self.folder / "toy.weights", self.folder / "other")
        self.wrong("a.png", words="toy.weights: No such file")
        self.assertEqual(self.json("a.png", status=1)["errors"][0]["id"], "weights-unreadable")
        self.run_toy("--weights", "other", "a.png")

    def test_verify(self):
        self.assertIn("ok", self.run_toy("--verify").out)
        self.assertTrue(self.json("--verify")["ok"])
        data = bytearray((self.folder / "toy.weights").read_bytes())
        data[-1] ^= 1
        (self.folder / "flipped").write_bytes(data)
        self.wrong("--verify", "--weights", "flipped", words="hash", status=4)

    def test_self_test(self):
        self.assertRegex(self.run_toy("--self-test").out, r"ok +red\.png")
        result = self.json("--self-test")
        self.assertEqual((result["passed"], result["failed"], result["goldens"][0]["input"]), (1, 0, "red.png"))
        subprocess.run([BUILT / "toy_weights", self.folder / "wrong", "wrong"], check=True)
        self.assertRegex(self.run_toy("--self-test", "--weights", "wrong", status=4).out, r"FAILED +red\.png +largest difference 1\b")
        self.assertEqual(self.json("--self-test", "--weights", "wrong", status=4)["failed"], 1)


class Measuring(Program):
    def test_bench(self):
        result = self.json("--bench", "20", "--threads=2", "--profile")
        self.assertEqual(list(result)[1:6], ["network", "target", "dtype", "threads", "batch"])
        self.assertEqual((result["network"], result["target"], result["threads"], result["batch"]), ("toy", "test", 2, 1))
        self.assertLessEqual(result["min_ms"], result["median_ms"])
        self.assertLessEqual(result["median_ms"], result["p99_ms"])
        for field in ("peak_rss_mb", "load_ms", "peak_gflops"):
            self.assertGreater(result[field], 0)
        self.assertEqual([sorted(step) for step in result["steps"]], [["algorithm", "macs", "median_ms", "paths"]] * 3)
        self.assertNotIn("steps", self.json("--bench", "1"))
        self.assertIn("3 steps", self.run_toy("--bench", "3", "--profile").out)

    def test_progress_bar_on_a_terminal_only(self):
        self.picture("a.ppm", 1)
        (self.folder / "list").write_text("a.ppm\t1\n" * 400000)  # takes over a second
        command = ["--eval", "list"]
        self.assertEqual(self.run_toy(*command).err, "")
        try:
            ours, theirs = pty.openpty()
        except OSError as error:
            self.skipTest(f"no pseudo-terminal here: {error}")
        subprocess.run([self.folder / "toy", *command], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=theirs, timeout=60, check=True)
        os.close(theirs)
        self.assertIn(b"of 400000 images", os.read(ours, 4096))
        os.close(ours)

    def test_eval(self):
        lines, right = [], 0
        for seed in range(12):
            self.picture(f"{seed}.png", seed)
            values = logits((pixels(seed) - MEAN) * SCALE)
            right += int(values.argmax()) == seed % 3
            lines.append(f"{seed}.png\t{seed % 3 if seed % 2 else LABELS[seed % 3]}\n")
        (self.folder / "list.tsv").write_text("".join(lines))
        result = self.json("--eval", "list.tsv")
        self.assertEqual((result["images"], result["errors"], result["top5"]), (12, [], 1.0))
        self.assertAlmostEqual(result["top1"], right / 12, 6)
        self.assertGreater(result["images_per_second"], 0)
        self.assertIn("12 images: top-1", self.run_toy("--eval", "list.tsv").out)
        (self.folder / "list.tsv").write_text("missing.png\t1\n" + "".join(lines))
        result = self.json("--eval", "list.tsv", status=1)
        self.assertEqual((result["images"], len(result["errors"])), (12, 1))
        self.assertIn("missing.png", result["errors"][0]["message"])

    def test_wrong_lists(self):
        for text, words in (("a.png 1\n", "list:1: no tab"), ("a.png\t1\nb.png\t3\n", "list:2: no such class"),
                            ("a.png\tgelb\n", "list:1: no such class"), ("", "empty")):
            (self.folder / "list").write_text(text)
            self.wrong("--eval", "list", words=words)
        self.wrong("--eval", "missing", words="missing: No such file")


class Usage(Program):
    def test_help_and_version(self):
        out = self.run_toy("--help").out
        self.assertLess(out.index("Examples"), out.index("Usage"))
        self.assertIn("toy --topk 3", out)
        self.assertIn("toy, made by deeper 0.0 for test", self.run_toy("--version").out)
        self.assertEqual(self.json("--version")["spec"], "0123456789abcdef" * 4)
        libraries = self.json("--version")["libraries"]
        self.assertEqual(list(libraries), ["libjpeg-turbo", "libpng", "zlib"])
        for name, version in libraries.items():
            self.assertRegex(version, r"^\d+\.\d+")
            self.assertIn(f"{name} {version}", self.run_toy("--version").out)

    def test_wrong_usage(self):
        self.picture("a.png", 1)
        for arguments in ([], ["--nothing"], ["--topk"], ["--topk", "0", "a.png"], ["--topk=x", "a.png"], ["--threads", "5", "a.png"],
                          ["--threads", "0", "a.png"], ["--head", "nose", "a.png"], ["--json=1", "a.png"], ["--dump", "main", "a.png"],
                          ["--dump", "nose=x.npy", "a.png"], ["--dump", "map.logits=x.npy", "a.png"], ["--dump", "=x", "a.png"],
                          ["--bench", "5", "a.png"], ["--bench", "0"], ["--verify", "--self-test"], ["--pixels", "--tensor", "a.png"],
                          ["--self-test", "--dump", "main=x"], ["--head", "map", "--eval", "list"]):
            with self.subTest(arguments=arguments):
                self.wrong(*arguments, words="--help", status=2)
        self.assertEqual(self.json("--nothing", status=2)["errors"][0]["id"], "usage")

    def test_paths_that_look_like_options(self):
        self.picture("a.png", 1)
        os.rename(self.folder / "a.png", self.folder / "--a.png")
        self.run_toy("--", "--a.png")

    def test_needs_no_cpp_library(self):
        needed = subprocess.run(["ldd", self.folder / "toy"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("libstdc++", needed)


def main():
    result = unittest.main(exit=False, verbosity=2).result
    for case, reason in result.skipped:
        print(f"SKIPPED {case}: {reason}")
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
