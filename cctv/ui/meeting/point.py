"""The step of a meeting about one point: maps, the picture of its camera, for whom, at what cost, the decision."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from cctv.i18n import number, rupiah, t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan, PlanPoint
from cctv.services import plans, situation
from cctv.services.new_cameras import MODELS
from cctv.services.plan_reasons import Benefit, benefits
from cctv.services.rab import direction_of
from cctv.ui import session

NAMED = 4
#: Decision, its key on the keyboard, its picture.
DECISIONS = (("accepted", "1", ":material/check:"), ("postponed", "2", ":material/schedule:"),
             ("refused", "3", ":material/close:"))  # fmt: skip


def point_step(account: Account, plan: Plan, row: int, go_on: Callable[[], object]) -> None:
    """Draw a point.

    Parameters
    ----------
    account : Account
        Who records the decision.
    plan : Plan
        Which plan.
    row : int
        Which of its points, from 0.
    go_on : callable
        Shows the next step.
    """
    point = plan.points[row]
    st.header(t("meeting.point", n=point.rank, place=point.street or t("planning.unnamed"), where=point.kelurahan),
              anchor=False)  # fmt: skip
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _pictures(plan, row)
    with right:
        st.markdown(t("meeting.why", m2=number(point.gain_m2), direction=direction_of(point),
                      total=rupiah(plan.rules.total_idr(point.net_idr))))  # fmt: skip
        st.markdown(_for_whom(benefits(session.runtime(), plan, row)))
        _decide(account, plan, point, go_on)
        _cost(plan, point)


def _pictures(plan: Plan, row: int) -> None:
    """Show pictures that the server has drawn: they need no graphics card and no map on the office PC."""
    point = plan.points[row]
    model = next(model for model in MODELS if model.model_id == point.model)
    heights = t("meeting.heights_synthetic" if plan.run.is_synthetic else "meeting.heights_estimated")
    view = t("meeting.view", height=number(model.height_m), range=number(model.range_m))
    captions = {
        "sebelum": t("meeting.map_before"),
        "sesudah": t("meeting.map_after"),
        "pandangan": f"{view} {t('meeting.view_limits', heights=heights)}",
    }
    figures = "".join(
        f'<figure class="{name}">{_picture(plan, point, name)}<figcaption>{escape(caption)}</figcaption></figure>'
        for name, caption in captions.items()
    )
    ahead = "".join(_picture(plan, after, name) for after in plan.points[row + 1 : row + 2] for name in captions)
    st.html(f'<div class="point-pictures">{figures}<div class="ahead">{ahead}</div></div>')


def _picture(plan: Plan, point: PlanPoint, name: str) -> str:
    mark = f"{situation.fingerprint(session.runtime())[:12]}-{plan.version}"
    alt = t(f"meeting.alt_{name}", n=point.rank)
    return f'<img src="/peta/rencana/{plan.plan_id}/{point.rank}/{name}.png?v={mark}" alt="{escape(alt)}">'


def _for_whom(found: tuple[Benefit, ...]) -> str:
    if not found:
        return t("meeting.who_none")
    named = [
        t("meeting.who_space", name=space.name or t(f"space_class.{space.space_class}"), m2=number(space.area_m2))
        for space in found[:NAMED]
    ]
    rest = len(found) - NAMED
    return t("meeting.who", spaces=", ".join([*named, *([t("meeting.who_more", n=rest)] if rest > 0 else [])]))


def _decide(account: Account, plan: Plan, point: PlanPoint, go_on: Callable[[], object]) -> None:
    st.markdown(t("meeting.decision", word=t(f"decision.{point.decision}"), note=point.decision_note or "-"))
    if plan.state != "draft":
        st.caption(t("meeting.closed"))
        return
    note = st.text_input(t("plan.field_note"), point.decision_note, max_chars=300, key=f"note_{point.plan_point_id}")
    with st.container(horizontal=True):
        for word, keyboard, icon in DECISIONS:
            if st.button(t(f"meeting.{word}"), shortcut=keyboard, icon=icon, key=f"decide_{word}"):
                changes: dict[str, object] = {"decision": word, "decision_note": note.strip()}
                plans.save_table(session.runtime(), account, plan.plan_id, [
                    (point.plan_point_id, point.version, changes)
                ])  # fmt: skip
                go_on()


def _cost(plan: Plan, point: PlanPoint) -> None:
    total = plan.rules.total_idr(point.net_idr)
    parts = [(f"{line.name}, {number(line.quantity)} {line.unit}", line.amount_idr) for line in point.lines]
    parts += [(t("meeting.cost_tax"), total - point.net_idr), (t("plan.field_total"), total)]
    st.markdown(t("meeting.cost"))
    st.table(pd.DataFrame({"": [rupiah(amount) for _, amount in parts]}, index=[name for name, _ in parts]))
