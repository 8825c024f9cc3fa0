"""What the law on personal data asks of a public camera (UU 27/2022 article 17): a purpose it allows, and a sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.i18n import WIB
from cctv.registry import signs
from cctv.registry.models import Account, Camera
from cctv.registry.signs import SignCheck
from cctv.services import mapdata
from cctv.services.editing import PURPOSES, require_editor_of
from cctv.services.photos import clean_photo
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class Compliance:
    """How many cameras meet both demands.

    Attributes
    ----------
    n : int
        Cameras that are not removed.
    met : int
        Purpose from the list and a sign that stands.
    proved : int
        Of these, with a dated photo of the sign.
    failed : int
        No sign, or a purpose that is not on the list.
    unknown : int
        Neither: something is not known yet.
    """

    n: int
    met: int
    proved: int
    failed: int
    unknown: int

    @property
    def low(self) -> float:
        """Share that is known to comply."""
        return self.met / self.n if self.n else 0.0

    @property
    def high(self) -> float:
        """Share that may comply."""
        return (self.met + self.unknown) / self.n if self.n else 0.0


def compliance(runtime: Runtime) -> Compliance:
    """Count the cameras of the register.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    Compliance
        Of all cameras that are not removed.
    """
    cameras = [camera for item in mapdata.all_points(runtime) for camera in item.cameras]
    return count(cameras, signs.list_sign_checks(runtime.registry))


def count(cameras: Iterable[Camera], checks: Mapping[str, SignCheck]) -> Compliance:
    """Count cameras by whether they comply.

    Parameters
    ----------
    cameras : iterable of Camera
        Cameras.
    checks : mapping of str to SignCheck
        Newest look at the signs, by id of the camera.

    Returns
    -------
    Compliance
        Each camera counts once.
    """
    states = [(camera.camera_id, complies(camera)) for camera in cameras]
    met = [camera_id for camera_id, state in states if state is True]
    proved = sum(bool(checks[camera_id].photo_id) for camera_id in met if camera_id in checks)
    failed = sum(state is False for _, state in states)
    return Compliance(len(states), len(met), proved, failed, len(states) - len(met) - failed)


def complies(camera: Camera) -> bool | None:
    """Tell whether a camera meets both demands.

    Parameters
    ----------
    camera : Camera
        The camera.

    Returns
    -------
    bool or None
        None while purpose or sign is not known and the other one does not fail.
    """
    purpose = camera.purpose in PURPOSES if camera.purpose.strip() else None
    if camera.sign is False or purpose is False:
        return False
    return True if camera.sign and purpose else None


def save_sign(
    runtime: Runtime, account: Account, camera_id: str, *, sign: bool, checked_on: date, photo: bytes | None, note: str,
    reason: str,
) -> None:  # fmt: skip
    """Keep what a person saw of the sign of a camera.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who saw it.
    camera_id : str
        Which camera.
    sign : bool
        Whether a sign stands there.
    checked_on : date
        When.
    photo : bytes or None
        Photo as it was sent.
    note, reason : str
        Remark, and why; both stand in the history.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If the day lies ahead, a remark is too long, or a sign that does not stand has a photo.
    CctvError
        If the photo is too large or cannot be read.
    NotFoundError
        If there is no such camera.
    """
    require_editor_of(runtime, account, camera_id)
    odd = [Problem("photo_without_sign", camera_id, "photo")] if photo is not None and not sign else []
    raise_if_any(odd, ValidationError, code="invalid", message=f"sign of {camera_id}")
    signs.save_sign_check(
        runtime.registry, account.username, camera_id, sign=sign, checked_on=checked_on,
        today=datetime.now(UTC).astimezone(WIB).date(), jpeg=None if photo is None else clean_photo(photo), note=note,
        reason=reason,
    )  # fmt: skip
