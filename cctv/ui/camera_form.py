"""The form of one camera: every attribute, its position on a map, and both versions when two people edit at once."""

import streamlit as st

from cctv.errors import CctvError, StaleEditError
from cctv.i18n import t
from cctv.registry.models import Account, Camera
from cctv.services import editing
from cctv.services.mapdata import PointOnMap
from cctv.ui import both_versions, session
from cctv.ui.both_versions import Conflict
from cctv.ui.failure import show_error
from cctv.ui.maintenance_report import fault_section
from cctv.ui.panel import camera_facts, facts_list, point_facts
from cctv.ui.sign_form import sign_section
from cctv.ui.stance_section import stance_section
from cctv.ui.timeline import camera_timeline
from cctv.ui.view_section import view_section

STATUSES = ("on", "off", "trouble", "maintenance")
SOURCES = ("measured", "aimed", "words", "unknown")
TYPES = ("fixed", "ptz", "dome")
SHOWN = "form_as_shown"


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
    ids = sorted(by_id)
    asked = st.query_params.get("camera", "")
    chosen = st.selectbox(
        t("register.choose"), ids, index=ids.index(asked) if asked in by_id else 0,
        format_func=lambda key: camera_label(*by_id[key]),
    )  # fmt: skip
    st.query_params["camera"] = chosen
    item, camera = by_id[chosen]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        if editable:
            _fields(account, _as_shown(camera))
        else:
            st.html(facts_list(camera_facts(camera)))
        fault_section(account, camera)
        sign_section(account, camera, editable=editable)
    with right:
        stance_section(account, points, item, camera, editable=editable)
        st.html(facts_list(point_facts(item)))
    view_section(account, item, camera)
    camera_timeline(account, item, camera, editable=editable)


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


def _fields(account: Account, camera: Camera) -> None:
    with st.form(f"form_{camera.camera_id}_{camera.version}"):
        values: dict[str, object] = {
            "name": st.text_input(t("field.name"), camera.name),
            "status": st.selectbox(t("field.status"), STATUSES, STATUSES.index(camera.status),
                                   format_func=lambda s: t(f"status.{s}")),
            "status_reason": st.text_input(t("register.status_reason"), camera.status_reason),
            "camera_type": st.selectbox(t("field.camera_type"), TYPES, TYPES.index(camera.camera_type),
                                        format_func=lambda s: t(f"camera_type.{s}")),
        }  # fmt: skip
        first, second = st.columns(2)
        with first:
            values["azimuth_deg"] = _number("register.azimuth_deg", camera.azimuth_deg, 1.0)
            values["height_m"] = _number("register.height_m", camera.height_m, 0.5)
            values["tilt_deg"] = _number("register.tilt_deg", camera.tilt_deg, 1.0)
        with second:
            values["azimuth_source"] = st.selectbox(
                t("register.azimuth_source"), SOURCES, SOURCES.index(camera.azimuth_source),
                format_func=lambda s: t(f"azimuth.{s}"),
            )  # fmt: skip
            values["hfov_deg"] = _number("register.hfov_deg", camera.hfov_deg, 5.0)
            values["range_m"] = _number("register.range_m", camera.range_m, 5.0)
            values["infrared_range_m"] = _number("register.infrared_m", camera.infrared_range_m, 5.0)
        values["azimuth_words"] = st.text_input(t("register.azimuth_words"), camera.azimuth_words)
        purposes = list(dict.fromkeys(["", *editing.PURPOSES, camera.purpose]))
        values["purpose"] = st.selectbox(t("field.purpose"), purposes, purposes.index(camera.purpose),
                                         format_func=purpose_label)  # fmt: skip
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
        if st.form_submit_button(t("register.save"), type="primary", icon=":material/save:"):
            changes = {name: value for name, value in values.items() if value != getattr(camera, name)}
            _save(account, camera, changes, reason)


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


def _number(label: str, value: float | None, step: float) -> float | None:
    return st.number_input(t(label), value=value, step=step, placeholder=t("panel.unknown"))


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
        forget_form()
        st.rerun()
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=camera.camera_id), icon=":material/check:")
        forget_form()
        st.rerun()


def forget_form() -> None:
    """Forget what the form showed, so that it opens with what stands in the register now."""
    st.session_state.pop(SHOWN, None)


def _as_shown(camera: Camera) -> Camera:
    """Give the camera as the form opened with it: a save by somebody else must not empty a form being filled in."""
    shown = st.session_state.setdefault(SHOWN, camera)
    if shown.camera_id != camera.camera_id:
        shown = st.session_state[SHOWN] = camera
    if shown.version != camera.version:
        st.info(t("versions.newer"), icon=":material/group:")
        st.button(t("versions.reload"), on_click=forget_form, icon=":material/refresh:")
    return shown
