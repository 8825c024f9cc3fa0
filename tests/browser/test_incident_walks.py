"""The walk of an operator: a click on the map, the cameras that see the place with pictures, an incident, its file."""

from playwright.sync_api import expect


def test_a_click_gives_cameras_with_pictures_and_an_incident_with_its_file(visit, app):
    page = visit("/insiden", "operator")
    page.locator(".incident-map[data-ready=yes]").wait_for()
    page.get_by_role("combobox").first.click()
    page.keyboard.type("Alun-Alun sisi timur")
    page.get_by_role("option").first.click()
    expect(page.get_by_text("pasti melihat").first).to_be_visible()
    found = page.locator(".incident-map:not([data-cameras='0'])[data-cameras]")
    expect(found).to_have_count(1)
    expect(page.locator("[data-state=fresh], [data-state=cached]").first).to_be_visible()

    box = page.locator(".incident-map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2 + 20)
    expect(page.get_by_role("heading", name="Tempat yang diklik di peta")).to_be_visible()

    page.get_by_label("Apa yang terjadi").fill("Tabrakan dua motor")
    page.get_by_role("button", name="Buka insiden").click()
    expect(page.get_by_text("Catatan waktu").first).to_be_visible()
    number = page.get_by_text("I-20").last.inner_text().split(" ")[0]
    answer = page.request.get(f"{app.url}/unduh/insiden/{number}/pdf?keperluan=uji")
    assert (answer.status, answer.body()[:4]) == (200, b"%PDF")
    assert not page.request.get(f"{app.url}/unduh/insiden/{number}/pdf").ok  # no purpose, no file
