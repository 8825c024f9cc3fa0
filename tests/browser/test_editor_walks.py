"""The map of one camera with real mouse and keys: aim, drag, snap, tilt, step back, leave and return, two editors."""

import math
import re

from playwright.sync_api import Locator, Page, expect

from cctv.geodata import load_city
from cctv.geodata.lonlat import to_metres
from cctv.settings import read_settings

CAMERA = "/kamera?camera=K-0001"
AIMED = "diarahkan di peta). Belum disimpan"
PATIENCE_MS = 20_000
OPENING_ZOOM = 17.3


def map_of(page: Page) -> Locator:
    editor = page.locator(".map-editor[data-ready=yes]")
    expect(editor).to_be_visible()
    editor.scroll_into_view_if_needed()
    return editor


def click_until(page: Page, button: Locator, text: str | re.Pattern[str]) -> None:
    """Press a button again if the press was lost under a redraw, until its answer stands on the screen."""
    answer = page.get_by_text(text)
    for _ in range(3):
        button.click()
        try:
            expect(answer).to_be_visible(timeout=PATIENCE_MS)
        except AssertionError:
            continue
        return
    expect(answer).to_be_visible()


def aim(page: Page, right: float, down: float) -> None:
    editor = map_of(page)
    editor.get_by_role("button", name="Arahkan kamera").click()
    box = editor.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] * right, box["y"] + box["height"] * down)
    expect(page.get_by_text(AIMED)).to_be_visible()


def drag_pin(page: Page, right_px: float, down_px: float = 0) -> None:
    editor = map_of(page)
    box = editor.locator(".pin").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right_px, y + down_px, steps=8)
    page.mouse.up()
    expect(page.get_by_text("Letak baru:")).to_be_visible()


def pole_within_reach(lon: float, lat: float) -> tuple[str, float, float]:
    """A pole 10 to 60 m away: its id, and how far right and down it lies on the map as it opens [px]."""
    x_m, y_m = to_metres(lon, lat)
    poles = load_city(read_settings({}).geo_dir).poles
    east, north = poles.geometry.x - x_m, poles.geometry.y - y_m
    away = (east**2 + north**2) ** 0.5
    at = away[away > 10].idxmin()
    metres_per_px = 40_075_016.686 * math.cos(math.radians(lat)) / (512 * 2**OPENING_ZOOM)
    return poles["pole_id"][at], east[at] / metres_per_px, -north[at] / metres_per_px


def test_a_camera_is_aimed_turned_by_keys_and_stepped_back(visit):
    page = visit(CAMERA, "petugas")
    aim(page, 0.8, 0.5)
    editor = map_of(page)
    expect(editor).to_have_attribute("data-seen", "yes")
    handle = editor.locator(".handle")
    turned = int(handle.get_attribute("aria-valuenow"))
    assert abs(turned - 90) <= 5
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", str(turned + 1))
    expect(editor).to_have_attribute("data-seen", "yes")
    undo = editor.get_by_role("button", name="Urungkan")
    undo.click()
    expect(handle).to_have_attribute("aria-valuenow", str(turned))
    undo.click()
    expect(page.get_by_text(AIMED)).to_be_hidden()
    expect(undo).to_be_disabled()


def test_two_editors_of_one_camera_lose_nothing(visit):
    first, second = visit(CAMERA, "petugas"), visit(CAMERA, "admin")
    drag_pin(second, 60)
    aim(first, 0.5, 0.85)
    click_until(first, first.get_by_role("button", name="Simpan letak dan arah"), "diarahkan di peta")
    expect(first.get_by_text(AIMED)).to_be_hidden()
    click_until(second, second.get_by_role("button", name="Simpan letak dan arah"), "baru diubah petugas")
    expect(second.get_by_text("Letak baru:")).to_be_visible()
    second.get_by_role("button", name="Pakai isian saya").click()
    expect(second.get_by_text("Letak baru:")).to_be_hidden()
    second.reload()
    expect(map_of(second).locator(".handle")).to_have_attribute("aria-valuenow", re.compile("^(17|18)[0-9]$"))
    expect(second.get_by_text("galat letak diperkirakan 10 m")).to_be_visible()


def test_a_pin_snaps_to_a_pole_a_camera_is_tilted_and_kept_when_another_is_chosen(visit):
    page = visit("/kamera?camera=K-0010", "petugas")
    pole, right, down = pole_within_reach(112.4319, -7.46635)
    drag_pin(page, right + 2, down + 2)
    editor = map_of(page)
    expect(editor.get_by_text(f"Menempel pada tiang {pole}")).to_be_visible()
    editor.get_by_role("button", name="Lepaskan").click()
    expect(editor.get_by_text(f"Menempel pada tiang {pole}")).to_be_hidden()
    tilter = editor.locator(".tilter")
    before = float(tilter.get_attribute("aria-valuenow"))
    tilter.focus()
    page.keyboard.press("ArrowLeft")
    expect(tilter).to_have_attribute("aria-valuenow", f"{before + 1:g}")
    expect(page.get_by_text("Kemiringan:", exact=False).first).to_be_visible()
    choose(page, "K-0011")
    expect(page.get_by_text("belum disimpan (peta)")).to_be_visible()
    click_until(page, page.get_by_role("button", name="Buka dan lanjutkan"), "Letak baru:")
    expect(map_of(page).locator(".tilter")).to_have_attribute("aria-valuenow", f"{before + 1:g}")


def choose(page: Page, camera: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("Pilih kamera"))
    box.click()
    box.fill(camera)
    page.get_by_role("option", name=re.compile(camera)).click()
