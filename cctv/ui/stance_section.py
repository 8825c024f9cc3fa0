"""Where a camera stands and looks: the map, what changes in words, the save, and the choice when two moved it."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry import history
from cctv.registry.models import Account, Camera
from cctv.services import aiming
from cctv.services.aiming import Draft
from cctv.services.mapdata import PointOnMap
from cctv.services.view_outlines import Ring, polygons_of
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.map_editor import Stage, map_editor
from cctv.ui.position_editor import OPENING_HFOV_DEG, OPENING_RANGE_M, LonLat, Wedge


def stance_section(
    account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera, *, editable: bool
) -> None:
    """Draw the map of one camera.

    Parameters
    ----------
    account : Account
        Who is looking.
    points : list of PointOnMap
        All points; the others are shown as dots.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    editable : bool
        Whether the account may move and aim it.
    """
    turn = st.session_state.setdefault(_turn_key(camera), 0)
    key = f"stance_{camera.camera_id}_{turn}"
    seen_key = f"seen_{key}"
    seen_item, seen_camera = st.session_state.setdefault(seen_key, (item, camera))
    wedge = Wedge(camera.azimuth_deg, camera.hfov_deg or OPENING_HFOV_DEG, camera.range_m or OPENING_RANGE_M)
    others = [_place(other) for other in points if other.point.point_id != item.point.point_id]
    stage = Stage(_place(item), wedge, item.point.est_error_m, [place for place in others if place is not None])
    draft = map_editor(key, stage, lambda put: _seen(account, item, camera, put), editable=editable)
    if draft is None:
        st.session_state[seen_key] = (item, camera)
        st.caption(t("aiming.hint") if editable else t("aiming.caption"))
        return
    st.markdown("  \n".join(_changes(item, camera, draft)))
    reason = st.text_input(t("register.place_reason"), key=f"why_{key}")
    if (item.point.version, camera.version) != (seen_item.point.version, seen_camera.version):
        _both(account, (item, camera), draft, reason)
    elif st.button(t("aiming.save"), type="primary", icon=":material/save:"):
        _save(account, (item, camera), draft, reason)


def _turn_key(camera: Camera) -> str:
    return f"stance_turn_{camera.camera_id}"


def _place(item: PointOnMap) -> LonLat | None:
    point = item.point
    return None if point.lon is None or point.lat is None else LonLat(point.lon, point.lat)


def _seen(account: Account, item: PointOnMap, camera: Camera, draft: Draft | None) -> list[list[Ring]]:
    point = item.point
    if draft is None and (point.lon is None or point.lat is None):
        return []
    put = draft or Draft(point.lon or 0.0, point.lat or 0.0)
    return polygons_of(aiming.seen_area(session.runtime(), account, item, camera, put))


def _changes(item: PointOnMap, camera: Camera, draft: Draft) -> list[str]:
    """Say what would change: before and after, each on a line."""
    point, azimuth = item.point, draft.azimuth_deg
    lines: list[str] = []
    if (draft.lon, draft.lat) != (point.lon, point.lat):
        lines.append(t("register.moved", lat=f"{draft.lat:.6f}", lon=f"{draft.lon:.6f}"))
    if azimuth is not None:
        before, source = _degrees(camera.azimuth_deg), t(f"azimuth.{camera.azimuth_source}")
        lines.append(t("aiming.turned", before=before, source=source, after=_degrees(azimuth)))
    return lines


def _save(account: Account, seen: tuple[PointOnMap, Camera], draft: Draft, reason: str) -> None:
    item, camera = seen
    try:
        aiming.save(session.runtime(), account, item, camera, draft, reason)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
        _start_afresh(camera)


def _both(account: Account, now: tuple[PointOnMap, Camera], draft: Draft, reason: str) -> None:
    """Let the second of two people choose; the map keeps what this one has put there until then."""
    item, camera = now
    registry = session.runtime().registry
    records = (("point", item.point.point_id), ("camera", camera.camera_id))
    newest = max((history.changes(registry, *record, limit=1)[0] for record in records), key=lambda c: c.change_id)
    st.warning(t("aiming.changed_meanwhile", who=newest.actor), icon=":material/group:")
    column, yours, theirs = t("register.column"), t("register.yours"), t("register.theirs")
    azimuth = camera.azimuth_deg if draft.azimuth_deg is None else draft.azimuth_deg
    place = (_lat_lon(draft.lat, draft.lon), _lat_lon(item.point.lat, item.point.lon))
    st.dataframe(
        [
            {column: t("aiming.position"), yours: place[0], theirs: place[1]},
            {column: t("aiming.azimuth"), yours: _degrees(azimuth), theirs: _degrees(camera.azimuth_deg)},
        ],
        hide_index=True,
    )
    with st.container(horizontal=True):
        if st.button(t("aiming.keep_mine"), icon=":material/person:"):
            _save(account, now, draft, reason)
        if st.button(t("aiming.keep_theirs"), icon=":material/group:"):
            _start_afresh(camera)


def _lat_lon(lat: float | None, lon: float | None) -> str:
    return t("panel.unknown") if lat is None or lon is None else f"{lat:.6f}, {lon:.6f}"


def _degrees(azimuth: float | None) -> str:
    return t("panel.unknown") if azimuth is None else f"{number(azimuth, 1)}°"


def _start_afresh(camera: Camera) -> None:
    st.session_state[_turn_key(camera)] += 1
    st.rerun()
