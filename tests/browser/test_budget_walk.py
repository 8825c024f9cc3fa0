"""A walk with real clicks: a plan is made, filled in and accepted at once, taken as a workbook, and signed off."""

import io
import re

import python_calamine
from playwright.sync_api import expect


def press(page, name, shown):
    """Press a button until what it opens is there: a click during a redraw is lost."""
    button = page.get_by_role("button", name=name, exact=True).last
    for _ in range(20):
        if shown.is_visible():
            return
        button.click()
        try:
            shown.wait_for(timeout=3_000)
        except Exception:  # noqa: BLE001, S112 - not yet
            continue
    expect(shown).to_be_visible()


def choose(page, label, option):
    box = page.get_by_role("combobox", name=label)
    box.click()
    page.get_by_role("option", name=option).first.click()


def test_a_plan_goes_from_money_to_a_signed_workbook(visit):
    page = visit("/anggaran", "perencana")
    name = page.get_by_label("Nama rencana")
    name.fill("Rapat uji")
    page.get_by_role("spinbutton", name="Pagu termasuk PPN").fill("60")
    page.get_by_role("button", name="Hitung dan simpan").click()
    expect(page.get_by_text("Dibuat perencana")).to_be_visible()
    expect(page.get_by_text("hal akan ditolak")).to_be_visible()
    press(page, "Isi sekaligus", page.get_by_text("Terima semua yang belum diputuskan"))
    choose(page, "Kode kamus", "ASUMSI-INF-01")
    choose(page, "OPD", "Dinas Perhubungan")
    choose(page, "Sumber dana", "APBD")
    choose(page, "Lahan/tiang", "milik pemkot")
    page.get_by_text("Terima semua yang belum diputuskan").click()
    page.get_by_role("button", name=re.compile(r"Isi \d+ titik")).click()
    expect(page.get_by_text("Lolos pemeriksaan")).to_be_visible()
    expect(page.get_by_text(re.compile(r"[1-9]\d* diterima, 0 belum diputuskan"))).to_be_visible()
    purpose = page.get_by_text("penyusunan anggaran")
    press(page, "Unduh", purpose)
    purpose.click()
    link = page.get_by_role("link", name="RAB dengan rumus hidup (XLSX)")
    expect(link).to_have_attribute("href", "/unduh/rencana/R-0001/rab?keperluan=penyusunan+anggaran")
    with page.expect_download() as taken:
        link.click()
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(taken.value.path().read_bytes()))
    rows = book.get_sheet_by_name("Ringkasan").to_python()
    assert 30_000_000 < rows[11][1] <= 60_000_000 == rows[12][1]

    boss = visit("/anggaran", "pimpinan")
    reason = boss.get_by_label("Dasar pengesahan")
    press(boss, "Sahkan", reason)
    reason.fill("rapat uji")
    reason.press("Enter")
    boss.get_by_role("button", name="Sahkan").last.click()
    expect(boss.get_by_text("Disahkan pimpinan")).to_be_visible()
    expect(boss.get_by_text("Pelaksanaan titik yang diterima")).to_be_visible()

    boss.get_by_text("Mode rapat").click()
    expect(boss.get_by_role("heading", name="Yang terpantau hari ini")).to_be_visible()
    boss.wait_for_function("() => document.activeElement === document.body")
    boss.keyboard.press("ArrowRight")  # the first one already works
    expect(boss.get_by_role("heading", name="celah terbesar")).to_be_visible()
    for step in ("Berapa anggaran", "Rapat uji", "Titik 1"):
        boss.wait_for_function("() => document.activeElement === document.body")
        boss.get_by_role("button", name="Lanjut").click()
        expect(boss.get_by_role("heading", name=step)).to_be_visible()
    pictures = boss.locator(".point-pictures figure img")
    expect(pictures).to_have_count(3)
    for number in range(3):
        boss.wait_for_function(
            "n => document.querySelectorAll('.point-pictures figure img')[n].naturalWidth > 0", arg=number
        )
