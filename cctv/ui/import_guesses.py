"""The guesses of a list, kind by kind: a person says which kinds are right, and they are guesses no more."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from cctv.i18n import has_text, number, t
from cctv.importers.cameras.words import masked
from cctv.services.import_confirm import GuessGroup

MOST_SHOWN = 100


def guess_table(groups: Sequence[GuessGroup], owners: Mapping[str, str], key: str) -> list[GuessGroup]:
    """Draw the kinds of guess and give those that were ticked as right.

    Parameters
    ----------
    groups : sequence of GuessGroup
        Open guesses, the most frequent first.
    owners : mapping
        Agency id to name.
    key : str
        Key of the table.

    Returns
    -------
    list of GuessGroup
        Ticked kinds.
    """
    if not groups:
        return []
    shown = groups[:MOST_SHOWN]
    frame = pd.DataFrame(
        {
            "right": [False] * len(shown),
            "count": [group.count for group in shown],
            "field": [_field(group.field) for group in shown],
            "meaning": [_meaning(group, owners) for group in shown],
            "why": ["; ".join(t(f"importing.kind.{code}") for code in group.codes) for group in shown],
            "kept": [t("importing.screen.kept" if group.is_worded else "importing.screen.once") for group in shown],
        }
    )
    column = st.column_config
    count = sum(group.count for group in groups)
    with st.expander(t("importing.screen.guesses", n=number(count)), icon=":material/checklist:"):
        st.caption(t("importing.screen.guesses_help"))
        after = st.data_editor(
            frame, hide_index=True, disabled=["count", "field", "meaning", "why", "kept"], key=key,
            column_config={
                "right": column.CheckboxColumn(t("importing.screen.right"), width="small"),
                "count": column.NumberColumn(t("importing.screen.rows"), width="small"),
                "field": t("importing.screen.field"), "meaning": t("importing.screen.meaning"),
                "why": column.TextColumn(t("importing.screen.notes"), width="large"),
                "kept": t("importing.screen.memory"),
            },
        )  # fmt: skip
        if len(groups) > MOST_SHOWN:
            st.caption(t("importing.screen.more_guesses", n=number(len(groups) - MOST_SHOWN)))
    return [group for group, is_right in zip(shown, after["right"], strict=True) if is_right]


def _field(name: str) -> str:
    other = {"agency_id": "owner", "azimuth_deg": "azimuth"}
    key = f"importing.field.{other.get(name, name)}"
    return t(key) if has_text(key) else name


def _meaning(group: GuessGroup, owners: Mapping[str, str]) -> str:
    if not group.is_worded:
        return t("importing.screen.each_row_own")
    words = {"agency_id": owners.get(group.meaning, group.meaning), "status": t(f"status.{group.meaning}")}
    return f"{masked(group.raw)} → {words.get(group.field, group.meaning)}"
