"""The meeting view: large type, one thing at a time, arrow keys; today, the plan, its points, what was decided."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan, PlanPoint
from cctv.registry.plans import list_plans
from cctv.services import plans
from cctv.services.gap_words import titled
from cctv.services.rab import direction_of
from cctv.ui import session
from cctv.ui.gaps import interval
from cctv.ui.plan_map import plan_map
from cctv.ui.waiting import current_situation

STEP = "meeting_step"
WORST = 5
#: Decision, its key on the keyboard, its picture.
DECISIONS = (("accepted", "1", ":material/check:"), ("postponed", "2", ":material/schedule:"),
             ("refused", "3", ":material/close:"))  # fmt: skip


def meeting_view(account: Account) -> None:
    """Draw the present step.

    Parameters
    ----------
    account : Account
        Who records the decisions.
    """
    found = {plan.plan_id: plan for plan in list_plans(session.runtime().registry) if plan.state != "archived"}
    if not found:
        st.info(t("plan.none_viewer"), icon=":material/request_quote:")
        return
    with st.container(key="meeting"):
        bar, back, on = st.columns([5, 1, 1], vertical_alignment="bottom")
        key = bar.selectbox(t("plan.choose"), list(found), format_func=lambda k: f"{k} · {found[k].name}",
                            key="meeting_plan", label_visibility="collapsed")  # fmt: skip
        plan = found[key]
        last = len(plan.points) + 2
        step = min(int(st.session_state.get(STEP, 0)), last)
        if back.button(t("meeting.back"), shortcut="Left", disabled=step == 0, width="stretch"):
            _go(step - 1)
        if on.button(t("meeting.next"), shortcut="Right", disabled=step == last, type="primary", width="stretch"):
            _go(step + 1)
        st.progress(step / last, t("meeting.step", n=step + 1, of=last + 1))
        if step == 0:
            _today()
        elif step == 1:
            _plan(plan)
        elif step == last:
            _result(plan)
        else:
            _point(account, plan, plan.points[step - 2], step)


def _go(step: int) -> None:
    st.session_state[STEP] = step
    st.rerun()


def _large(entries: list[tuple[str, str, str]]) -> None:
    """Write numbers as large as a projector needs, each with what it means."""
    boxes = "".join(
        f"<div><b>{escape(value)}</b><span>{escape(label)}</span><small>{escape(meaning)}</small></div>"
        for value, label, meaning in entries
    )
    st.html(f'<div class="large-numbers">{boxes}</div>')


def _today() -> None:
    st.header(t("meeting.today"), anchor=False)
    found = current_situation()
    shares = (("gaps.area", found.alive.covered_area_share), ("gaps.demand", found.alive.covered_demand_share))
    _large([(interval(share), t(name), t(f"{name}_meaning")) for name, share in shares])
    st.subheader(t("meeting.worst", n=WORST), anchor=False)
    gaps = titled(found.gaps.head(WORST))
    st.markdown("\n".join(f"1. {gap.name}, {gap.kelurahan}: {number(float(str(gap.area_m2)))} m²"
                          for gap in gaps.itertuples()))  # fmt: skip
    st.caption(t("gaps.kind"))


def _plan(plan: Plan) -> None:
    st.header(plan.name, anchor=False)
    left = plan.budget_idr - plan.total_idr
    _large([
        (number(len(plan.points)), t("plan.points"), t("brief.points_meaning").split(";")[0]),
        (rupiah(plan.total_idr), t("plan.total"),
         t("brief.money_meaning", pagu=rupiah(plan.budget_idr), left=rupiah(left))),
        (t("brief.from_to", before=percent(plan.run.seen_before), after=percent(plan.run.seen_after)),
         t("brief.seen"), t("brief.seen_meaning", level=plan.run.level)),
    ])  # fmt: skip
    st.markdown(t("brief.proved", gap=percent(plan.run.gap)))
    plan_map("meeting_map", [plan], height=420)


def _point(account: Account, plan: Plan, point: PlanPoint, step: int) -> None:
    st.header(t("meeting.point", n=point.rank, place=point.street or t("planning.unnamed"), where=point.kelurahan),
              anchor=False)  # fmt: skip
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        after = st.toggle(t("planning.show_after"), value=True, key="meeting_after")
        plan_map("meeting_map", [plan] if after else [], height=520, centre=(point.lon, point.lat))
    with right:
        st.markdown(t("meeting.why", m2=number(point.gain_m2), direction=direction_of(point),
                      total=rupiah(plan.rules.total_idr(point.net_idr))))  # fmt: skip
        st.markdown(t("meeting.decision", word=t(f"decision.{point.decision}"), note=point.decision_note or "-"))
        if plan.state == "draft":
            _decide(account, plan, point, step)
        st.caption(" · ".join(f"{line.name} {rupiah(line.amount_idr)}" for line in point.lines))


def _decide(account: Account, plan: Plan, point: PlanPoint, step: int) -> None:
    note = st.text_input(t("plan.field_note"), point.decision_note, max_chars=300, key=f"note_{point.plan_point_id}")
    with st.container(horizontal=True):
        for word, keyboard, icon in DECISIONS:
            if st.button(t(f"meeting.{word}"), shortcut=keyboard, icon=icon, key=f"decide_{word}"):
                changes: dict[str, object] = {"decision": word, "decision_note": note.strip()}
                plans.save_table(session.runtime(), account, plan.plan_id, [
                    (point.plan_point_id, point.version, changes)
                ])  # fmt: skip
                _go(step + 1)


def _result(plan: Plan) -> None:
    st.header(t("meeting.result"), anchor=False)
    of = {word: [p for p in plan.points if p.decision == word] for word in ("accepted", "postponed", "refused", "open")}
    money = sum(plan.rules.total_idr(point.net_idr) for point in of["accepted"])
    _large([
        (number(len(of["accepted"])), t("decision.accepted"), rupiah(money)),
        (number(len(of["postponed"])), t("decision.postponed"), ""),
        (number(len(of["refused"])), t("decision.refused"), ""),
        (number(len(of["open"])), t("decision.open"), ""),
    ])  # fmt: skip
    query = urlencode({"keperluan": t("sheet.purpose_meeting")})
    st.link_button(t("brief.file_berita"), f"/unduh/rencana/{plan.plan_id}/berita?{query}", icon=":material/download:")
    st.caption(t("meeting.sign"))
