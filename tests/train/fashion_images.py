#!/usr/bin/env python3
"""Unpacks test pictures of Debian's dataset-fashion-mnist as gray PNM files (P5), with a list for `--eval`.

    python3 tests/train/fashion_images.py demo DIR     the first picture of each of the ten classes
    python3 tests/train/fashion_images.py all DIR      all 10,000

Besides the pictures DIR then has list.tsv, lines of "absolute path<tab>class", written last. Needs nothing but Python.
"""
import argparse
import gzip
import os
import pathlib
import re
import struct
import sys

CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def read_idx(path, rank):
    """Shape and values of an idx.gz file of unsigned bytes."""
    data = gzip.decompress(pathlib.Path(path).read_bytes())
    if data[:4] != bytes([0, 0, 8, rank]):
        raise SystemExit(f"{path}: not an idx file of bytes with {rank} dimensions")
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return shape, data[4 + 4 * rank :]


def chosen(which, classes):
    """(index, file name) of the pictures asked for."""
    if which == "all":
        return [(index, f"{index:05}.pgm") for index in range(len(classes))]
    plain = [re.sub("[^a-z-]", "_", name.lower()) for name in CLASSES]
    return [(classes.index(c), f"{c}_{plain[c]}.pgm") for c in range(len(CLASSES))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=["demo", "all"])
    parser.add_argument("dir")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder of the idx.gz files")
    options = parser.parse_args()
    try:
        (_, height, width), pixels = read_idx(f"{options.data}/t10k-images-idx3-ubyte.gz", 3)
        _, classes = read_idx(f"{options.data}/t10k-labels-idx1-ubyte.gz", 1)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename}: not there; apt-get install dataset-fashion-mnist, or name its folder with --data")
    folder = pathlib.Path(options.dir).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    lines, size = [], height * width
    for index, name in chosen(options.which, classes):
        (folder / name).write_bytes(b"P5\n%d %d\n255\n" % (width, height) + pixels[index * size : (index + 1) * size])
        lines.append(f"{folder / name}\t{classes[index]}\n")
    unfinished = folder / "list.tsv.part"
    unfinished.write_text("".join(lines), encoding="utf-8")
    os.replace(unfinished, folder / "list.tsv")
    print(f"{len(lines)} pictures in {options.dir}")


if __name__ == "__main__":
    main()
