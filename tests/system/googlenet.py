"""The real GoogLeNet on real photos: logits, classes, probabilities, resized pixels, and what the program prints."""
import json
import pathlib
import tempfile
import unittest

import support
import numpy as np

MEAN = (104.0, 117.0, 123.0)


def expected_rows():
    """File name -> (top-5 of pixels/*.png, top-5 of the photo), each a list of (class, probability)."""
    rows = {}
    for line in (support.models() / "expected.tsv").read_text().splitlines():
        if not line.startswith("#"):
            name, _, _, pixels, photo = line.split("\t")
            rows[name] = [[(int(k), float(v)) for k, v in (pair.split(":") for pair in text.split())] for text in (pixels, photo)]
    return rows


class GoogLeNet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = support.need_models()
        labels = ["--labels", cls.models / "labels.txt"]
        cls.network = support.build(support.ZOO / "googlenet.yaml", cls.models / "googlenet.safetensors", extra=labels)
        cls.rows = expected_rows()
        cls.photos = [cls.models / "images" / name for name in cls.rows]
        cls.pixels = [cls.models / "pixels" / f"{pathlib.Path(name).stem}.png" for name in cls.rows]
        cls.labels = (cls.models / "labels.txt").read_text().splitlines()

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_logits_of_exact_pixels(self):
        out = self.folder / "logits.npy"
        self.network.run("--pixels", "--dump", f"main.logits={out}", *self.pixels)
        logits = np.load(out)
        self.assertEqual(logits.shape[0], 12)
        largest = 0.0
        for path, row, name in zip(self.pixels, logits.reshape(12, 1000), self.rows):
            expected = np.load(self.models / "expected" / f"{path.stem}.logits.npy").ravel()
            largest = max(largest, np.abs(row - expected).max())
            self.assertEqual(np.argsort(-row)[:5].tolist(), np.argsort(-expected)[:5].tolist(), name)
        print(f"largest logit difference {largest:.2e}")
        self.assertLessEqual(largest, 1e-4)

    def test_top_five_of_exact_pixels(self):
        results = self.network.json("--pixels", "--topk", "5", *self.pixels)["results"]
        for result, (expected, _) in zip(results, self.rows.values()):
            self.assertEqual([entry["index"] for entry in result["top"]], [index for index, _ in expected], result["image"])

    def test_photos(self):
        results = self.network.json("--topk", "1", *self.photos)["results"]
        self.assertEqual([result["image"] for result in results], [str(path) for path in self.photos])
        for result, (_, expected) in zip(results, self.rows.values()):
            (top,) = result["top"]
            self.assertEqual(top["index"], expected[0][0], result["image"])
            self.assertEqual(top["label"], self.labels[top["index"]])
            self.assertLessEqual(abs(top["probability"] - expected[0][1]), 0.002, result["image"])

    def test_input_equals_pillow(self):
        try:
            from PIL import Image, ImageOps
        except ImportError:
            self.skipTest("no Pillow (Debian: python3-pil)")
        out = self.folder / "input.npy"
        self.network.run("--dump", f"input={out}", *self.photos)
        values = np.load(out).reshape(12, 224, 224, 3)
        for path, value in zip(self.photos, values):
            image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
            short = min(image.size)
            image = image.resize([256 if side == short else int(256 * side / short) for side in image.size], Image.BILINEAR)
            left, top = (round((side - 224) / 2) for side in image.size)
            rgb = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32)
            self.assertTrue(np.array_equal(value, rgb[:, :, ::-1] - np.float32(MEAN)), path.name)

    def test_json_contract(self):
        text = self.network.run("--json", "--topk", "3", self.photos[0]).out
        document = json.loads(text)
        self.assertEqual(next(iter(document)), "deeper")
        self.assertEqual(document["deeper"], 1)
        (result,) = document["results"]
        self.assertLessEqual({"image", "head", "top"}, set(result))
        self.assertEqual(result["head"], "main")
        self.assertEqual(len(result["top"]), 3)
        for entry in result["top"]:
            self.assertLessEqual({"index", "label", "probability"}, set(entry))

    def test_list_and_standard_input(self):
        listing = self.folder / "list.txt"
        listing.write_text("".join(f"{path}\n" for path in self.photos[:3]))
        by_list = self.network.json("--list", listing)["results"]
        by_name = self.network.json(*self.photos[:3])["results"]
        self.assertEqual(by_list, by_name)
        piped = self.network.json("-", input=self.photos[0].read_bytes())["results"]
        self.assertEqual(piped[0]["top"], by_name[0]["top"])

    def test_many_top_classes_sum_to_one(self):
        (result,) = self.network.json("--topk", "1000", self.photos[0])["results"]
        self.assertEqual(len(result["top"]), 1000)
        self.assertAlmostEqual(sum(entry["probability"] for entry in result["top"]), 1.0, 4)

    def test_people_can_read_it(self):
        text = self.network.run("--topk", "2", self.photos[0]).out
        self.assertIn(self.labels[967], text)
        self.assertRegex(text, r"0\.90|90\.")

    def test_other_formats(self):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest("no Pillow (Debian: python3-pil)")
        image = Image.open(self.pixels[0]).convert("RGB")
        for kind in ("bmp", "ppm"):
            image.save(self.folder / f"same.{kind}")
        one, *others = self.network.json("--pixels", self.pixels[0], self.folder / "same.bmp", self.folder / "same.ppm")["results"]
        for other in others:
            self.assertEqual(other["top"], one["top"])

    def test_eval(self):
        listing = self.folder / "eval.tsv"
        listing.write_text("".join(f"{path}\t{expected[0][0]}\n" for path, (_, expected) in zip(self.photos, self.rows.values())))
        result = self.network.json("--eval", listing)
        self.assertEqual(result["images"], 12)
        self.assertEqual((result["top1"], result["top5"]), (1.0, 1.0))
        self.assertEqual(result["errors"], [])
        self.assertGreater(result["images_per_second"], 0)


if __name__ == "__main__":
    support.main()
