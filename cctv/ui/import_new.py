"""A new list: upload, columns, preview on table and map, corrections, and the button that takes it over."""

from datetime import date, datetime
from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import WIB, number, t
from cctv.importers.cameras.columns import FIELDS
from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.words import masked
from cctv.registry import agencies
from cctv.registry import cameras as camera_store
from cctv.registry.models import Account
from cctv.services import importing
from cctv.services.import_confirm import confirm_groups, guess_groups
from cctv.services.import_edits import corrected
from cctv.services.import_plan import Choice
from cctv.services.importing import Preview
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.import_guesses import guess_table
from cctv.ui.import_source import import_source
from cctv.ui.import_table import (
    MARKS,
    changes_of,
    columns,
    rows_frame,
    state_colours,
    tinted,
    twin_columns,
    twins_frame,
)
from cctv.ui.map_layers import PIXELS
from cctv.ui.map_view import LegendEntry, draw_map

STATE = "import_state"
PAGE_ROWS = 500
_SHOWN = ("all", "problem", "guess", "read")


def new_import(account: Account) -> None:
    """Draw the steps from a file to the register.

    Parameters
    ----------
    account : Account
        Who imports; has the right to edit the register.
    """
    owners = {agency.agency_id: agency.name for agency in agencies.list_agencies(session.runtime().registry)}
    if account.agency_id:
        owners = {account.agency_id: owners[account.agency_id]}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        owner = st.selectbox(
            t("importing.screen.owner"), [*owners] if account.agency_id else ["", *owners], width=320,
            format_func=lambda name: owners.get(name) or t("importing.screen.each_row"), key="import_owner",
        )  # fmt: skip
        as_of = st.date_input(
            t("importing.screen.as_of"), value=datetime.now(WIB).date(), format="DD/MM/YYYY", width=180,
            help=t("importing.screen.as_of_help"), key="import_as_of",
        )  # fmt: skip
    given = import_source(account)
    if given is None:
        st.session_state.pop(STATE, None)
        st.info(t("importing.screen.start"), icon=":material/upload_file:")
        return
    found = _preview(given.mark, given.name, given.data, owner)
    found = _columns(found, given.data)
    found = _rows(found, owners)
    _commit(account, found, as_of)


def _preview(mark: str, name: str, data: bytes, owner: str) -> Preview:
    """Read the file once per upload and owner; corrections live in the session until another file comes."""
    state: dict[str, Any] = st.session_state.get(STATE, {})
    if state.get("mark") != (mark, owner):
        with st.spinner(t("importing.screen.reading")):
            found = importing.preview_upload(session.runtime(), name, data, owner)
        state = {"mark": (mark, owner), "found": found, "choices": found.choices, "decided": {}, "round": 0}
        st.session_state[STATE] = state
    return state["found"]


def _columns(found: Preview, data: bytes) -> Preview:
    state = st.session_state[STATE]
    table = found.check.table
    first = table.records[0].cells
    frame = pd.DataFrame(
        {
            "header": [masked(header) for header in table.headers],
            "example": [masked(str(cell if cell is not None else ""))[:60] for cell in first],
            "field": [column.field for column in found.check.columns],
            "score": [column.score if column.field else None for column in found.check.columns],
            "basis": [t(f"importing.basis.{column.basis}") for column in found.check.columns],
        }
    )
    with st.expander(t("importing.screen.columns"), expanded=not state.get("confirmed"), icon=":material/view_column:"):
        st.caption(t("importing.screen.columns_help"))
        after = st.data_editor(frame, hide_index=True, disabled=["header", "example", "score", "basis"], column_config={
            "header": t("importing.screen.header"), "example": t("importing.screen.example"),
            "field": st.column_config.SelectboxColumn(t("importing.screen.field"), options=["", *FIELDS],
                     format_func=_field_name),
            "score": st.column_config.NumberColumn(t("importing.screen.score"), format="%d %%"),
            "basis": t("importing.screen.basis"),
        }, key=f"import_columns_{state['round']}")  # fmt: skip
        fields = [str(name or "") for name in after["field"]]
        twice = sorted({name for name in fields if name and fields.count(name) > 1})
        if twice:
            st.warning(t("importing.screen.twice", names=", ".join(t(f"importing.field.{name}") for name in twice)))
        if st.button(t("importing.screen.confirm_columns"), disabled=bool(twice), icon=":material/check:"):
            if fields != [column.field for column in found.check.columns]:
                again = importing.preview_upload(session.runtime(), found.file_name, data, found.owner, fields)
                state |= {"found": again, "choices": again.choices, "decided": {}}
            state |= {"confirmed": True, "round": state["round"] + 1}
            st.rerun()
    return state["found"]


def _field_name(name: object) -> str:
    return t(f"importing.field.{name}") if name else t("cli.import_check.not_taken")


def _rows(found: Preview, owners: dict[str, str]) -> Preview:
    state = st.session_state[STATE]
    rows = found.check.rows
    counts = {name: found.check.count(name) for name in MARKS}
    words = {name: f"{MARKS[name]} {t(f'importing.state.{name}')} {number(n)}" for name, n in counts.items()}
    words["all"] = f"{t('importing.screen.all')} {number(len(rows))}"
    shown = st.segmented_control(
        t("importing.screen.show"), _SHOWN, default="all", format_func=words.__getitem__, key="import_shown",
        label_visibility="collapsed",
    )  # fmt: skip
    _left_out(found)
    _twins(found, list(owners))
    _guesses(found, owners)
    chosen = [row for row in rows if shown in ("all", None) or row.state == shown]
    if not chosen:
        st.caption(t("importing.screen.none"))
        return found
    page, on_page = _page(chosen)
    before = rows_frame(on_page, state["choices"], found.joins)
    known = {**owners, **{row.text("agency_id"): row.text("agency_id") for row in on_page if row.text("agency_id")
                          not in owners}}  # fmt: skip
    after = st.data_editor(
        tinted(before, session.palette()), column_config=columns(known), disabled=["state", "line", "notes"],
        placeholder="",
        height=min(420, 60 + 35 * len(before)), key=f"import_rows_{state['round']}_{shown}_{page}",
    )  # fmt: skip
    _take_edits(found, before, after, list(owners))
    _map(chosen)
    return st.session_state[STATE]["found"]


