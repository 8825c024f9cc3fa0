"""Private owners: every way through the states, the way back, consent that counts, and who may see what."""

from datetime import date, timedelta

import pytest

from cctv.errors import AccessError, RegistryError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import cameras, history, owner_steps
from cctv.registry.access_log import recent_access
from cctv.registry.contacts import Contact
from cctv.registry.doctor import doctor
from cctv.registry.owner_steps import CONSENTED, NEXT, STATES, NewStep, list_steps
from cctv.registry.owners import get_owner, list_owners
from cctv.services import liveview, mapdata, owners
from cctv.services.owner_funnel import by_kelurahan, funnel
from cctv.services.owner_reminders import reminders
from cctv.services.price_list import today_here

FIELDS = {
    "name": "Toko Uji", "sector": "shop", "address": "Jl Uji 1", "kelurahan": "Kranggan", "lon": None, "lat": None,
    "cameras_stated": 4, "note": "",
}  # fmt: skip
CONTACT = Contact("Ibu Narahubung", "kepala toko", "0800-111", "toko@contoh.invalid")


@pytest.fixture
def runtime(city_runtime):
    """One register for this file: every test has owners of its own."""
    return city_runtime


@pytest.fixture
def editor(runtime, account_of):
    return account_of(runtime, Role.EDITOR)


def record(runtime, editor, owner_id="", **changes):
    return owners.record(runtime, editor, {**FIELDS, **changes}, CONTACT, source="survei", owner_id=owner_id)


def walk(runtime, editor, owner_id, *states, on=None):
    for state in states:
        consent = "live" if state == "agreed" else "none"
        step = NewStep(state, on or today_here(), "alasan", consent)
        owners.take_step(runtime, editor, get_owner(runtime.registry, owner_id), step)
    return get_owner(runtime.registry, owner_id)


def test_an_owner_walks_to_connected_and_every_step_says_who_and_when(runtime, editor):
    owner = record(runtime, editor, "swasta-mal")
    assert (owner.name, owner.cameras > 0, owner.state) == ("Pusat belanja swasta (sintetis)", True, "recorded")
    owner = walk(runtime, editor, "swasta-mal", "letter_sent", "letter_sent", "agreed", "technical_check", "integrated")
    assert (owner.state, owner.consent) == ("integrated", "live")
    steps = list_steps(runtime.registry, "swasta-mal")
    assert [s.to_state for s in steps] == ["letter_sent", "letter_sent", "agreed", "technical_check", "integrated"]
    assert {s.recorded_by for s in steps} == {"petugas"}
    assert doctor(runtime.registry) == []


def test_only_the_named_ways_lead_on(runtime, editor):
    ways = {
        "recorded": (), "letter_sent": ("letter_sent",), "agreed": ("letter_sent", "agreed"),
        "declined": ("letter_sent", "declined"), "technical_check": ("letter_sent", "agreed", "technical_check"),
        "withdrawn": ("letter_sent", "agreed", "withdrawn"),
    }  # fmt: skip
    for state, steps in ways.items():
        owner = walk(runtime, editor, record(runtime, editor, name=state).owner_id, *steps)
        assert owner.state == state
        assert (owner.consent != "none") is (state in CONSENTED)
        for other in set(STATES) - set(NEXT[state]):
            with pytest.raises(ValidationError) as caught:
                walk(runtime, editor, owner.owner_id, other)
            assert "owner_step" in [p.code for p in caught.value.problems]
        assert get_owner(runtime.registry, owner.owner_id).version == owner.version


def test_everything_in_the_way_of_a_step_is_named_at_once(runtime, editor):
    owner = walk(runtime, editor, record(runtime, editor).owner_id, "letter_sent")
    step = NewStep("agreed", today_here() + timedelta(days=1), "x" * 501)
    with pytest.raises(ValidationError) as caught:
        owners.take_step(runtime, editor, owner, step)
    assert [p.code for p in caught.value.problems] == ["future_day", "too_long", "required"]
    early = NewStep("declined", owner.state_on - timedelta(days=1))
    with pytest.raises(ValidationError) as caught:
        owners.take_step(runtime, editor, owner, early)
    assert [p.code for p in caught.value.problems] == ["step_too_early", "required"]
    walk(runtime, editor, owner.owner_id, "agreed", "technical_check")
    with pytest.raises(ValidationError) as caught:
        walk(runtime, editor, owner.owner_id, "integrated")
    assert [p.code for p in caught.value.problems] == ["owner_no_camera"]
    with pytest.raises(StaleEditError):
        owners.take_step(runtime, editor, owner, NewStep("declined", today_here(), "alasan"))


