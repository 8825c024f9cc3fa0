"""The screen of private owners: every view in its role, a step by its button, contact persons on demand only."""

import pytest

from cctv.permissions import Role
from cctv.registry import accounts
from cctv.registry.contacts import Contact
from cctv.registry.owners import get_owner, list_owners
from cctv.services import letters, owners
from cctv.services.price_list import today_here

FIELDS = {
    "name": "Toko Layar", "sector": "shop", "address": "Jl Uji 1", "kelurahan": "Meri", "lon": 112.43945,
    "lat": -7.4664, "cameras_stated": 3, "note": "",
}  # fmt: skip
VIEWS = {
    Role.VIEWER: ("list", "funnel"),
    Role.EDITOR: ("list", "funnel", "new", "review", "letters"),
    Role.ADMIN: ("list", "funnel", "new", "review", "letters", "settings"),
}


@pytest.fixture
def recorded(runtime):
    """One owner with a letter, on the register that all pages share."""
    editor = accounts.require_account(runtime.registry, "petugas")
    found = list_owners(runtime.registry)
    if not found:
        values = {**FIELDS, "kelurahan": ""}
        found = [owners.record(runtime, editor, values, Contact("Ibu Rahasia", phone="0800"), source="uji")]
        letters.issue(runtime, editor, [found[0].owner_id], today_here())
    return found[0].owner_id


@pytest.mark.parametrize("role", list(VIEWS))
def test_every_view_of_a_role_is_drawn(screen, recorded, role):
    app = screen("pemilik", role)
    assert app.segmented_control[0].options == [_label(name) for name in VIEWS[role]]
    for name in VIEWS[role]:
        app.segmented_control[0].set_value(name).run()
        assert not app.exception
        assert not app.error, [error.value for error in app.error]


def test_a_step_is_taken_by_its_button_and_named(screen, recorded, runtime):
    app = screen("pemilik", Role.EDITOR, pemilik=recorded)
    next(button for button in app.button if button.label == "Simpan langkah").click().run()
    assert get_owner(runtime.registry, recorded).state == "letter_sent"
    assert any("dicatat petugas" in line.value for line in app.markdown)


def test_the_contact_person_is_shown_to_an_editor_on_demand_and_to_no_viewer(screen, recorded):
    app = screen("pemilik", Role.VIEWER, pemilik=recorded)
    assert not [button for button in app.button if "narahubung" in button.label]
    app = screen("pemilik", Role.EDITOR, pemilik=recorded)
    assert "Rahasia" not in str([block.proto.body for block in app.get("html")])
    next(button for button in app.button if button.label == "Tampilkan narahubung").click().run()
    assert "Ibu Rahasia" in str([block.proto.body for block in app.get("html")])


def _label(name):
    from cctv.i18n import t

    return t(f"owners.view_{name}")
