"""The gaps screen as the mayor's office uses it: questions, the list with its reasons, what the coverage hangs on."""

import contextlib
import re
import time

from playwright.sync_api import Page, expect

AREA = re.compile(r"[\d,]+ % . [\d,]+ %")


def first_share(page: Page) -> str:
    return page.locator(".kpi b").first.inner_text()


def test_a_question_changes_the_numbers_and_the_map(visit):
    page = visit("/celah", "pimpinan")
    expect(page.locator(".kpi b").first).to_have_text(AREA)
    before = first_share(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "lapisan/terpantau" in request.url else None)
    page.get_by_text("menurut rancangan", exact=True).first.click()
    expect(page.locator(".kpi b").first).not_to_have_text(before)
    until = time.monotonic() + 60
    while not any("dasar=designed" in url for url in asked):
        assert time.monotonic() < until, "the map was not asked for again"
        page.wait_for_timeout(200)
    page.get_by_text("Malam hari").click()
    expect(page.locator(".kpi b").first).to_have_text(AREA)


def test_each_table_of_robustness_is_drawn(visit):
    page = visit("/celah", "pimpinan")
    expect(page.get_by_text("Memperbaiki 10 kamera ini")).to_be_visible()
    for choice, text in (
        ("Bila satu tiang hilang", "Angka besar berarti satu titik lemah"),
        ("Bila satu kamera mati", "bila satu kamera mati. Hanya"),
        ("Bila satu pemilik keluar", "hanya terlihat oleh kamera milik satu"),
        ("Dua instansi, jalan yang sama", "jalan yang sama atau lebih"),
        ("Bila pemilik swasta ikut", "bila kamera pemilik swasta ini ikut"),
    ):
        page.get_by_text(choice, exact=True).click()
        expect(page.get_by_text(text)).to_be_visible()
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_chosen_gap_tells_why_nobody_sees_it(visit):
    page = visit("/celah", "pimpinan")
    table = page.locator("[data-testid=stDataFrame]").first
    table.locator("canvas").first.wait_for()
    reason = page.get_by_text("Kamera terdekat").first
    until = time.monotonic() + 60
    while not reason.is_visible():  # a table that is still being laid out swallows a click
        assert time.monotonic() < until, "the first row cannot be ticked"
        box = table.bounding_box()
        page.mouse.click(box["x"] + 22, box["y"] + 35 + 17)
        with contextlib.suppress(AssertionError):
            expect(reason).to_be_visible(timeout=15_000)
