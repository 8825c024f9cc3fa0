"""The history in words: of one camera with its point, with a button to take back one's own change; and of all."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import moment, t
from cctv.registry import history
from cctv.registry.models import Account, Camera, Change
from cctv.services import undoing
from cctv.services.mapdata import PointOnMap
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.field_words import difference_words

ROWS, LINES = 200, 30


def camera_timeline(account: Account, item: PointOnMap, camera: Camera, *, editable: bool) -> None:
    """Draw what happened to a camera and to its point, the newest first.

    Parameters
    ----------
    account : Account
        Who is looking.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.
    editable : bool
        Whether the account may take back a change of its own.
    """
    registry = session.runtime().registry
    records = (("camera", camera.camera_id), ("point", item.point.point_id))
    found = [history.changes(registry, *record, limit=LINES) for record in records]
    newest = {changes[0].change_id for changes in found if changes}
    st.subheader(t("timeline.title"), anchor=False)
    for change in sorted((c for changes in found for c in changes), key=lambda c: -c.change_id)[:LINES]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f'<div class="change">{_line(change)}</div>', width="stretch")
            if editable and change.change_id in newest and undoing.can_undo(session.runtime(), account, change):
                st.button(
                    t("timeline.undo"), icon=":material/undo:", key=f"undo_{change.change_id}",
                    on_click=_undo, args=(account, change),
                )  # fmt: skip


def last_change(account: Account) -> None:
    """Draw the newest change of the person with a button that takes the whole of it back, while that can be done.

    Parameters
    ----------
    account : Account
        Who is looking.
    """
    runtime = session.runtime()
    for change in history.changes(runtime.registry, actor=account.username, limit=1):
        if undoing.can_undo(runtime, account, change):
            together, _ = history.made_together(runtime.registry, change)
            first = together[0]
            what = f"{t(f'timeline.{first.entity}')} {first.entity_id}"
            with st.container(horizontal=True, vertical_alignment="center", key="last_change"):
                st.caption(t("timeline.last", when=moment(change.changed_at), what=what, n=len(together),
                             why=change.reason or t("timeline.no_reason")))  # fmt: skip
                st.button(
                    t("timeline.undo_last"), icon=":material/undo:", key=f"undo_last_{change.change_id}",
                    on_click=_undo, args=(account, change),
                )  # fmt: skip


def register_timeline() -> None:
    """Draw the newest changes of the whole register."""
    changes = history.changes(session.runtime().registry, limit=ROWS)
    st.dataframe(
        pd.DataFrame(
            [
                {
                    t("history.when"): moment(change.changed_at),
                    t("history.who"): change.actor,
                    t("history.what"): f"{t(f'timeline.{change.entity}')} {change.entity_id}",
                    t("history.change"): "; ".join(_what(change)),
                    t("history.why"): change.reason,
                }
                for change in changes
            ]
        ),
        hide_index=True,
        height=560,
    )


def change_lines(changes: Sequence[Change]) -> None:
    """Draw changes of one record in words.

    Parameters
    ----------
    changes : sequence of Change
        In the order to show them.
    """
    for change in changes:
        st.html(f'<div class="change">{_line(change)}</div>')


def _what(change: Change) -> list[str]:
    return [t("timeline.create")] if change.op == "create" else difference_words(change.before, change.after)


def _line(change: Change) -> str:
    head = t(
        "timeline.head", when=moment(change.changed_at), who=escape(change.actor),
        what=t(f"timeline.{change.entity}"), why=escape(change.reason) or t("timeline.no_reason"),
    )  # fmt: skip
    return f"<b>{head}</b><br>" + "<br>".join(escape(line) for line in _what(change))


def _undo(account: Account, change: Change) -> None:
    reason = t("timeline.undo_reason", when=moment(change.changed_at))
    try:
        undoing.undo(session.runtime(), account, change, reason)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("timeline.undone"), icon=":material/undo:")
