"""Photos of installed cameras; where and when a phone says they were taken is offered first, then thrown away."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

from PIL import ExifTags, Image

from cctv.i18n import WIB
from cctv.registry.checks import LAT_RANGE, LON_RANGE
from cctv.registry.install_photos import save_install_photo
from cctv.registry.models import Account
from cctv.services.editing import require_editor_of
from cctv.services.photos import FORMATS, clean_photo
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class Taken:
    """Where and when a photo says it was taken.

    Attributes
    ----------
    place : tuple of float or None
        Longitude and latitude, EPSG:4326 [deg]; None if it does not say, or says a place that cannot be.
    day : date or None
        By the clock of the phone.
    """

    place: tuple[float, float] | None
    day: date | None


def taken(data: bytes) -> Taken:
    """Read where and when a photo was taken.

    Parameters
    ----------
    data : bytes
        Photo as it was sent.

    Returns
    -------
    Taken
        Only what can be read and can be true; nothing is guessed.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            exif = picture.getexif()
            return Taken(_place(exif.get_ifd(ExifTags.IFD.GPSInfo)), _day(exif.get_ifd(ExifTags.IFD.Exif)))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, Image.DecompressionBombError):
        return Taken(None, None)


def save_photo(
    runtime: Runtime, account: Account, camera_id: str, *, photo: bytes, taken_on: date | None, note: str, reason: str
) -> None:
    """Keep a photo of an installed camera, small and without what the phone wrote beside it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who sends it.
    camera_id : str
        Which camera.
    photo : bytes
        Photo as it was sent.
    taken_on : date or None
        When it was taken.
    note, reason : str
        Remark, and why; both stand in the history.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If the day lies ahead or the remark is too long.
    CctvError
        If the photo is too large or cannot be read.
    NotFoundError
        If there is no such camera.
    """
    require_editor_of(runtime, account, camera_id)
    save_install_photo(
        runtime.registry, account.username, camera_id, jpeg=clean_photo(photo), taken_on=taken_on,
        today=datetime.now(UTC).astimezone(WIB).date(), note=note, reason=reason,
    )  # fmt: skip


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    tags = ExifTags.GPS
    try:
        lat = _degrees(gps[tags.GPSLatitude], str(gps[tags.GPSLatitudeRef]), "S")
        lon = _degrees(gps[tags.GPSLongitude], str(gps[tags.GPSLongitudeRef]), "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    can_be = LON_RANGE[0] <= lon <= LON_RANGE[1] and LAT_RANGE[0] <= lat <= LAT_RANGE[1]
    return (lon, lat) if can_be else None


def _degrees(parts: object, side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in tuple(parts))  # pyright: ignore[reportArgumentType]
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip("\0 ").upper() == negative else value


def _day(exif: dict[int, object]) -> date | None:
    text = str(exif.get(ExifTags.Base.DateTimeOriginal, ""))
    try:
        day = datetime.strptime(text[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None
    return day if day <= datetime.now(UTC).astimezone(WIB).date() else None
