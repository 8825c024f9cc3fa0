"""The form of one camera: every attribute, its position on a map, and both versions when two people edit at once."""

from dataclasses import dataclass, replace

import streamlit as st

from cctv.errors import CctvError, StaleEditError
from cctv.i18n import t
from cctv.registry.models import Account, Camera
from cctv.services import editing
from cctv.services.mapdata import Filters, PointOnMap
from cctv.ui import both_versions, session, unsaved
from cctv.ui.both_versions import Conflict
from cctv.ui.failure import show_error
from cctv.ui.field_words import field_words
from cctv.ui.maintenance_report import fault_section
from cctv.ui.panel import camera_facts, facts_list, point_facts
from cctv.ui.photo_section import photo_section
from cctv.ui.point_section import point_section
from cctv.ui.sign_form import sign_section
from cctv.ui.stance_section import stance_section
from cctv.ui.timeline import camera_timeline
from cctv.ui.view_section import view_section

STATUSES = ("on", "off", "trouble", "maintenance")
SOURCES = ("measured", "aimed", "words", "unknown")
TYPES = ("fixed", "ptz", "dome")
SHOWN, CHOSEN, ASKED = "form_as_shown", "form_camera", "form_camera_asked"
#: More cameras than this are not put into one list.
MOST_OPTIONS = 1_000


@dataclass(frozen=True)
class Opened:
    """What the form opened with.

    Attributes
    ----------
    camera : Camera
        As it stood in the register.
    start : Camera
        The same with what this visit had begun to change.
    reason : str
        Reason that was begun.
    """

    camera: Camera
    start: Camera
    reason: str


def camera_form(account: Account, points: list[PointOnMap], *, editable: bool) -> None:
    """Draw the form of the chosen camera.

    Parameters
    ----------
    account : Account
        Who is looking.
    points : list of PointOnMap
        All points with cameras.
    editable : bool
        Whether the account may change things.
    """
    by_id = {camera.camera_id: (item, camera) for item in points for camera in item.cameras}
    if not by_id:
        st.info(t("table.nothing"), icon=":material/search_off:")
        return
    chosen = _choose(by_id, st.query_params.get("camera", ""))
    st.query_params["camera"] = chosen
    unsaved.unsaved_note(chosen)
    item, camera = by_id[chosen]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        if editable:
            _fields(account, camera)
        else:
            st.html(facts_list(camera_facts(camera)))
        fault_section(account, camera)
        sign_section(account, camera, editable=editable)
        photo_section(account, item, camera, editable=editable)
    with right:
        stance_section(account, points, item, camera, editable=editable)
        st.html(facts_list(point_facts(item)))
        if editable:
            point_section(account, points, item, camera)
    view_section(account, item, camera)
    camera_timeline(account, item, camera, editable=editable)


def _choose(by_id: dict[str, tuple[PointOnMap, Camera]], asked: str) -> str:
    """Let a person choose a camera; where there are many, among those that a few words find."""
    ids = sorted(by_id)
    if len(ids) > MOST_OPTIONS:
        text = st.text_input(t("register.find"), key="form_find", placeholder=t("map.search_hint"))
        keeps = Filters(text).keeps
        found = [key for key in ids if keeps(by_id[key][0].point, by_id[key][1])][:MOST_OPTIONS]
        st.caption(t("register.found_some", n=len(found)))
        ids = (found or ids[:1]) if asked not in by_id or asked in found else [asked, *found]
    # The list follows the address where something else has changed it since the list was drawn.
    if st.session_state.get(CHOSEN) not in ids or asked != st.session_state.get(ASKED):
        st.session_state[CHOSEN] = asked if asked in ids else ids[0]
    chosen = st.selectbox(
        t("register.choose"), ids, key=CHOSEN, format_func=lambda key: camera_label(*by_id[key])
    )  # fmt: skip
    st.session_state[ASKED] = chosen
    return chosen


def camera_label(item: PointOnMap, camera: Camera) -> str:
    """Name a camera in a list.

    Parameters
    ----------
    item : PointOnMap
        Its point.
    camera : Camera
        The camera.

    Returns
    -------
    str
        Id, point and name.
    """
    return f"{camera.camera_id} · {item.point.name} · {camera.name}"


