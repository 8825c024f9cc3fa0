"""Two people changed one camera: both versions side by side, and the second chooses field by field; nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import t
from cctv.registry import history
from cctv.registry.models import Account, Camera
from cctv.services import editing
from cctv.services.mapdata import PointOnMap, find_camera
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.field_words import field_words, value_words

WAITING = "edits_in_conflict"
CHOICES = ("mine", "theirs")


@dataclass(frozen=True)
class Conflict:
    """An edit that came second.

    Attributes
    ----------
    camera_id : str
        Which camera.
    seen : mapping
        Fields as the person saw them before.
    wanted : mapping
        Fields as the person wants them.
    reason : str
        Why.
    """

    camera_id: str
    seen: Mapping[str, object]
    wanted: Mapping[str, object]
    reason: str


def keep(conflict: Conflict) -> None:
    """Keep an edit until its author has chosen.

    Parameters
    ----------
    conflict : Conflict
        The edit.
    """
    st.session_state.setdefault(WAITING, {})[conflict.camera_id] = conflict


def conflicts_section(account: Account, points: list[PointOnMap]) -> None:
    """Draw every edit of this visit that waits for a choice.

    Parameters
    ----------
    account : Account
        Who chooses.
    points : list of PointOnMap
        All points with cameras.
    """
    for conflict in list(st.session_state.get(WAITING, {}).values()):
        found = find_camera(points, conflict.camera_id)
        if found is None:
            st.warning(t("versions.gone", camera=conflict.camera_id), icon=":material/group:")
            st.button(t("versions.drop"), key=f"drop_{conflict.camera_id}", on_click=_drop, args=(conflict,))
        else:
            _choose(account, conflict, found[1])


def _choose(account: Account, conflict: Conflict, now: Camera) -> None:
    newest = history.changes(session.runtime().registry, "camera", now.camera_id, limit=1)
    who = newest[0].actor if newest else t("panel.unknown")
    with st.container(border=True):
        st.warning(t("versions.text", camera=now.camera_id, who=who), icon=":material/group:")
        for name, wanted in conflict.wanted.items():
            theirs = getattr(now, name)
            words = {"mine": ("versions.mine", wanted), "theirs": ("versions.theirs", theirs)}
            st.radio(
                field_words(name), CHOICES, horizontal=True, key=_radio(conflict, name),
                index=0 if theirs == conflict.seen[name] else None,
                format_func=lambda side, name=name, words=words: t(
                    words[side][0], value=value_words(name, words[side][1])
                ),
            )  # fmt: skip
        with st.container(horizontal=True):
            st.button(
                t("versions.save"), type="primary", icon=":material/save:", key=f"save_{conflict.camera_id}",
                on_click=_save, args=(account, conflict, now.version),
            )  # fmt: skip
            st.button(t("versions.drop"), key=f"drop_{conflict.camera_id}", on_click=_drop, args=(conflict,))


def _radio(conflict: Conflict, name: str) -> str:
    return f"side_{conflict.camera_id}_{name}"


def _save(account: Account, conflict: Conflict, version: int) -> None:
    """Save what was chosen over the version that was shown beside it."""
    sides = {name: st.session_state.get(_radio(conflict, name)) for name in conflict.wanted}
    if None in sides.values():
        st.warning(t("versions.choose_all"), icon=":material/rule:")
        return
    changes = {name: value for name, value in conflict.wanted.items() if sides[name] == "mine"}
    try:
        if changes:
            editing.save_camera(
                session.runtime(), account, conflict.camera_id, version=version, changes=changes,
                reason=conflict.reason,
            )  # fmt: skip
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("register.saved", cameras=conflict.camera_id), icon=":material/check:")
        _drop(conflict)


def _drop(conflict: Conflict) -> None:
    st.session_state[WAITING].pop(conflict.camera_id, None)
