#!/usr/bin/env python3
"""Pictures of every kind and what preprocessing must make of them, by Pillow: for tests/unit/image_pillow.cpp.

usage: pillow_oracle.py DIR [FOLDER OF PHOTOS]
Writes pictures, expected tensors (raw float32) and DIR/cases.tsv, a case a line:
picture, central_fraction, resize_short, resize_height, resize_width, letterbox, fill (3), crop_height, crop_width, filter, channels, alpha, height, width, as_is, expected
Exit status 77 where there is no Pillow.
"""
import pathlib
import struct
import sys
import zlib

try:
    import numpy as np
    from PIL import Image, ImageOps
except ImportError as missing:
    print(f"SKIPPED: {missing} (Debian: python3-pil, python3-numpy)")
    sys.exit(77)

FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "box": Image.BOX, "nearest": Image.NEAREST, "corners": None}
NUMBERS = {**{name: number for number, name in enumerate(FILTERS)}, "corners": 10}  # of rt::Filter
CHANNELS = ["rgb", "bgr", "gray"]
ALPHAS = ["drop", "black", "white"]
OUT = pathlib.Path(sys.argv[1])
cases = []


def picture(seed, height, width, channels=3):
    """Edges, ramps and noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    ramps = [(255 * x // max(width - 1, 1)), (255 * y // max(height - 1, 1)), ((x // 3 + y // 5) % 2 * 255), (x * y) % 256]
    base = np.stack([ramps[(c + seed) % 4] for c in range(channels)], axis=2)
    noise = random.integers(0, 256, base.shape)
    return np.where(random.random(base.shape) < 0.3, noise, base).astype(np.uint8)


# --- what the contract says, on upright 8-bit RGB -------------------------------------------------------------------------
def corners(pixels, height, width):
    def places(size, count):
        at = np.arange(count, dtype=np.float64) * float(size - 1) / float(count - 1) if count > 1 else np.zeros(1)
        low = at.astype(np.int64)
        return low, np.minimum(low + 1, size - 1), at - low

    (y0, y1, fy), (x0, x1, fx) = places(pixels.shape[0], height), places(pixels.shape[1], width)
    p, fx, fy = pixels.astype(np.float64), fx[None, :, None], fy[:, None, None]
    upper = p[y0][:, x0] + (p[y0][:, x1] - p[y0][:, x0]) * fx
    lower = p[y1][:, x0] + (p[y1][:, x1] - p[y1][:, x0]) * fx
    return (upper + (lower - upper) * fy).astype(np.float32)


def resized(pixels, size, kind):
    if kind == "corners":
        return corners(pixels, size[0], size[1])
    return np.asarray(Image.fromarray(pixels).resize((size[1], size[0]), FILTERS[kind]), np.float32)


def ordered(values, channels, kind):
    if channels == "rgb":
        return values
    if channels == "bgr":
        return values[:, :, ::-1]
    if kind != "corners":
        return np.asarray(Image.fromarray(values.astype(np.uint8)).convert("L"), np.float32)[:, :, None]
    v = values.astype(np.float64)
    return ((19595.0 * v[:, :, 0] + 38470.0 * v[:, :, 1] + 7471.0 * v[:, :, 2]) / 65536.0).astype(np.float32)[:, :, None]


def central(pixels, fraction):
    """tf.image.central_crop."""
    top, left = (int((side - side * fraction) / 2) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[top : pixels.shape[0] - top, left : pixels.shape[1] - left])


def size_of(pixels, resize):
    height, width = pixels.shape[:2]
    if resize is None:
        return height, width
    if isinstance(resize, tuple):
        return resize
    return (int(resize * height / width), resize) if height > width else (resize, int(resize * width / height))


def letterboxed(pixels, box, fill, kind, channels):
    """ImageOps.pad, but for a side that it rounds to nothing."""
    order = {"rgb": fill, "bgr": fill[::-1], "gray": fill[:1] * 3}[channels]
    padded = ImageOps.pad(Image.fromarray(pixels), box[::-1], FILTERS[kind], order)
    return np.asarray(padded, np.float32)


def case(path, pixels, resize=None, crop=None, kind="bilinear", channels="rgb", alpha="drop", as_is=False, fraction=1, box=None, fill=(0, 0, 0)):
    """`pixels`: the upright picture in `path`, decoded as the contract says."""
    if not as_is:
        pixels = central(pixels, fraction)
    size = size_of(pixels, resize)
    values = letterboxed(pixels, box, fill, kind, channels) if box else resized(pixels, size, kind)
    if crop:
        top, left = (round((side - part) / 2) for side, part in zip(size, crop))
        values = values[top : top + crop[0], left : left + crop[1]]
    values = np.ascontiguousarray(ordered(values, channels, kind))
    expected = OUT / f"{len(cases)}.f32"
    values.astype("<f4").tofile(expected)
    short, warp = (0, resize) if isinstance(resize, tuple) else (resize or 0, (0, 0))
    row = [path, fraction, short, *(box or warp), int(box is not None), *fill, *(crop or (0, 0)), NUMBERS[kind], CHANNELS.index(channels), ALPHAS.index(alpha), *values.shape[:2], int(as_is), expected]
    cases.append("\t".join(str(part) for part in row))


# --- pictures -------------------------------------------------------------------------------------------------------------
def pasted(rgb, alpha, color):
    product = rgb.astype(np.int64) * alpha + color * (255 - alpha.astype(np.int64)) + 128
    return (((product >> 8) + product) >> 8).astype(np.uint8)


def by_pillow(path):
    """Upright RGB as Pillow reads it, and alpha where there is one."""
    image = ImageOps.exif_transpose(Image.open(path))
    rgb, alpha = np.asarray(image.convert("RGB")), None
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = np.asarray(image.getchannel("A"))
        for color in (0, 255):  # by Pillow itself
            ground = Image.new("RGB", image.size, (color, color, color))
            ground.paste(image, mask=image.getchannel("A"))
            assert (np.asarray(ground) == pasted(rgb, alpha[:, :, None], color)).all(), path
    return rgb, alpha


def saved(name, image, **options):
    path = OUT / name
    image.save(path, **options)
    return path


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples, depth):
    """Rows of samples [h][w][c], filter 0."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            data = row.astype(">u2").tobytes()
        elif depth == 8:
            data = row.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        rows.append(b"\0" + data)
    return b"".join(rows)


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(name, samples, depth, color, extra=b"", interlaced=False):
    """A PNG of any colour type, depth and order."""
    height, width = samples.shape[:2]
    if interlaced:
        parts = [samples[y::dy, x::dx] for y, x, dy, dx in ADAM7]
        data = b"".join(packed_rows(part, depth) for part in parts if part.size)
    else:
        data = packed_rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    path = OUT / name
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))
    return path


