"""Networks that are called like something else: a header, a library, a CMake target, a function. What is a name builds."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import support
from cache import SPEC

# As header, keyword, macro, library or target they exist; as the name of a network each must do.
HEADERS = """aio alloca ar argp assert complex ctype cpio dirent dlfcn elf endian err errno error execinfo fcntl features fenv float
    fnmatch getopt glob grp iconv_h inttypes ifaddrs jconfig jerror jmorecfg jpeglib langinfo lastlog libgen limits link locale malloc
    math memory monetary netdb ng nl_types obstack paths png pngconf poll printf pthread_h pty pwd regex resolv sched search semaphore
    setjmp sgtty shadow signal spawn stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings sysexits syslog tar termio
    termios tgmath threads time ttyent uchar unistd utime utmp utmpx values wait wchar wctype wordexp zconf""".split()
WORDS = """alignas and asm auto bool case catch char class co_await concept const consteval default delete do double else enum errno explicit
    export extern false float for friend goto if import inline int long module mutable namespace new noexcept not nullptr operator or
    private public register requires return short signed sizeof static static_assert struct switch template this throw true try typedef
    typeid typename union unsigned using virtual void volatile while xor restrict std unix linux i386 stdin stdout stderr main input
    output images""".split()
TARGETS = "all clean help install test package package_source edit_cache rebuild_cache depend preinstall obj build m c rt dl z jpeg_ png16".split()

# The C library, those of pictures, and what else a program may well link.
LIBRARIES = ["libc.so.6", "libm.so.6", "libresolv.so.2", "libutil.so.1", "libanl.so.1", "libjpeg.a", "libpng16.a", "libz.a", "libc.a"]


def interface_words():
    text = (support.ROOT / "dsl/network_name.h").read_text()
    return re.findall(r'"([a-z_]+)"', text[text.index("interface_words[]") : text.index("};")])


class Names(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.spec = self.folder / "net.yaml"
        self.spec.write_text(SPEC)

    def build(self, name, *arguments, weights="random:1", status=0):
        support.run(support.DEEPER, "build", self.spec, "--name", name, "--weights", weights, "-o", self.folder / name, *arguments,
                    status=status, env=support.with_compiler_cache())
        return support.Network(self.folder / name, name)

    def test_functions_of_the_system_are_refused(self):
        """Whatever a library here defines, of the form NAME_WORD: `check` refuses NAME."""
        places = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        words, names = interface_words(), set()
        self.assertIn("open_memory", words)
        for library in LIBRARIES:
            path = next((f"{place}/{library}" for place in places if os.path.exists(f"{place}/{library}")), None)
            if path is None:
                continue
            dynamic = ["-D"] if ".so" in library else []
            for line in support.run("nm", *dynamic, "--defined-only", "-g", path, status=None).out.splitlines():
                symbol = line.split(" ")[-1].split("@")[0]
                names |= {symbol[: -len(word) - 1] for word in words if symbol.endswith("_" + word)}
        names = sorted(name for name in names if re.fullmatch("[a-z][a-z0-9_]{0,63}", name))
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(name):
                self.spec.write_text(SPEC.replace("name: net", f"name: {name}"))
                self.assertIn("the system has another", support.run(support.DEEPER, "check", self.spec, status=1).err)

    def test_headers_of_all_names_go_together(self):
        """Under C and C++, behind and before the system's: no function, type, macro or guard of one is another's."""
        names = sorted(set(HEADERS + WORDS + TARGETS + ["f", "e", "sqlite"]))
        text = self.build("prototype", "--sources-only").folder.joinpath("prototype.h").read_text()
        folder = self.folder / "headers"
        folder.mkdir()
        for name in names:
            (folder / f"{name}.h").write_text(text.replace("prototype", name).replace("PROTOTYPE", name.upper()))
        ours = "".join(f'#include "{name}.h"\n' for name in names)
        system = "".join(f"#include <{name}>\n" for name in (
            "aio.h", "argz.h", "complex.h", "errno.h", "fcntl.h", "fts.h", "iconv.h", "math.h", "mcheck.h", "mqueue.h", "netdb.h", "pthread.h",
            "resolv.h", "semaphore.h", "signal.h", "spawn.h", "stdio.h", "stdlib.h", "string.h", "sys/epoll.h", "sys/mman.h", "sys/timerfd.h",
            "threads.h", "time.h", "unistd.h", "zlib.h"))
        for language in ("c", "c++"):
            standard = "gnu17" if language == "c" else "gnu++20"
            others = system if language == "c" else system.replace("#include <threads.h>\n", "").replace("#include <complex.h>\n", "")
            for source in (ours + others, others + ours):
                support.run("gcc", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-std={standard}", "-x", language, "-iquote", folder, "-",
                            input=source.encode())

    def test_they_build_and_run(self):
        """By deeper and by the folder's own CMake, with the same bits as under another name."""
        right = self.build("net").dump(support.images(1, 1, 8, 8, 3), "main", folder=self.folder)["main"].tobytes()
        for name in ("math", "obj", "int", "install", "m", "jconfig"):
            with self.subTest(name):
                network = self.build(name)
                self.assertEqual(network.dump(support.images(1, 1, 8, 8, 3), "main", folder=self.folder)["main"].tobytes(), right)
        for name in ("math", "install", "m", "jconfig"):
            with self.subTest(f"{name} by CMake"):
                binary = self.folder / f"build of {name}"
                launchers = [f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX")] if shutil.which("ccache") else []
                support.run("cmake", "-S", self.folder / name, "-B", binary, "-G", "Ninja", *launchers)
                if name in ("install", "m"):
                    continue  # these have failed to configure
                support.run("cmake", "--build", binary, "-j", "2")
                shutil.copy(self.folder / name / f"{name}.weights", binary)
                network = support.Network(binary, name)
                self.assertEqual(network.dump(support.images(1, 1, 8, 8, 3), "main", folder=self.folder)["main"].tobytes(), right)

    def test_pkg_config_keeps_them_apart(self):
        """The header of the system's name and ours in one program, the system's library beside ours."""
        for name in ("math", "m"):
            with self.subTest(name):
                network = self.build(name)
                words = support.run("pkg-config", "--cflags", "--libs", network.folder / f"{name}.pc").out.split()
                source = f"""#include <math.h>
#include "{name}.h"
int main(int count, char** words) {{
  {name}_model* model;
  return {name}_open(words[1], &model) != 0 || sqrt(count + 2.0) != 2;
}}
"""
                program = self.folder / f"{name}_program"
                support.run("gcc", "-O0", "-Wall", "-Werror", "-x", "c", "-", "-x", "none", "-o", program, *words, input=source.encode())
                support.run(program, network.blob)

    def test_two_models_of_one_network(self):
        """Other weights under another name, in one program."""
        first, second = self.build("first"), self.build("second", weights="random:2")
        x = support.images(3, 1, 8, 8, 3)
        alone = [network.dump(x, "main", folder=self.folder)["main"].tobytes() for network in (first, second)]
        self.assertNotEqual(*alone)
        source = "#include <stdio.h>\n" + "".join(f'#include "{name}.h"\n' for name in ("first", "second")) + "int main(void) {\n  static float x[192];\n"
        source += "  if (fread(x, sizeof x, 1, stdin) != 1) return 1;\n"
        for network in (first, second):
            n = network.name
            source += f'  {n}_model* {n}; {n}_context* {n}_c;\n  if ({n}_open("{network.blob}", &{n}) || {n}_create({n}, NULL, &{n}_c)) return 1;\n'
            source += f"  {n}_run({n}_c, x); fwrite({n}_output({n}_c, 0), sizeof(float), 4, stdout);\n"
        program = self.folder / "both"
        support.run("gcc", "-Wall", "-Werror", "-I", first.folder, "-I", second.folder, "-x", "c", "-", "-x", "none",
                    first.folder / "libfirst.a", second.folder / "libsecond.a", "-o", program, "-lm", "-lpthread", input=(source + "}\n").encode())
        done = subprocess.run([program], input=x.tobytes(), capture_output=True, check=True)
        self.assertEqual(done.stdout, b"".join(alone))
        second.run("--verify")

    def test_heads_do_not_collide_with_what_is_dumped(self):
        """A head may be called like any file of a golden; `input` is what enters."""
        self.spec.write_text(SPEC.replace("main:", "layers:").replace("{softmax: {}}]}", "{softmax: {}}]}\n  logits: {from: pool1, layers: [{id: other, dense: {out: 2}}, {softmax: {}}]}"))
        x = self.folder / "x.npy"
        support.np.save(x, support.images(1, 8, 8, 3))
        environment = support.with_compiler_cache()
        support.run(support.DEEPER, "golden", "record", self.spec, "--weights", "random:1", "-o", self.folder / "goldens", x, env=environment)
        support.run(support.DEEPER, "golden", "check", self.spec, "--weights", "random:1", "--goldens", self.folder / "goldens/net.goldens.yaml", env=environment)
        self.spec.write_text(SPEC.replace("main:", "input:"))
        self.assertIn("a head cannot be called `input`", support.run(support.DEEPER, "check", self.spec, status=1).err)


if __name__ == "__main__":
    support.main()
