"""The steps of a meeting and how one goes through them: today, gaps, money, the plan, its points, what was decided."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from cctv.i18n import t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.plans import list_plans
from cctv.ui import session
from cctv.ui.meeting.keys import meeting_keys
from cctv.ui.meeting.money import money_step
from cctv.ui.meeting.overview import gaps_step, plan_step, result_step, today_step
from cctv.ui.meeting.point import point_step
from cctv.ui.meeting.question import question_step
from cctv.ui.position_editor import LonLat

STEP, ASKING = "meeting_step", "meeting_asking"
#: Steps before the first point.
FIRST_POINT = 4
Step = tuple[str, Callable[[], object]]


def meeting_view(account: Account) -> None:
    """Draw the present step.

    Parameters
    ----------
    account : Account
        Who records the decisions.
    """
    found = {plan.plan_id: plan for plan in list_plans(session.runtime().registry) if plan.state != "archived"}
    with st.container(key="meeting"):
        bar, ask, full, back, on = st.columns([3, 1.3, 1, 1, 1], vertical_alignment="bottom")
        plan = None
        if found:
            key = bar.selectbox(t("plan.choose"), list(found), format_func=lambda k: f"{k} · {found[k].name}",
                                key="meeting_plan", label_visibility="collapsed")  # fmt: skip
            plan = found[key]
            if ask.button(t("refusal.title"), shortcut="w", icon=":material/help:", width="stretch"):
                st.session_state[ASKING] = not st.session_state.get(ASKING, False)
        steps = _steps(account, plan)
        last = len(steps) - 1
        step = min(int(st.session_state.get(STEP, 0)), last)
        if back.button(t("meeting.back"), shortcut="Left", disabled=step == 0, width="stretch"):
            _go(step - 1)
        if on.button(t("meeting.next"), shortcut="Right", disabled=step == last, type="primary", width="stretch"):
            _go(step + 1)
        is_asking = plan is not None and st.session_state.get(ASKING, False)
        with full:
            meeting_keys(f"{plan.plan_id if plan else ''} {step} {is_asking}")
        name, draw = steps[step]
        st.progress(step / max(last, 1), t("meeting.step", name=name, n=step + 1, of=last + 1))
        if plan is not None and is_asking:
            question_step(account, plan, _place(plan, step))
        else:
            draw()


def _steps(account: Account, plan: Plan | None) -> list[Step]:
    opening: list[Step] = [
        (t("meeting.today"), today_step),
        (t("meeting.worst_short"), gaps_step),
        (t("meeting.money"), partial(money_step, plan)),
    ]
    if plan is None:
        return [*opening, (t("meeting.plan"), lambda: st.info(t("meeting.no_plan"), icon=":material/request_quote:"))]
    points: list[Step] = [
        (
            t("meeting.point_short", n=point.rank),
            partial(point_step, account, plan, row, partial(_go, FIRST_POINT + row + 1)),
        )
        for row, point in enumerate(plan.points)
    ]
    return [*opening, (t("meeting.plan"), partial(plan_step, plan)), *points,
            (t("meeting.result"), partial(result_step, plan))]  # fmt: skip


def _place(plan: Plan, step: int) -> LonLat | None:
    """Open the map at the point that is discussed."""
    row = step - FIRST_POINT
    return LonLat(plan.points[row].lon, plan.points[row].lat) if 0 <= row < len(plan.points) else None


def _go(step: int) -> None:
    st.session_state[STEP], st.session_state[ASKING] = step, False
    st.rerun()
