"""The table of cameras: a page of what a search finds, edited in its cells, and the register of an earlier day."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from cctv.errors import StaleEditError
from cctv.i18n import WIB, day, number, t
from cctv.registry.camera_pages import Found, Search, camera_page, count_cameras, offered
from cctv.registry.models import Account, Camera, Point
from cctv.services import editing, mapdata
from cctv.services.editing import TABLE_COLUMNS, TableEdit
from cctv.ui import session
from cctv.ui.both_versions import Conflict, keep
from cctv.ui.bulk_section import bulk_section
from cctv.ui.failure import show_error

SHOWN, EDITED = "table_as_shown", "register_table"
PAGE = 200


def table_frame(cameras: Iterable[tuple[Point, Camera]]) -> pd.DataFrame:
    """Lay out cameras as the table that people edit.

    Parameters
    ----------
    cameras : iterable of (Point, Camera)
        Cameras with their points.

    Returns
    -------
    DataFrame
        One row per camera, index ``camera_id``; unknown values are missing, never 0.
    """
    rows = [
        {
            "camera_id": camera.camera_id,
            "point": point.name,
            "kelurahan": point.kelurahan,
            "agency": camera.agency_name,
            **{name: getattr(camera, name) for name in TABLE_COLUMNS},
            "azimuth_words": camera.azimuth_words,
            "kind": t(f"kind.{camera.kind}"),
            "version": camera.version,
        }
        for point, camera in cameras
    ]
    frame = pd.DataFrame(rows).set_index("camera_id").sort_index()
    numbers = ["azimuth_deg", "height_m", "hfov_deg", "range_m"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def changed_rows(before: pd.DataFrame, after: pd.DataFrame) -> list[TableEdit]:
    """Find what a person changed.

    Parameters
    ----------
    before, after : DataFrame
        As laid out by :func:`table_frame`, and as edited.

    Returns
    -------
    list of TableEdit
        Rows with at least one change, by camera id.
    """
    edits: list[TableEdit] = []
    versions = {str(camera_id): int(version) for camera_id, version in before["version"].items()}
    for camera_id in before.index:
        changes = {
            name: _plain(after.loc[camera_id, name])
            for name in TABLE_COLUMNS
            if _plain(before.loc[camera_id, name]) != _plain(after.loc[camera_id, name])
        }
        if changes:
            edits.append(TableEdit(str(camera_id), versions[str(camera_id)], changes))
    return edits


def _plain(value: Any) -> object:  # noqa: ANN401 - a cell of a table
    return None if pd.isna(value) else value


def camera_table(account: Account, *, editable: bool) -> None:
    """Draw the table.

    Parameters
    ----------
    account : Account
        Who is looking.
    editable : bool
        Whether the account may change things.
    """
    config = _columns()
    if (past := _day_of_the_past()) is not None:
        _past_table(past, config)
        return
    search, first = _asked()
    registry = session.runtime().registry
    if not editable:
        found = camera_page(registry, search, first=first, most=PAGE)
        if found:
            st.dataframe(table_frame(_pairs(found)), column_config=config, height=_height(len(found)))
        return
    shown: tuple[object, pd.DataFrame] | None = st.session_state.get(SHOWN)
    if shown is not None and shown[0] != (search, first) and _edited_rows():
        st.warning(t("table.save_first", n=len(_edited_rows())), icon=":material/edit_note:")
        st.button(t("table.drop"), on_click=forget_table, icon=":material/delete:")
        search, first = shown[0]  # pyright: ignore[reportGeneralTypeIssues, reportAssignmentType]
    _edit(account, search, first, config)
    bulk_section(account, search)


def _asked() -> tuple[Search, int]:
    """Ask what to look for, and which page of it."""
    registry = session.runtime().registry
    some = offered(registry)
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_search"):
        text = st.text_input(
            t("table.search"), key="table_text", placeholder=t("map.search_hint"), icon=":material/search:", width=280
        )
        owners = _pick("field.owner", "owners", list(some.owners), lambda key: some.owners[key])
        statuses = _pick("field.status", "statuses", list(some.statuses), lambda key: t(f"status.{key}"))
        kelurahan = _pick("field.kelurahan", "kelurahan", list(some.kelurahan), str)
    search = Search(text, tuple(owners), tuple(statuses), tuple(kelurahan))
    n = count_cameras(registry, search)
    pages = max(1, -(-n // PAGE))
    if not n:
        st.info(t("table.nothing"), icon=":material/search_off:")
        return search, 0
    with st.container(horizontal=True, vertical_alignment="center"):
        page = 1
        if pages > 1:
            page = st.number_input(
                t("table.page", n=number(pages)), 1, pages, key=f"table_page_{hash(search)}", width=160
            )
        first = (page - 1) * PAGE
        st.caption(t("table.found", n=number(n), first=number(first + 1), last=number(min(n, first + PAGE))))
    return search, first


def _pick(label: str, key: str, options: list[str], words: Callable[[str], str]) -> list[str]:
    return st.multiselect(
        t(label), options, key=f"table_{key}", format_func=words, placeholder=t("map.all"), width=220
    )  # fmt: skip


def _edit(account: Account, search: Search, first: int, config: dict[str, Any]) -> None:
    found = camera_page(session.runtime().registry, search, first=first, most=PAGE)
    if not found and SHOWN not in st.session_state:
        return
    now = table_frame(_pairs(found))
    asked = (search, first)
    shown: tuple[object, pd.DataFrame] = st.session_state.get(SHOWN, ((), now))
    if shown[0] != asked:
        forget_table()
        shown = (asked, now)
    before = shown[1]
    st.session_state[SHOWN] = (asked, before)
    if not before.equals(now):
        st.info(t("versions.newer"), icon=":material/group:")
        st.button(t("versions.reload"), on_click=forget_table, icon=":material/refresh:")
    fixed = [name for name in before.columns if name not in TABLE_COLUMNS]
    after = st.data_editor(
        before, column_config=config, disabled=["_index", *fixed], height=_height(len(before)), key=EDITED
    )
    edits = changed_rows(before, after)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"), width=420)
        label = t("register.save_n", n=len(edits))
        if st.button(label, type="primary", disabled=not edits, icon=":material/save:"):
            _save(account, before, edits, reason)


def _edited_rows() -> dict[str, object]:
    return st.session_state.get(EDITED, {}).get("edited_rows", {})


def _pairs(found: Iterable[Found]) -> list[tuple[Point, Camera]]:
    return [(entry.point, entry.camera) for entry in found]


def _height(n: int) -> int:
    """Give the table the room that its rows need, and no more than fits a screen [px]."""
    return min(560, 40 + 35 * max(n, 1))


def _day_of_the_past() -> date | None:
    """Ask for a day; None shows and edits the present."""
    today = datetime.now(UTC).astimezone(WIB).date()
    asked = st.date_input(
        t("timeline.as_of"), value=None, max_value=today, format="DD/MM/YYYY", help=t("timeline.as_of_help"), width=220,
    )  # fmt: skip
    return asked if isinstance(asked, date) else None


def _past_table(asked: date, config: dict[str, Any]) -> None:
    forget_table()
    end = datetime.combine(asked, time.max, WIB)
    past = mapdata.points_as_of(session.runtime(), end)
    if not past:
        st.info(t("timeline.as_of_empty", day=day(asked)), icon=":material/history:")
        return
    frame = table_frame((item.point, camera) for item in past for camera in item.cameras)
    st.info(t("timeline.as_of_text", day=day(asked), n=len(frame)), icon=":material/history:")
    st.dataframe(frame, column_config=config, height=560)


def _save(account: Account, before: pd.DataFrame, edits: list[TableEdit], reason: str) -> None:
    result = editing.save_table(session.runtime(), account, edits, reason)
    wanted = {edit.camera_id: edit.changes for edit in edits}
    second = [camera_id for camera_id, error in result.refused if isinstance(error, StaleEditError)]
    for camera_id in second:
        seen = {name: _plain(before.loc[camera_id, name]) for name in wanted[camera_id]}
        keep(Conflict(camera_id, seen, wanted[camera_id], reason))
    for camera_id, error in result.refused:
        if camera_id not in second:
            st.markdown(f"**{camera_id}**")
            show_error(error)
    if result.saved:
        st.toast(t("register.saved", cameras=", ".join(result.saved)), icon=":material/check:")
    if len(second) == len(result.refused):
        forget_table()
        st.rerun()
    saved = list(result.saved)  # the other rows stay as they are being edited
    if saved:
        asked = st.session_state[SHOWN][0]
        every = camera_page(session.runtime().registry, asked[0], first=asked[1], most=PAGE)
        fresh = table_frame(_pairs(entry for entry in every if entry.camera.camera_id in saved))
        st.session_state[SHOWN] = (asked, pd.concat([before.drop(index=list(fresh.index)), fresh]).sort_index())


def forget_table() -> None:
    """Forget what the table showed and what was entered in it, so that it opens with what stands in the register."""
    for key in (SHOWN, EDITED):
        st.session_state.pop(key, None)


def _columns() -> dict[str, Any]:
    column = st.column_config
    statuses, sources = ["on", "off", "trouble", "maintenance"], ["measured", "aimed", "words", "unknown"]
    return {
        "_index": column.TextColumn(t("field.id"), pinned=True),
        "point": column.TextColumn(t("register.point"), pinned=True),
        "kelurahan": t("field.kelurahan"),
        "agency": t("field.owner"),
        "name": t("field.name"),
        "status": column.SelectboxColumn(t("field.status"), options=statuses, format_func=lambda s: t(f"status.{s}")),
        "azimuth_deg": column.NumberColumn(t("register.azimuth_deg"), min_value=0, max_value=359.99),
        "azimuth_source": column.SelectboxColumn(
            t("register.azimuth_source"), options=sources, format_func=lambda s: t(f"azimuth.{s}")
        ),
        "height_m": column.NumberColumn(t("register.height_m"), min_value=0.5, max_value=60),
        "hfov_deg": column.NumberColumn(t("register.hfov_deg"), min_value=1, max_value=360),
        "range_m": column.NumberColumn(t("register.range_m"), min_value=1, max_value=1000),
        "purpose": column.SelectboxColumn(t("field.purpose"), options=["", *editing.PURPOSES]),
        "sign": column.CheckboxColumn(t("field.sign")),
        "azimuth_words": t("register.azimuth_words"),
        "kind": t("field.kind"),
        "version": None,
    }
