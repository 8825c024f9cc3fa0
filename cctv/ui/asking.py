"""Asking about one place: a click on the ground, and a sentence that says why the camera sees it or does not."""

import streamlit as st

from cctv.i18n import number, t
from cctv.registry.models import Camera
from cctv.services import situation
from cctv.services.explaining import Explanation, explain_place
from cctv.services.mapdata import PointOnMap
from cctv.ui import session
from cctv.ui.map_layers import layer_url
from cctv.ui.position_editor import LonLat, Wedge, position_editor
from coverage.levels import Scale, level_scale

ICONS = {"seen": ":material/visibility:", "possible": ":material/help:"}
_WHOLE_NUMBERS = ("bearing_deg", "first_deg", "last_deg", "px_per_m")


def ask_about_place(item: PointOnMap, camera: Camera, scale: Scale) -> None:
    """Draw a map on which a person clicks a place, and the answer.

    Parameters
    ----------
    item : PointOnMap
        Point of the camera; without a position nothing is drawn.
    camera : Camera
        The camera that is asked about.
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels of picture quality.
    """
    lon, lat = item.point.lon, item.point.lat
    if lon is None or lat is None:
        return
    box = st.expander(t("asking.title"), icon=":material/visibility_off:", key="asking", on_change="rerun")
    if box.open:  # a second map costs an office PC half a second; closed, it must not delay the next click
        with box:
            _ask(LonLat(lon, lat), camera.camera_id, scale)


def _ask(start: LonLat, camera_id: str, scale: Scale) -> None:
    st.caption(t("asking.how"))
    answer = st.container()  # above the map, so that nobody has to scroll for it
    version = situation.fingerprint(session.runtime())
    parts = [layer_url("viewshed", bagian=part, kamera=camera_id, v=version) for part in ("pasti", "mungkin")]
    asked = position_editor(
        f"ask_{camera_id}_{version}", None, Wedge(None, 0, 0), error_m=None, editable=True,
        label=t("asking.label"), start=start, areas=parts,
    )  # fmt: skip
    if asked is not None:
        found = explain_place(session.runtime(), session.signed_in(), camera_id, asked.lon, asked.lat, scale)
        answer.info(sentence(found, scale), icon=ICONS.get(found.reason, ":material/visibility_off:"))


def sentence(found: Explanation, scale: Scale) -> str:
    """Write an explanation in words.

    Parameters
    ----------
    found : Explanation
        What stands in the way.
    scale : {"iec-2025", "iec-2014"}
        Edition of its level.

    Returns
    -------
    str
        One or two sentences with numbers and units.
    """
    words = {name: number(value, 0 if name in _WHOLE_NUMBERS else 1) for name, value in found.numbers.items()}
    text = t(f"asking.{found.reason}", **words, **found.names)
    level = found.names.get("level", "")
    if found.reason == "seen":
        text += " " + (
            t("asking.level", level=level.capitalize(), edition=level_scale(scale).edition, px=words["px_per_m"])
            if level
            else t("asking.no_level")
        )
    return text
