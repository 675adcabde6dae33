#!/usr/bin/python3
"""Writes small files that are right, one folder a fuzz target, for the fuzzers to begin with.

    /usr/bin/python3 tests/fuzz/seeds.py CORPUS
"""
import io
import json
import pathlib
import re
import struct
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZOO = ROOT / "dsl/networks"
LARGEST_SPEC = 6000  # bytes: small ones are tried oftener


def saved(function, *arguments, **options):
    file = io.BytesIO()
    function(file, *arguments, **options)
    return file.getvalue()


def pictures():
    """Each kind of file behind a byte that chooses filter, channels and fit (see fuzz_image.cpp)."""
    yield "ppm", b"\x05P6 2 2 255\nABCDEFGHIJKL"
    yield "pgm", b"\x0aP5 2 2 255\nABCD"
    try:
        from PIL import Image
    except ImportError:
        print("seeds.py: no Pillow (Debian: python3-pil), so no JPEG, PNG and BMP to begin with", file=sys.stderr)
        return
    pixels = np.arange(20 * 16 * 3, dtype=np.uint8).reshape(20, 16, 3)
    image = Image.fromarray(pixels)
    exif = image.getexif()
    exif[0x0112] = 6  # orientation
    yield "exif.jpg", b"\x05" + saved(image.save, "JPEG", exif=exif)
    yield "progressive.jpg", b"\x14" + saved(image.save, "JPEG", progressive=True)
    yield "gray.jpg", b"\x0a" + saved(image.convert("L").save, "JPEG")
    yield "cmyk.jpg", b"\x05" + saved(image.convert("CMYK").save, "JPEG")
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I"):
        yield f"{mode}.png", b"\x05" + saved(image.convert("L").convert(mode).save, "PNG")
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield f"{mode}.bmp", b"\x05" + saved(image.convert(mode).save, "BMP")


def safetensors():
    for dtype, size in (("F32", 4), ("F16", 2), ("BF16", 2), ("F64", 8)):
        header = json.dumps({"__metadata__": {"a": "b"}, "conv1/weight": {"dtype": dtype, "shape": [2, 1, 1, 1], "data_offsets": [0, 2 * size]},
                             "conv1/bias": {"dtype": dtype, "shape": [2], "data_offsets": [2 * size, 4 * size]}}).encode()
        yield dtype, struct.pack("<Q", len(header)) + header + bytes(range(4 * size))


def arrays():
    values = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    yield "npy", saved(np.save, values)
    yield "npz", saved(np.savez, **{"a/b": values, "c": values[0]})


def specs():
    for path in sorted(ZOO.rglob("*.yaml")):
        if path.stat().st_size <= LARGEST_SPEC:
            yield path.name, path.read_bytes()


def goldens():
    """The first of the file, with two of its steps."""
    text = (ZOO / "goldens/fashion.goldens.yaml").read_text()
    one = text[: text.index("  - input:", text.index("  - input:") + 1)].splitlines(True)
    begin = one.index("    steps:\n")
    yield "one", "".join(one[: begin + 3]).encode()


def networks():
    """Small ones, blocks and all in one text, behind which every stage of the compiler is reached: those of the goldens."""
    for folder in ("passes", "schedule", "emit"):
        for path in sorted((ROOT / "tests/golden" / folder).glob("*.txt")):
            parts = re.split(r"(?m)^--- (.*)\n", path.read_text())
            if "spec" in parts:
                text = parts[parts.index("spec") + 1]
                head = "" if "deeper: 1" in text else "deeper: 1\nname: net\n"
                yield f"{folder}_{path.stem}", (head + text).encode()


def command_lines():
    for i, words in enumerate((["--topk", "3", "a.png"], ["--eval", "list", "--json"], ["--dump", "main.logits=x.npy", "--head=map", "--threads=2", "-"],
                               ["--bench", "5", "--profile"], ["--list", "a", "--layers", "x.npz", "--pixels", "--", "--b"])):
        yield f"words{i}", b"o" + "\n".join(words).encode()
    yield "list", "lx.png\t1\r\ny.png\tgr\u00fcn\n\n-\t0\n".encode()


def sizes():
    yield "plain", bytes([3, 1, 0, 0, 3, 1, 0, 0, 0, 0, 1, 1, 4, 0, 0, 0, 4])
    yield "tall", bytes([5, 0, 0, 0, 5, 0, 0, 0, 3, 0, 2, 9, 9, 0, 0, 6, 0, 0, 0, 0, 17, 1, 1, 1, 0])
    yield "wide", bytes([3, 0, 0, 0, 8, 0, 0, 0, 4, 2, 3, 6, 0, 0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 0, 17, 0])


def numbers(*values):
    return struct.pack(f"<{len(values)}I", *values)


def blobs():
    """Behind the byte for `sections`: labels of the two heads, then goldens (runtime/selftest.h); see fuzz_blob.cpp."""
    labels = numbers(2, 3) + b"cat" + numbers(3) + b"dog" + numbers(0)
    goldens = numbers(1, 1, 1, 4, 24, 1, 0) + b"name" + bytes(24) + numbers(0, 0, 6) + bytes(24)
    yield "goldens", b"\0" + goldens
    yield "labels", b"\0" + labels


def main():
    corpus = pathlib.Path(sys.argv[1])
    seeds = {
        "arrays": arrays(), "tensor": [("npy", saved(np.save, np.ones((2, 2, 3, 1), np.float32)))], "blob": blobs(), "image": pictures(),
        "goldens": goldens(), "labels": [("three", b"a\r\nb\n\xc3\xb6\n\n")],
        "safetensors": safetensors(), "spec": specs(), "pipeline": networks(), "program": command_lines(), "resize": sizes(),
    }
    targets = {path.stem.removeprefix("fuzz_") for path in pathlib.Path(__file__).parent.glob("fuzz_*.cpp")}
    if targets != set(seeds):
        sys.exit(f"seeds.py: seeds for {sorted(seeds)}, but targets {sorted(targets)}")
    for target, files in seeds.items():
        folder = corpus / f"fuzz_{target}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files:
            (folder / f"seed_{name}").write_bytes(data)


if __name__ == "__main__":
    main()
