"""The list of kept plans: choose one, make a new one from proposed points."""

from datetime import UTC, datetime

import streamlit as st

from cctv.i18n import WIB, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.plan_models import MoneyRules, Plan, RoundWay
from cctv.registry.plans import list_plans
from cctv.services import plans
from cctv.ui import session
from cctv.ui.plan_view import plan_view

MILLION = 1_000_000
WAYS: tuple[RoundWay, ...] = ("up", "nearest", "down")
STEPS = (1, 100, 1_000, 10_000, 100_000)
CHOSEN = "plan_chosen"


def plans_view(account: Account) -> None:
    """Draw the chosen plan and the form for a new one.

    Parameters
    ----------
    account : Account
        Who is looking.
    """
    found = list_plans(session.runtime().registry)
    may_edit = session.may(Permission.EDIT_PLANS)
    chosen = _choose(found)
    if chosen is None:
        st.info(t("plan.none" if may_edit else "plan.none_viewer"), icon=":material/request_quote:")
    if may_edit:
        with st.expander(t("plan.make"), icon=":material/add:", expanded=chosen is None):
            _make(account)
    if chosen is not None:
        plan_view(account, chosen)


def _choose(found: list[Plan]) -> Plan | None:
    is_any_archived = any(plan.state == "archived" for plan in found)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        archived = is_any_archived and st.toggle(t("plan.show_archived"), key="plan_archived")
    shown = {plan.plan_id: plan for plan in found if archived or plan.state != "archived"}
    if not shown:
        return None
    if st.session_state.get(CHOSEN) not in shown:
        st.session_state[CHOSEN] = next(iter(shown))
    with left:
        key = st.selectbox(t("plan.choose"), list(shown), format_func=lambda plan_id: _option(shown[plan_id]),
                           key=CHOSEN)  # fmt: skip
    return shown[key]


def _option(plan: Plan) -> str:
    return t("plan.option", id=plan.plan_id, name=plan.name, year=plan.year, state=t(f"plan.state_{plan.state}"))


def _make(account: Account) -> None:
    with st.form("plan_make", border=False):
        first, second, third = st.columns([2, 1, 1])
        name = first.text_input(t("plan.name"), placeholder=t("plan.name_hint"), max_chars=120)
        this_year = datetime.now(UTC).astimezone(WIB).year
        year = second.number_input(t("plan.year"), this_year, this_year + 4, this_year + 1)
        pagu = third.number_input(t("plan.pagu"), 1, 100_000, 500, help=t("plan.pagu_help"))
        tax_col, step_col, way_col = st.columns(3)
        tax = tax_col.number_input(t("plan.tax"), 0.0, 50.0, 11.0, 0.5, help=t("plan.tax_help"))
        step = step_col.selectbox(t("plan.step"), STEPS, index=2)
        way = way_col.selectbox(t("plan.way"), WAYS, format_func=lambda word: t(f"rab.way_{word}"))
        is_sent = st.form_submit_button(t("plan.create"), type="primary", icon=":material/calculate:")
    if not is_sent:
        return
    bar = st.progress(0.0, t("planning.computing"))
    made = plans.make_plan(
        session.runtime(), account, name=name, year=int(year), pagu_idr=int(pagu) * MILLION,
        rules=MoneyRules(round(tax * 100), step, way),
        progress=lambda share: bar.progress(share, t("planning.computing")),
    )  # fmt: skip
    st.session_state.pop(CHOSEN, None)
    st.toast(t("plan.created", id=made.plan_id), icon=":material/check:")
    st.rerun()
