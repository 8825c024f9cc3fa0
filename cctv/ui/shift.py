"""The start of a shift: take over a post, then look at what changed one by one."""

from html import escape

import pandas as pd
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import moment, number, t
from cctv.registry.alerts import Decision
from cctv.registry.models import Account, Camera
from cctv.registry.shifts import LONGEST_POST, Shift
from cctv.services import alerts, quality, shifts
from cctv.services.shifts import Handover, Item
from cctv.settings import page_file
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.picture import live_picture

#: Things shown at once; the next ones follow as these are done.
MOST_SHOWN = 20
ICONS = {"alert": ":material/notification_important:", "stale": ":material/history:", "edited": ":material/edit:"}
_PICTURED = ("black", "frozen", "blurred", "covered", "moved")


def shift_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; an account of one agency has its own cameras.
    """
    st.title(t("shift.title"), anchor=False, help=t("shift.help"))
    shift = shifts.current_shift(session.runtime(), account)
    _take_over(account, shift)
    if shift is None:
        st.info(t("shift.first"), icon=":material/badge:")
        return
    found = shifts.handover(session.runtime(), account, shift)
    _summary(found)
    waiting = [item for item in found.items if not item.is_checked]
    if not waiting:
        st.success(t("shift.done"), icon=":material/task_alt:")
    for item in waiting[:MOST_SHOWN]:
        _item(account, shift, item)
    if len(waiting) > MOST_SHOWN:
        st.caption(t("shift.more", n=number(len(waiting) - MOST_SHOWN)))
    done = [item for item in found.items if item.is_checked]
    if done:
        with st.expander(t("shift.checked", n=number(len(done)))):
            st.markdown("\n".join(f"- {item.camera.name} ({item.camera.camera_id}): {item.words}" for item in done))
    _tally(account)


def _tally(account: Account) -> None:
    """Tell how often the alerts were right so far, by what people decided."""
    found = alerts.tally(session.runtime(), account)
    if not found:
        return
    with st.expander(t("shift.tally"), icon=":material/rule:"):
        columns = ("confirmed", "refused", "undecided")
        rows = [
            {t("shift.alert"): t(f"shift.kind_{kind}")}
            | {t(f"shift.{name}"): number(n) for name, n in zip(columns, counts, strict=True)}
            for kind, counts in found.items()
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        st.caption(t("shift.tally_help"))


def _take_over(account: Account, shift: Shift | None) -> None:
    known = shifts.posts(session.runtime(), account)
    with st.form("shift_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        usual = shift.post if shift else t("shift.usual_post")
        post = st.selectbox(
            t("shift.post"), sorted({*known, usual}), index=sorted({*known, usual}).index(usual),
            accept_new_options=True, width=320,
        )  # fmt: skip
        starts = st.form_submit_button(t("shift.start"), icon=":material/login:", type="primary")
    if not starts:
        return
    try:
        shifts.take_over(session.runtime(), account, str(post or "")[: LONGEST_POST + 1])
    except CctvError as error:
        show_error(error)
        return
    st.rerun()


def _summary(found: Handover) -> None:
    key = "shift.since" if found.before else "shift.since_first"
    who = "" if found.before is None else found.before.username
    st.caption(
        t(key, post=found.shift.post, started=moment(found.shift.started_at), since=moment(found.since), who=who)
    )

    def count(*kinds: str) -> str:
        return number(sum((item.alert.kind if item.alert else item.kind) in kinds for item in found.items))

    done = sum(item.is_checked for item in found.items)
    kpi_strip([
        Kpi(f"{number(done)} / {number(len(found.items))}", t("shift.progress"), "", t("shift.progress_meaning")),
        Kpi(count("dead"), t("shift.kind_dead")),
        Kpi(count("back"), t("shift.kind_back")),
        Kpi(count(*_PICTURED), t("shift.pictured"), "", t("shift.pictured_meaning")),
        Kpi(count("stale"), t("shift.kind_stale_short"), "", t("shift.stale_meaning")),
        Kpi(count("edited"), t("shift.edited_short")),
    ])  # fmt: skip


def _item(account: Account, shift: Shift, item: Item) -> None:
    """Show one thing with what can be said about it; a picture only where the picture is the matter."""
    with st.container(border=True, key=f"item_{item.key}"):
        ended_at = item.alert.ended_at if item.alert and item.alert.kind != "back" else None
        over = f" {t('shift.over', when=moment(ended_at))}" if ended_at else ""
        st.markdown(
            f"{ICONS[item.kind]} **{item.camera.name}** ({item.camera.camera_id}) · {item.camera.agency_name}  \n"
            f"{item.words}. {moment(item.at)}.{over}"
        )
        if item.alert is not None and item.alert.kind in _PICTURED:
            _pictures(item.alert.alert_id, item.camera)
        with st.container(horizontal=True):
            _buttons(account, shift, item)
            st.page_link(
                page_file("peta"), label=t("shift.on_map"), icon=":material/map:",
                query_params={"camera": item.camera.camera_id},
            )  # fmt: skip


def _pictures(alert_id: int, camera: Camera) -> None:
    columns = st.columns(3)
    for column, which in zip(columns, ("acuan", "gambar"), strict=False):
        words = escape(t(f"shift.{which}"))
        image = f'<img src="/peringatan/{alert_id}/{which}.jpg" alt="{words}">'
        column.html(f'<figure class="evidence">{image}<figcaption>{words}</figcaption></figure>')
    with columns[2]:
        live_picture(camera.camera_id, camera.name, width_px=400)


def _buttons(account: Account, shift: Shift, item: Item) -> None:
    runtime = session.runtime()
    decisions: tuple[tuple[Decision, str], ...] = (("confirmed", ":material/check:"), ("refused", ":material/close:"))
    try:
        if item.alert is None:
            if st.button(t("shift.seen"), key=f"seen_{item.key}", icon=":material/check:"):
                shifts.check(runtime, account, shift, item)
                st.rerun()
            return
        for decision, icon in decisions:
            if st.button(t(f"shift.{decision}"), key=f"{decision}_{item.key}", icon=icon):
                alerts.decide(runtime, account, item.alert.alert_id, decision)
                shifts.check(runtime, account, shift, item)
                st.rerun()
        if item.alert.kind in _PICTURED and st.button(
            t("shift.anew"), key=f"anew_{item.key}", icon=":material/add_photo_alternate:", help=t("shift.anew_help")
        ):
            quality.learn_anew(runtime, account, item.camera.camera_id)
            st.toast(t("shift.anew_done", name=item.camera.name))
    except CctvError as error:
        show_error(error)