@st.fragment
def _fields(account: Account, camera: Camera) -> None:
    opened = _as_shown(camera)
    shown, start, key = opened.camera, opened.start, f"{camera.camera_id}_{opened.camera.version}"
    with st.container(border=True):
        values: dict[str, object] = {
            "name": st.text_input(t("field.name"), start.name, key=f"form_name_{key}"),
            "status": _choice("status", "field.status", STATUSES, start, key),
            "status_reason": st.text_input(t("register.status_reason"), start.status_reason, key=f"form_why_off_{key}"),
            "camera_type": _choice("camera_type", "field.camera_type", TYPES, start, key),
        }
        first, second = st.columns(2)
        with first:
            values |= _numbers({"azimuth_deg": 1.0, "height_m": 0.5, "tilt_deg": 1.0}, start, key)
        with second:
            values["azimuth_source"] = _choice("azimuth_source", "register.azimuth_source", SOURCES, start, key)
            values |= _numbers({"hfov_deg": 5.0, "range_m": 5.0, "infrared_range_m": 5.0}, start, key)
        values["azimuth_words"] = st.text_input(
            t("register.azimuth_words"), start.azimuth_words, key=f"form_words_{key}"
        )
        purposes = list(dict.fromkeys(["", *editing.PURPOSES, shown.purpose]))
        values["purpose"] = st.selectbox(t("field.purpose"), purposes, purposes.index(start.purpose),
                                         format_func=purpose_label, key=f"form_purpose_{key}")  # fmt: skip
        reason = st.text_input(
            t("register.reason"), opened.reason, placeholder=t("register.reason_hint"), key=f"form_reason_{key}"
        )
        changes = {name: value for name, value in values.items() if value != getattr(shown, name)}
        unsaved.keep("form", camera.camera_id, (shown, changes, reason) if changes else None)
        if st.button(t("register.save"), type="primary", icon=":material/save:", key=f"form_save_{key}"):
            _save(account, shown, changes, reason)


def purpose_label(purpose: str) -> str:
    """Name a purpose in a list.

    Parameters
    ----------
    purpose : str
        As it stands in the register.

    Returns
    -------
    str
        The purpose; one that article 17 does not name says so.
    """
    if not purpose:
        return t("panel.unknown")
    return purpose if purpose in editing.PURPOSES else t("sign.not_listed", purpose=purpose)


def _choice(name: str, label: str, options: tuple[str, ...], start: Camera, key: str) -> str:
    words = "azimuth" if name == "azimuth_source" else name
    return st.selectbox(
        t(label), options, options.index(getattr(start, name)), format_func=lambda option: t(f"{words}.{option}"),
        key=f"form_{name}_{key}",
    )  # fmt: skip


def _numbers(steps: dict[str, float], start: Camera, key: str) -> dict[str, object]:
    return {
        name: st.number_input(
            field_words(name), value=getattr(start, name), step=step, placeholder=t("panel.unknown"),
            key=f"form_{name}_{key}",
        )
        for name, step in steps.items()
    }  # fmt: skip


def _save(account: Account, camera: Camera, changes: dict[str, object], reason: str) -> None:
    if not changes:
        st.info(t("register.nothing_changed"))
        return
    try:
        editing.save_camera(
            session.runtime(), account, camera.camera_id, version=camera.version, changes=changes, reason=reason
        )
    except StaleEditError:
        seen = {name: getattr(camera, name) for name in changes}
        both_versions.keep(Conflict(camera.camera_id, seen, changes, reason))
        _drop_form(camera.camera_id)
        st.rerun()
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
        _drop_form(camera.camera_id)
        st.rerun()


def forget_form() -> None:
    """Forget what the form showed, so that it opens with what stands in the register now and what is not saved."""
    st.session_state.pop(SHOWN, None)


def _drop_form(camera_id: str) -> None:
    unsaved.keep("form", camera_id, None)
    forget_form()


def _as_shown(camera: Camera) -> Opened:
    """Give the camera as the form opened with it: a save by somebody else must not empty a form being filled in."""
    opened: Opened | None = st.session_state.get(SHOWN)
    if opened is None or opened.camera.camera_id != camera.camera_id:
        shown, changes, reason = unsaved.find("form", camera.camera_id) or (camera, {}, "")
        opened = st.session_state[SHOWN] = Opened(shown, replace(shown, **changes), reason)
    if opened.camera.version != camera.version:
        st.info(t("versions.newer"), icon=":material/group:")
        if st.button(t("versions.reload"), icon=":material/refresh:"):
            _drop_form(camera.camera_id)
            st.rerun()
    return opened
