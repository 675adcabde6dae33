"""Images from strangers: a clear line for each that cannot be read, the others of the call classified all the same."""
import json
import os
import pathlib
import resource
import struct
import tempfile
import unittest
import zlib

import support


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=b""):
    """Gray; `rows` are the filtered bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def zeros_png(width, height, depth=8, color=0, interlaced=0):
    """Black, written without making its pixels: a block of zeros again and again, and the checksum that so many zeros have."""
    channels = {0: 1, 2: 3, 6: 4}[color]
    row = lambda pixels: 1 + (pixels * channels * depth + 7) // 8 if pixels else 0
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)] if interlaced else [(0, 0, 1, 1)]
    total = sum(len(range(y, height, dy)) * row(len(range(x, width, dx))) for y, x, dy, dx in passes)
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"\x78\xda" + packed * (total // block) + last.compress(bytes(total % block)) + last.flush() + struct.pack(">I", (total % 65521) << 16 | 1)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def good_png():
    return png(28, 28, b"".join(b"\0" + bytes((x * y) % 256 for x in range(28)) for y in range(28)))


def huge_bmp():
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 30000, 30000, 1, 24, 0, 0, 0, 0, 0, 0)


def jpeg(width, height):
    """A header and nothing behind it."""
    frame = struct.pack(">HBHHBBBB", 11, 8, height, width, 1, 1, 0x11, 0)
    return b"\xff\xd8\xff\xc0" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\xff\xd9"


WRONG = {
    "truncated.png": good_png()[:80],
    "truncated.jpg": jpeg(28, 28)[:12],
    "truncated.pgm": b"P5 28 28 255\n" + bytes(100),
    "truncated.bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 28, 28, 1, 24, 0, 0, 0, 0, 0, 0),
    "empty.png": b"",
    "zero.png": png(0, 28),
    "zero.pgm": b"P5 0 28 255\n",
    "zero.bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 0, 28, 1, 24, 0, 0, 0, 0, 0, 0),
    "huge.png": png(30000, 30000),
    "huge.jpg": jpeg(30000, 30000),
    "huge.pgm": b"P5 30000 30000 255\n",
    "huge.bmp": huge_bmp(),
    "liar.pgm": b"P5 99999999999999999999 1 255\n",
    "text.jpg": b"this is no picture\n",
    "crc.png": good_png()[:-20] + b"\0\0\0\0" + good_png()[-16:],
}


class WrongImages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        for name, data in WRONG.items():
            (cls.folder / name).write_bytes(data)
        (cls.folder / "folder.png").mkdir()
        (cls.folder / "good.png").write_bytes(good_png())
        (cls.folder / "good.pgm").write_bytes(b"P5 28 28 255\n" + bytes(28 * 28))
        cls.wrong = [*WRONG, "folder.png", "missing.png"]

    def test_the_good_ones_alone(self):
        results = self.network.json("good.png", "good.pgm", cwd=self.folder)["results"]
        self.assertEqual([len(result["top"]) for result in results], [3, 3])

    def test_each_alone(self):
        for name in self.wrong:
            with self.subTest(name=name):
                done = self.network.run(name, status=1, cwd=self.folder, timeout=20)
                self.assertEqual(done.out, "")
                *warnings, line = done.err.strip().splitlines()
                self.assertEqual([warning for warning in warnings if "warning:" not in warning], [])
                self.assertIn(name, line)
                self.assertGreater(len(line), len(name) + 10)

    def test_the_others_are_still_classified(self):
        """In the order given, with an error object in the place of each wrong one."""
        names = [part for name in self.wrong for part in (name, "good.png")]
        done = self.network.run("--json", *names, status=1, cwd=self.folder, timeout=60)
        results = json.loads(done.out)["results"]
        self.assertEqual([result["image"] for result in results], names)
        expected = self.network.json("good.png", cwd=self.folder)["results"][0]["top"]
        for result in results:
            if result["image"] == "good.png":
                self.assertEqual(result["top"], expected)
            else:
                self.assertEqual(sorted(result), ["error", "image"])
                self.assertGreater(len(result["error"]["message"]), 10, result["image"])

    def test_in_plain_text_too(self):
        alone = self.network.run("good.png", cwd=self.folder).out
        done = self.network.run("text.jpg", "good.png", "missing.png", status=1, cwd=self.folder)
        self.assertIn(alone.strip().splitlines()[-1].split()[-1], done.out)
        self.assertEqual(len(done.err.strip().splitlines()), 2)

    def test_a_header_of_30000_by_30000_takes_no_memory(self):
        for kind in ("png", "jpg", "pgm", "bmp"):
            with self.subTest(kind=kind):
                done = self.network.run(f"huge.{kind}", status=1, cwd=self.folder, timeout=20, preexec_fn=limit_memory)
                self.assertRegex(done.err, r"30000|pixels|large")

    def cost_of(self, name, data, status, seconds, limit=None):
        """CPU seconds of the program; fails above `seconds`, or where it needs more memory than `limit`."""
        (self.folder / name).write_bytes(data)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = self.network.run(name, status=status, cwd=self.folder, timeout=300, preexec_fn=limit or limit_memory)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{name}: {len(data)} bytes, {spent:.2f} CPU seconds")
        self.assertLess(spent, seconds, done.err)
        return done

    def test_pictures_of_sides_that_no_picture_has(self):
        """Refused by their header, whatever they would have cost."""
        for width, height in ((1, 100_000_000), (100_000_000, 1), (10, 10_000_000), (65536, 1), (1, 65536)):
            with self.subTest(width=width, height=height):
                done = self.cost_of(f"{width}x{height}.png", zeros_png(width, height), 1, 1)
                self.assertIn("too large", done.err)

    def test_the_longest_and_the_largest_pictures(self):
        """What is read stays within the bounds that runtime/image.h states."""
        for width, height in ((65535, 1), (1, 65535), (1500, 65535)):
            with self.subTest(width=width, height=height):
                self.cost_of(f"{width}x{height}.png", zeros_png(width, height), 0, 10)
        with self.subTest("interlaced, 16 bits, alpha"):
            data = zeros_png(10_000, 10_000, depth=16, color=6, interlaced=1)
            self.cost_of("interlaced.png", data, 0, 10, lambda: limit_memory(480 << 20))

    def test_every_truncation_of_a_png(self):
        whole = good_png()
        names = []
        for length in range(0, len(whole) - 12, 7):
            names.append(f"cut{length}.png")
            (self.folder / names[-1]).write_bytes(whole[:length])
        done = self.network.run("--json", *names, status=1, cwd=self.folder, timeout=60)
        results = json.loads(done.out)["results"]
        self.assertEqual([result["image"] for result in results if "error" not in result], [])

    def test_wrong_tensors(self):
        wrong = {
            "shape.npy": npy("(27, 28, 1)", bytes(27 * 28 * 4)),
            "type.npy": npy("(28, 28, 1)", bytes(28 * 28 * 8), "<f8"),
            "short.npy": npy("(28, 28, 1)", bytes(100)),
            "liar.npy": npy("(1000000000, 28, 28, 1)", b""),
            "order.npy": npy("(28, 28, 1)", bytes(28 * 28 * 4), order=True),
            "text.npy": b"no array",
        }
        for name, data in wrong.items():
            (self.folder / name).write_bytes(data)
            with self.subTest(name=name):
                done = self.network.run("--tensor", name, status=1, cwd=self.folder, timeout=20, preexec_fn=limit_memory)
                self.assertIn(name, done.err)
                self.assertEqual(done.out, "")

    def test_wrong_usage(self):
        for arguments in (["--no-such-option"], ["--threads", "many", "good.png"], ["--threads", "0", "good.png"], ["--head", "nose", "good.png"], ["--topk"]):
            with self.subTest(arguments=arguments):
                done = self.network.run(*arguments, status=2, cwd=self.folder)
                self.assertEqual(done.out, "")
                self.assertNotEqual(done.err, "")

    def test_an_output_that_cannot_be_written(self):
        for path in ("/dev/full", "good.png/below.npy", "no/such/folder.npy"):
            with self.subTest(path=path):
                if path.startswith("/dev") and not os.path.exists(path):
                    self.skipTest(f"no {path} here")
                done = self.network.run("--dump", f"main={path}", "good.png", status=1, cwd=self.folder)
                self.assertIn(path, done.err)

    def test_another_networks_weights(self):
        other = support.build(support.ZOO / "inception_reduced.yaml", "random:1")
        done = self.network.run("--weights", other.blob, "good.png", status=1, cwd=self.folder)
        self.assertIn(str(other.blob), done.err)
        for name, data in {"none.weights": b"", "short.weights": self.network.blob.read_bytes()[:1000], "text.weights": b"x" * 5000}.items():
            (self.folder / name).write_bytes(data)
            with self.subTest(name=name):
                done = self.network.run("--weights", name, "good.png", status=1, cwd=self.folder)
                self.assertIn(name, done.err)

    def test_a_flipped_bit_in_the_weights_is_seen_by_verify(self):
        blob = bytearray(self.network.blob.read_bytes())
        blob[len(blob) // 2] ^= 1
        (self.folder / "flipped.weights").write_bytes(blob)
        self.network.run("--verify")
        done = self.network.run("--verify", "--weights", "flipped.weights", status=4, cwd=self.folder)
        self.assertNotEqual(done.err + done.out, "")


def npy(shape, data, kind="<f4", order=False):
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    text += " " * (63 - (len(text) + 10) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data


def limit_memory(most=256 << 20):
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    support.main()
