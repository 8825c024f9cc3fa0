"""What the city would refuse a plan for, and a way to fill in many points at once."""

from collections import Counter

import streamlit as st

from cctv.i18n import t
from cctv.i18n.messages import problem_text
from cctv.permissions import Permission
from cctv.registry.agencies import list_agencies
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.usulan_codes import list_codes
from cctv.services import plans
from cctv.services.ceilings import FUNDS
from cctv.services.plan_checks import check_plan
from cctv.services.procurement import calendar
from cctv.ui import session

LANDS = ("city", "permitted", "not_permitted")
#: Value of a field that is not filled in yet.
EMPTY = {"usulan_code": "", "agency_id": "", "fund": "", "land_status": "unknown"}


def plan_check(plan: Plan) -> bool:
    """Draw whether a plan can be handed in, and if not why.

    Parameters
    ----------
    plan : Plan
        Which plan.

    Returns
    -------
    bool
        Whether it can be handed in.
    """
    found = check_plan(session.runtime(), plan)
    if not found:
        st.success(t("plan.check_passed"), icon=":material/task_alt:")
        return True
    with st.expander(t("plan.check_failed", n=len(found)), icon=":material/rule:"):
        for code, _ in Counter(problem.code for problem in found).most_common():
            st.markdown("\n".join(f"- {problem_text(problem)}" for problem in found if problem.code == code))
        st.caption(t("plan.check_help", source=calendar().source))
    return False


def fill_in(account: Account, plan: Plan) -> None:
    """Draw the form that fills in all points without a value.

    Parameters
    ----------
    account : Account
        Who fills in.
    plan : Plan
        A draft.
    """
    if plan.state != "draft" or not session.may(Permission.EDIT_PLANS):
        return
    registry = session.runtime().registry
    codes = {code.code: f"{code.code} {code.name}" for code in list_codes(registry)}
    agencies = {agency.agency_id: agency.name for agency in list_agencies(registry)}
    with st.popover(t("plan.fill"), icon=":material/format_paint:", help=t("plan.fill_help")):
        st.caption(t("plan.fill_help"))
        chosen: dict[str, str | None] = {
            "usulan_code": st.selectbox(t("plan.field_code"), list(codes), index=None,
                                        format_func=codes.__getitem__, key="fill_code"),
            "agency_id": st.selectbox(t("plan.field_agency"), list(agencies), index=None,
                                      format_func=agencies.__getitem__, key="fill_agency"),
            "fund": st.selectbox(t("plan.field_fund"), FUNDS, index=None, format_func=lambda f: t(f"fund.{f}"),
                                 key="fill_fund"),
            "land_status": st.selectbox(t("plan.field_land"), LANDS, index=None,
                                        format_func=lambda word: t(f"land.{word}"), key="fill_land"),
        }  # fmt: skip
        accept = st.checkbox(t("plan.fill_accept"), key="fill_accept")
        edits = _edits(plan, chosen, accept=accept)
        if st.button(t("plan.fill_button", n=len(edits)), type="primary", disabled=not edits, key="fill_button"):
            plans.save_table(session.runtime(), account, plan.plan_id, edits)
            st.toast(t("plan.saved", n=len(edits)), icon=":material/check:")
            st.rerun()


def _edits(
    plan: Plan, chosen: dict[str, str | None], *, accept: bool
) -> list[tuple[str, int, dict[str, object]]]:  # fmt: skip
    edits: list[tuple[str, int, dict[str, object]]] = []
    for point in plan.points:
        changes: dict[str, object] = {
            name: value for name, value in chosen.items() if value is not None and getattr(point, name) == EMPTY[name]
        }
        if accept and point.decision == "open":
            changes["decision"] = "accepted"
        if changes:
            edits.append((point.plan_point_id, point.version, changes))
    return edits
