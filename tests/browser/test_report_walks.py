"""Walks with real clicks: a sheet is taken with its purpose, a sign gets its photo, time and privacy are drawn."""

import io

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect


def test_a_sheet_is_taken_only_after_a_purpose_is_chosen(visit):
    page = visit("/celah", "pimpinan")
    page.get_by_role("button", name="Cetak dan unduh").click()
    expect(page.get_by_text("Pilih keperluan dulu")).to_be_visible()
    page.get_by_text("rapat pimpinan").click()
    expect(page.get_by_text("Pilih keperluan dulu")).to_be_hidden()
    expect(page.get_by_role("link", name="Celah (GeoJSON)")).to_have_count(0)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Lembar A4 (PDF)").click()
    first = pypdfium2.PdfDocument(taken.value.path().read_bytes())[0].get_textpage().get_text_bounded()
    assert "Diambil oleh pimpinan" in first
    assert "Keperluan: rapat pimpinan" in first


def test_privacy_and_time_are_drawn_below_the_gaps(visit):
    page = visit("/celah", "pimpinan")
    expect(page.get_by_text("kamera memenuhi UU 27/2022 pasal 17")).to_be_visible()
    page.get_by_text("sampai orang bisa dikenali").click()
    expect(page.get_by_text("punya data gambar untuk tingkat ini")).to_be_visible()
    expect(page.get_by_text("Dari waktu ke waktu")).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]").last).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_sign_gets_its_photo(visit, width):
    photo = io.BytesIO()
    Image.new("RGB", (900, 600), (150, 60, 40)).save(photo, "JPEG")
    camera = {1440: "K-0091", 390: "K-0092"}[width]
    page = visit(f"/kamera?camera={camera}", "petugas", width=width)
    page.get_by_text("Papan informasi:").click()
    page.get_by_test_id("stRadio").get_by_text("ada", exact=True).click()
    page.set_input_files(
        "input[type=file]", {"name": "papan.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    expect(page.get_by_text("papan.jpg")).to_be_visible()
    page.get_by_role("button", name="Simpan papan informasi").click()
    expect(page.get_by_text("Papan informasi: ada")).to_be_visible()
    shown = page.get_by_alt_text(f"Foto papan informasi kamera {camera}")
    if not shown.is_visible():
        page.get_by_text("Papan informasi: ada").click()
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 900


def test_an_operator_paints_what_the_camera_sees(visit):
    page = visit("/kamera?camera=K-0090", "operator")
    expect(page.get_by_text("Belum diverifikasi")).to_be_visible()
    page.get_by_text("Gambar area yang terlihat").click()
    page.locator(".painter[data-ready=yes]").wait_for()
    frame = page.locator(".painter .map")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((0, -10), (70, -10), (70, -80), (0, -80), (-60, -120)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(400)  # nearer clicks would zoom the map
    page.get_by_role("button", name="Hapus sudut terakhir").click()
    page.get_by_text("tidak ada", exact=True).click()
    page.get_by_role("button", name="Simpan area pandang").click()
    expect(page.get_by_text("dipakai menggantikan hasil hitungan")).to_be_visible()
