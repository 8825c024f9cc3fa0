"""The comparison of two or three kept plans: numbers, money per kelurahan, map, and which points differ and why."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.plans import list_plans
from cctv.services.plan_compare import Comparison, compare
from cctv.services.rab import direction_of
from cctv.ui import session
from cctv.ui.charts import number_axis
from cctv.ui.plan_map import plan_colours, plan_map

MOST = 3
MILLION = 1_000_000


def compare_view(account: Account) -> None:  # noqa: ARG001 - all views of the screen are called alike
    """Draw the comparison.

    Parameters
    ----------
    account : Account
        Who is looking; nothing can be changed here.
    """
    found = {plan.plan_id: plan for plan in list_plans(session.runtime().registry) if plan.state != "archived"}
    chosen = st.multiselect(
        t("compare.choose"), list(found), default=list(found)[:2], max_selections=MOST,
        format_func=lambda key: f"{key} · {found[key].name}", key="compare_chosen",
    )  # fmt: skip
    if len(chosen) < 2:  # noqa: PLR2004 - one plan has nothing to be compared with
        st.info(t("compare.need"), icon=":material/compare_arrows:")
        return
    answer = compare([found[key] for key in chosen])
    _numbers(answer)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        plan_map("compare_map", answer.plans)
    with right:
        _kelurahan(answer)
    _points(answer)


def _letter(row: int, plan: Plan) -> str:
    return f"{'ABC'[row]}: {plan.plan_id} {plan.name}"


def _numbers(answer: Comparison) -> None:
    st.dataframe(
        pd.DataFrame(
            [
                {
                    t("compare.plan"): _letter(row, plan),
                    t("plan.points"): number(len(plan.points)),
                    t("rab.pagu"): rupiah(plan.budget_idr),
                    t("plan.total"): rupiah(plan.total_idr),
                    t("plan.left"): rupiah(plan.budget_idr - plan.total_idr),
                    t("plan.after"): percent(plan.run.seen_after),
                    t("compare.area"): percent(plan.run.area_after),
                    t("compare.per_point"): rupiah(plan.total_idr // max(len(plan.points), 1)),
                    t("compare.gap"): percent(plan.run.gap),
                    t("plan.progress_state"): t(f"plan.state_{plan.state}"),
                }
                for row, plan in enumerate(answer.plans)
            ]
        ),
        hide_index=True,
    )
    st.caption(t("compare.kind"))


def _kelurahan(answer: Comparison) -> None:
    names = [_letter(row, plan) for row, plan in enumerate(answer.plans)]
    frame = pd.DataFrame(
        [(name, plan, amount / MILLION) for name, sums in answer.kelurahan
         for plan, amount in zip(names, sums, strict=True)],
        columns=["kelurahan", "plan", "amount"],
    )  # fmt: skip
    colours = list(plan_colours()[: len(names)])
    chart = alt.Chart(frame, height=430).mark_bar().encode(
        y=alt.Y("kelurahan:N", title=None), yOffset=alt.YOffset("plan:N", sort=names),
        x=alt.X("amount:Q", title=t("compare.axis"), axis=number_axis()),
        color=alt.Color("plan:N", title=None, sort=names, scale=alt.Scale(domain=names, range=colours),
                        legend=alt.Legend(orient="top", direction="vertical", labelLimit=360)),
        tooltip=["kelurahan", "plan", alt.Tooltip("amount:Q", format=",.1f")],
    )  # fmt: skip
    st.altair_chart(chart)


def _points(answer: Comparison) -> None:
    shared = sum(item.is_shared for item in answer.points)
    st.subheader(t("compare.points", n=len(answer.points) - shared, shared=shared), anchor=False)
    st.markdown("\n".join(f"- {cause}" for cause in answer.causes))
    st.dataframe(
        pd.DataFrame(
            [
                {
                    t("rab.place"): f"{item.point.street or t('planning.unnamed')}, {item.point.kelurahan}",
                    t("rab.direction"): direction_of(item.point),
                    t("brief.gain"): number(item.point.gain_m2),
                    **{
                        t("compare.rank_in", letter="ABC"[row]): "-" if rank is None else str(rank)
                        for row, rank in enumerate(item.ranks)
                    },
                    t("compare.who"): t("compare.all")
                    if item.is_shared
                    else t(
                        "compare.only", letters=", ".join("ABC"[row] for row, rank in enumerate(item.ranks) if rank)
                    ),
                }
                for item in answer.points
            ]
        ),
        hide_index=True,
    )
