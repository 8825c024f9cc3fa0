"""One page of the table of cameras as people edit it: what was entered stays until it is saved or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from cctv.errors import StaleEditError
from cctv.i18n import t
from cctv.registry.camera_pages import Found, Search, camera_page
from cctv.registry.models import Account
from cctv.services import editing
from cctv.services.editing import TABLE_COLUMNS, TableEdit
from cctv.ui import session, unsaved
from cctv.ui.both_versions import Conflict, keep
from cctv.ui.failure import show_error

SHEET, EDITED = "table_sheet", "register_table"


@dataclass(frozen=True)
class Asked:
    """Which page of which search."""

    search: Search
    first: int
    length: int


@dataclass
class Sheet:
    """A page that is being edited.

    Attributes
    ----------
    asked : Asked
        Which page.
    before : DataFrame
        As it stood in the register when it was opened.
    start : DataFrame
        What the table on the screen began with: the same, or what had been entered when the person left.
    after : DataFrame
        With everything that was entered.
    edits : list of TableEdit
        What differs.
    """

    asked: Asked
    before: pd.DataFrame
    start: pd.DataFrame
    after: pd.DataFrame
    edits: list[TableEdit] = field(default_factory=list[TableEdit])


def table_frame(found: Sequence[Found]) -> pd.DataFrame:
    """Lay out cameras as the table that people edit.

    Parameters
    ----------
    found : sequence of Found
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
        for point, camera in ((entry.point, entry.camera) for entry in found)
    ]
    if not rows:
        return pd.DataFrame()
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


def edit_page(account: Account, asked: Asked, config: dict[str, Any]) -> None:
    """Draw a page with the button that saves what was entered.

    Parameters
    ----------
    account : Account
        Who edits.
    asked : Asked
        Which page; while another one has entries that are not saved, that one stays.
    config : dict
        How the columns look.
    """
    sheet, now = _opened(asked)
    if sheet.asked != asked:
        st.warning(t("table.save_first", n=len(sheet.edits)), icon=":material/edit_note:")
        st.button(t("table.drop"), on_click=forget_table, icon=":material/delete:")
    if sheet.before.empty:
        return
    if not sheet.before.equals(now):
        st.info(t("versions.newer"), icon=":material/group:")
        st.button(t("versions.reload"), on_click=forget_table, icon=":material/refresh:")
    fixed = [name for name in sheet.before.columns if name not in TABLE_COLUMNS]
    sheet.after = st.data_editor(
        sheet.start, column_config=config, disabled=["_index", *fixed], height=table_height(len(sheet.start)),
        key=EDITED,
    )  # fmt: skip
    sheet.edits = changed_rows(sheet.before, sheet.after)
    unsaved.keep("table", t("register.view_table"), True if sheet.edits else None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"), width=420)
        label = t("register.save_n", n=len(sheet.edits))
        if st.button(label, type="primary", disabled=not sheet.edits, icon=":material/save:"):
            _save(account, sheet, reason)


def table_height(n: int) -> int:
    """Give a table the room that its rows need, and no more than fits a screen.

    Parameters
    ----------
    n : int
        Rows.

    Returns
    -------
    int
        Height [px].
    """
    return min(560, 40 + 35 * max(n, 1))


def forget_table() -> None:
    """Forget what was entered in the table, so that it opens with what stands in the register."""
    unsaved.drop(t("register.view_table"))
    for key in (SHEET, EDITED):
        st.session_state.pop(key, None)


def _opened(asked: Asked) -> tuple[Sheet, pd.DataFrame]:
    """Give the page that is edited, and the same page as it stands in the register now."""
    sheet: Sheet | None = st.session_state.get(SHEET)
    entered = st.session_state.get(EDITED, {}).get("edited_rows")
    if sheet is None or not (sheet.edits or entered):
        now = _frame(asked)
        st.session_state.pop(EDITED, None)
        sheet = st.session_state[SHEET] = Sheet(asked, now, now, now)
        return sheet, now
    if EDITED not in st.session_state:  # the person was elsewhere meanwhile
        sheet.start = sheet.after
    return sheet, _frame(sheet.asked)


def _frame(asked: Asked) -> pd.DataFrame:
    return table_frame(camera_page(session.runtime().registry, asked.search, first=asked.first, most=asked.length))


def _save(account: Account, sheet: Sheet, reason: str) -> None:
    before = sheet.before
    result = editing.save_table(session.runtime(), account, sheet.edits, reason)
    wanted = {edit.camera_id: edit.changes for edit in sheet.edits}
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
    if result.saved:  # the other rows stay as they are being edited
        fresh = _frame(sheet.asked)
        fresh = fresh[fresh.index.isin(result.saved)]
        sheet.before = pd.concat([before.drop(index=list(fresh.index)), fresh]).sort_index()