def png_pictures():
    rgb, gray, alpha = picture(1, 37, 53), picture(2, 37, 53, 1)[:, :, 0], picture(3, 37, 53, 1)[:, :, 0]
    images = {
        "rgb": Image.fromarray(rgb),
        "gray": Image.fromarray(gray),
        "rgba": Image.fromarray(np.dstack([rgb, alpha])),
        "la": Image.merge("LA", [Image.fromarray(gray), Image.fromarray(alpha)]),
        "bits": Image.fromarray(gray).convert("1"),
        "palette": Image.fromarray(rgb).quantize(17),
    }
    for name, image in images.items():
        yield (path := saved(f"{name}.png", image)), by_pillow(path)
    yield (path := saved("one_clear.png", images["palette"], transparency=3)), by_pillow(path)
    yield (path := saved("clear.png", images["palette"], transparency=bytes(range(0, 170, 10)))), by_pillow(path)
    for depth in (1, 2, 4):
        samples = (gray >> (8 - depth))[:, :, None]
        yield (path := png(f"gray{depth}.png", samples, depth, 0)), by_pillow(path)
        palette = chunk(b"PLTE", picture(4, 1, 1 << depth).tobytes())
        yield (path := png(f"palette{depth}.png", samples, depth, 3, palette)), by_pillow(path)
        yield (path := png(f"interlaced{depth}.png", samples, depth, 3, palette, True)), by_pillow(path)
    yield (path := png("interlaced.png", rgb, 8, 2, interlaced=True)), rgb
    yield (path := png("interlaced_small.png", rgb[:3, :2], 8, 2, interlaced=True)), rgb[:3, :2]
    yield (path := png("interlaced_alpha.png", np.dstack([rgb, alpha]), 8, 6, interlaced=True)), by_pillow(path)
    yield (path := png("clear_gray.png", gray[:, :, None], 8, 0, chunk(b"tRNS", struct.pack(">H", int(gray[5, 5]))))), by_pillow(path)
    clear = struct.pack(">HHH", *(int(v) for v in rgb[7, 7]))
    yield (path := png("clear_rgb.png", rgb, 8, 2, chunk(b"tRNS", clear))), by_pillow(path)
    yield (path := png("profile.png", rgb, 8, 2, chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"iCCP", b"x\0\0broken"))), rgb


