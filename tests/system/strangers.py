"""Networks of other people from photo files to answers: decoding, preprocessing and network together, against Pillow, OpenCV or
numpy for the picture (whatever the spec's filter names) and PyTorch for the rest. Weights are made up; photos are the
models' where they are, else drawn here."""
import json
import pathlib
import tempfile
import unittest

import support
import numpy as np

# network: settings that make it small, and the heads of PyTorch's that are compared
CASES = {
    "mini_xception": (("size=50", "classes=3"), ("main",)),
    "tiny_xception": (("size=49", "width=16", "middle=2"), ("main", "value")),
    "meso_inception4": (("size=65",), ("main",)),
    "squeezenet": (("size=64", "classes=10"), ("main",)),
    "inception_v3": (("size=107", "average=include_pad"), ("main",)),
}
LIMIT = 2e-5


def photo_files(folder):
    """Wide, tall, larger and smaller than the networks' inputs, coloured and gray."""
    from PIL import Image

    if support.models():
        names = sorted((support.models() / "images").iterdir())
        return [path for path in names if path.suffix in (".jpg", ".jpeg", ".png")][:3]
    y, x = np.mgrid[0:190, 0:240]
    rings = np.stack([127 + 120 * np.sin(np.hypot(x - 90, y - 80) / (5 + 3 * c)) for c in range(3)], 2).astype(np.uint8)
    noise = np.random.default_rng(8).integers(0, 256, (83, 41, 3), np.uint8)
    paths = []
    for name, image in (("rings.png", Image.fromarray(rings)), ("tall.jpg", Image.fromarray(rings[:, 60:150])), ("small.png", Image.fromarray(noise)),
                        ("gray.png", Image.fromarray(rings[:, :, 0]))):
        paths.append(folder / name)
        image.save(paths[-1])
    return paths


def tensorflow_bilinear(pixels, height, width, half):
    """No antialiasing: half-pixel centres (TensorFlow 2) or x * in / out (TensorFlow 1), in single precision."""
    def places(size, count):
        scale = np.float32(size) / np.float32(count)
        at = np.arange(count, dtype=np.float32)
        at = (at + np.float32(0.5)) * scale - np.float32(0.5) if half else at * scale
        low = np.floor(at)
        return np.maximum(low, 0).astype(int), np.minimum(low + 1, size - 1).astype(int), (at - low).astype(np.float32)

    (y0, y1, fy), (x0, x1, fx) = places(pixels.shape[0], height), places(pixels.shape[1], width)
    p, fx, fy = pixels.astype(np.float32), fx[None, :, None], fy[:, None, None]
    upper, lower = p[y0][:, x0] + (p[y0][:, x1] - p[y0][:, x0]) * fx, p[y1][:, x0] + (p[y1][:, x1] - p[y1][:, x0]) * fx
    return upper + (lower - upper) * fy


def resized(pixels, height, width, kind):
    from PIL import Image

    pillow = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "box": Image.BOX, "nearest": Image.NEAREST}
    if kind in pillow:
        return np.asarray(Image.fromarray(pixels).resize((width, height), pillow[kind]))
    if kind in ("tf_bilinear", "tf1_bilinear"):
        return tensorflow_bilinear(pixels, height, width, kind == "tf_bilinear")
    try:
        import cv2
    except ImportError:
        raise unittest.SkipTest(f"`{kind}` is OpenCV's (Debian: python3-opencv)")
    filters = {"opencv_bilinear": cv2.INTER_LINEAR, "opencv_bicubic": cv2.INTER_CUBIC, "opencv_nearest": cv2.INTER_NEAREST, "area": cv2.INTER_AREA}
    return cv2.resize(pixels, (width, height), interpolation=filters[kind])


def preprocessed(path, spec, height, width):
    """The picture as the spec's `preprocess` says, [height, width, channels]."""
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    pixels = np.asarray(image)
    size = spec.get("resize")
    if isinstance(size, int):
        h, w = pixels.shape[:2]
        size = [int(size * h / w), size] if h > w else [size, int(size * w / h)]
    if size:
        pixels = resized(pixels, *size, spec.get("filter", "bilinear"))
    if "crop" in spec:
        top, left = round((pixels.shape[0] - height) / 2), round((pixels.shape[1] - width) / 2)
        pixels = pixels[top : top + height, left : left + width]
    if spec.get("channels") == "gray":
        r, g, b = (pixels[:, :, c].astype(np.float64) for c in range(3))
        gray = (19595 * r + 38470 * g + 7471 * b + 0x8000) / 65536 if pixels.dtype == np.uint8 else (19595 * r + 38470 * g + 7471 * b) / 65536
        pixels = (np.floor(gray) if pixels.dtype == np.uint8 else gray)[:, :, None]
    elif spec.get("channels") == "bgr":
        pixels = pixels[:, :, ::-1]
    values = (pixels.astype(np.float32) - np.float32(spec.get("mean", 0))) * np.float32(spec.get("scale", 1))
    return np.ascontiguousarray(values, np.float32)


class Strangers(unittest.TestCase):
    def setUp(self):
        support.need_torch()
        try:
            import PIL  # noqa: F401
            import yaml
        except ImportError as missing:
            raise unittest.SkipTest(f"{missing} (Debian: python3-pil, python3-yaml)")
        self.yaml = yaml
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def agree(self, name, sets, heads):
        spec = support.ZOO / f"{name}.yaml"
        settings = [part for pair in sets for part in ("--set", pair)]
        flat = self.yaml.safe_load(support.run(support.DEEPER, "expand", spec, *settings).out)["input"]
        height, width, _ = flat["shape"]
        photos = photo_files(self.folder)
        x = np.stack([preprocessed(path, flat["preprocess"], height, width) for path in photos])
        # the weights of zoo_networks.py, whose network this is
        _, weights = support.oracle(name, None, support.images(9, 1, height, width, flat["shape"][2]), list(sets))
        expected, _ = support.oracle(name, weights, x, list(sets))
        network = support.build(spec, weights, sets)
        files = {what: self.folder / f"{what}.npy" for what in ("input", *heads)}
        dumps = [part for what, file in files.items() for part in ("--dump", f"{what}={file}")]
        results = json.loads(network.run("--json", *dumps, *photos).out)["results"]
        shown = np.load(files["input"])
        self.assertEqual(shown.shape, x.shape)
        self.assertLessEqual(np.abs(shown - x).max(), 1e-5 * np.abs(x).max(), "what enters the network")
        for head in heads:
            difference = support.relative_difference(np.load(files[head]), expected[head])
            self.assertLessEqual(difference, max(LIMIT, 10 * np.abs(shown - x).max()), head)
        for path, row in zip(photos, expected["main"].reshape(len(photos), -1)):
            (top,) = [result["top"] for result in results if (result["image"], result["head"]) == (str(path), "main") and "top" in result] or [None]
            if top:
                self.assertEqual(top[0]["index"], int(row.argmax()), path.name)


def photo_test(name, sets, heads):
    return lambda self: self.agree(name, sets, heads)


for name, (sets, heads) in CASES.items():
    setattr(Strangers, f"test_{name}_from_photos", photo_test(name, sets, heads))


if __name__ == "__main__":
    support.main()
