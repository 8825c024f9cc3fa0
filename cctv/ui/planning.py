"""The ranking screen: a budget, the points that see the most for it, what they cost and why, before and after."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import moment, number, percent, rupiah, t
from cctv.registry import prices as price_store
from cctv.registry.models import Account
from cctv.services import planning, siting_jobs, weighting
from cctv.services.exports import ranking_csv, ranking_geojson
from cctv.services.new_cameras import PoolName
from cctv.services.planning import HIGHEST, LOWEST, MILLION, STEP, Ranking, Wishes
from cctv.services.situation import Situation
from cctv.ui import session
from cctv.ui.charts import number_axis
from cctv.ui.gaps import interval
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.siting_curve import curve_section
from cctv.ui.siting_map import siting_map
from cctv.ui.siting_panel import points_panel
from cctv.ui.siting_progress import ended, follow
from cctv.ui.siting_purse import capped, purse_bar, purse_left
from cctv.ui.siting_wishes import are_payable, wishes_bar
from cctv.ui.waiting import current_situation
from coverage.shares import Share
from coverage.stability import Stability

OPENING = 500


def planning_screen(account: Account) -> None:
    """Draw the ranking screen.

    Parameters
    ----------
    account : Account
        Who is looking; every export is logged with the name.
    """
    situation, runtime = current_situation(), session.runtime()
    millions = st.slider(
        t("planning.budget"), LOWEST, HIGHEST, OPENING, STEP, format=t("planning.budget_format"), key="budget",
        help=t("planning.budget_help"),
    )  # fmt: skip
    above, numbers, state = st.container(), st.container(), st.container()  # what comes and goes must not move the map
    with above:
        purse = purse_bar()  # drawn before anybody has to wait: a choice that is not drawn is forgotten
        pool = _ready_pool()
        if pool is None:
            return
        found = planning.candidate_set(runtime, pool=pool)
        budget_idr = millions * MILLION if purse is None else capped(purse, millions * MILLION)
        wishes = wishes_bar(found, None if purse is None or purse.is_open else purse)
        if not are_payable(found, wishes, budget_idr):
            return
    refined = planning.known(runtime, budget_idr, wishes)
    ranking = refined or planning.sketch(runtime, budget_idr, wishes)
    with numbers:
        kpi_strip(_kpis(ranking))
    with state:
        firm = _refine(ranking, budget_idr, wishes, is_refined=refined is not None)
    _draw(account, situation, ranking, wishes, firm)


def _ready_pool() -> PoolName | None:
    """Start on the few candidates that are ready soon; go over to all of them once their curve is drawn."""
    runtime, full, quick = session.runtime(), Wishes(), Wishes(pool="quick")
    if planning.is_drawn(runtime, full):
        return "full"
    if not planning.is_drawn(runtime, quick):
        _follow_curve(quick, t("siting.drawing"), t("siting.no_curve"))
        return None
    _follow_curve(full, t("siting.widening"), t("siting.not_widened"))
    return "quick"


def _follow_curve(wishes: Wishes, text: str, text_without: str) -> None:
    """Have a curve drawn in the background; the answers of the slider come from it."""
    runtime = session.runtime()
    job = siting_jobs.drawn_curve(runtime, wishes)
    key = f"curve_{wishes.pool}"
    if job.state in ("stopped", "failed"):
        ended(job, text_without, key, lambda: siting_jobs.curve_again(runtime, wishes))
    else:
        follow(job, text, key)


def _refine(ranking: Ranking, budget_idr: int, wishes: Wishes, *, is_refined: bool) -> Stability | None:
    """Have the plan refined in the background, then solved again under other assumptions."""
    runtime = session.runtime()
    if wishes.pool == "quick" and not siting_jobs.drawn_curve(runtime, Wishes()).is_over:
        return None  # all candidates come soon, and with them another plan
    if not is_refined:
        job = siting_jobs.refined(runtime, budget_idr, wishes)
        if job.state in ("stopped", "failed"):
            ended(job, t("siting.first_shown"), "plan", lambda: siting_jobs.again(runtime, budget_idr, wishes))
        else:
            follow(job, t("siting.refining"), "plan")
        return None
    plan = ranking.plan
    proof = t("siting.proved") if plan.is_proved else t("siting.refined", gap=percent(plan.gap, 2))
    job = siting_jobs.firmness(runtime, ranking, wishes)
    if isinstance(job.result, Stability):
        shaky = sum(not firm for firm in job.result.is_robust)
        st.success(f"{proof} {t('siting.firm_count', firm=len(plan.order) - shaky, shaky=shaky, n=job.result.n_draws)}",
                   icon=":material/verified:")  # fmt: skip
        _draw_own_curve(wishes)
        return job.result
    st.success(proof, icon=":material/verified:")
    if job.state in ("stopped", "failed"):
        ended(job, t("siting.no_firmness"), "firm", lambda: siting_jobs.firmness_again(ranking))
    else:
        follow(job, t("siting.testing"), "firm")
    return None


def _draw_own_curve(wishes: Wishes) -> None:
    """Have the curve with the wishes drawn once nothing more urgent is left to do; nobody waits for it."""
    runtime = session.runtime()
    if not planning.is_drawn(runtime, wishes):
        job = siting_jobs.drawn_curve(runtime, wishes)
        if not job.is_over:
            follow(job, t("wishes.drawing"), "own_curve")


def _draw(
    account: Account, found: Situation, ranking: Ranking, wishes: Wishes, firm: Stability | None
) -> None:  # fmt: skip
    st.caption(weighting.words(found.base.weights))
    st.caption(t("planning.honest", level=ranking.level, when=moment(ranking.computed_at),
                 version=ranking.method_version, mark=ranking.plan.fingerprint))  # fmt: skip
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        map_place, question = st.container(), st.container()
    with right:
        centre = points_panel(ranking, wishes, firm, question)
    with map_place:
        siting_map(ranking, wishes, found.fingerprint, centre)
    first, second = st.columns(2, gap="medium")
    with first:
        own = wishes if planning.is_drawn(session.runtime(), wishes) else wishes.free
        curve_section(planning.curve(session.runtime(), wishes=own), ranking, found.base.demand.total_weight)
        if own != wishes:
            st.caption(t("wishes.curve_without"))
    with second:
        _compared(ranking)
        if wishes.purse is not None:
            purse_left(wishes.purse, planning.candidate_set(session.runtime(), pool=wishes.pool), ranking)
    _downloads(account, ranking)
    _prices()


def _kpis(ranking: Ranking) -> list[Kpi]:
    def kpi(before: Share, after: Share, name: str) -> Kpi:
        return Kpi(interval(after), t(f"planning.{name}"), t("planning.before", value=interval(before)),
                   t(f"planning.{name}_meaning"))  # fmt: skip

    plan = ranking.plan
    return [
        Kpi(number(len(ranking.rows)), t("planning.points"), rupiah(plan.spend_idr), t("planning.points_meaning")),
        kpi(ranking.demand_before, ranking.demand_after, "after"),
        kpi(ranking.ground_before, ranking.ground_after, "area_after"),
        Kpi(percent(plan.gap, 2), t("planning.gap"), t("planning.gap_note"), t("planning.gap_meaning")),
    ]


def _compared(ranking: Ranking) -> None:
    st.subheader(t("planning.compared"), anchor=False, help=t("planning.compared_help"))
    colours = session.palette()
    rows = [(t("planning.ours"), ranking.plan.value)]
    rows += [(t(f"planning.{simple.name}"), simple.value) for simple in ranking.baselines]
    frame = pd.DataFrame(rows, columns=["way", "value"])
    chart = alt.Chart(frame).mark_bar(color=colours.proposed).encode(
        x=alt.X("value:Q", title=t("planning.axis_value"), axis=number_axis()), y=alt.Y("way:N", sort=None, title=None),
        tooltip=["way", "value"],
    )  # fmt: skip
    st.altair_chart(chart)
    st.markdown(_better(ranking))


def _better(ranking: Ranking) -> str:
    """Say how much more the plan sees than each simpler way."""
    ways = [
        t("siting.better", way=t(f"siting.way_{simple.name}"), more=percent(ranking.plan.value / simple.value - 1))
        for simple in ranking.baselines
        if simple.value > 0
    ]
    return t("siting.same_money", ways="; ".join(ways)) if ways else ""


def _downloads(account: Account, ranking: Ranking) -> None:
    runtime = session.runtime()
    with st.container(horizontal=True):
        st.download_button(
            t("planning.csv"), lambda: ranking_csv(runtime, account, ranking), "usulan-titik.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            t("planning.geojson"), lambda: ranking_geojson(runtime, account, ranking), "usulan-titik.geojson",
            "application/geo+json", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.caption(t("planning.secret"))


def _prices() -> None:
    with st.expander(t("planning.prices"), icon=":material/payments:"):
        st.caption(t("planning.prices_note"))
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        t("field.name"): item.name,
                        t("planning.price"): rupiah(item.price_idr),
                        t("planning.unit"): item.unit,
                        t("planning.assumption"): t("planning.is_assumption") if item.is_assumption else "-",
                        t("field.source"): item.source,
                    }
                    for item in price_store.list_prices(session.runtime().registry)
                ]
            ),
            hide_index=True,
        )
