"""Where a camera stands and looks: the map, what changes in words, the save, and the choice when two moved it."""

from dataclasses import dataclass, replace

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry import history
from cctv.registry.models import Account, Camera
from cctv.services import aiming
from cctv.services.aiming import Draft
from cctv.services.anchors import Anchor, distance_m, fixed_anchors, points_near
from cctv.services.mapdata import PointOnMap
from cctv.services.view_outlines import Ring, polygons_of
from cctv.ui import session, unsaved
from cctv.ui.add_section import add_section
from cctv.ui.failure import show_error
from cctv.ui.map_editor import Put, Stage, map_editor
from cctv.ui.position_editor import OPENING_HFOV_DEG, OPENING_RANGE_M, LonLat, Wedge

#: Other points further away than this are not drawn beside a camera [m], nor more than so many.
OTHERS_M, MOST_OTHERS = 2_000.0, 1_500


@dataclass(frozen=True)
class Begun:
    """A draft that is not saved, and what stood in the register when it was begun."""

    put: Put
    item: PointOnMap
    camera: Camera


def stance_section(
    account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera, *, editable: bool
) -> None:
    """Draw the map of one camera.

    Parameters
    ----------
    account : Account
        Who is looking.
    points : list of PointOnMap
        All points; those around are shown as dots.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    editable : bool
        Whether the account may move and aim it.
    """
    key = f"stance_{camera.camera_id}_{st.session_state.setdefault(_turn_key(camera), 0)}"
    begun: Begun | None = unsaved.find("map", camera.camera_id)
    put = map_editor(
        key, _stage(points, item, camera), begun.put if begun else None,
        lambda put: _seen(account, item, camera, put),
        lambda place: fixed_anchors(session.runtime(), place.lon, place.lat),
        editable=editable, unsaved=unsaved.is_unsaved(),
    )  # fmt: skip
    if put is None:
        unsaved.keep("map", camera.camera_id, None)
        st.caption(t("aiming.hint") if editable else t("aiming.caption"))
        return
    seen = (begun.item, begun.camera) if begun else (item, camera)
    unsaved.keep("map", camera.camera_id, Begun(put, *seen))
    touched = None if put.draft is None else _touched(put.draft, seen, item)
    draft = None if touched is None or _changes_nothing(item, touched) else touched
    if put.added is not None:
        rest = Begun(replace(put, raw={**put.raw, "added": None}, added=None, joins=""), *seen)
        add_section(
            account, points, camera, put.added, put.joins, lambda: _start_afresh(camera, rest if draft else None)
        )
    if draft is None:
        return
    st.markdown("  \n".join(_changes(item, camera, draft)))
    _others_there(points, item, draft)
    reason = st.text_input(t("register.place_reason"), key=f"why_{key}")
    if (item.point.version, camera.version) != (seen[0].point.version, seen[1].version):
        _both(account, (item, camera), draft, reason)
    elif st.button(t("aiming.save"), type="primary", icon=":material/save:"):
        _save(account, (item, camera), draft, reason)


def put_on_map(item: PointOnMap, camera: Camera, place: LonLat) -> None:
    """Put the pin of a camera somewhere else on its map, as a draft that is not saved; does not come back.

    Parameters
    ----------
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    place : LonLat
        Where to put it, EPSG:4326 [deg].
    """
    position = {"lon": place.lon, "lat": place.lat}
    raw = {
        "position": position, "azimuth": camera.azimuth_deg, "target": None, "tilt": camera.tilt_deg,
        "height": camera.height_m, "snap": None, "added": None,
    }  # fmt: skip
    draft = Draft(place.lon, place.lat, None, camera.tilt_deg, camera.height_m)
    _start_afresh(camera, Begun(Put(raw, draft, None, ""), item, camera))


def _stage(points: list[PointOnMap], item: PointOnMap, camera: Camera) -> Stage:
    place = _place(item)
    wedge = Wedge(camera.azimuth_deg, camera.hfov_deg or OPENING_HFOV_DEG, camera.range_m or OPENING_RANGE_M)
    others: list[Anchor] = []
    if place is not None:
        around = points_near(points, place.lon, place.lat, OTHERS_M)[: MOST_OTHERS + 1]
        others = [other for other in around if other.anchor_id != item.point.point_id]
    return Stage(
        item.point.point_id, place, wedge, camera.vfov_deg, camera.tilt_deg, camera.height_m, item.point.est_error_m,
        others,
    )  # fmt: skip


