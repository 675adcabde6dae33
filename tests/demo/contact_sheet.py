#!/usr/bin/env python3
"""A program's --json results on standard input -> one PNG with every picture above its label and probability.

usage: PROGRAM --topk 1 --json IMAGE... | contact_sheet.py OUT.png
"""
import json
import math
import sys

from PIL import Image, ImageDraw, ImageFont, ImageOps

CELL, CAPTION, COLUMNS = 168, 34, 5
FONT = ImageFont.load_default()


def caption(result):
    if "error" in result:
        return result["error"].get("message", "error"), ""
    best = result["top"][0]
    return (best.get("label") or f"class {best['index']}").split(",")[0], f"{100 * best['probability']:.1f} %"


def paste(sheet, draw, result, x, y):
    if "error" not in result:
        picture = ImageOps.exif_transpose(Image.open(result["image"])).convert("RGB")
        scale = min((CELL - 8) / picture.width, (CELL - 8) / picture.height)
        smooth = Image.NEAREST if scale > 2 else Image.BILINEAR
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), smooth)
        sheet.paste(picture, (x + (CELL - picture.width) // 2, y + (CELL - picture.height) // 2))
    for line, text in enumerate(caption(result)):
        while text and draw.textlength(text, font=FONT) > CELL - 6:
            text = text[:-1]
        width = draw.textlength(text, font=FONT)
        draw.text((x + (CELL - width) / 2, y + CELL + 2 + 14 * line), text, fill=(20, 20, 20) if line == 0 else (90, 90, 90), font=FONT)


def main():
    results = json.load(sys.stdin)["results"]
    columns = min(COLUMNS, len(results))
    rows = math.ceil(len(results) / columns)
    sheet = Image.new("RGB", (columns * CELL, rows * (CELL + CAPTION)), (255, 255, 255))
    draw = ImageDraw.Draw(sheet)
    for index, result in enumerate(results):
        paste(sheet, draw, result, index % columns * CELL, index // columns * (CELL + CAPTION))
    sheet.save(sys.argv[1])
    print(f"contact sheet: {sys.argv[1]}")


if __name__ == "__main__":
    main()
