"""The price list as the table that planners keep, with what it lacks and its earlier versions."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from cctv.i18n import moment, number, t
from cctv.permissions import Permission
from cctv.registry.models import Account, PriceItem
from cctv.registry.prices import list_prices
from cctv.services import price_list
from cctv.services.price_list import COLUMNS, PriceEdit
from cctv.ui import session


def prices_view(account: Account) -> None:
    """Draw the price list.

    Parameters
    ----------
    account : Account
        Who is looking.
    """
    runtime = session.runtime()
    may_edit = session.may(Permission.EDIT_PLANS)
    _missing(account, may_edit=may_edit)
    st.caption(t("plan.prices_note"))
    found = list_prices(runtime.registry)
    before = _frame(found)
    if may_edit:
        after = st.data_editor(
            before, column_config=_columns(), disabled=["item_id", "version"], hide_index=True, height=530,
            key=f"prices_{sum(price.version for price in found)}_{len(found)}",
        )  # fmt: skip
        _save(account, _edits(found, before, after))
    else:
        st.dataframe(before, column_config=_columns(), hide_index=True, height=530)
    _versions()


def _missing(account: Account, *, may_edit: bool) -> None:
    lacking = price_list.missing_items(session.runtime())
    if not lacking:
        return
    st.warning(t("plan.price_missing", names=", ".join(lacking.values())), icon=":material/payments:")
    if may_edit and st.button(t("plan.price_add"), icon=":material/add:"):
        price_list.add_defaults(session.runtime(), account)
        st.rerun()


def _frame(found: list[PriceItem]) -> pd.DataFrame:
    rows = [
        {
            "item_id": p.item_id,
            **{name: getattr(p, name) for name in COLUMNS},
            "price_idr": number(p.price_idr),
            "version": p.version,
        }
        for p in found
    ]
    return pd.DataFrame(rows).astype({"tkdn_percent": "float64"})


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "item_id": column.TextColumn(t("plan.price_item"), pinned=True),
        "name": column.TextColumn(t("plan.price_name"), width="large"),
        "unit": t("plan.price_unit"),
        "price_idr": column.TextColumn(t("plan.price_idr"), help=t("plan.price_help")),
        "tkdn_percent": column.NumberColumn(t("plan.price_tkdn")),
        "is_assumption": column.CheckboxColumn(t("plan.price_assumption")),
        "as_of": column.DateColumn(t("plan.price_as_of"), format="DD/MM/YYYY"),
        "source": column.TextColumn(t("plan.price_source"), width="large"),
        "version": t("plan.price_version"),
    }


def _edits(found: list[PriceItem], before: pd.DataFrame, after: pd.DataFrame) -> list[PriceEdit]:
    edits: list[PriceEdit] = []
    for row, price in enumerate(found):
        changes = {
            name: value
            for name in COLUMNS
            if (value := _plain(after[name].iloc[row])) != _plain(before[name].iloc[row])
        }
        if changes:
            edits.append(PriceEdit(price.item_id, price.version, changes))
    return edits


def _plain(value: Any) -> object:  # noqa: ANN401 - a cell of a table
    """Turn a cell into a value of the register; the table keeps numbers and flags of a type of its own."""
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _save(account: Account, edits: list[PriceEdit]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input(t("plan.price_reason"), placeholder=t("plan.price_reason_hint"), width=420)
        if st.button(t("plan.price_save", n=len(edits)), type="primary", disabled=not edits, icon=":material/save:"):
            price_list.save_prices(session.runtime(), account, edits, reason, price_list.today_here())
            st.toast(t("plan.price_saved", n=len(edits)), icon=":material/check:")
            st.rerun()


def _versions() -> None:
    found = price_list.earlier_versions(session.runtime())
    if not found:
        return
    with st.expander(t("plan.price_versions"), icon=":material/history:"):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        t("history.when"): moment(change.changed_at),
                        t("history.who"): change.actor,
                        t("plan.price_item"): change.entity_id,
                        t("history.change"): "; ".join(
                            f"{name}: {change.before.get(name)} → {value}"
                            for name, value in change.after.items()
                            if change.before.get(name) != value and name != "version"
                        ),
                        t("history.why"): change.reason,
                    }
                    for change in found
                ]
            ),
            hide_index=True,
        )
