"""The kamus usulan as the table that planners keep."""

from typing import Any

import pandas as pd
import streamlit as st

from cctv.i18n import t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.usulan_codes import FIELDS, UsulanCode, list_codes
from cctv.services import plans
from cctv.ui import session

COLUMNS = ("name", "field", "is_assumption", "source")


def codes_table(account: Account) -> None:
    """Draw the codes; planners may change them.

    Parameters
    ----------
    account : Account
        Who is looking.
    """
    found = list_codes(session.runtime().registry)
    before = _frame(found)
    with st.expander(t("ceiling.codes"), icon=":material/menu_book:"):
        st.caption(t("ceiling.codes_help"))
        if not session.may(Permission.EDIT_PLANS):
            st.dataframe(before, column_config=_columns(), hide_index=True)
            return
        after = st.data_editor(
            before, column_config=_columns(), num_rows="dynamic", hide_index=True,
            key=f"codes_{sum(code.version for code in found)}_{len(found)}",
        )  # fmt: skip
        edits, gone = _changes(found, before, after)
        n = len(edits) + len(gone)
        if st.button(t("ceiling.codes_save", n=n), disabled=not n, icon=":material/save:"):
            plans.save_codes(session.runtime(), account, edits, gone)
            st.toast(t("ceiling.codes_saved"), icon=":material/check:")
            st.rerun()


def _frame(found: list[UsulanCode]) -> pd.DataFrame:
    rows = [{"code": code.code, **{name: getattr(code, name) for name in COLUMNS}} for code in found]
    return pd.DataFrame(rows, columns=["code", *COLUMNS]).astype({"is_assumption": "boolean"})


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "code": column.TextColumn(t("plan.field_code"), required=True),
        "name": column.TextColumn(t("field.name"), width="large"),
        "field": column.SelectboxColumn(t("ceiling.code_field"), options=list(FIELDS), default=FIELDS[0]),
        "is_assumption": column.CheckboxColumn(t("plan.price_assumption"), default=False),
        "source": column.TextColumn(t("field.source"), width="large"),
    }


def _changes(
    found: list[UsulanCode], before: pd.DataFrame, after: pd.DataFrame
) -> tuple[list[tuple[str, int, dict[str, object]]], list[tuple[str, int]]]:
    """Find what was changed; a code that is renamed is another one: the old one goes, the new one comes."""
    versions = {code.code: code.version for code in found}
    old = {str(row["code"]): _values(row) for row in before.to_dict("records")}
    new = {str(row["code"] or "").strip(): _values(row) for row in after.to_dict("records")}
    edits = [(code, versions.get(code, 0), values) for code, values in new.items() if old.get(code) != values]
    return edits, [(code, version) for code, version in versions.items() if code not in new]


def _values(row: dict[Any, Any]) -> dict[str, object]:
    values = {name: "" if pd.isna(row[name]) else row[name] for name in COLUMNS}
    return {**values, "is_assumption": bool(values["is_assumption"])}