def test_a_withdrawal_takes_the_cameras_out_of_every_view_and_can_be_taken_back(runtime, editor, account_of):
    registry = runtime.registry
    record(runtime, editor, "swasta-toko")
    walk(runtime, editor, "swasta-toko", "letter_sent", "agreed")
    before = {c.camera_id: c for c in cameras.list_cameras(registry) if c.agency_id == "swasta-toko"}
    walk(runtime, editor, "swasta-toko", "withdrawn")
    shown = {c.camera_id for item in mapdata.all_points(runtime) for c in item.cameras}
    assert not shown & before.keys()
    assert not cameras.stream_addresses(registry).keys() & before.keys()
    for role in (Role.OPERATOR, Role.ADMIN):
        with pytest.raises(RegistryError, match="not_found"):
            liveview.picture(runtime, account_of(runtime, role), next(iter(before)), 320)
    step = list_steps(registry, "swasta-toko")[-1]
    with pytest.raises(AccessError, match="undo_other"):
        owners.undo_step(runtime, account_of(runtime, Role.ADMIN), step, "keliru")
    owners.undo_step(runtime, editor, step, "salah pemilik")
    after = {c.camera_id: c for c in cameras.list_cameras(registry) if c.agency_id == "swasta-toko"}
    assert {k: (c.status, c.status_since) for k, c in after.items()} == {
        k: (c.status, c.status_since) for k, c in before.items()
    }
    owner = get_owner(registry, "swasta-toko")
    assert (owner.state, owner.consent) == ("agreed", "live")
    with pytest.raises(RegistryError, match="undo_too_late"):
        owners.undo_step(runtime, editor, list_steps(registry, "swasta-toko")[0], "x")
    assert doctor(registry) == []


def test_consent_without_pictures_stops_them_at_once(runtime, editor, account_of):
    registry, operator = runtime.registry, account_of(runtime, Role.OPERATOR)
    record(runtime, editor, "swasta-sekolah")
    walk(runtime, editor, "swasta-sekolah", "letter_sent", "agreed")
    (mine, *_) = [c.camera_id for c in cameras.list_cameras(registry) if c.agency_id == "swasta-sekolah"]
    assert liveview.picture(runtime, operator, mine, 320).jpeg
    owner = get_owner(registry, "swasta-sekolah")
    owners.take_step(runtime, editor, owner, NewStep("agreed", today_here(), "tanpa gambar", "register"))
    with pytest.raises(AccessError, match="owner_consent"):
        liveview.picture(runtime, operator, mine, 320)
    assert mine not in cameras.stream_addresses(registry)
    assert mine in {c.camera_id for item in mapdata.all_points(runtime) for c in item.cameras}


def test_a_withdrawal_is_all_or_nothing(runtime, editor, monkeypatch):
    record(runtime, editor, "swasta-bank")
    walk(runtime, editor, "swasta-bank", "letter_sent", "agreed")

    def fail(*_):
        raise RegistryError("disk_full")

    monkeypatch.setattr(owner_steps, "close_links", fail)
    before = cameras.list_cameras(runtime.registry)
    with pytest.raises(RegistryError):
        walk(runtime, editor, "swasta-bank", "withdrawn")
    assert cameras.list_cameras(runtime.registry) == before
    assert get_owner(runtime.registry, "swasta-bank").state == "agreed"


def test_the_contact_person_is_hidden_in_file_and_history_and_every_look_is_logged(runtime, editor, account_of):
    registry = runtime.registry
    owner = record(runtime, editor)
    owners.change(runtime, editor, owner, {**FIELDS, "note": "x"}, Contact("Bapak Pengganti"), "pindah tugas")
    with registry.cursor() as cursor:
        kept = str(cursor.execute("select * from owner").fetchall()) + str(cursor.execute("from history").fetchall())
    assert "Narahubung" not in kept
    assert "Pengganti" not in kept
    for role in (Role.VIEWER, Role.PLANNER, Role.OPERATOR):
        with pytest.raises(AccessError):
            owners.contact_for(runtime, account_of(runtime, role), owner)
    assert owners.contact_for(runtime, editor, owner) == Contact("Bapak Pengganti")
    seen = recent_access(registry, 1)[0]
    assert (seen.username, seen.action, seen.target) == ("petugas", owners.SEEN_ACTION, owner.owner_id)