def deep_png_pictures():
    """16 bits a sample: the high byte counts."""
    low, rgb, gray, alpha = (picture(seed, 19, 23, count).astype(np.int64) for seed, count in ((5, 4), (6, 3), (7, 1), (8, 1)))
    flat = gray.repeat(3, axis=2).astype(np.uint8)
    deep = lambda values: values * 256 + low[:, :, : values.shape[2]]
    yield png("deep_gray.png", deep(gray), 16, 0), flat
    yield png("deep_rgb.png", deep(rgb), 16, 2), rgb.astype(np.uint8)
    yield png("deep_la.png", deep(np.dstack([gray, alpha])), 16, 4), (flat, alpha[:, :, 0])
    yield png("deep_rgba.png", deep(np.dstack([rgb, alpha])), 16, 6, interlaced=True), (rgb.astype(np.uint8), alpha[:, :, 0])
    color = deep(rgb)[3, 3]
    hidden = (deep(rgb) == color).all(axis=2, keepdims=True)
    yield png("deep_clear.png", deep(rgb), 16, 2, chunk(b"tRNS", struct.pack(">HHH", *(int(v) for v in color)))), (rgb.astype(np.uint8), np.where(hidden, 0, 255)[:, :, 0])


def bmp(name, height, width, bits, rows, palette=b"", compression=0, masks=b"", core=False):
    header = struct.pack("<IHHHH", 12, width, height, 1, bits) if core else struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, len(palette) // 4, 0)
    body = header + masks + palette
    path = OUT / name
    path.write_bytes(b"BM" + struct.pack("<IHHI", 14 + len(body) + len(rows), 0, 0, 14 + len(body)) + body + rows)
    return path


def bmp_pictures():
    rgb, gray = picture(9, 21, 30), picture(10, 21, 30, 1)[:, :, 0]
    for name, image in {"rgb": Image.fromarray(rgb), "gray": Image.fromarray(gray), "bits": Image.fromarray(gray).convert("1"),
                        "palette": Image.fromarray(rgb).quantize(100), "rgba": Image.fromarray(np.dstack([rgb, gray]))}.items():
        yield (path := saved(f"{name}.bmp", image)), by_pillow(path)
    stride = lambda row: row + b"\0" * (-len(row) % 4)
    top_down = b"".join(stride(row[:, ::-1].tobytes()) for row in rgb)
    yield (path := bmp("top_down.bmp", -21, 30, 24, top_down)), rgb
    yield (path := bmp("core.bmp", 21, 30, 24, b"".join(stride(row[:, ::-1].tobytes()) for row in rgb[::-1]), core=True)), rgb
    nibbles = b"".join(stride(bytes(int(a) << 4 | int(b) for a, b in zip(row[::2] >> 4, row[1::2] >> 4))) for row in gray)
    yield (path := bmp("four.bmp", 21, 30, 4, nibbles, palette=np.dstack([picture(11, 1, 16), np.zeros((1, 16, 1), np.uint8)]).tobytes())), by_pillow(path)
    pixels = picture(12, 21, 60).reshape(21, -1)[:, :60]
    yield (path := bmp("fifteen.bmp", 21, 30, 16, pixels.tobytes())), by_pillow(path)
    yield (path := bmp("sixteen.bmp", 21, 30, 16, pixels.tobytes(), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))), by_pillow(path)


def pnm(name, header, data):
    path = OUT / name
    path.write_bytes(header + data)
    return path


def pnm_pictures():
    rgb, gray = picture(13, 14, 11), picture(14, 14, 11, 1)
    yield pnm("rgb.ppm", b"P6 11 14 255\n", rgb.tobytes()), rgb
    yield pnm("comment.pgm", b"P5\n# a comment\n11 # another\n14\n255\n", gray.tobytes()), gray.repeat(3, axis=2)
    for largest in (1, 100, 254):
        yield (path := pnm(f"rgb{largest}.ppm", b"P6 11 14 %d\n" % largest, rgb.tobytes())), by_pillow(path)
        yield (path := pnm(f"gray{largest}.pgm", b"P5 11 14 %d\n" % largest, gray.tobytes())), by_pillow(path)
    deep = picture(15, 14, 22)
    yield pnm("deep.ppm", b"P6 11 14 65535\n", deep.tobytes()), deep.reshape(14, 11, 3, 2)[:, :, :, 0]


def jpeg_pictures():
    rgb = picture(16, 45, 67)
    for quality in (30, 75, 100):
        for subsampling in (0, 1, 2):
            path = saved(f"q{quality}s{subsampling}.jpg", Image.fromarray(rgb), quality=quality, subsampling=subsampling, optimize=quality == 75)
            yield path, by_pillow(path)
    yield (path := saved("progressive.jpg", Image.fromarray(rgb), progressive=True)), by_pillow(path)
    yield (path := saved("gray.jpg", Image.fromarray(rgb[:, :, 0]))), by_pillow(path)
    yield (path := saved("gray_progressive.jpg", Image.fromarray(rgb[:, :, 1]), progressive=True)), by_pillow(path)
    yield (path := saved("cmyk.jpg", Image.fromarray(picture(17, 45, 67, 4), "CMYK"), quality=90)), by_pillow(path)
    yield (path := saved("ycc.jpg", Image.fromarray(picture(17, 45, 67)).convert("YCbCr"))), by_pillow(path)


