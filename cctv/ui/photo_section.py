"""The photo of an installed camera: the newest one, and the form that takes another and offers the place in it."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import day, number, t
from cctv.registry.install_photos import find_install_photo
from cctv.registry.models import Account, Camera
from cctv.services.anchors import distance_m
from cctv.services.mapdata import PointOnMap
from cctv.services.photo_places import save_photo, taken
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.position_editor import LonLat
from cctv.ui.sign_form import LARGEST_MB, PHOTO_TYPES, photo_html
from cctv.ui.stance_section import put_on_map


def photo_section(account: Account, item: PointOnMap, camera: Camera, *, editable: bool) -> None:
    """Draw the photo, and the form for people who may send another.

    Parameters
    ----------
    account : Account
        Who is looking.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    editable : bool
        Whether the account may change things.
    """
    known = find_install_photo(session.runtime().registry, camera.camera_id)
    state = t("photo.none" if known is None else "photo.there")
    with st.expander(t("photo.title", state=state), icon=":material/photo_camera:"):
        if known is not None:
            st.html(photo_html(known.photo_id, t("photo.of", camera=camera.camera_id)))
            taken_on = t("panel.unknown") if known.taken_on is None else day(known.taken_on)
            st.caption(t("photo.taken", day=taken_on, note=known.note or "-"))
        if editable:
            _form(account, item, camera)


def _form(account: Account, item: PointOnMap, camera: Camera) -> None:
    turn = st.session_state.setdefault("photo_turn", 0)
    key = f"{camera.camera_id}_{turn}"
    sent = st.file_uploader(
        t("photo.choose"), type=PHOTO_TYPES, max_upload_size=LARGEST_MB, help=t("sign.photo_help"), key=f"photo_{key}"
    )
    if sent is None:
        return
    data = sent.getvalue()
    said = taken(data)
    if said.place is not None:
        _offer(item, camera, LonLat(*said.place))
    taken_on = st.date_input(t("photo.taken_on"), value=said.day, format="DD/MM/YYYY", key=f"photo_day_{key}")
    note = st.text_input(t("field.note"), key=f"photo_note_{key}")
    reason = st.text_input(t("register.reason"), key=f"photo_why_{key}", placeholder=t("register.reason_hint"))
    if st.button(t("photo.save"), type="primary", icon=":material/save:", key=f"photo_save_{key}"):
        try:
            save_photo(
                session.runtime(), account, camera.camera_id, photo=data, taken_on=taken_on, note=note, reason=reason
            )
        except CctvError as error:
            show_error(error)
        else:
            st.session_state["photo_turn"] += 1
            st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
            st.rerun()


def _offer(item: PointOnMap, camera: Camera, place: LonLat) -> None:
    """Offer the place that the photo names; it moves nothing until the person saves the map."""
    point = item.point
    away = t("panel.unknown")
    if point.lon is not None and point.lat is not None:
        away = f"{number(distance_m((point.lon, point.lat), (place.lon, place.lat)), 0)} m"
    st.info(t("photo.place", lat=f"{place.lat:.6f}", lon=f"{place.lon:.6f}", away=away), icon=":material/location_on:")
    if st.button(t("photo.use_place"), icon=":material/pin_drop:", key=f"photo_use_{camera.camera_id}"):
        put_on_map(item, camera, place)
