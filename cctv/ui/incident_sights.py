"""The cameras of an incident: pictures of those that see the place, those that can be turned, the next ones."""

from html import escape

import pandas as pd
import streamlit as st

from cctv.i18n import moment, number, t
from cctv.services.incident_words import sight_words, state_words
from cctv.services.sighted import Sighted, Sighting
from cctv.ui.incident_map import LETTERS
from cctv.ui.picture import live_picture

#: Pictures at once; the others stand in a table below.
MOST_PICTURES, WIDTH_PX = 6, 560
#: Pictures of the next cameras along the streets.
MOST_NEXT = 2


def pictures(sighted: Sighted) -> None:
    """Show the pictures of the best cameras, then of the next ones along the streets; list the others.

    Parameters
    ----------
    sighted : Sighted
        What watches the place.
    """
    best, rest = sighted.cameras[:MOST_PICTURES], sighted.cameras[MOST_PICTURES:]
    for start in range(0, len(best), 2):
        for column, (rank, one) in zip(st.columns(2), enumerate(best[start : start + 2], start + 1), strict=False):
            with column:
                live_picture(one.camera.camera_id, one.camera.name, width_px=WIDTH_PX)
                st.html(_caption(rank, one))
    nearest = [(LETTERS[k], one) for k, one in enumerate(sighted.neighbours) if one.works][:MOST_NEXT]
    if nearest:
        st.caption(t("incident.next_pictures"))
        for column, (mark, near) in zip(st.columns(MOST_NEXT), nearest, strict=False):
            with column:
                live_picture(near.camera.camera_id, near.camera.name, width_px=WIDTH_PX)
                way = t("incident.way", direction=t(f"incident.compass_{near.direction}"), n=number(near.along_m))
                st.html(_below(f"{mark}. {near.camera.name}", way))
    if rest:
        with st.expander(t("incident.others", n=number(len(rest)))):
            st.dataframe(_table(rest, len(best) + 1), hide_index=True)


def turnable(sighted: Sighted) -> None:
    """List the PTZ cameras that could see the place if somebody turned them.

    Parameters
    ----------
    sighted : Sighted
        What watches the place.
    """
    if not sighted.turnable:
        return
    st.subheader(t("incident.turn_title"), anchor=False, help=t("incident.turn_help"))
    st.caption(t("incident.turn_text"))
    st.dataframe(_table(sighted.turnable), hide_index=True)


def neighbours(sighted: Sighted) -> None:
    """List the next cameras along the streets.

    Parameters
    ----------
    sighted : Sighted
        What watches the place.
    """
    st.subheader(t("incident.next_title"), anchor=False, help=t("incident.next_help"))
    if not sighted.neighbours:
        st.caption(t("incident.next_none"))
        return
    rows = [
        {
            t("incident.mark"): LETTERS[k],
            t("incident.direction"): t(f"incident.compass_{one.direction}"),
            t("incident.along"): f"{number(one.along_m)} m",
            t("incident.street"): one.street or t("incident.street_none"),
            t("incident.camera"): one.camera.name,
            t("incident.sight"): t("incident.sight_seen" if one.is_certain else "incident.sight_possible"),
            t("incident.state"): state_words(works=one.works),
        }
        for k, one in enumerate(sighted.neighbours)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _caption(rank: int, one: Sighting) -> str:
    answered = one.asked_at is not None and t("incident.asked", when=moment(one.asked_at), reason=_reason(one))
    lines = (f"{one.camera.agency_name} · {sight_words(one)}", f"{state_words(works=one.works)}. {answered or ''}")
    return _below(f"{rank}. {one.camera.name}", *lines)


def _below(name: str, *lines: str) -> str:
    words = "<br>".join(escape(line) for line in lines)
    return f'<div class="sight"><b>{escape(name)}</b><small>{words}</small></div>'


def _reason(one: Sighting) -> str:
    return t(f"picture.reason.{one.reason}") if one.reason else t("incident.answered")


def _table(found: list[Sighting], first: int | None = None) -> pd.DataFrame:
    rows = [
        {
            t("incident.mark"): "T" if first is None else str(first + k),
            t("incident.camera"): one.camera.name,
            t("incident.owner"): one.camera.agency_name,
            t("incident.sight"): sight_words(one),
            t("incident.state"): state_words(works=one.works),
        }
        for k, one in enumerate(found)
    ]
    return pd.DataFrame(rows)