def turned_pictures():
    """All orientations, of JPEG and PNG, little and big endian."""
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image = Image.fromarray(picture(18, 40, 61))
        yield (path := saved(f"turned{orientation}.jpg", image, exif=exif)), by_pillow(path)
        yield (path := saved(f"turned{orientation}.png", image, exif=exif)), by_pillow(path)
    big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    yield (path := saved("turned_big.jpg", image, exif=b"Exif\0\0" + big)), by_pillow(path)


# --- cases ----------------------------------------------------------------------------------------------------------------
def decoding_cases():
    for pictures in (png_pictures, deep_png_pictures, bmp_pictures, pnm_pictures, jpeg_pictures, turned_pictures):
        for path, decoded in pictures():
            pixels, alpha = decoded if isinstance(decoded, tuple) else (decoded, None)
            pixels = np.ascontiguousarray(pixels)
            case(path, pixels, as_is=True)
            case(path, pixels, resize=(13, 17), channels="gray")
            for rule, color in (("black", 0), ("white", 255)):  # without alpha it changes nothing
                on_color = pixels if alpha is None else pasted(pixels, alpha[:, :, None], color)
                case(path, on_color, alpha=rule, as_is=True)


def resizing_cases():
    sizes = [(1, 1), (1, 7), (9, 1), (2, 3), (28, 28), (31, 50), (200, 301)]
    for number, (height, width) in enumerate(sizes):
        pixels = picture(20 + number, height, width)
        path = saved(f"size{number}.png", Image.fromarray(pixels))
        for kind in FILTERS:
            for target in [(1, 1), (7, 5), (28, 28), (29, 60), (200, 150), (height, 33), (33, width)]:
                case(path, pixels, target, kind=kind, channels=CHANNELS[number % 3])
            case(path, pixels, 40, (39, 40), kind=kind)
            case(path, pixels, 41, (38, 38), kind=kind, channels="bgr")


def central_and_letterbox_cases():
    for number, (height, width) in enumerate([(17, 40), (40, 17), (33, 33), (64, 63), (8, 9), (50, 31)]):
        pixels = picture(40 + number, height, width)
        path = saved(f"part{number}.png", Image.fromarray(pixels))
        for fraction in (0.875, 0.5, 0.9, 0.33, 1.0):
            for kind in FILTERS:
                case(path, pixels, (21, 19), kind=kind, fraction=fraction)
            case(path, pixels, 20, (18, 20), channels="bgr", fraction=fraction)
            case(path, pixels, crop=(2, 2), channels="gray", fraction=fraction)
            case(path, pixels, box=(24, 24), fraction=fraction, fill=(114, 0, 7))
        for box in [(24, 24), (30, 20), (20, 30), (33, 33), (45, 44), (64, 64), (7, 5)]:
            for kind in ("bilinear", "bicubic", "box", "nearest"):
                case(path, pixels, box=box, kind=kind, fill=(114, 115, 116), channels=CHANNELS[number % 3])
    for orientation in range(1, 9):
        path = OUT / f"turned{orientation}.png"
        case(path, by_pillow(path)[0], box=(30, 30), fill=(1, 2, 3), channels="bgr")
        case(path, by_pillow(path)[0], (23, 31), kind="bicubic", fraction=0.8)
        case(path, by_pillow(path)[0], (23, 31), kind="corners", fraction=0.71)


def turned_resizing_cases():
    for orientation in range(1, 9):
        path = OUT / f"turned{orientation}.png"
        for kind in FILTERS:
            case(path, by_pillow(path)[0], (23, 31), kind=kind)
            case(path, by_pillow(path)[0], (90, 123), (50, 71), kind=kind, channels="bgr")
            case(path, by_pillow(path)[0], 16, (16, 15), kind=kind, channels="gray")


def photo_cases(folder):
    for path in sorted(pathlib.Path(folder).iterdir()):
        pixels = by_pillow(path)[0]
        case(path, pixels, as_is=True)
        case(path, pixels, 256, (224, 224), channels="bgr")
        for kind in FILTERS:
            case(path, pixels, (299, 299), kind=kind)
            case(path, pixels, 64, (50, 47), kind=kind, channels="gray")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    decoding_cases()
    resizing_cases()
    turned_resizing_cases()
    central_and_letterbox_cases()
    if len(sys.argv) > 2:
        photo_cases(sys.argv[2])
    (OUT / "cases.tsv").write_text("".join(f"{row}\n" for row in cases))
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
