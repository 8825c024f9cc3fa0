"""Forms of owners: what a link opens, what is refused, what a person decides, and that nothing enters before that."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from cctv.errors import AccessError, CctvError, RegistryError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import cameras
from cctv.registry.contacts import Contact
from cctv.registry.doctor import doctor
from cctv.registry.owner_links import token_of
from cctv.registry.owner_steps import NewStep, list_steps
from cctv.registry.owners import contact_of, get_owner
from cctv.registry.points import get_point
from cctv.registry.self_registration import list_registrations
from cctv.services import importing, letters, owners, registration_review, self_registration
from cctv.services.price_list import today_here
from cctv.services.request_limits import MOST_KEYS, RequestLimit
from cctv.services.self_registration import DIRECTIONS, open_form, take_form

OWNER = {
    "name": "Toko Melati", "sector": "shop", "address": "Jl Gajah Mada 12", "kelurahan": "", "lon": 112.43945,
    "lat": -7.4664, "cameras_stated": None, "note": "",
}  # fmt: skip
FORM = {
    "person": "Ibu Formulir", "phone": "0800", "consent": "live", "statement": "yes", "name_0": "Pintu depan",
    "direction_0": "N", "type_0": "dome", "height_0": "3,5", "works_0": "yes", "position_0": "-7.4660, 112.4390",
    "name_1": "Parkir belakang", "works_1": "no",
}  # fmt: skip


@pytest.fixture
def runtime(city_runtime, monkeypatch):
    """One register for this file: every test has owners of its own, and limits of its own."""
    for name, most in (("by_address", 60), ("by_link", 15)):
        monkeypatch.setattr(self_registration, name, RequestLimit(most, 600.0))
    return city_runtime


@pytest.fixture
def editor(runtime, account_of):
    return account_of(runtime, Role.EDITOR)


@pytest.fixture
def invited(runtime, editor):
    """An owner with a letter; its id and the token of its link."""
    owner = owners.record(runtime, editor, OWNER, Contact(), source="survei")
    (letter,) = letters.issue(runtime, editor, [owner.owner_id], today_here())
    return owner.owner_id, token_of(runtime.settings.secret_key, letter.link_id)


def send(runtime, token, fields=FORM, photos=None, key=None):
    key = open_form(runtime, token, "alamat").form_key if key is None else key
    return take_form(runtime, token, "alamat", {**fields, "kunci": key}, photos or {})


def photo():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Pembuat ponsel"
    Image.new("RGB", (80, 60), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def waiting(runtime, editor, owner_id):
    return next(w for w in registration_review.waiting_forms(runtime, editor) if w.owner.owner_id == owner_id)


def test_a_form_waits_and_enters_the_register_only_by_a_person(runtime, editor, invited):
    owner_id, token = invited
    before = len(cameras.list_cameras(runtime.registry))
    assert send(runtime, token, photos={0: photo()}) == 2
    assert len(cameras.list_cameras(runtime.registry)) == before
    found = waiting(runtime, editor, owner_id)
    jpeg = registration_review.photo_of(runtime, editor, found.registration.registration_id, 0)
    assert b"Pembuat" not in jpeg
    made = registration_review.accept(runtime, editor, found, [0, 1], use_contact=True, note="diperiksa")
    first, second = (cameras.get_camera(runtime.registry, key) for key in made)
    assert (first.azimuth_deg, first.azimuth_source, first.height_m, first.status) == (0.0, "words", 3.5, "on")
    assert (second.azimuth_deg, second.azimuth_source, second.status, second.certainty) == (None, "unknown", "off", "C")
    there, at_owner = (get_point(runtime.registry, camera.point_id) for camera in (first, second))
    assert (round(there.lat, 4), there.position_certainty) == (-7.4660, "C")
    assert (at_owner.lon, at_owner.position_certainty, at_owner.kelurahan) == (112.43945, "guess", "Balongsari")
    owner = get_owner(runtime.registry, owner_id)
    assert (owner.state, owner.consent) == ("agreed", "live")
    assert [step.to_state for step in list_steps(runtime.registry, owner_id)] == ["letter_sent", "agreed"]
    assert contact_of(runtime.registry, owner_id).person == "Ibu Formulir"
    with pytest.raises(StaleEditError):
        registration_review.accept(runtime, editor, found, [0, 1], use_contact=False, note="")
    with pytest.raises(StaleEditError):
        registration_review.refuse(runtime, editor, found.registration, "terlambat")
    importing.roll_back_as(runtime.registry, editor, found.registration.registration_id, "uji")
    assert {cameras.get_camera(runtime.registry, key).status for key in made} == {"removed"}
    assert doctor(runtime.registry) == []


def test_a_camera_that_is_there_already_is_named_with_reasons(runtime, editor, invited):
    owner_id, token = invited
    send(runtime, token)
    registration_review.accept(runtime, editor, waiting(runtime, editor, owner_id), [0], use_contact=False, note="")
    send(runtime, token, {**FORM, "consent": "register"})
    twins = waiting(runtime, editor, owner_id).twins
    assert twins[0].verdict == "likely"
    assert {note.code for note in twins[0].reasons} >= {"same_name", "same_owner", "distance"}
    found = waiting(runtime, editor, owner_id)
    assert registration_review.accept(runtime, editor, found, [], use_contact=False, note="") == ()
    assert get_owner(runtime.registry, owner_id).consent == "live"  # a second form changes no consent by itself


def test_a_refused_form_leaves_no_personal_data(runtime, editor, invited):
    owner_id, token = invited
    send(runtime, token, photos={0: photo()})
    form = waiting(runtime, editor, owner_id).registration
    with pytest.raises(ValidationError):
        registration_review.refuse(runtime, editor, form, " ")
    registration_review.refuse(runtime, editor, form, "bukan pemilik")
    assert registration_review.contact_in_form(runtime, editor, form) == Contact()
    with pytest.raises(RegistryError, match="not_found"):
        registration_review.photo_of(runtime, editor, form.registration_id, 0)
    assert get_owner(runtime.registry, owner_id).state == "recorded"


def test_a_withdrawal_refuses_what_still_waits(runtime, editor, invited):
    owner_id, token = invited
    send(runtime, token)
    form = waiting(runtime, editor, owner_id)
    for state in ("letter_sent", "agreed", "withdrawn"):
        step = NewStep(state, today_here(), "alasan", "live" if state == "agreed" else "none")
        owners.take_step(runtime, editor, get_owner(runtime.registry, owner_id), step)
    with pytest.raises(StaleEditError):
        registration_review.accept(runtime, editor, form, [0], use_contact=False, note="")
    with pytest.raises(AccessError, match="owner_link"):
        open_form(runtime, token, "alamat")


def test_sent_twice_counts_once_and_a_link_is_used_up(runtime, editor, invited, monkeypatch):
    owner_id, token = invited
    key = open_form(runtime, token, "alamat").form_key
    for _ in range(3):
        send(runtime, token, key=key)
    assert sum(form.owner_id == owner_id for form in list_registrations(runtime.registry)) == 1
    monkeypatch.setattr(self_registration, "MOST_FORMS", 2)
    send(runtime, token)
    with pytest.raises(RegistryError, match="link_used_up"):
        send(runtime, token)


def test_a_form_key_of_another_link_or_of_nobody_is_refused(runtime, editor, invited):
    _, token = invited
    other = owners.record(runtime, editor, {**OWNER, "name": "Lain"}, Contact(), source="survei")
    (letter,) = letters.issue(runtime, editor, [other.owner_id], today_here())
    foreign = open_form(runtime, token_of(runtime.settings.secret_key, letter.link_id), "alamat").form_key
    for key in ("", "x", "a.b.c", foreign, foreign[:-1]):
        with pytest.raises(AccessError, match="form_key"):
            send(runtime, token, key=key)


def test_a_link_that_is_unknown_old_or_closed_says_the_same(runtime, editor, invited, monkeypatch):
    owner_id, token = invited
    codes = []
    for wrong in ("", "x" * 43, token[:-1], token + "a"):
        with pytest.raises(AccessError) as caught:
            open_form(runtime, wrong, "alamat")
        codes.append(caught.value.code)
    with monkeypatch.context() as later:
        later.setattr(self_registration, "today_here", lambda: today_here() + timedelta(days=61))
        with pytest.raises(AccessError) as caught:
            open_form(runtime, token, "alamat")
        codes.append(caught.value.code)
    owners.close_links(runtime, editor, get_owner(runtime.registry, owner_id), "bocor")
    with pytest.raises(AccessError) as caught:
        open_form(runtime, token, "alamat")
    assert {*codes, caught.value.code} == {"owner_link"}


def test_everything_wrong_is_named_at_once_and_nothing_is_kept(runtime, invited):
    owner_id, token = invited
    bad = {
        "person": " ", "consent": "semua", "note": "x" * 501, "name_0": "a" * 121, "height_0": "tinggi",
        "position_0": "entah di mana", "name_3": "kamera", "height_3": "400",
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        send(runtime, token, bad)
    assert [problem.code for problem in caught.value.problems] == [
        "required", "required", "required", "form_statement", "too_long", "form_position", "out_of_range", "too_long",
        "out_of_range",
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="form_no_camera"):
        send(runtime, token, {**FORM, "name_0": "", "name_1": ""})
    with pytest.raises(CctvError, match="photo_unreadable"):
        send(runtime, token, photos={0: b"<svg onload=alert(1)>"})
    assert not [form for form in list_registrations(runtime.registry) if form.owner_id == owner_id]


def test_roles_that_may_not_decide_are_kept_out(runtime, editor, invited, account_of):
    owner_id, token = invited
    send(runtime, token, photos={0: photo()})
    found = waiting(runtime, editor, owner_id)
    for role in (Role.VIEWER, Role.PLANNER, Role.OPERATOR):
        account = account_of(runtime, role)
        for act in (
            lambda a: registration_review.waiting_forms(runtime, a),
            lambda a: registration_review.accept(runtime, a, found, [0], use_contact=False, note=""),
            lambda a: registration_review.refuse(runtime, a, found.registration, "x"),
            lambda a: registration_review.contact_in_form(runtime, a, found.registration),
            lambda a: registration_review.photo_of(runtime, a, found.registration.registration_id, 0),
        ):
            with pytest.raises(AccessError):
                act(account)


def test_the_limit_slides_counts_per_key_and_stays_small():
    now = [0.0]
    limit = RequestLimit(2, 10.0, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    now[0] = 9.9
    assert not limit.allows("a")
    now[0] = 10.0
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    for n in range(MOST_KEYS + 10):
        limit.allows(str(n))
    assert len(limit._seen) == MOST_KEYS


def test_guessing_is_stopped(runtime, invited):
    _, token = invited
    for n in range(60):
        with pytest.raises(AccessError, match="owner_link"):
            open_form(runtime, f"{n:043d}", "penebak")
    with pytest.raises(AccessError, match="too_often"):
        open_form(runtime, token, "penebak")
    assert open_form(runtime, token, "lain").owner_name == OWNER["name"]


def test_directions_are_an_eighth_apart():
    assert list(DIRECTIONS.values()) == [45.0 * n for n in range(8)]
