"""Text of strangers in the program: lists with anything in them; names and labels that would steer a terminal."""
import json
import os
import re
import subprocess
import unittest

from program_support import Program, np

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
EVIL = "e\x1b]0;owned\x07\x9b31m\x7f\u202egnp.exe\u2066\r"


class Lists(Program):
    def setUp(self):
        super().setUp()
        for seed, name in enumerate(("a.png", "b.png")):
            self.picture(name, seed)

    def write(self, data):
        (self.folder / "list").write_bytes(data)

    def images(self, *arguments, **options):
        return [result["image"] for result in self.json("--head=main", *arguments, **options)["results"]]

    def test_ends_marks_and_blank_lines(self):
        for data in (b"a.png\nb.png\n", b"a.png\nb.png", b"a.png\r\nb.png\r\n", b"a.png\r\nb.png\r", b"\xef\xbb\xbfa.png\nb.png\n",
                     b"\n\na.png\n\r\n\nb.png\n\n\n"):
            with self.subTest(data=data):
                self.write(data)
                self.assertEqual(self.images("--list", "list"), ["a.png", "b.png"])
                self.assertEqual(self.images("--list", "-", input=data), ["a.png", "b.png"])
                self.write(data.replace(b".png", b".png\t1"))
                self.assertEqual(self.json("--eval", "list")["images"], 2)
                self.assertEqual(self.json("--eval", "-", input=data.replace(b".png", b".png\t1"))["images"], 2)

    def test_a_byte_0_is_refused(self):
        """Wherever it stands; none of the lines before it counts."""
        for data, place in ((b"a.png\t1\nb.\0png\t1\na.png\t1\n", "2:3"), (b"a.png\t1\0\nb.png\t1\n", "1:8"), (b"a.png\t1\nb.png\t1\n\0", "3:1"),
                            (b"a.png\0b.png\0", "1:6"), (b"\xc3\xa4\0", "1:2"), (b"\0", "1:1"), (b"\xef\xbb\xbf\0", "1:1")):
            with self.subTest(data=data):
                self.write(data)
                for option in ("--list", "--eval"):
                    self.wrong(option, "list", words=f"list:{place}: a byte 0")
                    done = self.run_toy(option, "-", input=data, status=1)
                    self.assertIn(f"-:{place}: a byte 0", done.err)
                    self.assertEqual(self.json(option, "list", status=1)["errors"][0]["id"], "list")

    def test_other_encodings_are_told(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"):
            with self.subTest(encoding=encoding):
                self.write("a.png\t1\nb.png\t1\n".encode(encoding))
                for option in ("--list", "--eval"):
                    self.wrong(option, "list", words="UTF-8" if encoding != "utf-32-be" else "a byte 0")

    def test_a_class_that_does_not_exist_is_quoted(self):
        self.write(b"a.png\t1\nb.png\tgelb\x1b[m\n")
        self.wrong("--eval", "list", words='list:2: no such class "gelb?[m"')

    def test_many_missing_files(self):
        """Counted all, kept some: memory does not grow with what goes wrong."""
        count = 60000
        self.write(b"".join(b"/nowhere/%d.png\t1\n" % i for i in range(count)) + b"a.png\t1\n")
        command = f"ulimit -v 100000; exec ./toy --json --eval list"
        if b"asan" in (self.folder / "toy").read_bytes() or b"tsan" in (self.folder / "toy").read_bytes():
            command = "exec ./toy --json --eval list"
        done = subprocess.run(["/bin/sh", "-c", command], cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["images"], 1)
        self.assertEqual(len(result["errors"]) + result["errors_omitted"], count)
        self.assertLessEqual(len(result["errors"]), 1000)
        done = self.run_toy("--eval", "list", status=1)
        self.assertIn(f"{count} more could not be read", done.out)
        self.assertEqual(done.err.count("No such file"), count)


class Shown(Program):
    """Nothing of strangers steers the terminal; --json gives it as it is, escaped."""

    def clean(self, done):
        for text in (done.out, done.err):
            self.assertIsNone(STEERING.search(text), ascii(text))

    def test_names_of_files(self):
        self.picture("a.png", 1)
        os.rename(self.folder / "a.png", self.folder / EVIL)
        (self.folder / "list").write_bytes(EVIL.encode() + b"\r\nmissing\x1b[31m\n")
        (self.folder / "eval").write_bytes(b"missing\x1b[31m\t1\n" + EVIL.encode() + b"\t1\n")
        for arguments in ([EVIL], ["missing" + EVIL], ["--list", "list"], ["--eval", "eval"], ["--tensor", EVIL], ["--weights", EVIL, EVIL],
                          ["--layers", "no/" + EVIL, EVIL], ["--dump", "main=no/" + EVIL, EVIL], ["--profile", EVIL],
                          ["--" + EVIL], ["--head", EVIL, EVIL], ["--topk", EVIL, EVIL], ["--dump", EVIL, EVIL], ["--dump", f"{EVIL}=x", EVIL]):
            with self.subTest(arguments=arguments):
                done = self.run_toy(*arguments, status=None)
                self.assertIn("toy: " if done.err else "e?]0;owned", done.err + done.out)
                self.clean(done)
                done = self.run_toy("--json", *arguments, status=None)
                self.clean(done)
                json.loads(done.out)
        self.assertEqual(self.json("--head=main", EVIL)["results"][0]["image"], EVIL)

    def test_a_new_line_in_a_name_makes_no_line(self):
        name = "x\ntoy: all is well"
        self.assertEqual(len(self.run_toy(name, status=1).err.splitlines()), 1)
        self.picture("a.png", 1)
        os.rename(self.folder / "a.png", self.folder / name)
        self.assertEqual(self.run_toy("--head=main", name).out.splitlines()[0], "x?toy: all is well")

    def test_long_names_are_not_torn(self):
        name = "ä" * 120 + "€" + "𝄞" * 20 + "\x1b"
        for ahead in range(5):
            self.picture("a.png", 1)
            path = "./" * 250 + "x" * ahead + "ä" * 60
            os.rename(self.folder / "a.png", self.folder / path)
            self.assertEqual(self.run_toy("--head=main", path).out.splitlines()[0], path)
        self.assertIn(name[:-1] + "?", self.run_toy(name, status=1).err)

    def test_labels_and_goldens_of_a_weights_file(self):
        """A weights file that somebody else made: its labels, and the names of its goldens."""
        self.picture("a.png", 1)
        data = (self.folder / "toy.weights").read_bytes()
        for old, new in (("rot", "\x1b[m"), ("grün", "\x9b\x1b[m"), ('blau "3"', "\u202eabc\n\x7f"), ("red.png", "r\x1b]\x9bng")):
            self.assertEqual(len(old.encode()), len(new.encode()))
            data = data.replace(old.encode(), new.encode())
        (self.folder / "toy.weights").write_bytes(data)
        done = self.run_toy("--head=main", "--topk=3", "a.png")
        self.clean(done)
        self.assertEqual(len(done.out.splitlines()), 4)
        top = self.json("--head=main", "--topk=3", "a.png")["results"][0]["top"]
        self.assertEqual({entry["label"] for entry in top}, {"\x1b[m", "\x9b\x1b[m", "\u202eabc\n\x7f"})
        self.clean(self.run_toy("--json", "--head=main", "a.png"))
        done = self.run_toy("--self-test")
        self.clean(done)
        self.assertIn("r?]?ng", done.out)
        self.assertEqual(self.json("--self-test")["goldens"][0]["input"], "r\x1b]\x9bng")


class Layout(Program):
    """Tensors as PyTorch has them: refused with the hint, or taken when told so; the same bits as in our layout."""

    def values(self, *arguments, **options):
        return [np.float32(result["values"]).reshape(8, 8, 3) for result in self.json("--tensor", "--head=map", *arguments, **options)["results"]]

    def setUp(self):
        super().setUp()
        self.x = np.random.default_rng(3).standard_normal((3, 8, 8, 3)).astype(np.float32)
        np.save(self.folder / "nhwc.npy", self.x)
        np.save(self.folder / "nchw.npy", np.ascontiguousarray(self.x.transpose(0, 3, 1, 2)))
        np.save(self.folder / "chw.npy", np.ascontiguousarray(self.x[1].transpose(2, 0, 1)))

    def test_taken_when_told(self):
        for arguments, expected in ((["--layout", "nchw", "nchw.npy"], self.x), (["--layout=nchw", "chw.npy"], self.x[1:2]),
                                    (["--layout", "nhwc", "nhwc.npy"], self.x), (["nhwc.npy"], self.x)):
            for value, wanted in zip(self.values(*arguments), expected, strict=True):
                self.assertTrue(np.array_equal(value, wanted))
        piped = self.values("--layout", "nchw", "-", input=(self.folder / "nchw.npy").read_bytes())
        self.assertTrue(np.array_equal(piped, self.x))

    def test_refused_with_the_cure(self):
        for name in ("nchw.npy", "chw.npy"):
            self.wrong("--tensor", name, words="--layout nchw")
            self.wrong("--tensor", "--layout=nhwc", name, words="--layout nchw")
        self.wrong("--tensor", "--layout=nchw", "nhwc.npy", words="[3, 8, 8] or [n, 3, 8, 8]: it is that of [height, width, channels]")
        np.save(self.folder / "hcw.npy", np.zeros((8, 3, 8), np.float32))
        for layout in ("nhwc", "nchw"):
            self.wrong("--tensor", f"--layout={layout}", "hcw.npy", words="the shape must be")
        whole = (self.folder / "nchw.npy").read_bytes()
        self.assertIn("cut off", self.run_toy("--tensor", "--layout=nchw", "-", input=whole[:-4], status=1).err)
        self.wrong("--layout", "nchw", "a.png", words="goes with --tensor", status=2)
        self.wrong("--tensor", "--layout", "hwcn", "nchw.npy", words="nhwc or nchw", status=2)


class Dumps(Program):
    def test_how_many_and_which(self):
        """Told by the help and by each mistake."""
        out = self.run_toy("--help").out
        self.assertIn("up to 16 times", out)
        self.assertIn("--dump knows: input, main, main.logits, map\n", out)
        self.wrong("--dump", "nose=x.npy", "a.png", words='nothing is called "nose"; --dump knows input, main, main.logits, map', status=2)
        self.wrong("--dump", "main", "a.png", words="up to 16 times", status=2)
        self.picture("a.png", 1)
        most = [part for i in range(16) for part in ("--dump", f"map={i}.npy")]
        self.run_toy(*most, "a.png")
        self.wrong(*most, "--dump", "main=17.npy", "a.png", words='16 times at most, "main=17.npy" is one more', status=2)


if __name__ == "__main__":
    unittest.main()
