"""The panel beside the map: the point that was clicked, its cameras, picture, facts and where they come from."""

from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from cctv.i18n import day, moment, number, t
from cctv.permissions import Permission
from cctv.registry.models import Camera
from cctv.services import mapdata
from cctv.services.along import neighbours
from cctv.services.mapdata import PointOnMap
from cctv.services.maplayers import DEFAULT_SCALE
from cctv.services.reporting import LONGEST_REASON
from cctv.settings import page_file
from cctv.ui import session
from cctv.ui.asking import ask_about_place
from cctv.ui.maintenance_report import fault_section
from cctv.ui.map_layers import error_sentence
from cctv.ui.picture import live_picture
from cctv.ui.report_links import purpose_picker
from coverage.levels import Scale, level_scale
from coverage.optics import HALF_TURN_DEG, level_ranges_m

UNKNOWN = "panel.unknown"


def point_panel(item: PointOnMap, camera: Camera, scale: Scale) -> None:
    """Show a point, with one of its cameras chosen.

    Parameters
    ----------
    item : PointOnMap
        The point that was clicked.
    camera : Camera
        The camera to open with.
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels of picture quality.
    """
    st.subheader(item.point.name, anchor=False)
    st.html(" ".join(_tags(item)))
    chosen = _choose_camera(item, camera)
    _moving_picture(chosen)
    fault_section(session.signed_in(), chosen)
    st.html(facts_list(camera_facts(chosen, scale)))
    ask_about_place(item, chosen, scale)
    with st.expander(t("panel.about_point"), icon=":material/pin_drop:"):
        st.html(facts_list(point_facts(item)))
    if session.may(Permission.EDIT_REGISTER):
        st.page_link(
            page_file("kamera"), label=t("panel.edit"), icon=":material/edit:",
            query_params={"camera": chosen.camera_id},
        )  # fmt: skip


def empty_panel(n_unplaced: int) -> None:
    """Say what a click does, and how many points cannot be clicked because nobody has placed them.

    Parameters
    ----------
    n_unplaced : int
        Points without a position.
    """
    st.subheader(t("panel.empty_title"), anchor=False)
    st.markdown(t("panel.empty_text"))
    if n_unplaced:
        st.info(t("panel.unplaced", n=n_unplaced), icon=":material/location_off:")


