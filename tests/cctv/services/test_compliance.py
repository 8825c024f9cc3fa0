"""Article 17: the closed list of purposes, the sign with day and photo, and the share that says what is not known."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from cctv.errors import AccessError, CctvError, NotFoundError, ValidationError
from cctv.permissions import Role
from cctv.registry import cameras, doctor, history, signs
from cctv.registry.access_log import recent_access
from cctv.services import compliance, editing, photos

ID = "K-0090"


def picture(form="JPEG", size=(2400, 1200), orientation=None) -> bytes:
    image = Image.new("RGB", size, (180, 60, 40))
    image.paste((20, 60, 180), (0, 0, size[0] // 2, size[1]))
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Pembuat ponsel"
    exif.get_ifd(0x8825)[2] = (7.0, 28.0, 12.0)
    if orientation:
        exif[0x0112] = orientation
    image.save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_plain_small_jpeg(form):
    sent = picture(form)
    assert b"Pembuat ponsel" in sent
    cleaned = photos.clean_photo(sent)
    image = Image.open(io.BytesIO(cleaned))
    assert (image.format, image.size) == ("JPEG", (1600, 800))
    assert dict(image.getexif()) == {}
    assert b"Pembuat ponsel" not in cleaned


def test_a_photo_taken_upright_stays_upright():
    turned = Image.open(io.BytesIO(photos.clean_photo(picture(orientation=6))))
    assert turned.size == (800, 1600)
    assert turned.getpixel((400, 100))[2] > 150  # the left half is on top now


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_unreadable"),
        (b"GIF89a" + b"x" * 100, "photo_unreadable"),
        (picture()[:400], "photo_unreadable"),
        (b"x" * 8_000_001, "photo_too_large"),
        (picture("PNG", (9000, 5000)), "photo_too_large"),
    ],
)
def test_what_is_no_photo_or_too_large_is_refused(data, code):
    with pytest.raises(CctvError) as caught:
        photos.clean_photo(data)
    assert caught.value.code == code


def save(runtime, account, **changes):
    values = {"sign": True, "checked_on": date(2026, 11, 20), "photo": picture(), "note": "di tiang", "reason": "cek"}
    compliance.save_sign(runtime, account, ID, **{**values, **changes})


def test_answer_day_and_photo_are_kept_together_with_their_history(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    save(own_runtime, editor)
    check = signs.list_sign_checks(own_runtime.registry)[ID]
    assert cameras.get_camera(own_runtime.registry, ID).sign is True
    assert (check.checked_on, check.note) == (date(2026, 11, 20), "di tiang")
    changed = history.changes(own_runtime.registry, entity_id=ID, limit=2)
    assert {(change.entity, change.actor, change.reason) for change in changed} >= {("sign_check", "petugas", "cek")}
    assert doctor.doctor(own_runtime.registry) == []
    viewer = account_of(own_runtime, Role.VIEWER)
    assert photos.photo_for(own_runtime, viewer, check.photo_id)[:2] == b"\xff\xd8"
    newest = recent_access(own_runtime.registry)[0]
    assert (newest.username, newest.action, newest.target) == ("pimpinan", "lihat_foto", ID)


def test_a_later_look_keeps_the_photo_while_the_sign_stands_and_drops_it_when_it_is_gone(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    save(own_runtime, editor)
    first = signs.list_sign_checks(own_runtime.registry)[ID].photo_id
    save(own_runtime, editor, photo=None, checked_on=date(2026, 11, 21))
    assert signs.list_sign_checks(own_runtime.registry)[ID].photo_id == first
    save(own_runtime, editor, photo=None, sign=False)
    assert signs.list_sign_checks(own_runtime.registry)[ID].photo_id == ""
    assert cameras.get_camera(own_runtime.registry, ID).sign is False


@pytest.mark.parametrize(
    "wrong",
    [{"checked_on": date.today() + timedelta(days=3)}, {"note": "x" * 501}, {"sign": False}],  # noqa: DTZ011
)
def test_a_wrong_answer_leaves_everything_as_it_was(own_runtime, account_of, wrong):
    before = cameras.get_camera(own_runtime.registry, ID)
    with pytest.raises(ValidationError):
        save(own_runtime, account_of(own_runtime, Role.EDITOR), **wrong)
    assert cameras.get_camera(own_runtime.registry, ID) == before
    assert signs.list_sign_checks(own_runtime.registry) == {}


def test_only_editors_of_the_agency_may_say_so(own_runtime, account_of):
    with pytest.raises(AccessError):
        save(own_runtime, account_of(own_runtime, Role.VIEWER))
    stranger = replace(account_of(own_runtime, Role.EDITOR), agency_id="lain")
    with pytest.raises(AccessError):
        save(own_runtime, stranger)
    save(own_runtime, account_of(own_runtime, Role.EDITOR))
    photo_id = signs.list_sign_checks(own_runtime.registry)[ID].photo_id
    with pytest.raises(AccessError):
        photos.photo_for(own_runtime, stranger, photo_id)


def test_an_unknown_camera_or_photo_is_not_found(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    with pytest.raises(NotFoundError):
        compliance.save_sign(
            own_runtime, editor, "K-9999", sign=True, checked_on=date(2026, 11, 1), photo=None, note="", reason=""
        )
    with pytest.raises(NotFoundError):
        photos.photo_for(own_runtime, editor, "tidak-ada")


def test_a_purpose_that_is_not_on_the_list_is_refused(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    version = cameras.get_camera(own_runtime.registry, ID).version
    with pytest.raises(ValidationError) as caught:
        editing.save_camera(own_runtime, editor, ID, version=version, changes={"purpose": "hiburan"}, reason="")
    assert "pencegahan bencana" in caught.value.problems[0].expected
    changed = editing.save_camera(
        own_runtime, editor, ID, version=version, changes={"purpose": "informasi lalu lintas"}, reason=""
    )
    assert changed.purpose == "informasi lalu lintas"


@pytest.mark.parametrize(
    ("purpose", "sign", "state"),
    [
        ("keamanan", True, True), ("keamanan", False, False), ("keamanan", None, None), ("", True, None),
        ("", False, False), ("hiburan", True, False), ("hiburan", None, False), ("", None, None),
    ],
)  # fmt: skip
def test_unknown_is_neither_met_nor_failed(city_runtime, purpose, sign, state):
    camera = replace(cameras.get_camera(city_runtime.registry, ID), purpose=purpose, sign=sign)
    assert compliance.complies(camera) is state
    found = compliance.count([camera], {})
    assert (found.met, found.failed, found.unknown) == (state is True, state is False, state is None)
    assert (found.low, found.high) == (float(state is True), float(state is not False))