def _touched(draft: Draft, seen: tuple[PointOnMap, Camera], item: PointOnMap) -> Draft:
    """Leave out what the person has not touched, so that what somebody else saved meanwhile stays."""
    point, camera = seen[0].point, seen[1]
    if (draft.lon, draft.lat) == (point.lon, point.lat) and item.point.lon is not None and item.point.lat is not None:
        draft = replace(draft, lon=item.point.lon, lat=item.point.lat)
    return replace(
        draft,
        tilt_deg=None if draft.tilt_deg == camera.tilt_deg else draft.tilt_deg,
        height_m=None if draft.height_m == camera.height_m else draft.height_m,
    )


def _changes_nothing(item: PointOnMap, draft: Draft) -> bool:
    return (draft.lon, draft.lat) == (item.point.lon, item.point.lat) and not draft.view


def _turn_key(camera: Camera) -> str:
    return f"stance_turn_{camera.camera_id}"


def _place(item: PointOnMap) -> LonLat | None:
    point = item.point
    return None if point.lon is None or point.lat is None else LonLat(point.lon, point.lat)


def _seen(account: Account, item: PointOnMap, camera: Camera, put: Put | None) -> list[list[Ring]]:
    point, draft = item.point, None if put is None else put.draft
    if draft is None and (point.lon is None or point.lat is None):
        return []
    shown = draft or Draft(point.lon or 0.0, point.lat or 0.0)
    return polygons_of(aiming.seen_area(session.runtime(), account, item, camera, shown))


def _changes(item: PointOnMap, camera: Camera, draft: Draft) -> list[str]:
    """Say what would change: before and after, each on a line."""
    point, azimuth = item.point, draft.azimuth_deg
    lines: list[str] = []
    if (draft.lon, draft.lat) != (point.lon, point.lat):
        lines.append(t("register.moved", lat=f"{draft.lat:.6f}", lon=f"{draft.lon:.6f}"))
        if point.lon is not None and point.lat is not None:
            away_m = distance_m((point.lon, point.lat), (draft.lon, draft.lat))
            lines.append(t("aiming.moved_by", m=number(away_m, 1), n=len(item.cameras)))
    if azimuth is not None:
        before, source = _degrees(camera.azimuth_deg), t(f"azimuth.{camera.azimuth_source}")
        lines.append(t("aiming.turned", before=before, source=source, after=_degrees(azimuth)))
    if draft.tilt_deg is not None:
        lines.append(t("aiming.tilted", before=_degrees(camera.tilt_deg), after=_degrees(draft.tilt_deg)))
    if draft.height_m is not None:
        lines.append(t("aiming.raised", before=_metres(camera.height_m), after=_metres(draft.height_m)))
    return lines


def _others_there(points: list[PointOnMap], item: PointOnMap, draft: Draft) -> None:
    """Say that the pin now stands on another point: the person may rather want the camera to join it."""
    if (draft.lon, draft.lat) == (item.point.lon, item.point.lat):
        return
    near = [a for a in points_near(points, draft.lon, draft.lat) if a.anchor_id != item.point.point_id]
    if near:
        st.info(t("aiming.point_there", name=near[0].name, m=number(near[0].distance_m, 1)), icon=":material/join:")


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
    mine = replace(camera, **{name: value for name, value in draft.view.items() if name != "azimuth_source"})  # pyright: ignore[reportArgumentType]
    sides = [
        (t("aiming.position"), _lat_lon(draft.lat, draft.lon), _lat_lon(item.point.lat, item.point.lon)),
        (t("aiming.azimuth"), _degrees(mine.azimuth_deg), _degrees(camera.azimuth_deg)),
        (t("aiming.tilt"), _degrees(mine.tilt_deg), _degrees(camera.tilt_deg)),
        (t("aiming.height"), _metres(mine.height_m), _metres(camera.height_m)),
    ]
    st.dataframe([{column: name, yours: one, theirs: two} for name, one, two in sides], hide_index=True)
    with st.container(horizontal=True):
        if st.button(t("aiming.keep_mine"), icon=":material/person:"):
            _save(account, now, draft, reason)
        if st.button(t("aiming.keep_theirs"), icon=":material/group:"):
            _start_afresh(camera)


def _lat_lon(lat: float | None, lon: float | None) -> str:
    return t("panel.unknown") if lat is None or lon is None else f"{lat:.6f}, {lon:.6f}"


def _degrees(angle: float | None) -> str:
    return t("panel.unknown") if angle is None else f"{number(angle, 1)}°"


def _metres(length: float | None) -> str:
    return t("panel.unknown") if length is None else f"{number(length, 1)} m"


def _start_afresh(camera: Camera, rest: Begun | None = None) -> None:
    """Open the map anew, with what is still not saved."""
    unsaved.keep("map", camera.camera_id, rest)
    st.session_state[_turn_key(camera)] += 1
    st.rerun()