def test_roles_and_a_limited_account_are_kept_out(runtime, editor, account_of):
    from dataclasses import replace

    owner = record(runtime, editor)
    for role in (Role.VIEWER, Role.PLANNER, Role.OPERATOR):
        account = account_of(runtime, role)
        with pytest.raises(AccessError):
            owners.take_step(runtime, account, owner, NewStep("letter_sent", today_here()))
    with pytest.raises(AccessError):
        owners.owners_for(runtime, account_of(runtime, Role.OPERATOR))
    limited = replace(editor, agency_id="dishub")
    assert owners.owners_for(runtime, limited) == []
    with pytest.raises(AccessError):
        owners.contact_for(runtime, limited, owner)


def test_bad_fields_are_named_together_and_nothing_is_kept(runtime, editor):
    before = len(list_owners(runtime.registry))
    with pytest.raises(ValidationError) as caught:
        record(runtime, editor, name=" ", sector="warung", cameras_stated=-1, lon=112.43)
    assert {p.code for p in caught.value.problems} == {"required", "choice", "out_of_range", "half_position"}
    with pytest.raises(ValidationError, match="kelurahan_unknown"):
        record(runtime, editor, kelurahan="Antah")
    with pytest.raises(ValidationError, match="kelurahan_elsewhere"):
        record(runtime, editor, kelurahan="Blooto", lon=112.43945, lat=-7.4664)
    assert len(list_owners(runtime.registry)) == before
    assert record(runtime, editor, kelurahan="", lon=112.43945, lat=-7.4664).kelurahan == "Balongsari"


def test_what_is_overdue_is_listed_by_days(runtime, editor):
    old = today_here() - timedelta(days=20)
    first = record(runtime, editor)
    with runtime.registry.transaction("uji") as cursor:  # recorded some weeks ago
        cursor.execute("update owner set state_on = ? where owner_id = ?", [date(2026, 1, 1), first.owner_id])
    walk(runtime, editor, first.owner_id, "letter_sent", on=old)
    record(runtime, editor, name="Toko Baru")
    (due,) = reminders(runtime, editor)
    assert (due.owner.owner_id, due.kind, due.days_over) == (first.owner_id, "reply", 6)


def test_the_funnel_counts_a_letter_that_was_sent_and_no_yes_that_was_withdrawn(runtime, editor):
    names = {
        "a": (), "b": ("letter_sent",), "c": ("letter_sent", "declined"), "d": ("letter_sent", "agreed"),
        "e": ("letter_sent", "agreed", "withdrawn"), "f": ("letter_sent", "agreed", "technical_check"),
    }  # fmt: skip
    for name, states in names.items():
        owner = record(runtime, editor, name=name, kelurahan="Meri", cameras_stated=None if name == "d" else 2)
        walk(runtime, editor, owner.owner_id, *states)
    undone = record(runtime, editor, name="g", kelurahan="Meri")
    walk(runtime, editor, undone.owner_id, "letter_sent")
    owners.undo_step(runtime, editor, list_steps(runtime.registry, undone.owner_id)[0], "keliru")
    found = [owner for owner in list_owners(runtime.registry) if owner.kelurahan == "Meri"]
    counted = funnel(found, list_steps(runtime.registry))
    assert counted["owners"].to_list() == [7, 5, 2, 1, 0]
    assert counted["stated"].to_list()[2:] == [2, 2, 0]
    assert counted["unstated"].to_list() == [1, 1, 1, 0, 0]
    assert by_kelurahan(found)["owners"].sum() == 7


def test_a_private_agency_is_recorded_once(runtime, editor):
    assert "swasta-rs" in [agency.agency_id for agency in owners.uninvited(runtime)]
    record(runtime, editor, "swasta-rs")
    assert "swasta-rs" not in [agency.agency_id for agency in owners.uninvited(runtime)]
    with pytest.raises(ValidationError, match="taken"):
        record(runtime, editor, "swasta-rs")
    assert history.changes(runtime.registry, "owner", "swasta-rs")[0].op == "create"
