"""The wall screen: live pictures side by side, saved layouts, turning pages by keyboard or by themselves."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry.models import Account, Camera
from cctv.registry.walls import SIZES, WallLayout
from cctv.services import wall
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.picture import live_picture

DEFAULT_SIZE = 4
PATROL_S = 15.0
#: Width asked for [px] by the number of columns.
WIDTHS_PX = {1: 1280, 2: 800, 3: 560, 4: 400}


def wall_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; an account of one agency sees its own cameras.
    """
    cameras = {camera.camera_id: camera for camera in wall.cameras_for(session.runtime(), account)}
    layouts = {layout.name: layout for layout in wall.layouts_of(session.runtime(), account)}
    st.title(t("wall.title"), anchor=False, help=t("wall.help"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_layout(layouts, cameras)
        size = st.segmented_control(
            t("wall.size"), SIZES, default=DEFAULT_SIZE, required=True, key="wall_size",
            format_func=number,
        )  # fmt: skip
        patrol = st.toggle(t("wall.patrol", n=number(PATROL_S)), key="wall_patrol")
    with st.popover(t("wall.cameras"), icon=":material/tune:", width="content"):
        chosen = st.multiselect(
            t("wall.cameras"), list(cameras), format_func=lambda one: f"{cameras[one].name} ({one})",
            label_visibility="collapsed", placeholder=t("wall.choose"), key="wall_cameras",
        )  # fmt: skip
        _keep(account, layouts, WallLayout("", size or DEFAULT_SIZE, tuple(chosen)))
    if not chosen:
        st.info(t("wall.none"), icon=":material/grid_view:")
        return
    run_every = PATROL_S if patrol else None
    st.fragment(_pages, run_every=run_every)([cameras[one] for one in chosen], size or DEFAULT_SIZE, patrol=patrol)


def _choose_layout(layouts: dict[str, WallLayout], cameras: dict[str, Camera]) -> None:
    """Offer the saved walls; choosing one fills size and cameras."""

    def take() -> None:
        layout = layouts.get(st.session_state["wall_layout"] or "")
        if layout is not None:
            st.session_state["wall_size"] = layout.size
            st.session_state["wall_cameras"] = [one for one in layout.camera_ids if one in cameras]
            st.session_state["wall_page"] = 0

    st.selectbox(
        t("wall.layout"), list(layouts), index=None, placeholder=t("wall.layout_none"), on_change=take,
        key="wall_layout", width=260,
    )  # fmt: skip


def _keep(account: Account, layouts: dict[str, WallLayout], shown: WallLayout) -> None:
    """Save what is shown under a name, or take a saved wall away."""
    with st.form("wall_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("wall.name"), key="wall_name", width=260)
        saves = st.form_submit_button(t("wall.save"), icon=":material/save:")
        removes = st.form_submit_button(t("wall.delete"), icon=":material/delete:", disabled=not layouts)
    if not (saves or removes):
        return
    try:
        if saves:
            wall.save(session.runtime(), account, WallLayout(name.strip(), shown.size, shown.camera_ids))
        else:
            wall.delete(session.runtime(), account, name.strip())
    except CctvError as error:
        show_error(error)
        return
    st.toast(t("wall.saved" if saves else "wall.deleted", name=name.strip()))
    st.rerun()


def _pages(cameras: list[Camera], size: int, *, patrol: bool) -> None:
    """Draw one page of the wall and the way to the others."""
    n_pages = -(-len(cameras) // size)
    page = st.session_state.get("wall_page", 0) % n_pages
    if n_pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            back = st.button(t("wall.before"), icon=":material/chevron_left:", shortcut="Left", key="wall_before")
            on = st.button(t("wall.after"), icon=":material/chevron_right:", shortcut="Right", key="wall_after")
            by_itself = patrol and not back and not on
            page = (page + (on or by_itself) - back) % n_pages
            st.markdown(t("wall.page", n=number(page + 1), of=number(n_pages)))
        st.session_state["wall_page"] = page
    n_columns = round(size**0.5)
    shown = cameras[page * size : (page + 1) * size]
    for start in range(0, len(shown), n_columns):
        for column, camera in zip(st.columns(n_columns), shown[start : start + n_columns], strict=False):
            with column:
                live_picture(camera.camera_id, camera.name, width_px=WIDTHS_PX[n_columns])
                st.caption(camera.name)