def _moving_picture(camera: Camera) -> None:
    """Show the picture with the ways to its neighbours, and offer to take it away."""
    points = mapdata.all_points(session.runtime())
    other = live_picture(
        camera.camera_id, camera.name, controls=True, along=neighbours(points, camera.camera_id),
        go=partial(_choose_at_its_point, points),
    )  # fmt: skip
    if other is not None:
        st.query_params["camera"] = other
        st.rerun()
    with st.popover(t("picture.download"), icon=":material/download:", help=t("picture.download_help")):
        reason = purpose_picker(f"picture_{camera.camera_id}", LONGEST_REASON // 2)
        st.link_button(
            t("picture.download_go"), f"/unduh/gambar/{camera.camera_id}?{urlencode({'keperluan': reason})}",
            disabled=not reason, icon=":material/download:", width="stretch",
        )  # fmt: skip


def _choose_at_its_point(points: list[PointOnMap], camera_id: str) -> None:
    """Let the choice among the cameras of a point follow."""
    found = mapdata.find_camera(points, camera_id)
    if found is not None:
        st.session_state[_choice_key(found[0])] = camera_id


def _choice_key(item: PointOnMap) -> str:
    return f"cameras_{item.point.point_id}"


def _choose_camera(item: PointOnMap, camera: Camera) -> Camera:
    by_id = {c.camera_id: c for c in item.cameras}
    if len(by_id) == 1:
        return camera
    marks = {"on": "●", "trouble": "◐", "maintenance": "◐", "off": "○"}
    key = _choice_key(item)
    chosen = st.pills(
        t("panel.cameras", n=len(by_id)), list(by_id), key=key,
        default=None if key in st.session_state else camera.camera_id,
        format_func=lambda one: f"{marks[by_id[one].status]} {_short(by_id[one], item)}",
    )  # fmt: skip
    selected = by_id.get(chosen or camera.camera_id, camera)
    st.query_params["camera"] = selected.camera_id
    return selected


def _short(camera: Camera, item: PointOnMap) -> str:
    if camera.azimuth_words:
        return camera.azimuth_words
    return camera.name.removeprefix(item.point.name).strip(" -·") or camera.camera_id


def _tags(item: PointOnMap) -> list[str]:
    tags = [f'<span class="tag tag-{item.status}">{escape(t(f"map.pin.{item.status}", n=len(item.cameras)))}</span>']
    if item.is_guess:
        tags.append(f'<span class="tag tag-guess">{escape(t("panel.guess"))}</span>')
    if item.point.is_outside_city:
        tags.append(f'<span class="tag tag-guess">{escape(t("panel.outside"))}</span>')
    if item.point.kind == "synthetic":
        tags.append(f'<span class="tag tag-synthetic">{escape(t("panel.synthetic"))}</span>')
    return tags


def camera_facts(camera: Camera, scale: Scale = DEFAULT_SCALE) -> list[tuple[str, str]]:
    """List the facts of a camera, each unknown shown as unknown.

    Parameters
    ----------
    camera : Camera
        The camera.
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels of picture quality.

    Returns
    -------
    list of tuple of str
        Name and value, in the order of the screen.
    """
    status = t(f"status.{camera.status}")
    if camera.status_since is not None:
        status += f" {t('panel.since', when=moment(camera.status_since))}"
    if camera.status_reason:
        status += f" ({camera.status_reason})"
    return [
        (t("field.status"), status),
        (t("field.owner"), camera.agency_name),
        (t("field.azimuth"), azimuth_text(camera)),
        (t("field.height"), _measure(camera.height_m, "m", 1)),
        (t("field.hfov"), _measure(camera.hfov_deg, "°")),
        (t("field.range"), _measure(camera.range_m, "m")),
        (t("field.infrared"), _measure(camera.infrared_range_m, "m")),
        (t("field.levels"), levels_text(camera, scale)),
        (t("field.model"), camera.model or t(UNKNOWN)),
        (t("field.purpose"), camera.purpose or t(UNKNOWN)),
        (t("field.sign"), t(UNKNOWN) if camera.sign is None else t("panel.yes" if camera.sign else "panel.no")),
        (t("field.source"), f"{camera.source} ({day(camera.as_of)})"),
        (t("field.data_certainty"), t(f"certainty.{camera.certainty}")),
        (t("field.id"), camera.camera_id),
    ]


def azimuth_text(camera: Camera) -> str:
    """Say where a camera looks and how that is known.

    Parameters
    ----------
    camera : Camera
        The camera.

    Returns
    -------
    str
        Degrees with provenance, or that it is unknown.
    """
    if camera.azimuth_deg is None:
        return f"{t(UNKNOWN)} ({camera.azimuth_words})" if camera.azimuth_words else t(UNKNOWN)
    return f"{number(camera.azimuth_deg)}° ({t(f'azimuth.{camera.azimuth_source}')})"


def levels_text(camera: Camera, scale: Scale) -> str:
    """Say how far along its axis a camera reaches each level of picture quality.

    Parameters
    ----------
    camera : Camera
        The camera.
    scale : {"iec-2025", "iec-2014"}
        Edition.

    Returns
    -------
    str
        Levels with distance, the finest first, and the edition of the standard.
    """
    if camera.hfov_deg is None or camera.hfov_deg >= HALF_TURN_DEG or not camera.resolution_px:
        return t(UNKNOWN)
    ranges = level_ranges_m(camera, scale)
    near = [f"{key.capitalize()} {number(metres)} m" for key, metres in reversed(ranges.items()) if metres >= 1]
    return f"{', '.join(near)} ({level_scale(scale).edition})"


def point_facts(item: PointOnMap) -> list[tuple[str, str]]:
    """List the facts of a point.

    Parameters
    ----------
    item : PointOnMap
        The point.

    Returns
    -------
    list of tuple of str
        Name and value, in the order of the screen.
    """
    point = item.point
    position = f"{point.lat:.5f}, {point.lon:.5f}" if item.is_placed else t("panel.not_placed")
    return [
        (t("field.position"), position),
        (t("field.certainty"), f"{t(f'certainty.{point.position_certainty}')}; {error_sentence(point.est_error_m)}"),
        (t("field.kelurahan"), point.kelurahan or t(UNKNOWN)),
        (t("field.street"), point.street or t(UNKNOWN)),
        (t("field.mount"), t(f"mount.{point.mount}")),
        (t("field.kind"), t(f"kind.{point.kind}")),
        (t("field.source"), f"{point.source} ({day(point.as_of)})"),
        (t("field.note"), point.note or "-"),
        (t("field.id"), point.point_id),
    ]


def _measure(value: float | None, unit: str, decimals: int = 0) -> str:
    return t(UNKNOWN) if value is None else f"{number(value, decimals)} {unit}"


def facts_list(rows: list[tuple[str, str]]) -> str:
    """Lay out facts as a list of names and values.

    Parameters
    ----------
    rows : list of tuple of str
        Name and value.

    Returns
    -------
    str
        HTML.
    """
    return '<dl class="fact">' + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in rows) + "</dl>"
