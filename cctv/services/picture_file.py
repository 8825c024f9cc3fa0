"""A picture to take away: allowed, for a stated purpose, logged, and with all of that written into it."""

from datetime import UTC, datetime

from cctv.errors import SnapshotError
from cctv.i18n import WIB, t
from cctv.live import notices
from cctv.live.pictures import WIDEST
from cctv.registry.access_log import log_access
from cctv.registry.cameras import stream_address
from cctv.registry.models import Account
from cctv.services import liveview
from cctv.services.reporting import ReportFile, checked_purpose
from cctv.services.runtime import Runtime

ACTION = "unduh_gambar"
#: Reasons that stand for themselves; the others pass by soon.
_TOLD = frozenset({
    "dead", "silent", "garbage", "login_refused", "blocked_by_policy", "too_large", "no_such_picture", "unreadable",
    "no_address",
})  # fmt: skip


def picture_file(runtime: Runtime, account: Account, camera_id: str, reason: str) -> ReportFile:
    """Give the newest picture of a camera as a file; the access is logged first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    camera_id : str
        Which camera.
    reason : str
        For what; stands in the log and on the picture.

    Returns
    -------
    ReportFile
        JPEG; grey and with its age if the camera gives no new one.

    Raises
    ------
    AccessError
        If the role may not see pictures, or the camera belongs to another agency than the account is limited to.
    NotFoundError
        If there is no such camera.
    RegistryError
        If the address was encrypted with another key, or the access cannot be logged.
    CctvError
        If no purpose is given, or it is too long.
    SnapshotError
        If there is no picture.
    """
    camera = liveview.require_camera(runtime, account, camera_id)
    purpose = checked_purpose(reason)
    answer = liveview.newest(runtime, camera, stream_address(runtime.registry, camera_id), WIDEST)
    if answer.taken_at is None:
        code = answer.reason if answer.reason in _TOLD else "slow"
        raise SnapshotError(code, f"no picture of {camera_id}")
    log_access(runtime.registry, account.username, ACTION, camera_id, purpose)
    now = datetime.now(UTC)
    lines = (
        f"{camera.name} ({camera_id}), {t('picture.watermark_taken', moment=_to_the_second(answer.taken_at))}",
        t("picture.watermark_by", person=account.display_name, moment=_to_the_second(now)),
        t("picture.watermark_for", reason=purpose),
    )
    name = f"{camera_id}-{answer.taken_at:%Y%m%d-%H%M%S}Z.jpg"
    return ReportFile(name, "image/jpeg", notices.stamped(answer.jpeg, lines))


def _to_the_second(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%d/%m/%Y %H.%M.%S} WIB"
