"""Draw the label glyphs of the base map as signed distance fields and write them to data/glyphs.

Run once after changing the fonts: ``.venv/bin/python tools/make_glyphs.py``. The files are kept in the tree.
The format is the glyph message of the map renderer: a stack of glyphs with bitmap, size, bearings and advance.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
FONT_DIR = ROOT / "static" / "fonts"
OUT_DIR = ROOT / "data" / "glyphs"
FONTS = {
    "Plus Jakarta Sans Medium": "plus-jakarta-sans-latin-500-normal.woff2",
    "Plus Jakarta Sans Bold": "plus-jakarta-sans-latin-700-normal.woff2",
}
RANGES = (0, 256, 8192)  # Latin, Latin extended, punctuation
SIZE_PX = 24
BUFFER_PX = 3
RADIUS_PX = 8
CUTOFF = 0.25
OVERSAMPLING = 16
UNASSIGNED = chr(0x0FFFF)


@dataclass(frozen=True)
class Glyph:
    """One drawn character; sizes in pixels of the 24 px design, without the buffer."""

    code: int
    bitmap: bytes
    width: int
    height: int
    left: int
    top: int
    advance: int


def varint(value: int) -> bytes:
    """Encode a non-negative number the protobuf way."""
    out = bytearray()
    while value > 127:  # noqa: PLR2004 - seven bits to a byte
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def number_field(number: int, value: int) -> bytes:
    """Encode an unsigned field."""
    return varint(number << 3) + varint(value)


def signed_field(number: int, value: int) -> bytes:
    """Encode a signed field (zigzag)."""
    return number_field(number, value * 2 if value >= 0 else -value * 2 - 1)


def bytes_field(number: int, value: bytes) -> bytes:
    """Encode a field of bytes."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def distance_field(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn an oversampled mask (255 inside) into distance bytes, one per design pixel."""
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(255 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    rows, columns = (side // OVERSAMPLING for side in mask.shape)
    cells = (outside - inside).reshape(rows, OVERSAMPLING, columns, OVERSAMPLING)
    distance_px = cells.mean(axis=(1, 3)) / OVERSAMPLING
    return np.clip(np.rint(255 - 255 * (distance_px / RADIUS_PX + CUTOFF)), 0, 255).astype(np.uint8)


def draw(font: ImageFont.FreeTypeFont, character: str) -> Glyph:
    """Draw one character."""
    ascent, _ = font.getmetrics()
    x0, y0, x1, y1 = font.getbbox(character, anchor="ls")
    left, right = int(np.floor(x0 / OVERSAMPLING)), int(np.ceil(x1 / OVERSAMPLING))
    top, bottom = int(np.floor(y0 / OVERSAMPLING)), int(np.ceil(y1 / OVERSAMPLING))
    advance = round(font.getlength(character) / OVERSAMPLING)
    width, height = right - left, bottom - top
    if not (width and height):
        return Glyph(ord(character), b"", 0, 0, 0, 0, advance)
    size = ((width + 2 * BUFFER_PX) * OVERSAMPLING, (height + 2 * BUFFER_PX) * OVERSAMPLING)
    image = Image.new("L", size)
    origin = ((BUFFER_PX - left) * OVERSAMPLING, (BUFFER_PX - top) * OVERSAMPLING)
    ImageDraw.Draw(image).text(origin, character, fill=255, font=font, anchor="ls")
    mask = np.where(np.asarray(image) > 127, 255, 0).astype(np.uint8)  # noqa: PLR2004 - half covered
    # the renderer expects tops relative to the ascender
    below_ascender = -top - round(ascent / OVERSAMPLING)
    return Glyph(ord(character), distance_field(mask).tobytes(), width, height, left, below_ascender, advance)


def encode(glyph: Glyph) -> bytes:
    """Write a glyph message."""
    parts = [number_field(1, glyph.code)]
    if glyph.bitmap:
        parts.append(bytes_field(2, glyph.bitmap))
    parts += [number_field(3, glyph.width), number_field(4, glyph.height)]
    parts += [signed_field(5, glyph.left), signed_field(6, glyph.top), number_field(7, glyph.advance)]
    return b"".join(parts)


def characters(font: ImageFont.FreeTypeFont, start: int) -> list[str]:
    """List the printable characters of a range that the font has."""
    missing = bytes(font.getmask(UNASSIGNED))
    printable = [chr(code) for code in range(start, start + 256) if chr(code).isprintable()]
    return [character for character in printable if bytes(font.getmask(character)) != missing]


def make_range(name: str, font: ImageFont.FreeTypeFont, start: int) -> bytes:
    """Write the message of one range."""
    glyphs = [bytes_field(3, encode(draw(font, character))) for character in characters(font, start)]
    span = f"{start}-{start + 255}"
    return bytes_field(1, bytes_field(1, name.encode()) + bytes_field(2, span.encode()) + b"".join(glyphs))


def main() -> None:
    """Write all fonts and ranges."""
    for name, file in FONTS.items():
        font = ImageFont.truetype(FONT_DIR / file, SIZE_PX * OVERSAMPLING, layout_engine=ImageFont.Layout.BASIC)
        folder = OUT_DIR / name.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        for start in RANGES:
            data = make_range(name, font, start)
            (folder / f"{start}-{start + 255}.pbf").write_bytes(data)
            print(f"{name} {start}-{start + 255}: {len(characters(font, start))} glyphs, {len(data)} bytes")


if __name__ == "__main__":
    main()
