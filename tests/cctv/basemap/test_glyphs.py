import runpy

import numpy as np
import pytest

from cctv.services.basemap import GLYPH_DIR
from cctv.services.mapstyle import FONTS
from cctv.settings import ROOT

BUFFER = 3
WRITTEN_ON_THE_MAP = "AZaz09 -.,()/?éÉ"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Read a protobuf message: field number and value, in order."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        yield key >> 3, value


def signed(value):
    return value >> 1 if value % 2 == 0 else -(value + 1 >> 1)


@pytest.fixture(scope="module", params=FONTS)
def glyphs(request):
    data = (GLYPH_DIR / request.param.replace(" ", "-") / "0-255.pbf").read_bytes()
    stack = list(fields(dict(fields(data))[1]))
    assert dict(stack)[1].decode() == request.param
    assert dict(stack)[2] == b"0-255"
    found = [dict(fields(value)) for number, value in stack if number == 3]
    return {chr(glyph[1]): glyph for glyph in found}


def test_all_letters_of_the_map_are_there(glyphs):
    assert set(WRITTEN_ON_THE_MAP) <= glyphs.keys()


def test_bitmaps_have_the_size_they_state(glyphs):
    for glyph in glyphs.values():
        if 2 in glyph:
            assert len(glyph[2]) == (glyph[3] + 2 * BUFFER) * (glyph[4] + 2 * BUFFER)


def test_a_letter_is_dark_inside_and_fades_outside(glyphs):
    letter = glyphs["I"]
    width, height = letter[3] + 2 * BUFFER, letter[4] + 2 * BUFFER
    field = np.frombuffer(letter[2], dtype=np.uint8).reshape(height, width)
    assert field[height // 2, width // 2] > 192  # 192 is the edge
    assert field[:, 0].max() < 192
    assert field[0, 0] < field[0, width // 2]


def test_bearings_and_advances_are_those_of_a_text_face(glyphs):
    assert 3 <= glyphs[" "][7] <= 8
    assert 14 <= glyphs["H"][4] <= 19  # capital height [px of 24]
    assert signed(glyphs["p"][6]) < signed(glyphs["H"][6])  # tops counted downward from the ascender
    assert glyphs["W"][7] > glyphs["i"][7]


@pytest.mark.slow
def test_the_files_are_what_the_tool_makes(tmp_path, monkeypatch):
    tool = runpy.run_path(str(ROOT / "tools" / "make_glyphs.py"))
    name, file = next(iter(tool["FONTS"].items()))
    from PIL import ImageFont

    size = tool["SIZE_PX"] * tool["OVERSAMPLING"]
    font = ImageFont.truetype(tool["FONT_DIR"] / file, size, layout_engine=ImageFont.Layout.BASIC)
    kept = (GLYPH_DIR / name.replace(" ", "-") / "256-511.pbf").read_bytes()
    assert tool["make_range"](name, font, 256) == kept
