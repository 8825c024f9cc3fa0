"""From a fault on the map to a closed ticket, with real clicks."""

import re

from playwright.sync_api import expect


def test_a_fault_is_reported_in_two_clicks_and_repaired(visit):
    page = visit("/peta?camera=K-0009", "operator")
    expect(page.get_by_role("button", name="Lapor gangguan")).to_be_visible()
    dead = page.get_by_role("button", name="Mati", exact=True)

    def opened():
        page.get_by_role("button", name="Lapor gangguan").click()
        expect(dead).to_be_visible(timeout=5_000)

    until(opened)
    dead.click()
    link = page.get_by_role("link", name=re.compile(r"Tiket P-\d{5} terbuka \(Mati\)"))
    expect(link).to_be_visible()
    number = re.search(r"P-\d{5}", link.inner_text())
    assert number is not None

    desk = visit(f"/pemeliharaan?tiket={number.group()}", "petugas")
    expect(desk.get_by_text(f"Tiket {number.group()}: Mati")).to_be_visible()
    desk.get_by_text("Saya memastikan kamera ini menyala").click()
    desk.get_by_role("button", name="Tutup tiket").last.click()
    expect(desk.get_by_text("selesai", exact=True).first).to_be_visible()
    expect(desk.get_by_role("button", name="Tutup tiket")).to_have_count(0)


def until(attempt, times=4):
    """Try a click again that a loaded machine has lost."""
    for left in reversed(range(times)):
        try:
            attempt()
        except AssertionError:
            if not left:
                raise
        else:
            return
