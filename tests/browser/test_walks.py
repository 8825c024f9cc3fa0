"""Walks with real mouse clicks: every screen in every role, pins, deep links, the map editor, what a click sends."""

import io
import math
import time

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cctv.palette import PALETTES, rgb

EVERYBODY = {"Peta", "Kamera", "Dinding", "Kesehatan", "Pemeliharaan", "Bantuan"}
SCREENS = {
    "pimpinan": EVERYBODY | {"Celah", "Usulan titik", "Anggaran", "Pemilik"},
    "perencana": EVERYBODY | {"Celah", "Usulan titik", "Anggaran", "Pemilik"},
    "operator": EVERYBODY | {"Insiden", "Awal piket"},
    "petugas": EVERYBODY | {"Celah", "Impor", "Pemilik"},
    "admin": EVERYBODY | {"Celah", "Usulan titik", "Anggaran", "Impor", "Pemilik", "Insiden", "Awal piket"},
}
MARKS = {
    "/peta": "Klik sebuah titik",
    "/celah": "Celah terbesar",
    "/usulan": "Titik usulan, dari yang",
    "/kamera": "Riwayat",
    "/dinding": "Dinding",
    "/piket": "Pilih pos",
    "/insiden": "Klik tempat kejadian",
    "/kesehatan": "Kesehatan kamera",
    "/pemeliharaan": "tiket terbuka",
    "/pemilik": "Pemilik swasta",
    "/bantuan": "Arti angka",
}
MOST_RERUN_BYTES = 200_000
CENTRE, ZOOM = (112.4365, -7.4705), 13.1


def wait_for_map(page: Page) -> None:
    """Wait until the pins are drawn and the map stands still: three pictures of it in a row are the same."""
    chart = page.locator("[data-testid=stDeckGlJsonChart]")
    chart.locator("canvas").first.wait_for()
    pictures: list[bytes] = []
    until = time.monotonic() + 60
    while len(set(pictures[-3:])) != 1 or len(pictures) < 3 or not has_pins(pictures[-1]):
        assert time.monotonic() < until, "the map never stood still"
        page.wait_for_timeout(700)
        pictures.append(chart.screenshot())


def has_pins(picture: bytes) -> bool:
    """Tell whether a picture of the map shows the colour of a pin whose cameras are all on."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
    return any((pixels == rgb(PALETTES[scheme].seen)[:3]).all(axis=1).sum() > 100 for scheme in ("light", "dark"))


def pixel_of(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Compute where a position stands on the screen in the opening view (web Mercator, 512 px tiles)."""
    box = page.locator("[data-testid=stDeckGlJsonChart]").bounding_box()
    scale = 512 * 2**ZOOM / (2 * math.pi)

    def mercator(longitude: float, latitude: float) -> tuple[float, float]:
        return math.radians(longitude), math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))

    (x, y), (x0, y0) = mercator(lon, lat), mercator(*CENTRE)
    return box["x"] + box["width"] / 2 + (x - x0) * scale, box["y"] + box["height"] / 2 - (y - y0) * scale


def click_pin(page: Page, point) -> None:
    """Point at a pin as a person does, until its name shows, and press: by then the map can tell what was hit."""
    x, y = pixel_of(page, point.lon, point.lat)
    name = page.locator(".deck-tooltip", has_text=point.name)
    until = time.monotonic() + 60
    while not name.is_visible():
        assert time.monotonic() < until, f"nothing shows at the pin of {point.name}"
        page.mouse.move(x - 4, y)
        page.mouse.move(x, y)
        page.wait_for_timeout(200)
    page.mouse.click(x, y)


def far_apart(points: list, n: int, distance_m: float = 230.0) -> list:
    """Choose points that no other pin covers."""

    def metres(a, b) -> float:
        return math.hypot((a.lon - b.lon) * 110_300, (a.lat - b.lat) * 111_200)

    return [p for p in points if all(p is q or metres(p, q) > distance_m for q in points)][:n]


@pytest.fixture(scope="module")
def placed_points(tmp_path_factory):
    """Points as a fresh register has them; the app under test holds its own file."""
    from cctv.registry import Registry, points

    registry = Registry.open(tmp_path_factory.mktemp("seed") / "cameras.duckdb", secret_key="k" * 40)
    found = [point for point in points.list_points(registry) if point.lon is not None]
    registry.close()
    return found


def page_links(page: Page) -> set[str]:
    """Open every section of the menu and name its pages; the number of alerts may stand behind one."""
    links = page.locator("[data-testid=stTopNavLink]")
    expect(links.first).to_be_visible()
    texts = links.all_inner_texts()
    inside = page.locator("[data-testid=stTopNavDropdownLink]")
    for section in page.locator("[data-testid=stTopNavSection]").all():
        section.click()
        expect(inside.first).to_be_visible()
        texts += inside.all_inner_texts()
        page.keyboard.press("Escape")
        expect(inside).to_have_count(0)
    return {text.split("\n")[-1].strip().split(" (")[0] for text in texts}


@pytest.mark.parametrize("username", list(SCREENS))
def test_each_role_finds_its_screens(visit, username):
    assert page_links(visit("/", username)) == SCREENS[username]


