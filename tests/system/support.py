"""What the system tests share: networks built once and kept, programs run, arrays compared.

Every script is called as   /usr/bin/python3 SCRIPT.py PATH/TO/deeper CACHE [unittest arguments]
Builds are kept in CACHE under the hash of the compiler's binary, so that scripts share them and a new compiler starts afresh.
Exit status 77 (ctest: skipped) when nothing could run; skipped cases are named on standard output.
"""
import contextlib
import dataclasses
import fcntl
import functools
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import unittest

os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # Debian's OpenBLAS may pick broken kernels on very new CPUs
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZOO = ROOT / "dsl/networks"
HERE = pathlib.Path(__file__).resolve().parent
FASHION_WEIGHTS = ZOO / "fashion.safetensors"
SKIPPED = 77
DEEPER = None  # the compiler; `main` sets both
CACHE = None


def main():
    global DEEPER, CACHE
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} PATH/TO/deeper CACHE [unittest arguments]")
    DEEPER = pathlib.Path(sys.argv.pop(1)).resolve()
    root = pathlib.Path(sys.argv.pop(1)).resolve()
    CACHE = root / file_hash(DEEPER)[:16]
    root.mkdir(parents=True, exist_ok=True)
    with locked(root / "lock"):
        for old in root.iterdir():  # of earlier compilers
            if old.is_dir() and old != CACHE and old.name != "oracle":
                shutil.rmtree(old)
        CACHE.mkdir(exist_ok=True)
    os.environ["XDG_CACHE_HOME"] = str(CACHE / "kept")  # what deeper itself keeps: not the user's
    result = unittest.main(module="__main__", exit=False, verbosity=2).result
    for case, reason in result.skipped:
        print(f"SKIPPED {case}: {reason}")
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun <= len(result.skipped) else 0)


