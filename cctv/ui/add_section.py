"""A camera that was put on the map and is not in the register yet: which point it joins, whose it is, and the save."""

from collections.abc import Callable

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry import agencies
from cctv.registry.models import Account, Camera
from cctv.services import adding
from cctv.services.adding import NewCamera
from cctv.services.anchors import Anchor, points_near
from cctv.services.mapdata import PointOnMap
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.position_editor import LonLat

STATUSES = ("on", "off", "trouble", "maintenance")
TYPES = ("fixed", "ptz", "dome")
MOUNTS = ("pole", "wall", "roof")
NEW_POINT = ""


def add_section(
    account: Account, points: list[PointOnMap], beside: Camera, place: LonLat, joins: str,
    done: Callable[[], object],
) -> None:  # fmt: skip
    """Draw the form of a camera that was put on the map.

    Parameters
    ----------
    account : Account
        Who adds it.
    points : list of PointOnMap
        All points with cameras.
    beside : Camera
        The camera that is on the screen.
    place : LonLat
        Where it was put, EPSG:4326 [deg].
    joins : str
        Point that was clicked; empty if none was.
    done : callable
        Clears the map; called after the save and does not come back.
    """
    with st.container(border=True, key="add_camera"):
        st.subheader(t("adding.title"), anchor=False)
        st.markdown(t("adding.place", lat=f"{place.lat:.6f}", lon=f"{place.lon:.6f}"))
        near = _choices(points, place, joins)
        by_id = {anchor.anchor_id: anchor for anchor in near}
        point_id = st.radio(
            t("adding.point"), [*by_id, NEW_POINT], key=f"add_point_{place.lon}_{place.lat}",
            format_func=lambda key: t("adding.new_point") if key == NEW_POINT else _joined(by_id[key]),
        )  # fmt: skip
        if near and point_id == NEW_POINT:
            st.warning(t("adding.apart", name=near[0].name, m=number(near[0].distance_m, 1)), icon=":material/join:")
        new = _fields(account, beside, by_id.get(point_id), place, is_apart=bool(near) and point_id == NEW_POINT)
        reason = st.text_input(t("adding.reason"), key="add_reason", placeholder=t("register.reason_hint"))
        if st.button(t("adding.save"), type="primary", icon=":material/add_location:", disabled=new is None) and new:
            try:
                camera_id = adding.add_camera(session.runtime(), account, new, reason)
            except CctvError as error:
                show_error(error)
            else:
                st.toast(t("adding.saved", camera=camera_id), icon=":material/check:")
                st.query_params["camera"] = camera_id
                for key in [key for key in st.session_state if str(key).startswith("add_")]:
                    del st.session_state[key]
                done()


def _choices(points: list[PointOnMap], place: LonLat, joins: str) -> list[Anchor]:
    """Give the points it may join: the one that was clicked, then those within 8 m."""
    near = points_near(points, place.lon, place.lat)
    return sorted(near, key=lambda anchor: anchor.anchor_id != joins)


def _joined(anchor: Anchor) -> str:
    return t("adding.join", name=anchor.name, point=anchor.anchor_id, m=number(anchor.distance_m, 1))


def _fields(
    account: Account, beside: Camera, joined: Anchor | None, place: LonLat, *, is_apart: bool
) -> NewCamera | None:
    """Ask for what a camera must have; None until owner and status are chosen."""
    owners = {agency.agency_id: agency.name for agency in agencies.list_agencies(session.runtime().registry)}
    allowed = [key for key in sorted(owners, key=lambda key: owners[key]) if account.agency_id in (None, "", key)]
    usual = allowed.index(beside.agency_id) if joined and beside.agency_id in allowed else None
    name = st.text_input(t("field.name"), key="add_name", placeholder=t("adding.name_hint"))
    first, second = st.columns(2)
    with first:
        owner = st.selectbox(
            t("field.owner"), allowed, index=0 if len(allowed) == 1 else usual, format_func=lambda key: owners[key],
            placeholder=t("adding.choose"), key="add_owner",
        )  # fmt: skip
        status = st.selectbox(
            t("field.status"), STATUSES, index=None, format_func=lambda s: t(f"status.{s}"),
            placeholder=t("adding.choose"), key="add_status",
        )  # fmt: skip
    with second:
        kind = st.selectbox(t("field.camera_type"), TYPES, format_func=lambda s: t(f"camera_type.{s}"), key="add_type")
        mount = "pole"
        if joined is None:
            mount = st.selectbox(t("field.mount"), MOUNTS, format_func=lambda s: t(f"mount.{s}"), key="add_mount")
    if not name.strip() or owner is None or status is None:
        st.caption(t("adding.missing"))
        return None
    return NewCamera(
        name.strip(), owner, kind, status, place.lon, place.lat, point_id="" if joined is None else joined.anchor_id,
        mount=mount, is_apart=is_apart,
    )  # fmt: skip
