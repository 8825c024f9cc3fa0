"""The points of a plan as the table that people complete and decide in, and what each costs."""

from typing import Any

import pandas as pd
import streamlit as st

from cctv.i18n import rupiah, t
from cctv.permissions import Permission
from cctv.registry.agencies import list_agencies
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.usulan_codes import list_codes
from cctv.services import plans
from cctv.services.rab import direction_of
from cctv.ui import session

EDITED = ("usulan_code", "agency_id", "fund", "land_status")
DECIDED = ("decision", "decision_note")
#: Stands in the table for what is not filled in.
UNSET = "-"
FUNDS = (UNSET, "apbd", "papbd", "dana_kelurahan", "csr", "provinsi")
LANDS = ("unknown", "city", "permitted", "not_permitted")
DECISIONS = ("open", "accepted", "postponed", "refused")
Edit = tuple[str, int, dict[str, object]]


def point_table(account: Account, plan: Plan) -> None:
    """Draw the table; a draft can be completed by planners and decided by whoever plans.

    Parameters
    ----------
    account : Account
        Who is looking.
    plan : Plan
        Which plan.
    """
    st.subheader(t("plan.list"), anchor=False, help=t("plan.list_help"))
    before = _frame(plan)
    open_columns = (*EDITED, *DECIDED) if session.may(Permission.EDIT_PLANS) else DECIDED
    if plan.state != "draft":
        st.dataframe(before, column_config=_columns(), hide_index=True)
        return
    after = st.data_editor(
        before, column_config=_columns(), disabled=[str(name) for name in before if name not in open_columns],
        hide_index=True, key=f"points_{plan.plan_id}_{sum(point.version for point in plan.points)}",
    )  # fmt: skip
    edits = _edits(plan, before, after)
    if st.button(t("plan.save", n=len(edits)), type="primary", disabled=not edits, icon=":material/save:"):
        _save(account, plan, edits)


def point_lines(plan: Plan) -> None:
    """Draw what each point costs, component by component.

    Parameters
    ----------
    plan : Plan
        Which plan.
    """
    with st.expander(t("plan.lines"), icon=":material/receipt_long:"):
        rows = [
            {
                t("plan.line_point"): point.rank,
                t("rab.component"): line.name,
                t("rab.volume"): line.quantity,
                t("rab.unit"): line.unit,
                t("rab.unit_price"): rupiah(line.unit_price_idr),
                t("rab.amount"): rupiah(line.amount_idr),
            }
            for point in plan.points
            for line in point.lines
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=300)


def _frame(plan: Plan) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "rank": point.rank,
                "place": f"{point.street or t('planning.unnamed')}, {point.kelurahan}",
                "direction": direction_of(point),
                "total": rupiah(plan.rules.total_idr(point.net_idr)),
                **{name: getattr(point, name) for name in (*DECIDED, "land_status")},
                **{name: getattr(point, name) or UNSET for name in ("usulan_code", "agency_id", "fund")},
            }
            for point in plan.points
        ],
        columns=["rank", "place", "direction", "total", *DECIDED, *EDITED],
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    agencies = {agency.agency_id: agency.name for agency in list_agencies(session.runtime().registry)}

    codes = {code.code: f"{code.code} {code.name}" for code in list_codes(session.runtime().registry)}

    def choice(label: str, options: tuple[str, ...], area: str) -> object:
        return column.SelectboxColumn(
            t(label), options=list(options), format_func=lambda word: UNSET if word == UNSET else t(f"{area}.{word}")
        )

    return {
        "rank": t("planning.rank"),
        "place": t("rab.place"),
        "direction": t("rab.direction"),
        "total": t("plan.field_total"),
        "decision": choice("plan.field_decision", DECISIONS, "decision"),
        "decision_note": column.TextColumn(t("plan.field_note"), max_chars=300),
        "usulan_code": column.SelectboxColumn(
            t("plan.field_code"), options=[UNSET, *codes], format_func=lambda key: codes.get(str(key), UNSET)
        ),
        "agency_id": column.SelectboxColumn(
            t("plan.field_agency"), options=[UNSET, *agencies], format_func=lambda key: agencies.get(str(key), UNSET)
        ),
        "fund": choice("plan.field_fund", FUNDS, "fund"),
        "land_status": choice("plan.field_land", LANDS, "land"),
    }


def _edits(plan: Plan, before: pd.DataFrame, after: pd.DataFrame) -> list[Edit]:
    edits: list[Edit] = []
    for row, point in enumerate(plan.points):
        changes: dict[str, object] = {
            name: value
            for name in (*EDITED, *DECIDED)
            if (value := _text(after[name].iloc[row])) != _text(before[name].iloc[row])
        }
        if changes:
            edits.append((point.plan_point_id, point.version, changes))
    return edits


def _text(value: object) -> str:
    return "" if value is None or value == UNSET else str(value).strip()


def _save(account: Account, plan: Plan, edits: list[Edit]) -> None:
    plans.save_table(session.runtime(), account, plan.plan_id, edits)
    st.toast(t("plan.saved", n=len(edits)), icon=":material/check:")
    st.rerun()
