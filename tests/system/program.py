"""What the finished program needs and takes: libraries, size, memory, no allocation in run, no network."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import support

MEGABYTE = 1 << 20


def googlenet():
    return support.build(support.ZOO / "googlenet.yaml", support.googlenet_weights())


def fashion():
    return support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)


def header_constant(network, name):
    """The value of a macro of NAME.h, as the compiler sees it."""
    prefix = network.name.upper()
    source = f'#include <stdio.h>\n#include "{network.name}.h"\nint main(void) {{ printf("%lld\\n", (long long)({prefix}_{name})); return 0; }}\n'
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "constant.c").write_text(source)
        support.run("cc", "-I", network.folder, "-o", path / "constant", path / "constant.c")
        return int(support.run(path / "constant").out)


class Program(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_needs_libc_and_libm_only(self):
        for network in (googlenet(), fashion()):
            lines = support.run("ldd", network.program).out.splitlines()
            names = [re.split(r"\s+", line.strip())[0] for line in lines]
            allowed = re.compile(r"linux-vdso\.so\.1|lib[cm]\.so\.6|.*/ld-linux-x86-64\.so\.2")
            self.assertEqual([name for name in names if not allowed.fullmatch(name)], [])

    def test_under_one_megabyte_stripped(self):
        for network in (googlenet(), fashion()):
            stripped = self.folder / network.name
            support.run("strip", "-o", stripped, network.program)
            print(f"{network.name}: {stripped.stat().st_size} bytes stripped")
            self.assertLess(stripped.stat().st_size, MEGABYTE)

    def test_arena(self):
        network = googlenet()
        arena = header_constant(network, "ARENA_BYTES(1)")
        print(f"googlenet: arena {arena} bytes")
        self.assertLessEqual(arena, 8 * MEGABYTE)
        self.assertGreater(arena, MEGABYTE)
        manifest = json.loads((network.folder / "manifest.json").read_text())
        self.assertIn(arena, manifest.values())

    def test_resident_memory(self):
        """Beside the weights and the arena, 12 MB: the decoded picture, the C library, the program itself."""
        network = googlenet()
        picture = self.folder / "noise.ppm"
        noise = (support.images(1, 224, 224, 3) * 60 + 128).clip(0, 255).astype("uint8")
        picture.write_bytes(b"P6 224 224 255\n" + noise.tobytes())
        peak = support.measured(network.program, "--pixels", picture).peak_mb
        limit = (network.blob.stat().st_size + header_constant(network, "ARENA_BYTES(1)")) / MEGABYTE + 12
        print(f"googlenet: {peak:.1f} MB resident, limit {limit:.1f} MB")
        self.assertLessEqual(peak, limit)

    def test_no_sockets(self):
        calls = r"\b(socket|connect|bind|listen|accept4?|getaddrinfo|gethostby\w+|send(to|msg)?|recv(from|msg)?|system|popen|exec\w+|dlopen)\b"
        for network in (googlenet(), fashion()):
            symbols = subprocess.run(["nm", "-D", "--undefined-only", network.program], capture_output=True, text=True, check=True).stdout
            self.assertEqual(re.findall(calls, symbols.replace("@", " ")), [])

    def test_the_network_library_needs_no_cplusplus_library(self):
        for network in (googlenet(), fashion()):
            symbols = support.run("nm", "-C", "--undefined-only", network.folder / f"lib{network.name}.a").out
            bad = re.findall(r"std::\S+|__cxa_\w+|__gxx_\w+|operator (?:new|delete)\S*|_Unwind_\w+|\bprintf\b|\bexit\b|\babort\b", symbols)
            self.assertEqual(bad, [])

    def test_source_is_short_and_quick_to_compile(self):
        network = googlenet()
        lines = (network.folder / "googlenet.cpp").read_text().splitlines()
        manifest = json.loads((network.folder / "manifest.json").read_text())
        print(f"googlenet.cpp: {len(lines)} lines; {json.dumps(manifest)[:400]}")
        self.assertLess(len(lines), 3000)

    def test_embedded_weights(self):
        """The program alone in a folder, without a weights file, gives the same bits."""
        network = support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS, extra=["--embed"])
        x = support.images(3, 2, 28, 28, 1)
        alone = self.folder / "alone"
        alone.mkdir()
        (alone / "fashion").write_bytes(network.program.read_bytes())
        (alone / "fashion").chmod(0o755)
        moved = support.Network(alone, "fashion")
        first = moved.dump(x, "main.logits", folder=self.folder)["main.logits"].tobytes()
        self.assertEqual(first, fashion().dump(x, "main.logits", folder=self.folder)["main.logits"].tobytes())
        moved.run("--verify")

    def test_finds_its_weights_beside_itself(self):
        """From any working directory, through a symbolic link, with spaces in the path."""
        network = fashion()
        place = self.folder / "a place with spaces"
        place.mkdir()
        link = place / "link"
        link.symlink_to(network.program)
        support.run(link, "--verify", cwd=place)
        for name in ("fashion", "fashion.weights"):
            (place / name).write_bytes((network.folder / name).read_bytes())
        (place / "fashion").chmod(0o755)
        support.run(place / "fashion", "--verify", cwd="/")
        (place / "fashion.weights").unlink()
        done = support.run(place / "fashion", "--verify", status=1)
        self.assertIn("fashion.weights", done.err)

    def test_version_bench_and_profile(self):
        network = fashion()
        version = network.run("--version").out
        manifest = json.loads((network.folder / "manifest.json").read_text())
        self.assertIn("fashion", version)
        bench = network.json("--bench", "20", "--threads", "1")
        keys = {"deeper", "network", "target", "dtype", "threads", "batch", "median_ms", "min_ms", "p99_ms", "peak_rss_mb", "load_ms"}
        self.assertLessEqual(keys, set(bench))
        self.assertEqual((bench["network"], bench["dtype"], bench["threads"], bench["batch"]), ("fashion", "f32", 1, 1))
        self.assertIn(bench["target"], version)
        self.assertIn(bench["target"], json.dumps(manifest))
        self.assertLessEqual(bench["min_ms"], bench["median_ms"])
        self.assertLessEqual(bench["median_ms"], bench["p99_ms"])

    def test_self_test(self):
        fashion().run("--self-test", timeout=10)


class Accuracy(unittest.TestCase):
    def test_fashion_on_all_its_test_images(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            made = support.run("/usr/bin/python3", support.ROOT / "tests/train/fashion_images.py", "all", folder, status=None)
            if made.returncode != 0:
                self.skipTest(f"no Debian package dataset-fashion-mnist: {made.err.strip()}")
            result = fashion().json("--eval", folder / "list.tsv")
        print(f"fashion: top-1 {result['top1']}, {result['images_per_second']} images/s")
        self.assertEqual(result["images"], 10000)
        self.assertGreaterEqual(result["top1"], 0.93)


if __name__ == "__main__":
    support.main()
