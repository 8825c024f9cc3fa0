"""The rows of a list before they are taken over: state, what was understood, why it is a guess, what becomes of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from cctv.i18n import number, t
from cctv.importers.cameras.duplicates import Pair
from cctv.importers.cameras.rows import CameraRow
from cctv.palette import Palette
from cctv.services.import_edits import CONFIRM, EDITABLE, STATUSES
from cctv.services.import_joins import Join
from cctv.services.import_plan import Choice

#: Colour and shape of a state; the word goes with it.
MARKS = {"read": "✓", "guess": "▲", "problem": "✕"}
CHOICES: tuple[Choice, ...] = ("new", "apart", "update", "skip")


def rows_frame(
    rows: Sequence[CameraRow], choices: Mapping[str, Choice], joins: Mapping[str, Join] = MappingProxyType({})
) -> pd.DataFrame:
    """Lay the rows out as the table that people correct.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    choices : mapping
        Row key to what becomes of it.
    joins : mapping
        Row key to the point of the register that the camera joins.

    Returns
    -------
    DataFrame
        Index is the row key; unknown numbers are missing, never 0.
    """
    frame = pd.DataFrame(
        [
            {
                "key": row.key,
                "state": f"{MARKS[row.state]} {t(f'importing.state.{row.state}')}",
                "line": _line(row),
                "choice": choices.get(row.key, "new"),
                CONFIRM: False,
                **{name: _cell(row, name) for name in EDITABLE},
                "notes": "; ".join([*joined_words(joins.get(row.key)), *note_words(row)]),
            }
            for row in rows
        ]
    ).set_index("key")
    return frame.astype(dict.fromkeys(("lon", "lat", "azimuth_deg"), "float64"))


def changes_of(before: pd.DataFrame, after: pd.DataFrame) -> tuple[dict[str, dict[str, object]], dict[str, Choice]]:
    """Find what a person changed.

    Parameters
    ----------
    before, after : DataFrame
        As laid out by :func:`rows_frame`, and as edited.

    Returns
    -------
    tuple of (dict, dict)
        Row key to field to new value, and row key to new choice.
    """
    edits: dict[str, dict[str, object]] = {}
    for name in (*EDITABLE, CONFIRM):
        if name in before.columns:
            for key in _differing(before[name], after[name]):
                edits.setdefault(key, {})[name] = _plain(after.loc[key, name])
    wanted = {key: str(after.loc[key, "choice"]) for key in _differing(before["choice"], after["choice"])}
    return edits, {key: next(choice for choice in CHOICES if choice == word) for key, word in wanted.items()}


def _differing(before: "pd.Series[Any]", after: "pd.Series[Any]") -> list[str]:
    """Give the keys of the cells that are not the same; empty is empty, however it is written."""
    old, new = (column.astype(object).where(column.notna() & (column != ""), None) for column in (before, after))
    return [str(key) for key in before.index[(old.notna() | new.notna()) & (old != new)]]


def state_colours(palette: Palette) -> dict[str, str]:
    """Give the colour of each state.

    Parameters
    ----------
    palette : Palette
        Of the scheme in use.

    Returns
    -------
    dict of str to str
        State to ``#rrggbb``.
    """
    return {"read": palette.good, "guess": palette.gap, "problem": palette.accent}


def tinted(frame: pd.DataFrame, palette: Palette) -> Any:  # noqa: ANN401 - pandas' Styler has no public type
    """Tint the columns nobody edits in the colour of the row's state.

    Parameters
    ----------
    frame : DataFrame
        As laid out by :func:`rows_frame`.
    palette : Palette
        Of the scheme in use.

    Returns
    -------
    Styler
        For the screen.
    """
    shades = {MARKS[state]: colour for state, colour in state_colours(palette).items()}

    def tint(cells: pd.DataFrame) -> pd.DataFrame:
        shade = "background-color: " + cells["state"].str[0].map(shades) + "33"
        return pd.DataFrame(dict.fromkeys(cells.columns, shade), cells.index)

    return frame.style.apply(tint, axis=None, subset=["state", "line", "notes"])


def twins_frame(
    rows: Sequence[CameraRow], pairs: Sequence[Pair], choices: Mapping[str, Choice], names: Mapping[str, str]
) -> pd.DataFrame:
    """Lay out the rows that may be known already, with the reason in words.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    pairs : sequence of Pair
        Duplicates.
    choices : mapping
        Row key to what becomes of it.
    names : mapping
        Camera id to name, for those of the register.

    Returns
    -------
    DataFrame
        Index is the row key, one row per row of the list.
    """
    words = twin_words(pairs)
    known = {pair.first: pair.second for pair in pairs} | {p.first: p.second for p in pairs if p.second in names}
    by_key = {row.key: row for row in rows}
    return pd.DataFrame(
        [
            {
                "key": key, "line": _line(by_key[key]), "name": by_key[key].text("name"),
                "known": f"{known[key]} {names.get(known[key], '')}".strip(), "why": why,
                "choice": choices.get(key, "new"),
            }
            for key, why in words.items()
        ],
        columns=["key", "line", "name", "known", "why", "choice"],
    ).set_index("key")  # fmt: skip


def twin_columns() -> dict[str, Any]:
    """Set up the columns of the table of repeats.

    Returns
    -------
    dict
        Column name to configuration.
    """
    column = st.column_config
    return {
        "_index": None,
        "line": column.TextColumn(t("importing.screen.line"), width="small"),
        "name": t("importing.field.name"),
        "known": t("importing.screen.twin"),
        "why": column.TextColumn(t("importing.screen.notes"), width="large"),
        "choice": choice_column(),
    }


def choice_column() -> Any:  # noqa: ANN401 - Streamlit's column types are not public
    """Set up the column that says what becomes of a row.

    Returns
    -------
    ColumnConfig
        A choice of three.
    """
    return st.column_config.SelectboxColumn(
        t("importing.screen.choice"), options=list(CHOICES), required=True,
        format_func=lambda name: t(f"importing.choice.{name}"), help=t("importing.screen.choice_help"),
    )  # fmt: skip


def note_words(row: CameraRow) -> list[str]:
    """Say why fields of a row are guesses or problems.

    Parameters
    ----------
    row : CameraRow
        The row.

    Returns
    -------
    list of str
        One phrase per reason; those of problems first.
    """
    ranked = sorted(row.values.values(), key=lambda value: value.state != "problem")  # noqa: PD011 - a mapping
    open_ = dict.fromkeys(note.code for value in ranked if value.state != "read" for note in value.notes)
    settled = dict.fromkeys(note.code for value in ranked if value.state == "read" for note in value.notes)
    words = [t(f"importing.kind.{code}") for code in open_]
    return words + [t("importing.screen.settled", what=t(f"importing.kind.{code}")) for code in settled]


def joined_words(join: Join | None) -> list[str]:
    """Say which point a new camera joins, and why.

    Parameters
    ----------
    join : Join or None
        The point; None where the camera gets one of its own.

    Returns
    -------
    list of str
        One phrase, or none.
    """
    if join is None:
        return []
    why = "importing.screen.joins_named" if join.is_named_alike else "importing.screen.joins"
    return [t(why, point=join.point_id, name=join.name, m=number(join.metres))]


def twin_words(pairs: Sequence[Pair]) -> dict[str, str]:
    """Say which rows are probably known already, and why.

    Parameters
    ----------
    pairs : sequence of Pair
        Duplicates.

    Returns
    -------
    dict of str to str
        Row key to a sentence.
    """
    found: dict[str, list[str]] = {}
    for pair in pairs:
        reasons = ", ".join(t(f"importing.twin.{note.code}", **note.params) for note in pair.reasons)
        found.setdefault(pair.first, []).append(f"{t(f'importing.twin.{pair.verdict}')} {pair.second}: {reasons}")
    return {key: "; ".join(words) for key, words in found.items()}


def columns(owners: Mapping[str, str]) -> dict[str, Any]:
    """Set up the columns of the table.

    Parameters
    ----------
    owners : mapping
        Agency id to name.

    Returns
    -------
    dict
        Column name to configuration.
    """
    column = st.column_config
    return {
        "_index": None,
        "state": column.TextColumn(t("importing.screen.state"), pinned=True, width="small"),
        "line": column.TextColumn(t("importing.screen.line"), pinned=True, width="small"),
        "choice": choice_column(),
        CONFIRM: column.CheckboxColumn(
            t("importing.screen.right"), help=t("importing.screen.right_help"), width="small"
        ),
        "point_name": column.TextColumn(t("importing.field.point_name")),
        "name": column.TextColumn(t("importing.field.name")),
        "agency_id": column.SelectboxColumn(
            t("importing.field.owner"), options=list(owners), format_func=lambda name: owners.get(str(name), str(name))
        ),
        "lon": column.NumberColumn(t("importing.field.lon"), format="%.6f"),
        "lat": column.NumberColumn(t("importing.field.lat"), format="%.6f"),
        "azimuth_deg": column.NumberColumn(t("importing.field.azimuth"), format="%.0f°"),
        "status": column.SelectboxColumn(
            t("importing.field.status"), options=list(STATUSES), format_func=lambda name: t(f"status.{name}")
        ),
        "kelurahan": column.TextColumn(t("importing.field.kelurahan")),
        "notes": column.TextColumn(t("importing.screen.notes"), width="large"),
    }  # fmt: skip


def _line(row: CameraRow) -> str:
    return f"{row.sheet} {row.line}".strip() + (f" ({row.part}/{row.parts})" if row.parts > 1 else "")


def _cell(row: CameraRow, name: str) -> object:
    if name in ("lon", "lat"):
        return getattr(row.spot, name) if row.spot else None
    value = row.values[name].value  # noqa: PD011 - a mapping
    return value if name == "azimuth_deg" else row.text(name)


def _plain(value: Any) -> object:  # noqa: ANN401 - a cell of a table
    return None if pd.isna(value) or value == "" else value
