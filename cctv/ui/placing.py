"""The points that nobody has placed: a list, and a map to put each where it stands."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import t
from cctv.registry.models import Account
from cctv.services import editing
from cctv.services.mapdata import PointOnMap
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.panel import facts_list, point_facts
from cctv.ui.position_editor import OPENING_HFOV_DEG, OPENING_RANGE_M, LonLat, Wedge, position_editor


def placing_list(account: Account, points: list[PointOnMap], *, editable: bool) -> None:
    """Draw the list of unplaced points and the map of the chosen one.

    Parameters
    ----------
    account : Account
        Who is looking.
    points : list of PointOnMap
        Points without a position.
    editable : bool
        Whether the account may place them.
    """
    if not points:
        st.success(t("register.all_placed"), icon=":material/check:")
        return
    st.markdown(t("register.unplaced_text", n=len(points)))
    by_id = {item.point.point_id: item for item in points}
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
        key = f"place_{chosen}_{item.point.version}"
        moved = position_editor(key, None, wedge, error_m=None, editable=editable)
        if editable:
            _save_position(account, item, moved)


def _save_position(account: Account, item: PointOnMap, moved: LonLat | None) -> None:
    point = item.point
    if moved is None:
        st.caption(t("register.move_hint"))
        return
    st.markdown(t("register.moved", lat=f"{moved.lat:.6f}", lon=f"{moved.lon:.6f}"))
    reason = st.text_input(t("register.place_reason"), key=f"why_{point.point_id}")
    if st.button(t("register.save_position"), type="primary", icon=":material/pin_drop:"):
        try:
            editing.place_point(
                session.runtime(), account, point.point_id, version=point.version, lon=moved.lon, lat=moved.lat,
                reason=reason,
            )  # fmt: skip
        except CctvError as error:
            show_error(error)
        else:
            st.toast(t("register.placed", name=point.name), icon=":material/check:")
            st.rerun()
