"""What users link: the C header and the libraries, by clang and GCC, as C and C++; the output folder built elsewhere by itself."""
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import tempfile
import unittest

import support
import numpy as np

STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
CLANG = next((name for name in ("clang-22", "clang-19") if shutil.which(name)), "clang")
CLANGXX = CLANG.replace("clang", "clang++")
LANGUAGES = [(CLANG, ["-std=c11"]), ("gcc", ["-std=c11"]), (CLANGXX, ["-x", "c++", "-std=c++20"]), ("g++", ["-x", "c++", "-std=c++20"])]
IMAGE_LIBRARIES = ["-ljpeg", "-lpng", "-lz"]


def fashion():
    return support.build(support.ZOO / "fashion.yaml", support.FASHION_WEIGHTS)


def reduced():
    return support.build(support.ZOO / "inception_reduced.yaml", "random:1")


class Example(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.program = self.folder / "program"

    def compile(self, compiler, language, source, libraries, networks=None, extra=()):
        networks = networks or [fashion()]
        paths = [part for network in networks for part in ("-I", network.folder, "-L", network.folder)]
        support.run(compiler, *language, *STRICT, *extra, *paths, support.HERE / "example" / source, "-o", self.program,
                    *[f"-l{name}" for name in libraries if not name.startswith("-")], *[name for name in libraries if name.startswith("-")],
                    "-lm", "-lpthread")

    def test_ten_lines(self):
        x = support.images(1, 28, 28, 1)
        np.save(self.folder / "x.npy", x)
        (result,) = fashion().json("--tensor", self.folder / "x.npy")["results"]
        for compiler, language in LANGUAGES:
            with self.subTest(compiler=compiler, language=language):
                self.compile(compiler, language, "example.c", ["fashion"])
                out = support.run(self.program, fashion().blob, input=x.tobytes()).out
                index, rest = out.split(" ", 1)
                label, probability = rest.rsplit(" ", 1)
                best = result["top"][0]
                self.assertEqual((int(index), label), (best["index"], best["label"]))
                self.assertAlmostEqual(float(probability), best["probability"], 5)

    def test_it_says_what_is_wrong(self):
        self.compile("gcc", ["-std=c11"], "example.c", ["fashion"])
        (self.folder / "text").write_text("no weights" * 1000)
        for weights in ("/nonexistent", self.folder / "text", self.folder, reduced().blob):
            done = support.run(self.program, weights, status=1, input=b"")
            self.assertGreater(len(done.err), 10)
            self.assertNotEqual(done.err, "ok\n")

    def test_pictures(self):
        picture = self.folder / "picture.pgm"
        picture.write_bytes(b"P5 28 28 255\n" + bytes(range(256)) * 3 + bytes(16))
        wanted = self.folder / "main.npy"
        fashion().run("--dump", f"main={wanted}", picture)
        for compiler, language in LANGUAGES[:2]:
            self.compile(compiler, language, "classify.c", ["fashion_image", "fashion", *IMAGE_LIBRARIES])
            values = np.zeros(10, np.float32)
            for line in support.run(self.program, fashion().blob, picture).out.splitlines():
                index, share = line.split()
                values[int(index)] = float.fromhex(share)
            self.assertEqual(values.tobytes(), np.load(wanted).tobytes())
        picture.write_bytes(b"P5 28 28 255\n" + bytes(100))
        self.assertRegex(support.run(self.program, fashion().blob, picture).out, r"error .*: .{10}")

    def test_the_hosts_rounding_mode(self):
        """No mode of the host's changes a bit, whoever's threads compute, and each is left as it was."""
        x = support.images(3, 28, 28, 1) * np.float32(1e-3)
        for compiler, language in LANGUAGES[:2]:
            with self.subTest(compiler=compiler):
                self.compile(compiler, language, "modes.c", ["fashion"])
                self.assertEqual(support.run(self.program, fashion().blob, input=x.tobytes()).out, "0\n0\n0\n")

    def test_two_image_libraries_in_one_program(self):
        googlenet = support.build(support.ZOO / "googlenet.yaml", support.googlenet_weights(), ["size=64"])
        libraries = ["fashion_image", "fashion", "googlenet_image", "googlenet", *IMAGE_LIBRARIES]
        self.compile("gcc", ["-std=c11"], "two_pictures.c", libraries, [fashion(), googlenet])
        index, share, other, other_share = support.run(self.program, fashion().blob, googlenet.blob).out.split()
        picture = self.folder / "picture.ppm"
        picture.write_bytes(b"P6 2 2 255\nABCDEFGHIJKL")
        for network, best, probability in ((fashion(), index, share), (googlenet, other, other_share)):
            (result,) = network.json("--topk", "1", picture)["results"]
            self.assertEqual(result["top"][0]["index"], int(best))
            self.assertAlmostEqual(result["top"][0]["probability"], float(probability), 5)

    def test_visible_symbols_carry_the_networks_name(self):
        for library in ("libfashion.a", "libfashion_image.a"):
            text = support.run("nm", "--defined-only", "--extern-only", fashion().folder / library).out
            names = [line.split()[2] for line in text.splitlines() if re.match(r"[0-9a-f]+ [TDBR] ", line)]
            self.assertEqual([name for name in names if not name.startswith(("fashion", "_ZN2rt", "_ZNK2rt"))], [], library)

    def test_header_is_small(self):
        text = (fashion().folder / "fashion.h").read_text()
        functions = re.findall(r"\b(fashion_\w+)\(", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
        self.assertLessEqual(len(set(functions)), 14)
        self.assertGreaterEqual(len(set(functions)), 10)


class TwoNetworks(unittest.TestCase):
    """Linked into one program and run by two threads at the same time, each gives the bits that it gives alone."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.program = self.folder / "two_networks"
        self.networks = (fashion(), reduced())

    def alone(self):
        """What each network's own program makes of the inputs that two_networks.c has."""
        results = []
        for network, shape, period, scale in zip(self.networks, ((1, 28, 28, 1), (1, 28, 28, 192)), (17, 23), (8, 11)):
            x = (np.arange(np.prod(shape)) % period).astype(np.float32) / np.float32(scale) - np.float32(1)
            results.append(network.dump(x.reshape(shape), "main", folder=self.folder)["main"].tobytes())
        return results

    def together(self, environment=None):
        outputs = [self.folder / f"{network.name}.out" for network in self.networks]
        done = support.run(self.program, *[network.blob for network in self.networks], *outputs, env=environment)
        self.assertEqual((done.out, done.err), ("0 allocations\n", ""))
        return [path.read_bytes() for path in outputs]

    def link(self, compiler, *options):
        folders = [part for network in self.networks for part in ("-I", network.folder)]
        support.run(compiler, "-std=gnu11", *STRICT, "-fno-builtin", *folders, support.HERE / "example/two_networks.c", *options,
                    "-o", self.program, "-lm", "-lpthread")

    def test_at_the_same_time(self):
        for compiler in (CLANG, "gcc"):
            with self.subTest(compiler=compiler):
                self.link(compiler, *[network.folder / f"lib{network.name}.a" for network in self.networks])
                self.assertEqual(self.together(), self.alone())

    def test_under_the_thread_sanitizer(self):
        """The folders' own sources, compiled as their CMakeLists.txt does but for -O1 and the sanitizer."""
        thread_sanitizer_or_skip(self.folder)
        objects = []
        for network in self.networks:
            objects.append(self.folder / f"{network.name}.o")
            support.run(CLANGXX, *own_options(network), "-O1", "-g1", "-fsanitize=thread", "-I", network.folder, "-c",
                        network.folder / f"{network.name}.cpp", "-o", objects[-1])
        self.link(CLANG, "-g1", "-fsanitize=thread", "-DOWN_ALLOCATOR", *objects)
        self.assertEqual(self.together({**os.environ, "TSAN_OPTIONS": "exitcode=66"}), self.alone())


def own_options(network):
    """What the folder's CMakeLists.txt compiles with."""
    text = (network.folder / "CMakeLists.txt").read_text()
    options = re.search(r"add_compile_options\((.*)\)\n", text[: text.index("# What reads")], re.S)[1].split()
    return [flag for option in options for flag in re.sub(r'^"\$<\$<COMPILE_LANGUAGE:CXX>:(.*)>"$', r"\1", option).split(";")]


def thread_sanitizer_or_skip(folder):
    """It is told what it must find first: a sanitizer that finds nothing proves nothing."""
    (folder / "race.cpp").write_text("""#include <thread>
int shared;
int main() { std::thread other([] { ++shared; }); ++shared; other.join(); }
""")
    linked = support.run(CLANGXX, "-std=c++20", "-g1", "-fsanitize=thread", folder / "race.cpp", "-o", folder / "race", status=None)
    if linked.returncode != 0:
        raise unittest.SkipTest("no thread sanitizer for this compiler (Debian: libclang-rt-22-dev)")
    if "data race" not in support.run(folder / "race", status=None).err:
        raise unittest.SkipTest("the thread sanitizer does not work here")


def hardened(case, program):
    """Full RELRO, position independent, no executable stack; protector and fortified functions where strangers' files are read."""
    text = support.run("readelf", "-W", "-d", "-l", "-h", program).out
    case.assertRegex(text, r"BIND_NOW|FLAGS_1\).*NOW")
    case.assertIn("GNU_RELRO", text)
    case.assertRegex(text, r"Type:\s+DYN")
    case.assertRegex(text, r"GNU_STACK\s.*\sRW\s")
    symbols = support.run("nm", "-D", "--undefined-only", program).out
    case.assertIn("__stack_chk_fail", symbols)
    case.assertRegex(symbols, r"__(v?snprintf|memcpy|read|printf)_chk")


class Hardening(unittest.TestCase):
    def test_the_program_that_deeper_links(self):
        hardened(self, fashion().program)

    def test_what_reads_strangers_files_only(self):
        def has(library):
            return "__stack_chk_fail" in support.run("nm", "--undefined-only", fashion().folder / library).out

        self.assertTrue(has("libfashion_image.a"))
        self.assertFalse(has("libfashion.a"))
        manifest = json.loads((fashion().folder / "manifest.json").read_text())
        self.assertIn("-fstack-protector-strong", manifest["flags_image_and_program"])

    def test_versions_of_the_libraries_inside(self):
        """manifest.json, the program and the headers agree."""
        manifest = json.loads((fashion().folder / "manifest.json").read_text())["libraries"]
        inside = fashion().json("--version")["libraries"]
        self.assertEqual({name: about["version"] for name, about in manifest.items()}, inside)
        self.assertEqual(list(inside), ["libjpeg-turbo", "libpng", "zlib"])
        for name, module in (("libjpeg-turbo", "libjpeg"), ("libpng", "libpng16"), ("zlib", "zlib")):
            self.assertEqual(inside[name], support.run("pkg-config", "--modversion", module).out.strip())
        if shutil.which("dpkg-query"):
            for about in manifest.values():
                name, version = about["package"].split(" ")
                self.assertEqual(version, support.run("dpkg-query", "-W", "-f", "${Version}", name).out)


class Elsewhere(unittest.TestCase):
    """The folder with nothing but its sources, copied away, built by its own CMakeLists.txt."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def rebuilt(self, c, cxx):
        source, binary = self.folder / f"copy of {c}", self.folder / f"build of {c}"
        shutil.copytree(fashion().folder, source, ignore=shutil.ignore_patterns("*.a", "fashion"))
        compilers = [f"-DCMAKE_C_COMPILER={c}", f"-DCMAKE_CXX_COMPILER={cxx}"]
        if shutil.which("ccache"):
            compilers += [f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX")]
        environment = {name: value for name, value in os.environ.items() if name not in ("CFLAGS", "CXXFLAGS")}
        support.run("cmake", "-S", source, "-B", binary, "-G", "Ninja", *compilers, env=environment)
        support.run("cmake", "--build", binary, "-j", "2", env=environment)
        hardened(self, binary / "fashion")
        return support.Network(binary, "fashion")

    def values(self, network):
        x = support.images(5, 3, 28, 28, 1)
        arrays = network.dump(x, "main", "main.logits", folder=self.folder)
        arrays.update(network.layers(x[0], self.folder))
        return {name: hashlib.sha256(value.tobytes()).hexdigest() for name, value in arrays.items()}

    def same_bits(self, c, cxx):
        network = self.rebuilt(c, cxx)
        self.assertEqual(self.values(network), self.values(fashion()))
        network.run("--self-test")
        network.run("--verify")

    def test_by_gcc(self):
        self.same_bits("gcc", "g++")
        self.other_weights()
        self.installed()
        self.as_part_of_a_project()

    def other_weights(self):
        """Weights that come later, with the same code: the next build brings them."""
        source, binary = self.folder / "copy of gcc", self.folder / "build of gcc"
        before = (source / "fashion.weights").read_bytes()
        (source / "fashion.weights").write_bytes(before[:-64] + bytes(64))
        support.run("cmake", "--build", binary)
        support.run(binary / "fashion", "--verify", status=4)
        (source / "fashion.weights").write_bytes(before)
        support.run("cmake", "--build", binary)
        support.run(binary / "fashion", "--verify")

    def installed(self):
        """Program and weights, library and what pkg-config says about it, from a prefix that is moved afterwards."""
        support.run("cmake", "--install", self.folder / "build of gcc", "--prefix", self.folder / "prefix")
        place = self.folder / "moved"
        os.rename(self.folder / "prefix", place)
        support.run(place / "bin/fashion", "--verify", cwd="/")
        support.run(place / "bin/fashion", support.ZOO / "goldens/bag.pgm", cwd="/")
        self.linked(place / "lib/pkgconfig/fashion.pc")
        (place / "share/fashion/fashion.weights").unlink()
        self.assertIn("bin/fashion.weights: No such file", support.run(place / "bin/fashion", "--verify", status=1).err)

    def linked(self, description):
        """examples/classify.c by what pkg-config says."""
        words = shlex.split(support.run("pkg-config", "--cflags", "--libs", description).out)
        program = self.folder / "classify"
        support.run("gcc", "-std=c11", *STRICT, support.HERE / "example/classify.c", "-o", program, *words)
        out = support.run(program, fashion().blob, support.ZOO / "goldens/bag.pgm").out
        self.assertEqual(len(out.splitlines()), 10)

    def test_pkg_config_of_the_folder_itself(self):
        self.linked(fashion().folder / "fashion.pc")

    def as_part_of_a_project(self):
        project = self.folder / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.16)
project(theirs C CXX)
add_subdirectory("{self.folder / 'copy of gcc'}" network)
add_executable(theirs "{support.HERE / 'example/classify.c'}")
target_link_libraries(theirs PRIVATE fashion_image)
""")
        ccache = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        support.run("cmake", "-S", project, "-B", project / "build", "-G", "Ninja", "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_CXX_COMPILER=g++", *ccache)
        support.run("cmake", "--build", project / "build", "-j", "2", "--target", "theirs")
        out = support.run(project / "build/theirs", fashion().blob, support.ZOO / "goldens/bag.pgm").out
        self.assertEqual(len(out.splitlines()), 10)

    def test_by_clang(self):
        self.same_bits(CLANG, CLANGXX)


if __name__ == "__main__":
    support.main()
