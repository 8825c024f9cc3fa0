"""Photos from people: checked for size, turned upright, drawn anew without what a phone writes beside the picture."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from cctv.errors import CctvError, NotFoundError
from cctv.permissions import Permission
from cctv.registry import photos
from cctv.registry.access_log import log_access
from cctv.registry.cameras import get_camera
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.editing import require_own
from cctv.services.runtime import Runtime

LARGEST_BYTES = 8_000_000
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE_PX = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82


def clean_photo(data: bytes) -> bytes:
    """Make a plain JPEG out of what a person sent.

    Parameters
    ----------
    data : bytes
        JPEG, PNG or WebP.

    Returns
    -------
    bytes
        JPEG of at most 1600 px, upright, with no place, time or device in it.

    Raises
    ------
    CctvError
        ``photo_too_large`` or ``photo_unreadable``.
    """
    if len(data) > LARGEST_BYTES:
        raise _too_large(f"{len(data)} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is checked before decoding
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > LARGEST_PIXELS:
            raise _too_large(f"{picture.width} x {picture.height} px")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise CctvError("photo_unreadable", str(error), {"formats": ", ".join(FORMATS)}) from error
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def photo_for(runtime: Runtime, account: Account, photo_id: str) -> bytes:
    """Give a photo to a person who may see it; the access is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    photo_id : str
        Which.

    Returns
    -------
    bytes
        JPEG.

    Raises
    ------
    AccessError
        If the role does not allow it, or the camera belongs to another agency than the account is limited to.
    NotFoundError
        If there is no such photo, or its camera is removed.
    """
    accounts.require(account, Permission.SEE_REGISTER)
    photo = photos.get_photo(runtime.registry, photo_id)
    camera = get_camera(runtime.registry, photo.camera_id)
    require_own(account, camera)
    if camera.status == "removed":
        raise NotFoundError("not_found", f"photo {photo_id} of a removed camera", {"entity": "photo", "id": photo_id})
    log_access(runtime.registry, account.username, "lihat_foto", photo.camera_id, photo_id)
    return photo.jpeg


def _too_large(what: str) -> CctvError:
    return CctvError("photo_too_large", what, {"mb": LARGEST_BYTES // 1_000_000, "mp": LARGEST_PIXELS // 1_000_000})
