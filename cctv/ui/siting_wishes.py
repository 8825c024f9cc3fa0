"""What this visit wishes of every plan: points forced or forbidden by a click, each with a way to take it back."""

import streamlit as st

from cctv.i18n import rupiah, t
from cctv.services.new_cameras import CandidateSet
from cctv.services.purses import Purse, kelurahan_of_candidates
from cctv.services.wishes import Kind, Mark, Wishes, mark_of, marked, wishes_of
from cctv.ui import session

MARKS, BEFORE = "siting_marks", "siting_marks_before"
MOST_BACK = 50
ICONS = {"must": ":material/push_pin:", "not": ":material/block:"}


def present_marks() -> tuple[Mark, ...]:
    """Give what was said about points.

    Returns
    -------
    tuple of Mark
        In the order in which it was said.
    """
    return st.session_state.get(MARKS, ())


def wishes_bar(found: CandidateSet, purse: Purse | None) -> Wishes:
    """Draw what is wished, with a button to take each wish back, one to undo the last change and one for all.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    purse : Purse or None
        Ceilings that no plan exceeds.

    Returns
    -------
    Wishes
        As rows of the candidates.
    """
    marks, before = present_marks(), st.session_state.get(BEFORE, ())
    if marks or before:
        with st.container(horizontal=True, vertical_alignment="center", key="wishes"):
            st.markdown(t("wishes.bar"))
            for mark in marks:
                st.button(
                    t(f"wishes.chip_{mark.kind}", place=place_name(found, mark.pole_id)), key=f"wish_{mark.pole_id}",
                    icon=ICONS[mark.kind], help=t("wishes.take_back"), on_click=release, args=(mark.pole_id,),
                )  # fmt: skip
            if before:
                st.button(t("wishes.undo"), key="wishes_undo", icon=":material/undo:", on_click=_undo)
            if len(marks) > 1:
                st.button(t("wishes.clear"), key="wishes_clear", icon=":material/clear_all:", on_click=_say, args=((),))
    idle = [mark for mark in marks if wishes_of(found, (mark,)) == wishes_of(found, ())]
    if idle:
        st.warning(t("wishes.idle", points=", ".join(mark.pole_id for mark in idle)), icon=":material/info:")
    return wishes_of(found, marks, purse)


def wish_buttons(found: CandidateSet, pole_id: str, row: int) -> None:
    """Draw the buttons that force a camera, forbid its point, or take back what was said about it.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    pole_id : str
        The point.
    row : int
        The camera that would be forced.
    """
    said = next((mark for mark in present_marks() if mark.pole_id == pole_id), None)
    with st.container(horizontal=True, key="wish_buttons"):
        if said is None or said != mark_of(found, row, "must"):
            st.button(t("wishes.must"), key="wish_must", icon=ICONS["must"], help=t("wishes.must_help"),
                      on_click=_mark, args=(found, row, "must"))  # fmt: skip
        if said is None or said.kind != "not":
            st.button(t("wishes.not"), key="wish_not", icon=ICONS["not"], help=t("wishes.not_help"), on_click=_mark,
                      args=(found, row, "not"))  # fmt: skip
        if said is not None:
            st.button(t("wishes.release"), key="wish_release", icon=":material/undo:", on_click=release,
                      args=(pole_id,))  # fmt: skip


def are_payable(found: CandidateSet, wishes: Wishes, budget_idr: int) -> bool:
    """Tell whether the money reaches for the forced points; if not, say what they cost.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    wishes : Wishes
        What is wished.
    budget_idr : int
        Money [Rp].

    Returns
    -------
    bool
        False if no plan can have them all.
    """
    must = list(wishes.must_include)
    cost = found.candidates.cost_idr[must]
    total = int(cost.sum())
    if total > budget_idr:
        st.error(t("wishes.too_dear", cost=rupiah(total), budget=rupiah(budget_idr), short=rupiah(total - budget_idr)),
                 icon=":material/error:")  # fmt: skip
        return False
    where = kelurahan_of_candidates(session.runtime(), found.candidates)[must]
    limits = wishes.purse.limits_idr if wishes.purse is not None else ()
    over = [
        (name, int(cost[where == name].sum()), limit) for name, limit in limits if cost[where == name].sum() > limit
    ]
    for name, own, limit in over:
        st.error(t("purse.too_dear", kelurahan=name, cost=rupiah(own), limit=rupiah(limit)), icon=":material/error:")
    return not over


def place_name(found: CandidateSet, pole_id: str) -> str:
    """Name a point as people know it.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    pole_id : str
        The point.

    Returns
    -------
    str
        Its street, and its id because a street has many points.
    """
    rows = found.rows_at.get(pole_id, ())
    street = str(found.candidates.street[rows[0]]) if rows else ""
    return f"{street or t('planning.unnamed')} ({pole_id})"


def release(pole_id: str) -> None:
    """Take back what was said about a point.

    Parameters
    ----------
    pole_id : str
        The point.
    """
    _say(tuple(mark for mark in present_marks() if mark.pole_id != pole_id))


def _mark(found: CandidateSet, row: int, kind: Kind) -> None:
    _say(marked(present_marks(), mark_of(found, row, kind)))


def _say(marks: tuple[Mark, ...]) -> None:
    """Change the marks and remember how they were."""
    st.session_state[BEFORE] = (*st.session_state.get(BEFORE, ()), present_marks())[-MOST_BACK:]
    st.session_state[MARKS] = marks


def _undo() -> None:
    *rest, last = st.session_state[BEFORE]
    st.session_state[BEFORE], st.session_state[MARKS] = tuple(rest), last
