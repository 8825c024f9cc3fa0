"""Ceilings (pagu) and proposal codes: what is left of each, and the tables in which planners keep them."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from cctv.i18n import number, rupiah, t
from cctv.permissions import Permission
from cctv.registry.agencies import list_agencies
from cctv.registry.envelopes import FIELDS, Balance, Envelope, balances, list_envelopes
from cctv.registry.models import Account
from cctv.services import ceilings
from cctv.services.price_list import today_here
from cctv.ui import session
from cctv.ui.usulan_codes import codes_table

EVERYWHERE = "-"
Typed = tuple[str, str, int, dict[str, object]]


def ceilings_view(account: Account) -> None:
    """Draw what is left of each ceiling, and the tables.

    Parameters
    ----------
    account : Account
        Who is looking.
    """
    this_year = today_here().year
    year = st.segmented_control(
        t("plan.year"), list(range(this_year, this_year + 5)), default=this_year + 1, key="ceiling_year"
    )
    _left(balances(session.runtime().registry, year or this_year + 1))
    if session.may(Permission.EDIT_PLANS):
        _edit(account)
        _import(account)
    codes_table(account)


def _left(found: list[Balance]) -> None:
    if not found:
        st.info(t("ceiling.none"), icon=":material/savings:")
        return
    names = _agencies()
    st.dataframe(
        pd.DataFrame(
            [
                {
                    t("field.kelurahan"): b.envelope.kelurahan or t("ceiling.whole_city"),
                    t("plan.field_agency"): names.get(b.envelope.agency_id, t("ceiling.all")),
                    t("plan.field_fund"): t(f"fund.{b.envelope.fund}") if b.envelope.fund else t("ceiling.all"),
                    t("rab.pagu"): rupiah(b.envelope.amount_idr),
                    t("ceiling.carried"): rupiah(b.carried_idr),
                    t("ceiling.committed"): rupiah(b.committed_idr),
                    t("ceiling.left"): rupiah(b.left_idr),
                    t("ceiling.state"): t("ceiling.over" if b.left_idr < 0 else "ceiling.fits"),
                }
                for b in found
            ]
        ),
        hide_index=True,
    )
    st.caption(t("ceiling.left_meaning"))


def _edit(account: Account) -> None:
    found = list_envelopes(session.runtime().registry)
    before = _frame(found)
    with st.expander(t("ceiling.edit"), icon=":material/edit:", expanded=not found):
        st.caption(t("ceiling.edit_help"))
        after = st.data_editor(
            before, column_config=_columns(), num_rows="dynamic", hide_index=True,
            key=f"ceilings_{sum(e.version for e in found)}_{len(found)}",
        )  # fmt: skip
        typed, gone = _changes(found, before, after)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            reason = st.text_input(t("ceiling.reason"), placeholder=t("ceiling.reason_hint"), width=420)
            label = t("ceiling.save", n=len(typed) + len(gone))
            if st.button(label, type="primary", disabled=not typed and not gone, icon=":material/save:"):
                ceilings.save_ceilings(session.runtime(), account, typed, gone, reason)
                st.toast(t("ceiling.saved"), icon=":material/check:")
                st.rerun()


def _import(account: Account) -> None:
    with st.expander(t("ceiling.import"), icon=":material/upload_file:"):
        st.caption(t("ceiling.import_help"))
        given = st.file_uploader(
            t("ceiling.file"), type=["xlsx", "xls", "ods", "csv"], key="ceiling_file", max_upload_size=25
        )
        if given is not None and st.button(t("ceiling.take_in"), icon=":material/upload:"):
            with TemporaryDirectory(prefix="cctv-pagu-") as folder:
                path = Path(folder) / Path(given.name).name
                path.write_bytes(given.getvalue())
                n = ceilings.import_ceilings(session.runtime(), account, path)
            st.toast(t("ceiling.imported", n=n), icon=":material/check:")
            st.rerun()


def _frame(found: list[Envelope]) -> pd.DataFrame:
    rows = [
        {
            **{name: getattr(e, name) or EVERYWHERE for name in ("kelurahan", "agency_id", "fund")},
            "year": e.year,
            "amount_idr": number(e.amount_idr),
            "carry_over": e.carry_over,
            "source": e.source,
        }
        for e in found
    ]
    types = {"year": "Int64", "carry_over": "boolean"}
    return pd.DataFrame(rows, columns=list(FIELDS)).astype({**dict.fromkeys(FIELDS, "object"), **types})


def _columns() -> dict[str, Any]:
    column = st.column_config
    names = _agencies()
    this_year = today_here().year

    def fund(word: object) -> str:
        return t("ceiling.all") if word == EVERYWHERE else t(f"fund.{word}")

    return {
        "year": column.NumberColumn(t("plan.year"), default=this_year + 1, format="%d", required=True),
        "kelurahan": column.SelectboxColumn(
            t("field.kelurahan"), options=[EVERYWHERE, *ceilings.kelurahan_names(session.runtime())],
            default=EVERYWHERE, format_func=lambda name: t("ceiling.whole_city") if name == EVERYWHERE else str(name),
        ),
        "agency_id": column.SelectboxColumn(
            t("plan.field_agency"), options=[EVERYWHERE, *names], default=EVERYWHERE,
            format_func=lambda key: names.get(str(key), t("ceiling.all")),
        ),
        "fund": column.SelectboxColumn(
            t("plan.field_fund"), options=[EVERYWHERE, *ceilings.FUNDS], default=EVERYWHERE, format_func=fund
        ),
        "amount_idr": column.TextColumn(t("rab.pagu"), help=t("ceiling.amount_help")),
        "carry_over": column.CheckboxColumn(t("ceiling.carry"), default=False, help=t("ceiling.carry_help")),
        "source": column.TextColumn(t("field.source"), width="large"),
    }  # fmt: skip


def _changes(
    found: list[Envelope], before: pd.DataFrame, after: pd.DataFrame
) -> tuple[list[Typed], list[tuple[str, int]]]:  # fmt: skip
    """Compare by position: rows keep theirs, new ones come after, removed ones are not there any more."""
    typed: list[Typed] = []
    old = before.to_dict("records")
    for line, (place, row) in enumerate(after.iterrows(), start=1):
        values: dict[str, object] = {name: None if pd.isna(row[name]) else row[name] for name in FIELDS}
        where = t("ceiling.line", n=line)
        if not isinstance(place, int) or place >= len(found):
            typed.append((where, "", 0, values))
        elif any(str(value) != str(old[place][name]) for name, value in values.items()):
            typed.append((where, found[place].envelope_id, found[place].version, values))
    there = set(after.index)
    gone = [(e.envelope_id, e.version) for place, e in enumerate(found) if place not in there]
    return typed, gone


def _agencies() -> dict[str, str]:
    return {agency.agency_id: agency.name for agency in list_agencies(session.runtime().registry)}