def _page(rows: list[CameraRow]) -> tuple[int, list[CameraRow]]:
    """Give one page of a long list and its number: a table of thousands of rows makes every click slow."""
    pages = -(-len(rows) // PAGE_ROWS)
    if pages <= 1:
        return 1, rows
    st.session_state["import_page"] = min(st.session_state.get("import_page", 1), pages)
    label = t("importing.screen.page", pages=number(pages), rows=number(PAGE_ROWS))
    page = int(st.number_input(label, 1, pages, key="import_page", width=280))
    return page, rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]


def _guesses(found: Preview, owners: dict[str, str]) -> None:
    """Let a person take whole kinds of guess as right; decisions about repeats stay."""
    state = st.session_state[STATE]
    groups = guess_groups(found.check.rows)
    right = guess_table(groups, owners, f"import_guesses_{state['round']}")
    if right:
        rows = confirm_groups(found.check.rows, right)
        again = importing.with_rows(session.runtime().registry, found, rows)
        state |= {"found": again, "choices": again.choices | state["decided"], "round": state["round"] + 1}
        st.rerun()


def _take_edits(found: Preview, before: pd.DataFrame, after: pd.DataFrame, owners: list[str]) -> None:
    """Take corrections over at once, so that colours, map and counts follow."""
    state = st.session_state[STATE]
    edits, choices = changes_of(before, after)
    if not edits and not choices:
        return
    try:
        rows = corrected(found.check.rows, edits, session.runtime().city, owners)
    except CctvError as error:
        show_error(error)
        return
    decided = state["decided"] | choices
    again = importing.with_rows(session.runtime().registry, found, rows) if edits else found
    state |= {"found": again, "decided": decided, "choices": again.choices | decided}
    state["round"] += 1
    st.rerun()


def _left_out(found: Preview) -> None:
    left = found.check.table.left_out
    if left:
        with st.expander(t("importing.screen.left_out", n=number(len(left))), icon=":material/playlist_remove:"):
            frame = pd.DataFrame(
                [{t("importing.screen.line"): f"{one.sheet} {one.line}".strip(),
                  t("importing.screen.notes"): t(f"importing.left_out.{one.code}"),
                  t("importing.screen.example"): masked(one.text)} for one in left]
            )  # fmt: skip
            st.dataframe(frame, hide_index=True)


def _twins(found: Preview, owners: list[str]) -> None:
    """Show the rows that may be known already, with the reason, and let a person decide."""
    pairs = found.check.pairs
    if not pairs:
        return
    state = st.session_state[STATE]
    names = {camera.camera_id: camera.name for camera in camera_store.list_cameras(session.runtime().registry)}
    before = twins_frame(found.check.rows, pairs, state["choices"], names)
    with st.expander(t("importing.screen.twins", n=number(len(before))), expanded=True, icon=":material/content_copy:"):
        after = st.data_editor(
            before, column_config=twin_columns(), disabled=["line", "name", "known", "why"],
            height=min(240, 60 + 35 * len(before)), key=f"import_twins_{state['round']}",
        )  # fmt: skip
    _take_edits(found, before, after, owners)


def _map(rows: list[CameraRow]) -> None:
    colours = session.palette()
    shades = state_colours(colours)
    data = [
        {"position": [row.spot.lon, row.spot.lat], "name": row.text("name"), "state": row.state,
         "note": t(f"importing.state.{row.state}"), "colour": _rgb(shades[row.state])}
        for row in rows if row.spot is not None
    ]  # fmt: skip
    dots = pdk.Layer(
        "ScatterplotLayer", id="impor", data=data, get_position="position", get_radius=6, radius_units=PIXELS,
        get_fill_color="colour", stroked=True, get_line_color=_rgb(colours.label_halo), line_width_min_pixels=1,
        pickable=True, auto_highlight=False,
    )  # fmt: skip
    legend = [LegendEntry(shade, t(f"importing.state.{name}"), "dot") for name, shade in shades.items()]
    draw_map("import_map", [dots], legend, height=380)
    missing = len(rows) - len(data)
    if missing:
        st.caption(t("importing.screen.not_on_map", n=number(missing)))


def _rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _commit(account: Account, found: Preview, as_of: date) -> None:
    state = st.session_state[STATE]
    choices: dict[str, Choice] = state["choices"]
    runtime = session.runtime()
    counts = importing.plan_of(runtime.registry, runtime.city, found, choices, as_of).counts
    st.markdown(t("importing.screen.summary", **{name: number(n) for name, n in counts.items()}))
    ready = bool(state.get("confirmed"))
    if not ready:
        st.caption(t("importing.screen.confirm_first"))
    n = counts["new"] + counts["update"]
    if st.button(
        t("importing.screen.commit", n=number(n)), type="primary", icon=":material/download_done:",
        disabled=not ready or not n, key="import_commit",
    ):  # fmt: skip
        record = importing.commit_as(runtime.registry, runtime.city, account, found, as_of=as_of, choices=choices)
        st.session_state["import_done"] = record.import_id
        st.session_state.pop(STATE)
        st.session_state["import_next_view"] = "done"
        st.rerun()
