"""The register screen: table, form with map, the points nobody has placed, and the history."""

from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd
import streamlit as st

from cctv.errors import StaleEditError
from cctv.i18n import WIB, day, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.services import editing, mapdata
from cctv.services.editing import TABLE_COLUMNS, TableEdit
from cctv.services.mapdata import PointOnMap
from cctv.ui import session
from cctv.ui.both_versions import Conflict, conflicts_section, keep
from cctv.ui.camera_form import camera_form, forget_form
from cctv.ui.failure import show_error
from cctv.ui.placing import placing_list
from cctv.ui.timeline import last_change, register_timeline
from cctv.ui.unsaved import unsaved_note

VIEWS = ("table", "form", "unplaced", "history")
SHOWN = "table_as_shown"


def register_screen(account: Account) -> None:
    """Draw the register screen.

    Parameters
    ----------
    account : Account
        Who is looking; editors may change things.
    """
    runtime = session.runtime()
    points = mapdata.all_points(runtime)
    editable = session.may(Permission.EDIT_REGISTER)
    opening = "form" if "camera" in st.query_params else "table"
    view = st.segmented_control(
        t("register.view"), VIEWS, default=opening, format_func=lambda name: t(f"register.view_{name}"),
        label_visibility="collapsed", key="register_view",
    )  # fmt: skip
    if not editable:
        st.caption(t("register.read_only"))
    else:
        last_change(account)
    conflicts_section(account, points)
    if view != "form":
        forget_form()
        unsaved_note("")
    if view in {"form", "unplaced", "history"}:
        _forget_table()
    match view:
        case "form":
            camera_form(account, points, editable=editable)
        case "unplaced":
            placing_list(account, [item for item in points if not item.is_placed], editable=editable)
        case "history":
            register_timeline()
        case _:
            _table(account, points, editable=editable)


def table_frame(points: list[PointOnMap]) -> pd.DataFrame:
    """Lay out all cameras as the table that people edit.

    Parameters
    ----------
    points : list of PointOnMap
        Points with cameras.

    Returns
    -------
    DataFrame
        One row per camera, index ``camera_id``; unknown values are missing, never 0.
    """
    rows = [
        {
            "camera_id": camera.camera_id,
            "point": item.point.name,
            "kelurahan": item.point.kelurahan,
            "agency": camera.agency_name,
            **{name: getattr(camera, name) for name in TABLE_COLUMNS},
            "azimuth_words": camera.azimuth_words,
            "kind": t(f"kind.{camera.kind}"),
            "version": camera.version,
        }
        for item in points
        for camera in item.cameras
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


def _table(account: Account, points: list[PointOnMap], *, editable: bool) -> None:
    config = _columns()
    if (past := _day_of_the_past()) is not None:
        _past_table(past, config)
        return
    now = table_frame(points)
    if not editable:
        st.dataframe(now, column_config=config, height=560)
        return
    before = st.session_state.setdefault(SHOWN, now)
    if not before.equals(now):
        st.info(t("versions.newer"), icon=":material/group:")
        st.button(t("versions.reload"), on_click=_forget_table, icon=":material/refresh:")
    fixed = [name for name in before.columns if name not in TABLE_COLUMNS]
    after = st.data_editor(before, column_config=config, disabled=["_index", *fixed], height=560, key="register_table")
    edits = changed_rows(before, after)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"), width=420)
        label = t("register.save_n", n=len(edits))
        if st.button(label, type="primary", disabled=not edits, icon=":material/save:"):
            _save(account, before, edits, reason)


def _day_of_the_past() -> date | None:
    """Ask for a day; None shows and edits the present."""
    today = datetime.now(UTC).astimezone(WIB).date()
    asked = st.date_input(
        t("timeline.as_of"), value=None, max_value=today, format="DD/MM/YYYY", help=t("timeline.as_of_help"), width=220,
    )  # fmt: skip
    return asked if isinstance(asked, date) else None


def _past_table(asked: date, config: dict[str, Any]) -> None:
    _forget_table()
    end = datetime.combine(asked, time.max, WIB)
    past = mapdata.points_as_of(session.runtime(), end)
    if not past:
        st.info(t("timeline.as_of_empty", day=day(asked)), icon=":material/history:")
        return
    frame = table_frame(past)
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
        _forget_table()
        st.rerun()
    saved = list(result.saved)  # the other rows stay as they are being edited
    fresh = table_frame(mapdata.all_points(session.runtime())).loc[saved]
    st.session_state[SHOWN] = pd.concat([before.drop(index=saved), fresh]).sort_index()


def _forget_table() -> None:
    for key in (SHOWN, "register_table"):
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
