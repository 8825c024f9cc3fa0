"""A point and its cameras: another point for a camera, points split and made one, and a camera that is listed twice."""

from collections.abc import Callable, Sequence

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry.models import Account, Camera
from cctv.services import regrouping
from cctv.services.anchors import Anchor, points_near
from cctv.services.mapdata import PointOnMap
from cctv.services.twins import likely_twins
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.field_words import field_words, value_words

TASKS = ("move", "split", "join", "merge")
#: Points that a list offers, nearest first, and how far they may be [m].
OFFERED, REACH_M = 60, 50_000.0


def point_section(account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera) -> None:
    """Draw the tools for the point of a camera, for people who may change it.

    Parameters
    ----------
    account : Account
        Who changes it.
    points : list of PointOnMap
        All points with cameras.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    """
    with st.expander(t("grouping.title", n=len(item.cameras)), icon=":material/pin_drop:"):
        key = camera.camera_id
        task = st.segmented_control(
            t("grouping.task"), TASKS, format_func=lambda name: t(f"grouping.{name}"), key=f"group_task_{key}",
            label_visibility="collapsed",
        )  # fmt: skip
        if task is None:
            st.caption(t("grouping.hint"))
            return
        draw = {"move": _move, "split": _split, "join": _join, "merge": _merge}[task]
        draw(account, points, item, camera)


def _move(account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera) -> None:
    target = _choose_point(points, item, "grouping.move_to", f"group_move_{camera.camera_id}")
    if target is not None:
        st.markdown(t("grouping.move_text", camera=camera.camera_id, name=target.name, m=number(target.distance_m, 1)))
    to = target.anchor_id if target else ""
    _save(
        camera, "move", lambda why: regrouping.move_cameras(session.runtime(), account, [camera], to, why),
        ready=bool(to),
    )  # fmt: skip


def _join(account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera) -> None:
    other = _choose_point(points, item, "grouping.join_with", f"group_join_{camera.camera_id}")
    moving: Sequence[Camera] = ()
    if other is not None:
        moving = next(found.cameras for found in points if found.point.point_id == other.anchor_id)
        names = ", ".join(found.camera_id for found in moving)
        st.markdown(t("grouping.join_text", name=other.name, here=item.point.name, cameras=names,
                      m=number(other.distance_m, 1)))  # fmt: skip
    here = item.point.point_id
    _save(
        camera, "join", lambda why: regrouping.move_cameras(session.runtime(), account, moving, here, why),
        ready=bool(moving),
    )  # fmt: skip


def _split(account: Account, _: list[PointOnMap], item: PointOnMap, camera: Camera) -> None:
    if len(item.cameras) < 2:  # noqa: PLR2004 - one cannot be parted
        st.info(t("grouping.split_one"))
        return
    by_id = {found.camera_id: found for found in item.cameras}
    chosen = st.multiselect(
        t("grouping.split_which"), list(by_id), default=[camera.camera_id], key=f"group_split_{camera.camera_id}",
        format_func=lambda key: f"{key} · {by_id[key].name}",
    )  # fmt: skip
    st.caption(t("grouping.split_text"))
    leaving = [by_id[key] for key in chosen]
    _save(
        camera, "split", lambda why: regrouping.split_point(session.runtime(), account, item, leaving, why),
        ready=0 < len(leaving) < len(by_id),
    )  # fmt: skip


def _merge(account: Account, points: list[PointOnMap], item: PointOnMap, camera: Camera) -> None:
    found = {c.camera_id: (c, pair) for _, c, pair in likely_twins(session.runtime(), points, item, camera)}
    if not found:
        st.info(t("grouping.merge_none"))
        return

    def words(key: str) -> str:
        other, pair = found[key]
        if pair is None:
            return f"{key} · {other.name}"
        reasons = ", ".join(t(f"importing.twin.{note.code}", **note.params) for note in pair.reasons)
        return f"{key} · {other.name} — {t(f'importing.twin.{pair.verdict}')}: {reasons}"

    chosen = st.selectbox(
        t("grouping.merge_with"), list(found), index=None, format_func=words, placeholder=t("adding.choose"),
        key=f"group_merge_{camera.camera_id}",
    )  # fmt: skip
    if chosen is None:
        return
    other = found[chosen][0]
    stays = st.radio(
        t("grouping.merge_stays"), [camera.camera_id, chosen], horizontal=True, key=f"group_stays_{camera.camera_id}"
    )
    kept, twin = (camera, other) if stays == camera.camera_id else (other, camera)
    filled = [name for name in regrouping.filled_in(kept, twin) if name != "azimuth_source"]
    taken = ", ".join(f"{field_words(name)}: {value_words(name, getattr(twin, name))}" for name in filled)
    st.markdown(
        t("grouping.merge_text", kept=kept.camera_id, twin=twin.camera_id, taken=taken or t("grouping.nothing"))
    )

    def merge(reason: str) -> None:
        regrouping.merge_cameras(session.runtime(), account, kept, twin, reason)
        st.query_params["camera"] = kept.camera_id

    _save(camera, "merge", merge, ready=True)


def _choose_point(points: list[PointOnMap], item: PointOnMap, label: str, key: str) -> Anchor | None:
    place = item.point
    if place.lon is None or place.lat is None:
        st.info(t("grouping.unplaced"))
        return None
    around = points_near(points, place.lon, place.lat, REACH_M)
    near = {a.anchor_id: a for a in around if a.anchor_id != place.point_id}
    chosen = st.selectbox(
        t(label), list(near)[:OFFERED], index=None, key=key, placeholder=t("adding.choose"),
        format_func=lambda at: t("grouping.point", point=at, name=near[at].name, m=number(near[at].distance_m, 0)),
    )  # fmt: skip
    return None if chosen is None else near[chosen]


def _save(camera: Camera, task: str, job: Callable[[str], object], *, ready: bool) -> None:
    reason = st.text_input(t("register.reason"), key=f"group_why_{task}_{camera.camera_id}")
    if not st.button(t(f"grouping.{task}_save"), type="primary", disabled=not ready, key=f"group_save_{task}"):
        return
    try:
        job(reason)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("grouping.done"), icon=":material/check:")
        st.session_state.pop(f"group_task_{camera.camera_id}", None)
        st.rerun()