@contextlib.contextmanager
def locked(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@functools.lru_cache(maxsize=None)
def file_hash(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def key_of(*parts):
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:16]


def run(*command, status=0, **options):
    """Runs and captures; fails with everything that was said when the exit status is another (None: any will do)."""
    options.setdefault("timeout", 600)
    done = subprocess.run([str(part) for part in command], capture_output=True, **options)
    done.out, done.err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    if status is not None and done.returncode != status:
        line = " ".join(str(part) for part in command)
        raise AssertionError(f"exit status {done.returncode}, not {status}: {line}\n{done.out[-3000:]}\n{done.err[-6000:]}")
    return done


@dataclasses.dataclass(frozen=True)
class Network:
    """A folder that `deeper build` left."""

    folder: pathlib.Path
    name: str
    emulator: tuple = ()

    @property
    def program(self):
        return self.folder / self.name

    @property
    def blob(self):
        return self.folder / f"{self.name}.weights"

    def run(self, *arguments, **options):
        return run(*self.emulator, self.program, *arguments, **options)

    def json(self, *arguments, **options):
        return json.loads(self.run("--json", *arguments, **options).out)

    def dump(self, x, *what, folder, arguments=()):
        """The tensors named `what` ("main", "main.logits", ...) for the input x [n, h, w, c], one row an image."""
        source = folder / "input.npy"
        np.save(source, np.ascontiguousarray(x, np.float32))
        files = {name: folder / f"{name}.npy" for name in what}
        wanted = [part for name, path in files.items() for part in ("--dump", f"{name}={path}")]
        self.run("--tensor", source, *wanted, *arguments)
        return {name: np.load(path) for name, path in files.items()}

    def layers(self, x, folder, arguments=()):
        """Every layer's output by its path for one input [h, w, c]."""
        source, target = folder / "layers_input.npy", folder / "layers.npz"
        np.save(source, np.ascontiguousarray(x, np.float32))
        self.run("--tensor", source, "--layers", target, *arguments)
        with np.load(target) as arrays:
            return {name: arrays[name] for name in arrays.files}


def spec_text(spec):
    """All text that a spec can depend on."""
    spec = pathlib.Path(spec)
    files = sorted(spec.parent.rglob("*.yaml")) + sorted(spec.parent.glob("*.txt"))
    return "".join(file_hash(path) for path in files)


def build(spec, weights, sets=(), target=None, extra=()):
    """`deeper build`, kept in the cache. `weights`: a file or "random:SEED"."""
    spec = pathlib.Path(spec)
    arguments = [part for pair in sets for part in ("--set", pair)]
    arguments += ["--target", target] if target else []
    arguments += [str(part) for part in extra]
    weights_key = weights if str(weights).startswith("random:") else file_hash(weights)
    folder = CACHE / f"{spec.stem}-{key_of(spec, spec_text(spec), weights_key, *arguments)}"
    with locked(f"{folder}.lock"):
        if not folder.exists():
            run(DEEPER, "build", spec, "--weights", weights, *arguments, "-o", folder, env=with_compiler_cache())
    return Network(folder, spec.stem, emulator(target))


@functools.lru_cache(maxsize=None)
def with_compiler_cache():
    """The environment, with a clang that keeps what it compiled: the runtime's files are the same for every network."""
    clang = next((path for path in (pathlib.Path(f"/usr/lib/llvm-{version}/bin/clang") for version in (22, 19)) if path.exists()), None)
    if clang is None or "DEEPER_CLANG" in os.environ or not shutil.which("ccache"):
        return dict(os.environ)
    folder = CACHE / "toolchain"
    with locked(CACHE / "toolchain.lock"):
        if not (folder / "clang").exists():
            folder.mkdir(exist_ok=True)
            for name in ("llvm-ar", "ld.lld"):
                os.symlink(clang.parent / name, folder / name)
            (folder / "part").write_text(f'#!/bin/sh\nexec ccache {clang} "$@"\n')
            (folder / "part").chmod(0o755)
            (folder / "part").rename(folder / "clang")
    return {**os.environ, "DEEPER_CLANG": str(folder / "clang")}


EMULATORS = {"aarch64": ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"),
             "riscv64": ("qemu-riscv64", "-cpu", "rv64,v=true,vlen=128", "-L", "/usr/riscv64-linux-gnu")}


def emulator(target):
    return EMULATORS.get(target, ())


def models():
    """The folder with the real GoogLeNet, or None."""
    folder = pathlib.Path(os.environ.get("DEEPER_MODELS", ROOT / "../shared/models/googlenet"))
    return folder if (folder / "googlenet.safetensors").exists() else None


def need_models():
    if models() is None:
        raise unittest.SkipTest("no googlenet.safetensors in ../shared/models/googlenet, nor in the folder DEEPER_MODELS names")
    return models()


def googlenet_weights():
    """The real weights, else made-up ones (He-scaled), so that the network is tested either way."""
    if models():
        return models() / "googlenet.safetensors"
    return oracle("googlenet", None, images(7, 1, 64, 64, 3) * 50)[1]


def cpu_flags():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    return set(next((line for line in text.splitlines() if line.startswith("flags")), "").split())


def need_target(target):
    """Skips when programs for the target cannot be built or run here."""
    if target == "x86-64-v4" and "avx512f" not in cpu_flags():
        raise unittest.SkipTest("this CPU has no AVX-512")
    if target == "x86-64-v3" and "avx2" not in cpu_flags():
        raise unittest.SkipTest("this CPU has no AVX2")
    if words := emulator(target):
        if not (shutil.which(words[0]) and os.path.exists(f"{words[-1]}/lib/libc.so.6")):
            raise unittest.SkipTest(f"no {words[0]} (Debian: qemu-user) or no cross libc in {words[-1]}")


def images(seed, *shape):
    """Random tensors, normally distributed."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def oracle(network, weights, x, sets=(), heads=()):
    """PyTorch's outputs by name, and the weights' file. weights None: made up by the oracle. Kept: they depend on no compiler."""
    folder = CACHE.parent / "oracle"
    folder.mkdir(exist_ok=True)
    sources = [file_hash(path) for path in sorted((ROOT / "tests/differential").glob("*.py"))]
    name = f"{network}-{key_of(*sources, weights and file_hash(weights), x.shape, hashlib.sha256(x.tobytes()).hexdigest(), sets, heads)}"
    out, source = folder / f"{name}.npz", folder / f"{name}.npy"
    made_up = [] if weights else ["--random-weights", "1"]
    weights = weights or folder / f"{name}.safetensors"
    with locked(folder / f"{name}.lock"):
        if not out.exists():
            np.save(source, x)
            options = [part for pair in sets for part in ("--set", pair)] + [part for head in heads for part in ("--head", head)]
            run("/usr/bin/python3", ROOT / "tests/differential/oracle.py", network, "--weights", weights, *made_up,
                "--input", source, "--out", folder / f"{name}.part.npz", *options)
            os.replace(folder / f"{name}.part.npz", out)
            source.unlink()
    with np.load(out) as arrays:
        return {key: arrays[key] for key in arrays.files}, weights


def need_torch():
    if run("/usr/bin/python3", "-c", "import torch", status=None).returncode != 0:
        raise unittest.SkipTest("no PyTorch (Debian: python3-torch)")


def relative_difference(actual, expected):
    """Largest difference as a share of the expected tensor's largest value; both are compared row by row, in NHWC order."""
    actual, expected = np.asarray(actual, np.float64).ravel(), np.asarray(expected, np.float64).ravel()
    if actual.shape != expected.shape:
        raise AssertionError(f"{actual.size} values, not {expected.size}")
    if not np.isfinite(actual).all():
        raise AssertionError("values that are not finite")
    return np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-30)


def write_safetensors(path, tensors):
    """Name -> float32 array; in the order given."""
    header, offset = {}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header).encode()
    values = b"".join(np.ascontiguousarray(value, "<f4").tobytes() for value in tensors.values())
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + values)


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    body = data[8 + length :]
    entries = {name: entry for name, entry in json.loads(data[8 : 8 + length]).items() if name != "__metadata__"}
    return {name: np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]) for name, entry in entries.items()}


@dataclasses.dataclass(frozen=True)
class Measured:
    done: object
    peak_mb: float
    seconds: float  # of processor time: what else runs here does not count


def measured(*command, status=0, **options):
    """`run`, and what it took: peak resident memory and processor time."""
    helper = CACHE / "measure"
    with locked(CACHE / "measure.lock"):
        if not helper.exists():
            run("cc", "-O1", "-o", CACHE / "measure.part", HERE / "measure.c")
            os.replace(CACHE / "measure.part", helper)
    reader, writer = os.pipe()
    try:
        with os.fdopen(writer, "w"):
            shell = f'exec "$@" 3>&{writer} {writer}>&-'
            done = run("/bin/sh", "-c", shell, "sh", helper, *command, status=status, pass_fds=[writer], **options)
        kilobytes, milliseconds = os.read(reader, 1000).split()
    finally:
        os.close(reader)
    return Measured(done, int(kilobytes) / 1024, float(milliseconds) / 1000)
