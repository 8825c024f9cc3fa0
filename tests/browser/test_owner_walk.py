"""An owner on its way: recorded, written to, its form sent through the link, accepted, its camera in the register."""

import io
import re

from docx import Document
from playwright.sync_api import Page, expect

OWNER, CAMERA = "Toko Jalan Panjang", "Pintu depan uji"


def choose(page: Page, view: str, mark: str) -> None:
    """Open a view of the screen."""
    page.get_by_text(view, exact=True).first.click()
    expect(page.get_by_text(mark).first).to_be_visible()


def press(page: Page, kind: str, label: str) -> None:
    page.get_by_test_id(kind).get_by_role("button").filter(has_text=label).click()


def link_in(docx: bytes) -> str:
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs)
    return re.search(r"/daftar/[\w-]{43}", text)[0]


def test_an_owner_comes_from_a_letter_to_the_register(visit, app, browser):
    page = visit("/pemilik", "petugas")
    choose(page, "Catat pemilik", "Pemilik mana")
    page.get_by_label("Nama pemilik").fill(OWNER)
    page.get_by_label("Nama pemilik").press("Tab")
    page.get_by_label("Sumber").fill("survei kelurahan")
    page.get_by_label("Sumber").press("Tab")
    press(page, "stFormSubmitButton", "Catat pemilik")
    expect(page.get_by_label("Nama pemilik").first).to_have_value("")

    choose(page, "Surat", "Terbitkan surat")
    press(page, "stFormSubmitButton", "Terbitkan surat")
    expect(page.get_by_role("link", name="Surat DOCX").first).to_be_visible()
    address = page.get_by_role("link", name="Surat DOCX").first.get_attribute("href")
    link = link_in(page.request.get(app.url + address).body())

    outside = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    outside.set_default_timeout(60_000)
    outside.goto(app.url + link)
    expect(outside.get_by_text(OWNER).first).to_be_visible()
    outside.fill("#person", "Ibu Uji")
    outside.fill("#phone", "0800")
    outside.fill("#name_0", CAMERA)
    outside.select_option("#direction_0", "N")
    outside.fill("#position_0", "-7.4664, 112.43945")
    outside.check("input[value=register]")
    outside.check("input[name=statement]")
    outside.click("button[type=submit]")
    expect(outside.get_by_text("Terima kasih")).to_be_visible()
    assert outside.request.get(app.url + "/peta", headers={"Accept": "application/json"}).status == 401
    outside.context.close()

    choose(page, "Formulir masuk", CAMERA)
    press(page, "stButton", "Terima (1 kamera)")
    expect(page.get_by_text("Tidak ada formulir yang menunggu")).to_be_visible()
    choose(page, "Daftar", "Langkah berikut")
    expect(page.get_by_role("heading", name=OWNER)).to_be_visible()
    expect(page.get_by_text("setuju, sejak").first).to_be_visible()
    register = page.request.get(f"{app.url}/unduh/register/geojson?keperluan=uji").text()
    assert CAMERA in register
    assert "Ibu Uji" not in register
