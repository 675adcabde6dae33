#!/usr/bin/env python3
"""Random pictures and sizes, and what Pillow, OpenCV and TensorFlow.js make of them: for tests/unit/image_resize.cpp.

usage: resize_oracle.py FILE [FOLDER OF node_modules WITH TensorFlow.js]
Writes records of 11 int32: filter (-1: a picture follows, for the records behind it), in_height, in_width, out_height, out_width, top,
left, height, width, orientation, bgr; then a picture's rows as stored (8-bit RGB), or float32 [height][width][3], the wanted part.
A library that is not here is told; its filters are left out. Exit status 77 where there is no numpy.
"""
import pathlib
import platform
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError as missing:
    print(f"SKIPPED: {missing} (Debian: python3-numpy)")
    sys.exit(77)

FILTERS = ["bilinear", "bicubic", "box", "nearest", "opencv_bilinear", "opencv_bicubic", "opencv_nearest", "area", "tf_bilinear",
           "tf1_bilinear", "bilinear_align_corners"]
SIZES = 520
HERE = pathlib.Path(__file__).resolve().parent


def picture(random, height, width):
    """Noise, ramps, and hard edges, where halves of a level are usual."""
    noise = random.integers(0, 256, (height, width, 3))
    y, x = np.mgrid[0:height, 0:width]
    ramp = np.stack([255 * x // max(width - 1, 1), 255 * y // max(height - 1, 1), (x * y) % 256], axis=2)
    return [noise, ramp, noise // 128 * 255, noise // 64 * 85][random.integers(4)].astype(np.uint8)


def sizes(random, number):
    """in_height, in_width, out_height, out_width."""
    small = lambda: int(random.integers(1, 41))
    kind = number % 8
    if kind == 0:  # whole factors, 2 among them
        out = small(), small()
        return out[0] * int(random.integers(1, 6)), out[1] * int(random.integers(1, 6)), *out
    if kind == 1:
        out = small(), small()
        return 2 * out[0], 2 * out[1], *out
    if kind == 2:  # larger in both directions
        size = small(), small()
        return *size, size[0] + small(), size[1] + small()
    if kind == 3:  # smaller in both
        out = small(), small()
        return out[0] + small(), out[1] + small(), *out
    if kind == 4:  # one side as it is
        height, width, other = small(), small(), small()
        return (height, width, height, other) if number % 16 < 8 else (height, width, other, width)
    if kind == 5 and number % 80 == 5:
        return tuple(int(v) for v in random.integers(60, 201, 4))
    return small(), small(), small(), small()


def as_stored(upright, orientation):
    """Rows in the file, which EXIF's orientation turns into the upright picture."""
    turned = {1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.transpose(1, 0, 2),
              6: np.rot90(upright), 7: np.rot90(upright, 2).transpose(1, 0, 2), 8: np.rot90(upright, -1)}
    return np.ascontiguousarray(turned[orientation])


# --- the libraries: filter -> function(pixels, height, width), or None ----------------------------------------------------
def pillow():
    from PIL import Image

    kinds = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "box": Image.BOX, "nearest": Image.NEAREST}
    made = lambda kind: lambda pixels, size, bgr: np.asarray(Image.fromarray(pixels).resize(size[::-1], kind))
    return {name: made(kind) for name, kind in kinds.items()}


def opencv():
    if platform.machine() != "x86_64":
        raise ImportError("OpenCV rounds bicubic otherwise on other machines than x86-64")
    import cv2

    kinds = {"opencv_bilinear": cv2.INTER_LINEAR, "opencv_bicubic": cv2.INTER_CUBIC, "opencv_nearest": cv2.INTER_NEAREST, "area": cv2.INTER_AREA}

    def made(kind):
        order = lambda pixels, bgr: np.ascontiguousarray(pixels[:, :, ::-1]) if bgr else pixels
        return lambda pixels, size, bgr: order(cv2.resize(order(pixels, bgr), size[::-1], interpolation=kind), bgr)

    return {name: made(kind) for name, kind in kinds.items()}


def tensorflow(pictures, modules):
    """All at once: the answers of one process of node, by filter."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = pathlib.Path(folder) / "asked", pathlib.Path(folder) / "told"
        asked.write_bytes(b"".join(struct.pack("<4i", *pixels.shape[:2], *size) + pixels.tobytes() for pixels, size in pictures))
        try:
            done = subprocess.run(["node", HERE / "resize_tensorflow.js", modules, asked, told], capture_output=True, text=True)
        except FileNotFoundError as missing:
            raise ImportError(missing) from None
        if done.returncode == 77:
            raise ImportError(done.stdout.strip())
        if done.returncode != 0:
            sys.exit(done.stderr)
        values = np.fromfile(told, "<f4")
    answers, at = {name: [] for name in FILTERS[8:]}, 0
    for _, (height, width) in pictures:
        for name in answers:
            answers[name].append(values[at : at + height * width * 3].reshape(height, width, 3))
            at += height * width * 3
    assert at == values.size
    return {name: (lambda of_one: lambda *_: of_one.pop(0))(of_one) for name, of_one in answers.items()}


def available(load, *arguments):
    try:
        return load(*arguments)
    except ImportError as missing:
        print(f"SKIPPED {load.__name__}: {missing}")
        return {}


def main():
    random = np.random.default_rng(20)
    chosen = [sizes(random, number) for number in range(SIZES)]
    pictures = [(picture(random, height, width), out) for height, width, *out in chosen]
    libraries = available(pillow) | available(opencv) | available(tensorflow, pictures, sys.argv[2] if len(sys.argv) > 2 else "")
    with open(sys.argv[1], "wb") as file:
        for number, (pixels, (height, width)) in enumerate(pictures):
            orientation, bgr = 1 + number % 8, number // 8 % 2
            part = [0, 0, height, width]
            if number % 3 == 0:  # a part only
                part[0], part[1] = int(random.integers(height)), int(random.integers(width))
                part[2], part[3] = int(random.integers(1, height - part[0] + 1)), int(random.integers(1, width - part[1] + 1))
            record = [*pixels.shape[:2], height, width, *part, orientation, bgr]
            file.write(struct.pack("<11i", -1, *record) + as_stored(pixels, orientation).tobytes())
            for name, resize in libraries.items():
                values = resize(pixels, (height, width), bgr)[part[0] : part[0] + part[2], part[1] : part[1] + part[3]]
                file.write(struct.pack("<11i", FILTERS.index(name), *record) + values.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
