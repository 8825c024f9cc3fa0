"""The printed sheet: readable text, nothing outside the paper, a scale bar that is true, the name on every page."""

import numpy as np
import pypdfium2
import pytest
import shapely

from cctv.reports.coverage_sheet import coverage_sheet
from cctv.reports.files import coverage_png
from cctv.reports.ink import hatching
from cctv.reports.map_frame import Frame

MM_PER_PT = 25.4 / 72


@pytest.fixture(scope="module")
def sheets(report, stamp):
    return {paper: coverage_sheet(report, stamp, paper) for paper in ("a4", "a3")}


def pages_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage() for page in document]
    found = [(page.get_size(), text, text.get_text_bounded()) for page, text in zip(document, texts, strict=True)]
    return document, found


@pytest.mark.parametrize(("paper", "size"), [("a4", (297, 210)), ("a3", (420, 297))])
def test_two_lying_pages_of_the_right_size(sheets, paper, size):
    _, pages = pages_of(sheets[paper])
    assert len(pages) == 2
    for (width, height), _, _ in pages:
        assert (width * MM_PER_PT, height * MM_PER_PT) == pytest.approx(size, abs=0.05)


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_both_pages_say_who_took_them_when_what_kind_and_which_method(sheets, stamp, paper):
    _, pages = pages_of(sheets[paper])
    for _, _, text in pages:
        for words in (
            stamp.text,
            "25/11/2026 11.05 WIB",
            "rapat & <uji>",
            "DATA SINTETIS",
            "metode 9.9",
            "abcdef123456",
        ):
            assert words in text
    assert "0,8 % \u2013 4,1 %" in pages[0][2]
    assert "Skala 1 : 37.500" in pages[0][2] or paper == "a3"
    assert "1.250" in pages[1][2]
    assert "pembangkit" in pages[1][2]


def test_no_level_text_leaves_the_paper_or_meets_its_edge(sheets):
    """Every upright letter stands at least 5 mm inside; only the turned watermark runs to the edge."""
    _, pages = pages_of(sheets["a4"])
    for (width, height), text, _ in pages:
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            words = text.get_text_bounded(left, bottom, right, top)
            if "Diambil" in words or top - bottom > 20:
                continue
            margin = 5 / MM_PER_PT
            assert left > margin, words
            assert right < width - margin, words
            assert bottom > margin * 0.9, words
            assert top < height - margin, words


def test_a_kelurahan_without_public_space_gets_a_dash_and_not_zero(sheets):
    _, pages = pages_of(sheets["a4"])
    line = next(line for line in pages[1][2].splitlines() if line.startswith("Meri"))
    assert "%" not in line
    assert "\u2013" in line


def test_the_fonts_are_ours_and_embedded(sheets):
    assert b"PlusJakartaSans" in sheets["a4"]
    assert b"Helvetica" not in sheets["a4"].replace(b"/BaseFont /Helvetica", b"", 1)  # the library's unused default


def test_the_picture_is_the_first_page(sheets):
    png = coverage_png(sheets["a4"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(png) > 20_000


@pytest.mark.parametrize("enlarged", [1.0, 420 / 297])
def test_the_scale_is_round_and_the_ground_fits(enlarged):
    bounds = (655_000.0, 9_171_000.0, 662_000.0, 9_176_000.0)
    frame = Frame.around(bounds, 10, 18, 195, 166, enlarged)
    assert frame.denominator % 2500 == 0
    corners = shapely.points([bounds[:2], bounds[2:]])
    xy = shapely.get_coordinates(frame.placed(corners))
    assert (xy >= (10, 18)).all()
    assert (xy <= (205, 184)).all()
    on_paper_m = (xy[1, 0] - xy[0, 0]) * enlarged / 1000  # real width of the city on the paper
    assert 7000 / on_paper_m == pytest.approx(frame.denominator)


def test_hatching_stays_inside_and_has_the_right_distance():
    square = np.array([shapely.box(0, 0, 30, 20).difference(shapely.box(10, 5, 20, 15))], dtype=object)
    lines = hatching(square, 45.0, 0.5)
    assert shapely.covers(square[0].buffer(1e-6), lines).all()
    assert shapely.length(lines).sum() == pytest.approx(square[0].area / 0.5, rel=0.02)
