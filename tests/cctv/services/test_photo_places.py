"""Photos of installed cameras: the place in them is offered and then gone, and nothing odd in them is believed."""

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import ExifTags, Image

from cctv.errors import AccessError, CctvError, ValidationError
from cctv.permissions import Role
from cctv.registry import cameras, install_photos
from cctv.registry.doctor import doctor
from cctv.registry.history import changes
from cctv.services import photo_places, photos
from cctv.services.photo_places import Taken, taken

ID = "K-0001"
LAT, LON = (7.0, 28.0, 20.5), (112.0, 26.0, 3.25)


def photo(gps=None, day=None, form="JPEG") -> bytes:
    exif, out = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Make] = "Ponsel"
    if gps is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    if day is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = day
    Image.new("RGB", (320, 240), "teal").save(out, form, exif=exif)
    return out.getvalue()


def gps(lat_side="S", lat=LAT, lon_side="E", lon=LON):
    tags = ExifTags.GPS
    return {
        tags.GPSLatitudeRef: lat_side,
        tags.GPSLatitude: lat,
        tags.GPSLongitudeRef: lon_side,
        tags.GPSLongitude: lon,
    }


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_and_day_are_read_and_gone_from_what_is_kept(form):
    sent = photo(gps(), "2026:03:09 10:11:12", form)
    said = taken(sent)
    assert said.place == pytest.approx((112 + 26 / 60 + 3.25 / 3600, -(7 + 28 / 60 + 20.5 / 3600)), abs=1e-6)
    assert said.day == date(2026, 3, 9)
    kept = photos.clean_photo(sent)
    assert taken(kept) == Taken(None, None)
    assert not dict(Image.open(io.BytesIO(kept)).getexif())


@pytest.mark.parametrize(
    "sent",
    [
        photo(), b"", b"GIF89a", photo(gps())[:60], photo(gps(lat_side="N", lat=(52.0, 0.0, 0.0))),
        photo(gps(lon_side="W")), photo({ExifTags.GPS.GPSLatitude: LAT}), photo(gps(lat=(7.0, 28.0))),
        photo(day="kemarin sore"), photo(day="2999:01:01 00:00:00"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_offered(sent):
    assert taken(sent) == Taken(None, None)


def test_a_photo_is_kept_with_its_history_and_a_newer_one_takes_its_place(own_runtime, account_of):
    editor, registry = account_of(own_runtime, Role.EDITOR), own_runtime.registry
    before = cameras.get_camera(registry, ID)

    def save(**changes_):
        values = {"photo": photo(gps()), "taken_on": date(2026, 3, 9), "note": "di tiang", "reason": "survei"}
        photo_places.save_photo(own_runtime, editor, ID, **{**values, **changes_})

    save()
    first = install_photos.find_install_photo(registry, ID)
    assert photos.photo_for(own_runtime, editor, first.photo_id)[:2] == b"\xff\xd8"
    save(photo=photo(form="PNG"), taken_on=None)
    second = install_photos.find_install_photo(registry, ID)
    assert (second.version, second.taken_on) == (2, None)
    assert photos.photo_for(own_runtime, editor, first.photo_id)
    assert changes(registry, "install_photo", ID)[0].before["photo_id"] == first.photo_id
    for wrong in ({"taken_on": date(2999, 1, 1)}, {"note": "x" * 501}, {"photo": b"x"}):
        with pytest.raises(CctvError):
            save(**wrong)
    assert install_photos.find_install_photo(registry, ID) == second
    assert cameras.get_camera(registry, ID) == before
    assert doctor(registry) == []
    with pytest.raises(AccessError):
        photo_places.save_photo(
            own_runtime, replace(editor, agency_id="polres"), ID, photo=photo(), taken_on=None, note="", reason=""
        )
    with pytest.raises(ValidationError):
        save(taken_on=date(2999, 1, 1))
