"""One kept plan: its numbers, its points with decisions, what running it again gives, and what can be done with it."""

from urllib.parse import urlencode

import streamlit as st

from cctv.i18n import moment, number, percent, rupiah, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.services import plan_rerun, plans
from cctv.services.plan_files import FORMS
from cctv.services.plan_words import rerun_words
from cctv.services.rab import price_mark
from cctv.services.reporting import LONGEST_REASON
from cctv.ui import session
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.plan_arrange import arrange
from cctv.ui.plan_check import fill_in, plan_check
from cctv.ui.plan_map import plan_map
from cctv.ui.plan_points import point_lines, point_table
from cctv.ui.plan_progress import progress_table
from cctv.ui.rent_chart import rent_chart
from cctv.ui.report_links import purpose_picker

BASIS_PER_PERCENT = 100


def plan_view(account: Account, plan: Plan) -> None:
    """Draw a plan.

    Parameters
    ----------
    account : Account
        Who is looking.
    plan : Plan
        Which plan.
    """
    kpi_strip(_kpis(plan))
    _about(plan)
    is_accepted = plan_check(plan)
    box = st.expander(t("plan.map"), icon=":material/map:", key="plan_map_box", on_change="rerun")
    if box.open:  # a map costs an office PC half a second; closed, it must not delay the next click
        with box:
            plan_map("kept_map", [plan])
    if plan.state != "archived" and session.may(Permission.EDIT_PLANS):
        arranging = st.expander(t("arrange.title"), icon=":material/edit_location_alt:", key="arrange_box",
                                on_change="rerun")  # fmt: skip
        if arranging.open:
            with arranging:
                arrange(account, plan)
    point_table(account, plan)
    point_lines(plan)
    rent_chart(plan)
    progress_table(account, plan)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fill_in(account, plan)
        _take(plan, is_accepted=is_accepted)
        is_asked = st.button(t("plan.rerun"), icon=":material/replay:", help=t("plan.rerun_help"))
        _actions(account, plan)
    if is_asked:
        with st.spinner(t("planning.computing")):
            found = plan_rerun.rerun(session.runtime(), plan)
        (st.success if found.is_identical else st.warning)(rerun_words(found))


def _kpis(plan: Plan) -> list[Kpi]:
    decided = [point.decision for point in plan.points]
    left = plan.budget_idr - plan.total_idr
    rules = plan.rules
    tax = percent(rules.tax_bp / 10_000, 0 if rules.tax_bp % BASIS_PER_PERCENT == 0 else 2)
    return [
        Kpi(number(len(plan.points)), t("plan.points"),
            t("plan.points_note", n=decided.count("accepted"), open=decided.count("open")), t("plan.points_meaning")),
        Kpi(rupiah(plan.total_idr), t("plan.total"),
            t("plan.total_note", tax=tax, way=t(f"rab.way_{rules.way}"), step=number(rules.step_idr)),
            t("plan.total_meaning")),
        Kpi(rupiah(left), t("plan.left" if left >= 0 else "plan.left_over"),
            t("plan.left_note", pagu=rupiah(plan.budget_idr)), t("plan.left_meaning")),
        Kpi(percent(plan.run.seen_after), t("plan.after"),
            t("plan.after_note", value=percent(plan.run.seen_before)), t("plan.after_meaning")),
    ]  # fmt: skip


def _about(plan: Plan) -> None:
    words = [t("plan.about", who=plan.created_by, when=moment(plan.created_at), version=plan.run.method_version,
               mark=plan.run.fingerprint, gap=percent(plan.run.gap), prices=price_mark(plan.prices))]  # fmt: skip
    words += [t("plan.copied", id=plan.copy_of)] if plan.copy_of else []
    words += [t("plan.signed", who=plan.signed_by, when=moment(plan.signed_at))] if plan.signed_at else []
    st.caption(" ".join(words))
    if len(plan.proposed) < len(plan.points):
        st.caption(f":material/info: {t('rab.caution_fewer')}")
    hand = plan.run.hand
    if hand.forced or hand.forbidden or hand.placed:
        counts = {"forced": len(hand.forced), "forbidden": len(hand.forbidden), "placed": len(hand.placed)}
        st.caption(f":material/back_hand: {t('rab.caution_hand', **counts)}")
    if plan.run.is_synthetic:
        st.caption(f":material/warning: {t('rab.caution_synthetic')}")
    if plan.state == "archived":
        st.info(t("plan.archived"), icon=":material/archive:")


def _take(plan: Plan, *, is_accepted: bool) -> None:
    with st.popover(t("plan.take"), icon=":material/download:", help=t("plan.take_help")):
        reason = purpose_picker("plan", LONGEST_REASON // 2)
        for name, form in FORMS.items():
            if session.may(form.needs):
                address = f"/unduh/rencana/{plan.plan_id}/{name}?{urlencode({'keperluan': reason})}"
                is_closed = not reason or (form.is_official and not is_accepted)
                st.link_button(
                    t(f"brief.file_{name}"), address, disabled=is_closed, icon=":material/download:", width="stretch"
                )
        st.caption(t("plan.take_help"))
        if not is_accepted:
            st.caption(t("brief.official"))


def _actions(account: Account, plan: Plan) -> None:
    runtime = session.runtime()
    if session.may(Permission.EDIT_PLANS):
        if st.button(t("plan.copy"), icon=":material/content_copy:"):
            made = plans.copy_plan(runtime, account, plan.plan_id, t("plan.copy_name", name=plan.name))
            _done(t("plan.copied_as", id=made.plan_id))
        if plan.state != "archived" and st.button(t("plan.archive"), icon=":material/archive:"):
            plans.archive_plan(runtime, account, plan, t("plan.archive"))
            _done(t("plan.archived_now", id=plan.plan_id))
    if session.may(Permission.SIGN_PLANS) and plan.state == "draft":
        with st.popover(t("plan.sign"), icon=":material/verified:"):
            st.caption(t("plan.sign_help"))
            reason = st.text_input(t("plan.sign_reason"), placeholder=t("plan.sign_reason_hint"), key="sign_reason")
            if st.button(t("plan.sign"), type="primary", disabled=not reason.strip(), key="sign_button"):
                plans.sign_plan(runtime, account, plan, reason)
                _done(t("plan.signed_now", id=plan.plan_id))


def _done(words: str) -> None:
    st.toast(words, icon=":material/check:")
    st.session_state.pop("plan_chosen", None)
    st.rerun()
