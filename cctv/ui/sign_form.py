"""The information sign of a camera: whether it stands, since when that is known, its photo, and the form to say so."""

from datetime import UTC, datetime
from html import escape

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import WIB, day, t
from cctv.registry.models import Account, Camera
from cctv.registry.signs import SignCheck, list_sign_checks
from cctv.services import compliance
from cctv.services.photos import LARGEST_BYTES
from cctv.ui import session
from cctv.ui.failure import show_error

PHOTO_TYPES = ("jpg", "jpeg", "png", "webp")
LARGEST_MB = LARGEST_BYTES // 1_000_000
OPENED = "sign_as_opened"


def sign_section(account: Account, camera: Camera, *, editable: bool) -> None:
    """Draw what is known of the sign, and the form for people who may change it.

    Parameters
    ----------
    account : Account
        Who is looking.
    camera : Camera
        The camera.
    editable : bool
        Whether the account may change things.
    """
    check = list_sign_checks(session.runtime().registry).get(camera.camera_id)
    with st.expander(t("sign.title", state=t(f"sign.{_state(camera)}")), icon=":material/signpost:"):
        st.caption(t("sign.law"))
        _known(camera, check)
        if editable:
            _form(account, camera, check)


def photo_html(photo_id: str, words: str) -> str:
    """Write a photo of ours as HTML; its address is guarded.

    Parameters
    ----------
    photo_id : str
        Which.
    words : str
        What it shows, for people who do not see it.

    Returns
    -------
    str
        HTML.
    """
    return f'<img src="/foto/{escape(photo_id)}.jpg" alt="{escape(words)}" style="max-width:100%;border-radius:.5rem">'


def _state(camera: Camera) -> str:
    return "unknown" if camera.sign is None else "stands" if camera.sign else "missing"


def _known(camera: Camera, check: SignCheck | None) -> None:
    if check is None:
        st.markdown(t("sign.never_checked"))
        return
    st.markdown(t("sign.checked", day=day(check.checked_on), note=check.note or "-"))
    if check.photo_id:
        st.html(photo_html(check.photo_id, t("sign.photo_of", camera=camera.camera_id)))
    elif camera.sign:
        st.caption(t("sign.no_photo"))


def _form(account: Account, camera: Camera, check: SignCheck | None) -> None:
    today = datetime.now(UTC).astimezone(WIB).date()
    opened = _as_opened(camera, check)
    with st.form(f"sign_{camera.camera_id}"):
        answer = st.radio(
            t("sign.question"), ("stands", "missing"), format_func=lambda name: t(f"sign.{name}"), horizontal=True,
            index=None if opened is None else int(not opened), key=f"sign_answer_{camera.camera_id}",
        )  # fmt: skip
        seen_on = st.date_input(t("sign.checked_on"), value=today, max_value=today, format="DD/MM/YYYY")
        photo = st.file_uploader(
            t("sign.photo"), type=PHOTO_TYPES, max_upload_size=LARGEST_MB, help=t("sign.photo_help")
        )
        note = st.text_input(t("field.note"), "")
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
        if not st.form_submit_button(t("sign.save"), type="primary", icon=":material/save:"):
            return
    if answer is None:
        st.warning(t("sign.answer_first"), icon=":material/signpost:")
        return
    try:
        compliance.save_sign(
            session.runtime(), account, camera.camera_id, sign=answer == "stands", checked_on=seen_on,
            photo=None if photo is None else photo.getvalue(), note=note, reason=reason,
        )  # fmt: skip
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
        st.session_state.pop(OPENED, None)
        st.rerun()


def _as_opened(camera: Camera, check: SignCheck | None) -> bool | None:
    """Give the answer that the form opened with; what somebody else saves meanwhile is said, and empties nothing."""
    version = 0 if check is None else check.version
    opened = st.session_state.get(OPENED)
    if opened is None or opened[0] != camera.camera_id:
        opened = st.session_state[OPENED] = (camera.camera_id, version, camera.sign)
    if opened[1:] != (version, camera.sign):
        st.info(t("sign.newer"), icon=":material/group:")
    return opened[2]
