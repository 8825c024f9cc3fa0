"""The verified view of a camera: whether somebody has compared map and picture, and the tools to do so."""

from datetime import UTC, datetime

import shapely
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import WIB, day, t
from cctv.permissions import Permission
from cctv.registry.models import Account, Camera
from cctv.registry.verified import VerifiedView, list_verified_views
from cctv.services import verified
from cctv.services.mapdata import PointOnMap
from cctv.services.situation import Situation
from cctv.services.verified import Painted
from cctv.services.verified_split import verified_split
from cctv.services.view_outlines import Outlines
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.picture import live_picture
from cctv.ui.sign_form import LARGEST_MB, PHOTO_TYPES, photo_html
from cctv.ui.view_painter import view_painter
from cctv.ui.waiting import current_situation


def view_section(account: Account, item: PointOnMap, camera: Camera) -> None:
    """Draw what is known, and the painting for people who may verify.

    Parameters
    ----------
    account : Account
        Who is looking.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    """
    view = list_verified_views(session.runtime().registry).get(camera.camera_id)
    state = "none" if view is None else "stale" if verified.is_stale(view, item, camera) else "valid"
    st.subheader(t("view.title"), anchor=False, help=t("view.help"))
    words = t(f"view.{state}", day=day(view.seen_on) if view else "", note=view.note if view and view.note else "-")
    (st.warning if state == "stale" else st.markdown)(words)
    if view is not None and view.photo_id:
        st.html(photo_html(view.photo_id, t("view.photo_of", camera=camera.camera_id)))
    if not session.may(Permission.VERIFY_VIEWS):
        return
    if not item.is_placed:
        st.info(t("view.place_first"), icon=":material/location_off:")
        return
    if st.toggle(t("view.paint"), key=f"paint_{camera.camera_id}"):
        _paint(account, item, camera, view)


def _paint(account: Account, item: PointOnMap, camera: Camera, view: VerifiedView | None) -> None:
    version = 0 if view is None else view.version
    left, right = st.columns([1, 1.2], gap="medium")
    with left:
        live_picture(camera.camera_id, camera.name)
        st.caption(t("view.picture_hint"))
    with right:
        drawn = view_painter(
            f"painter_{camera.camera_id}_{version}", item.point.lon or 0.0, item.point.lat or 0.0,
            computed=_counted(camera),
            drawn=Outlines() if view is None else Outlines.of(shapely.from_wkt(view.area_wkt)),
        )  # fmt: skip
    painted = _form(camera, version, drawn)
    try:
        if painted is not None:
            verified.save_view(session.runtime(), account, item, camera, painted, version=version)
        elif view is None or not st.button(t("view.remove"), icon=":material/delete:"):
            return
        else:
            verified.remove_view(session.runtime(), account, camera, version=version, reason=t("view.remove"))
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
        st.rerun()


def _form(camera: Camera, version: int, drawn: Outlines) -> Painted | None:
    """Draw the questions; give the answers once they are sent."""
    today = datetime.now(UTC).astimezone(WIB).date()
    with st.form(f"view_{camera.camera_id}_{version}"):
        answer = st.radio(
            t("view.occluded"), ("no", "yes"), format_func=lambda name: t(f"panel.{name}"), horizontal=True, index=None
        )
        seen_on = st.date_input(t("view.seen_on"), value=today, max_value=today, format="DD/MM/YYYY")
        photo = st.file_uploader(
            t("view.photo"), type=PHOTO_TYPES, max_upload_size=LARGEST_MB, help=t("sign.photo_help")
        )
        note = st.text_input(t("view.note"), "")
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
        if not st.form_submit_button(t("view.save"), type="primary", icon=":material/save:"):
            return None
    if answer is None:
        st.warning(t("view.answer_first"), icon=":material/visibility:")
        return None
    return Painted(drawn, answer == "yes", seen_on, None if photo is None else photo.getvalue(), note, reason)


def verified_caption(found: Situation) -> None:
    """Say how much of each share of the city a person has seen, and how much is computed.

    Parameters
    ----------
    found : Situation
        Present situation.
    """
    st.caption(verified_split(session.runtime(), found).words)


def _counted(camera: Camera) -> Outlines:
    watching = current_situation().watching
    if camera.camera_id not in watching.camera_id:
        return Outlines()
    return Outlines.of(watching.area[watching.camera_id.index(camera.camera_id)])
