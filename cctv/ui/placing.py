"""The points that nobody has placed: a list, and a map to put each where it stands."""

import streamlit as st

from cctv.errors import CctvError, NotFoundError
from cctv.i18n import t
from cctv.registry import points
from cctv.registry.models import Account, Point
from cctv.services import editing
from cctv.services.mapdata import PointOnMap
from cctv.ui import session, unsaved
from cctv.ui.failure import show_error
from cctv.ui.panel import facts_list, point_facts
from cctv.ui.position_editor import OPENING_HFOV_DEG, OPENING_RANGE_M, LonLat, Wedge, position_editor


def placing_list(account: Account, waiting: list[PointOnMap], *, editable: bool) -> None:
    """Draw the list of unplaced points and the map of the chosen one.

    Parameters
    ----------
    account : Account
        Who is looking.
    waiting : list of PointOnMap
        Points without a position.
    editable : bool
        Whether the account may place them.
    """
    by_id = {item.point.point_id: item for item in waiting}
    _placed_meanwhile(account, set(by_id))
    if not waiting:
        st.success(t("register.all_placed"), icon=":material/check:")
        return
    st.markdown(t("register.unplaced_text", n=len(waiting)))
    left, right = st.columns([1, 2], gap="medium")
    with left:
        chosen = st.radio(
            t("register.unplaced"), list(by_id), label_visibility="collapsed",
            format_func=lambda key: f"{by_id[key].point.name} ({len(by_id[key].cameras)})",
        )  # fmt: skip
        item = by_id[chosen]
        st.html(facts_list(point_facts(item)))
    with right:
        wedge = Wedge(None, OPENING_HFOV_DEG, OPENING_RANGE_M)
        begun: LonLat | None = unsaved.find("place", chosen)
        moved = position_editor(f"place_{chosen}", begun, wedge, error_m=None, editable=editable) or begun
        if editable:
            unsaved.keep("place", chosen, moved)
            _save_position(account, item.point, moved)


def _placed_meanwhile(account: Account, unplaced: set[str]) -> None:
    """Let a person choose where somebody else has placed a point that they were placing."""
    for point_id in unsaved.records("place"):
        if point_id in unplaced:
            continue
        mine: LonLat = unsaved.find("place", point_id)
        try:
            point = points.get_point(session.runtime().registry, point_id)
        except NotFoundError:
            unsaved.drop(point_id)
            continue
        with st.container(border=True, key=f"placed_{point_id}"):
            st.warning(
                t("placing.meanwhile", name=point.name, mine=f"{mine.lat:.6f}, {mine.lon:.6f}",
                  theirs=t("panel.unknown") if point.lat is None else f"{point.lat:.6f}, {point.lon:.6f}"),
                icon=":material/group:",
            )  # fmt: skip
            _save_position(account, point, mine)
            st.button(t("placing.drop"), key=f"drop_place_{point_id}", on_click=unsaved.drop, args=(point_id,))


def _save_position(account: Account, point: Point, moved: LonLat | None) -> None:
    if moved is None:
        st.caption(t("register.move_hint"))
        return
    st.markdown(t("register.moved", lat=f"{moved.lat:.6f}", lon=f"{moved.lon:.6f}"))
    reason = st.text_input(t("register.place_reason"), key=f"why_{point.point_id}")
    if st.button(t("register.save_position"), type="primary", icon=":material/pin_drop:", key=f"put_{point.point_id}"):
        try:
            editing.place_point(
                session.runtime(), account, point.point_id, version=point.version, lon=moved.lon, lat=moved.lat,
                reason=reason,
            )  # fmt: skip
        except CctvError as error:
            show_error(error)
        else:
            unsaved.drop(point.point_id)
            st.toast(t("register.placed", name=point.name), icon=":material/check:")
            st.rerun()
