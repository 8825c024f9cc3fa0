"""What became of the accepted points of a signed plan: state, camera, actual cost beside the planned one."""

from typing import Any

import pandas as pd
import streamlit as st

from cctv.i18n import day, number, rupiah, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.planned import STATES, PlannedCamera, list_planned
from cctv.services import plans
from cctv.services.amounts import amount_of
from cctv.services.plan_achieved import achieved_m2
from cctv.ui import session

EDITED = ("state", "camera_id", "actual", "note")


def progress_table(account: Account, plan: Plan) -> None:
    """Draw the progress; nothing while the plan is not signed.

    Parameters
    ----------
    account : Account
        Who is looking.
    plan : Plan
        Which plan.
    """
    found = list_planned(session.runtime().registry, plan.plan_id)
    if not found:
        return
    st.subheader(t("plan.progress"), anchor=False, help=t("plan.progress_help"))
    known = [item for item in found if item.actual_idr is not None]
    total = _planned_idr(plan, known)
    st.caption(t("plan.progress_note", n=sum(item.state == "alive" for item in found), all=len(found),
                 planned=rupiah(total), actual=rupiah(sum(item.actual_idr or 0 for item in known)),
                 known=len(known)))  # fmt: skip
    achieved = achieved_m2(session.runtime(), plan, found)
    st.caption(_gain_note(plan, achieved))
    before = _frame(plan, found, achieved)
    if not session.may(Permission.EDIT_PLANS):
        st.dataframe(before, column_config=_columns(), hide_index=True)
        return
    after = st.data_editor(
        before, column_config=_columns(), disabled=[str(name) for name in before if name not in EDITED],
        hide_index=True, key=f"progress_{plan.plan_id}_{sum(item.version for item in found)}",
    )  # fmt: skip
    edits = [(found[row], changes) for row in range(len(found)) if (changes := _changes(before, after, row))]
    if st.button(t("plan.progress_save", n=len(edits)), disabled=not edits, icon=":material/save:"):
        for item, changes in edits:
            plans.move_planned(session.runtime(), account, item, changes, t("plan.progress_reason"))
        st.toast(t("plan.saved", n=len(edits)), icon=":material/check:")
        st.rerun()


def _planned_idr(plan: Plan, items: list[PlannedCamera]) -> int:
    ids = {item.plan_point_id for item in items}
    return sum(plan.rules.total_idr(point.net_idr) for point in plan.points if point.plan_point_id in ids)


def _gain_note(plan: Plan, achieved: dict[str, float | None]) -> str:
    """Compare planned and achieved gain of the points whose achieved gain is known."""
    known = {key: area for key, area in achieved.items() if area is not None}
    planned = sum(point.gain_m2 for point in plan.points if point.plan_point_id in known)
    return t("plan.progress_achieved_note", planned=number(planned), achieved=number(sum(known.values())), n=len(known),
             level=plan.run.level)  # fmt: skip


def _frame(plan: Plan, found: list[PlannedCamera], achieved: dict[str, float | None]) -> pd.DataFrame:
    points = {point.plan_point_id: point for point in plan.points}
    return pd.DataFrame(
        [
            {
                "rank": points[item.plan_point_id].rank,
                "place": points[item.plan_point_id].place,
                "state": item.state,
                "since": day(item.state_since.date()),
                "camera_id": item.camera_id,
                "planned": rupiah(plan.rules.total_idr(points[item.plan_point_id].net_idr)),
                "actual": "" if item.actual_idr is None else number(item.actual_idr),
                "gain": points[item.plan_point_id].gain_m2,
                "achieved": achieved[item.plan_point_id],
                "note": item.note,
            }
            for item in found
        ]
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "rank": t("planning.rank"),
        "place": t("rab.place"),
        "state": column.SelectboxColumn(
            t("plan.progress_state"), options=list(STATES), format_func=lambda word: t(f"planned.{word}")
        ),
        "since": t("plan.progress_since"),
        "camera_id": column.TextColumn(t("plan.progress_camera"), max_chars=40),
        "planned": t("plan.progress_planned"),
        "actual": column.TextColumn(t("plan.progress_actual"), help=t("plan.price_help")),
        "gain": column.NumberColumn(t("plan.progress_gain"), format="%d"),
        "achieved": column.NumberColumn(
            t("plan.progress_achieved"), format="%d", help=t("plan.progress_achieved_help")
        ),
        "note": column.TextColumn(t("plan.progress_note_field"), max_chars=300),
    }


def _changes(before: pd.DataFrame, after: pd.DataFrame, row: int) -> dict[str, object]:
    def cell(frame: pd.DataFrame, name: str) -> str:
        value = frame[name].iloc[row]
        return "" if value is None else str(value).strip()

    changes: dict[str, object] = {name: cell(after, name) for name in EDITED if cell(after, name) != cell(before, name)}
    if "actual" in changes:
        text = str(changes.pop("actual"))
        amount = amount_of(text)
        changes["actual_idr"] = None if not text else text if amount is None else amount
    return changes
