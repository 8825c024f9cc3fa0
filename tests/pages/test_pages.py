"""Every page in every role: drawn without an error, or politely refused."""

import pytest

from cctv.permissions import Role
from cctv.ui.shell import SECTIONS

NEEDS = {name: permission for pages in SECTIONS.values() for name, _, permission in pages}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", list(NEEDS))
def test_the_page_is_drawn_or_politely_refused(screen, page, role):
    from cctv.permissions import allows

    app = screen(page, role)
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    refused = any("tidak untuk peran" in header.value for header in app.header)
    assert refused is not allows(role, NEEDS[page])


def test_every_page_file_is_listed():
    from pathlib import Path

    files = {path.stem for path in Path(__file__).resolve().parents[2].glob("pages/*.py")}
    assert files == set(NEEDS)


def test_the_address_opens_the_panel_of_a_camera(screen):
    app = screen("peta", Role.OPERATOR, camera="K-0088")
    assert any("Terminal Kertajaya" in heading.value for heading in app.subheader)


def test_an_unknown_camera_in_the_address_opens_the_empty_panel(screen):
    app = screen("peta", Role.OPERATOR, camera="K-9999")
    assert any("Klik sebuah titik" in heading.value for heading in app.subheader)


def test_the_form_saves_with_the_name_and_the_reason(screen, runtime):
    from cctv.registry import cameras, history

    app = screen("kamera", Role.EDITOR, camera="K-0090")
    heights = [field for field in app.number_input if "Tinggi" in field.label]
    heights[0].set_value(7.5)
    reasons = [field for field in app.text_input if field.label == "Alasan perubahan"]
    reasons[0].set_value("diukur di lapangan")
    next(button for button in app.button if button.label == "Simpan").click().run()
    assert cameras.get_camera(runtime.registry, "K-0090").height_m == 7.5
    (change,) = history.changes(runtime.registry, "camera", "K-0090", limit=1)
    assert (change.actor, change.reason) == ("petugas", "diukur di lapangan")


def test_a_viewer_has_no_form(screen):
    app = screen("kamera", Role.VIEWER, camera="K-0090")
    assert not [button for button in app.button if button.label == "Simpan"]
