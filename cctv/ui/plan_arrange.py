"""Arranging a plan on the map: lock, forbid, move, turn, add; the effect at once, then a new plan around it."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, rupiah, t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan, Spot
from cctv.services import plan_draft, plans
from cctv.services.new_cameras import MODELS
from cctv.services.plan_by_hand import effect
from cctv.services.plan_draft import Mark, State
from cctv.services.plan_from_ranking import areas_of
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.plan_editor import Done, plan_editor

ADDED_MODEL = "dome"
#: What a point can be made, and its picture.
STATES: tuple[tuple[State, str], ...] = (
    ("forced", ":material/lock:"), ("forbidden", ":material/block:"), ("free", ":material/undo:"),
)  # fmt: skip
FULL_TURN_DEG = 360


def arrange(account: Account, plan: Plan) -> None:
    """Draw the map and what can be done with the picked point.

    Parameters
    ----------
    account : Account
        Who arranges; becomes the author of the new plan.
    plan : Plan
        Where it starts; never changed.
    """
    marks = _marks(plan)
    picked = next((mark for mark in marks if mark.key == st.session_state.get(_key(plan, "picked"))), None)
    st.caption(t("arrange.help"))
    left, right = st.columns([1.7, 1], gap="medium")
    with right:
        is_adding = st.toggle(t("arrange.add"), key=_key(plan, "adding"), help=t("arrange.add_help"))
        _panel(plan, marks, picked)
        _compute(account, plan, marks)
    with left:
        area = None if picked is None else areas_of(session.runtime(), [picked.spot])[1][0]
        done = plan_editor(_key(plan, "map"), marks, picked.key if picked else "", area, is_adding=is_adding)
    if done is not None:
        _take(plan, marks, done)
        st.rerun()


def _key(plan: Plan, name: str) -> str:
    return f"arrange_{name}_{plan.plan_id}"


def _marks(plan: Plan) -> tuple[Mark, ...]:
    return st.session_state.setdefault(_key(plan, "marks"), plan_draft.marks_of(plan))


def _keep(plan: Plan, marks: tuple[Mark, ...], picked: str) -> None:
    st.session_state[_key(plan, "marks")], st.session_state[_key(plan, "picked")] = marks, picked


def _take(plan: Plan, marks: tuple[Mark, ...], done: Done) -> None:
    """Take over what was done on the map."""
    lon, lat = round(done.lon, 7), round(done.lat, 7)
    if done.kind == "add":
        marks = plan_draft.added(marks, Spot(lon, lat, None, ADDED_MODEL))
        _keep(plan, marks, marks[-1].key)
        return
    mark = next((mark for mark in marks if mark.key == done.key), None)
    if mark is None:
        return
    if done.kind == "move":
        marks = plan_draft.changed(marks, mark.key, Spot(lon, lat, mark.spot.azimuth_deg, mark.spot.model))
    _keep(plan, marks, mark.key)


def _panel(plan: Plan, marks: tuple[Mark, ...], picked: Mark | None) -> None:
    if picked is None:
        st.info(t("arrange.pick"), icon=":material/touch_app:")
        return
    name = str(picked.rank) if picked.rank else "+"
    st.markdown(f"**{t('plan.point_n', n=name)}**: {t(f'arrange.state_{picked.state}')}")
    _effect(plan, marks, picked)
    if picked.state != "forbidden":
        _turn(plan, marks, picked)
    with st.container(horizontal=True):
        for state, icon in STATES:
            is_off = state == picked.state or (state == "forced" and picked.state == "placed")
            if st.button(t(f"arrange.{state}"), icon=icon, disabled=is_off, key=f"arrange_{state}"):
                _keep(plan, plan_draft.marked(marks, picked.key, state), picked.key)
                st.rerun()


def _effect(plan: Plan, marks: tuple[Mark, ...], picked: Mark) -> None:
    """Say what the camera brings where it is, and what it brought before it was moved."""
    others = tuple(mark.spot for mark in marks if mark.key != picked.key and mark.state != "forbidden")
    runtime = session.runtime()
    try:
        now = effect(runtime, plan, picked.spot, others)
    except CctvError as error:
        show_error(error)
        return
    words = [t("arrange.effect", m2=number(now.point.gain_m2), total=rupiah(now.total_idr), where=now.point.place)]
    if picked.origin is not None:
        before = effect(runtime, plan, picked.origin, others)
        change = now.point.gain_m2 - before.point.gain_m2
        words.append(t("arrange.before", m2=number(before.point.gain_m2), total=rupiah(before.total_idr),
                       change=("+" if change >= 0 else "") + number(change)))  # fmt: skip
    st.markdown(" ".join(words))


def _turn(plan: Plan, marks: tuple[Mark, ...], picked: Mark) -> None:
    """Choose model and direction of the camera."""
    spot, names = picked.spot, [model.model_id for model in MODELS]
    with st.form(f"turn_{picked.key}_{spot}", border=False):
        first, second, third = st.columns([1.6, 1, 0.8], vertical_alignment="bottom")
        model = first.selectbox(t("planning.model"), names, names.index(spot.model),
                                format_func=lambda name: t(f"model.{name}"))  # fmt: skip
        azimuth = second.number_input(t("planning.azimuth"), 0, FULL_TURN_DEG - 1,
                                      round(spot.azimuth_deg or 0) % FULL_TURN_DEG, 15)  # fmt: skip
        is_sent = third.form_submit_button(t("arrange.turn"), icon=":material/explore:")
    if is_sent:
        is_round = next(m for m in MODELS if m.model_id == model).hfov_deg >= FULL_TURN_DEG
        new = Spot(spot.lon, spot.lat, None if is_round else float(azimuth), model)
        if new != spot:
            _keep(plan, plan_draft.changed(marks, picked.key, new), picked.key)
            st.rerun()


def _compute(account: Account, plan: Plan, marks: tuple[Mark, ...]) -> None:
    keeps = st.toggle(t("arrange.keep"), value=True, key=_key(plan, "keep"), help=t("arrange.keep_help"))
    is_same = marks == plan_draft.marks_of(plan)
    with st.container(horizontal=True):
        is_asked = st.button(t("arrange.compute"), type="primary", icon=":material/calculate:",
                             disabled=is_same and keeps, help=t("arrange.compute_help"))  # fmt: skip
        if st.button(t("arrange.reset"), icon=":material/restart_alt:", disabled=is_same):
            _keep(plan, plan_draft.marks_of(plan), "")
            st.rerun()
    if not is_asked:
        return
    try:
        with st.spinner(t("planning.computing")):
            made = plans.make_plan(
                session.runtime(), account, name=t("arrange.name", name=plan.name)[:120], year=plan.year,
                pagu_idr=plan.budget_idr, rules=plan.rules, like=plan,
                hand=plan_draft.hand_of(marks, keeps_others=keeps),
            )  # fmt: skip
    except CctvError as error:
        show_error(error)
        return
    for name in ("marks", "picked"):
        st.session_state.pop(_key(plan, name), None)
    st.session_state.pop("plan_chosen", None)
    st.toast(t("plan.created", id=made.plan_id), icon=":material/check:")
    st.rerun()