def test_each_screen_is_drawn(visit):
    """For the administrator, who has them all; what the others get is in the tests of pages."""
    page = visit("/", "admin")
    for path, mark in MARKS.items():
        page.goto("/".join([*page.url.split("/")[:3], path[1:]]))
        expect(page.get_by_text(mark).first).to_be_visible()
        assert page.locator("[data-testid=stException]").count() == 0
        assert page.get_by_text("kesalahan yang tidak terduga").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_the_menu_and_the_map(visit, scheme):
    page = visit("/", "operator", width=390, scheme=scheme)
    wait_for_map(page)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    expect(page.get_by_role("link", name="Bantuan")).to_be_visible()


def test_a_click_on_a_pin_opens_that_point_with_its_picture(visit, placed_points):
    chosen = far_apart(placed_points, 10)
    assert len(chosen) == 10
    page = visit("/", "operator")
    wait_for_map(page)
    seconds = []
    for point in chosen:
        click_pin(page, point)
        started = time.monotonic()
        expect(page.locator(".st-key-panel h3").first).to_have_text(point.name)
        image = page.locator(".st-key-panel img")
        expect(image).to_have_count(1)  # the picture of the point before goes only when the new one is there
        page.wait_for_function("image => image.naturalWidth > 0", arg=image.element_handle())
        seconds.append(time.monotonic() - started)
        page.wait_for_timeout(300)
    assert len(seconds) == 10


def test_a_click_neither_dims_the_base_map_nor_sends_the_city_again(visit, placed_points):
    page = visit("/", "operator")
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.reload()
    wait_for_map(page)
    first, second, *_ = far_apart(placed_points, 4)
    click_pin(page, first)
    expect(page.locator(".st-key-panel h3").first).to_have_text(first.name)
    wait_for_map(page)
    before, n = _corner(page), len(received)
    click_pin(page, second)
    expect(page.locator(".st-key-panel h3").first).to_have_text(second.name)
    wait_for_map(page)
    assert _corner(page) == before
    assert sum(received[n:]) <= MOST_RERUN_BYTES


def _corner(page: Page) -> bytes:
    """Take a picture of a corner of the map where no pin stands."""
    box = page.locator("[data-testid=stDeckGlJsonChart]").bounding_box()
    return page.screenshot(clip={"x": box["x"] + 10, "y": box["y"] + 10, "width": 120, "height": 120})


def test_the_address_of_a_camera_opens_its_panel(visit):
    page = visit("/?camera=K-0088", "operator")
    expect(page.locator(".st-key-panel h3").first).to_have_text("Terminal Kertajaya pintu masuk")


def test_the_address_of_the_map_page_keeps_its_camera(visit):
    page = visit("/peta?camera=K-0088", "operator")
    expect(page.locator(".st-key-panel h3").first).to_have_text("Terminal Kertajaya pintu masuk")


def test_a_click_on_the_ground_is_answered(visit):
    page = visit("/?camera=K-0088", "operator")
    page.get_by_text("Mengapa suatu tempat tidak terlihat?").click()
    editor = page.locator(".editor[data-ready=yes]")
    editor.scroll_into_view_if_needed()
    box = editor.bounding_box()
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    expect(page.get_by_text("Di luar jangkauan:")).to_be_visible()


def test_the_legend_names_each_level_and_the_edition(visit):
    page = visit("/", "operator")
    expect(page.locator(".legend .steps")).to_contain_text("IEC 62676-4:2025")
    assert page.locator(".legend .steps abbr").all_inner_texts() == ["20", "40", "80", "125", "250", "500", "1.500"]
    page.get_by_role("button", name="Saring").click()
    page.get_by_text("IEC 62676-4:2014 (DORI)", exact=True).click()
    expect(page.locator(".legend .steps")).to_contain_text("IEC 62676-4:2014")
    assert page.locator(".legend .steps abbr").all_inner_texts() == ["12,5", "25", "62,5", "125", "250"]


def test_the_note_on_synthetic_data_is_on_the_map_and_leads_to_its_meaning(visit):
    page = visit("/", "pimpinan")
    note = page.locator(".synthetic-note")
    expect(note).to_contain_text("sintetis")
    note.click()
    expect(page.get_by_text("Data nyata, skema, dan sintetis")).to_be_visible()


def test_an_editor_places_a_point_with_the_mouse(visit):
    page = visit("/kamera", "petugas")
    page.get_by_text("Belum ditempatkan", exact=True).click()
    expect(page.get_by_text("3 titik diketahui")).to_be_visible()
    editor = page.locator(".editor[data-ready=yes]")
    box = editor.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Letak baru:")).to_be_visible()
    page.get_by_label("Bagaimana letak ini diketahui?").fill("dilihat di lapangan")
    page.get_by_label("Bagaimana letak ini diketahui?").press("Enter")
    page.get_by_role("button", name="Simpan letak").click()
    expect(page.get_by_text("2 titik diketahui")).to_be_visible()
    page.get_by_text("Riwayat", exact=True).click()
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()


def test_signing_out_in_one_tab_stops_the_other(visit):
    page = visit("/", "pimpinan")
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_map(other)
    page.request.post(page.url.split("?")[0] + "keluar")
    other.get_by_text("Semua area pandang").click()
    expect(other.get_by_text("Sesi Anda sudah berakhir")).to_be_visible()
