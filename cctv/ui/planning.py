"""The ranking screen: a budget, the points that see the most for it, what they cost and why, before and after."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import moment, number, percent, rupiah, t
from cctv.permissions import Permission
from cctv.registry import prices as price_store
from cctv.registry.models import Account
from cctv.services import planning
from cctv.services.exports import ranking_csv, ranking_geojson
from cctv.services.planning import Ranking
from cctv.ui import session
from cctv.ui.charts import number_axis
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map
from cctv.ui.waiting import current_situation
from coverage.candidates import COST_PARTS

MILLION = 1_000_000
LOWEST, HIGHEST, STEP, OPENING = 50, 2_000, 10, 500


def planning_screen(account: Account) -> None:
    """Draw the ranking screen.

    Parameters
    ----------
    account : Account
        Who is looking; every export is logged with the name.
    """
    found = current_situation()
    millions = st.slider(
        t("planning.budget"), LOWEST, HIGHEST, OPENING, STEP, format=t("planning.budget_format"), key="budget",
        help=t("planning.budget_help"),
    )  # fmt: skip
    ranking = _rank(millions * MILLION)
    kpi_strip(_kpis(ranking))
    st.caption(t("planning.honest", level=ranking.level, when=moment(ranking.computed_at),
                 version=ranking.method_version, mark=ranking.plan.fingerprint))  # fmt: skip
    left, right = st.columns([1.6, 1], gap="medium")
    with right:
        chosen = _list(ranking)
    with left:
        _map(ranking, found.fingerprint, millions * MILLION, chosen)
    first, second = st.columns(2, gap="medium")
    with first:
        _curve(millions)
    with second:
        _compared(ranking)
    _downloads(account, ranking)
    if session.may(Permission.PLAN):
        _prices()


def _rank(budget_idr: int) -> Ranking:
    runtime = session.runtime()
    if planning.is_ready(runtime):
        return planning.rank(runtime, budget_idr)
    bar = st.progress(0.0, t("planning.computing"))
    ranking = planning.rank(runtime, budget_idr, lambda share: bar.progress(share, t("planning.computing")))
    bar.empty()
    return ranking


def _kpis(ranking: Ranking) -> list[Kpi]:
    plan = ranking.plan
    return [
        Kpi(number(len(ranking.rows)), t("planning.points"), rupiah(plan.spend_idr), t("planning.points_meaning")),
        Kpi(percent(ranking.seen_after), t("planning.after"), t("planning.before", value=percent(ranking.seen_before)),
            t("planning.after_meaning")),
        Kpi(percent(ranking.area_after), t("planning.area_after"),
            t("planning.before", value=percent(ranking.area_before)), t("planning.area_after_meaning")),
        Kpi(percent(plan.gap), t("planning.gap"), t("planning.gap_note"), t("planning.gap_meaning")),
    ]  # fmt: skip


def _list(ranking: Ranking) -> tuple[float, float] | None:
    st.subheader(t("planning.list"), anchor=False)
    rows = ranking.rows
    if rows.empty:
        st.info(t("planning.none"))
        return None
    event = st.dataframe(
        pd.DataFrame(
            {
                t("planning.rank"): rows["rank"],
                t("field.street"): [name or t("planning.unnamed") for name in rows["street"]],
                t("field.kelurahan"): rows["kelurahan"],
                t("planning.model"): [t(f"model.{name}") for name in rows["model"]],
                t("planning.azimuth"): ["360°" if pd.isna(a) else f"{number(a)}°" for a in rows["azimuth_deg"]],
                t("planning.gain_m2"): rows["gain_m2"].round(),
                t("planning.cost"): [rupiah(cost) for cost in rows["cost_idr"]],
            }
        ),
        hide_index=True, height=360, on_select="rerun", selection_mode="single-row", key="plan_list",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if not picked or picked[0] >= len(rows):
        st.caption(t("planning.pick"))
        return None
    row = rows.iloc[picked[0]]
    _why(row)
    return float(row["lon"]), float(row["lat"])


def _why(row: "pd.Series[float]") -> None:
    st.markdown(
        t("planning.why", rank=int(row["rank"]), place=row["street"] or row["kelurahan"], m2=number(row["gain_m2"]),
          gain=number(row["gain_weight"]), seen=number(row["seen_weight"]), cost=rupiah(int(row["cost_idr"])),
          fibre=number(row["fibre_m"]))
    )  # fmt: skip
    parts = {t(f"cost.{name}"): rupiah(int(row[f"cost_{name}_idr"])) for name in COST_PARTS}
    st.dataframe(pd.DataFrame({t("planning.part"): parts.keys(), t("planning.cost"): parts.values()}), hide_index=True)


def _map(ranking: Ranking, mark: str, budget_idr: int, chosen: tuple[float, float] | None) -> None:
    colours = session.palette()
    after = st.toggle(t("planning.show_after"), value=True, key="show_after")
    layers = [
        area_layer("mungkin", layer_url("viewshed", bagian="mungkin", v=mark), colours.possible, opacity=50,
                   line_width=0.5),
        area_layer("pasti", layer_url("viewshed", bagian="pasti", v=mark), colours.seen, opacity=70, line_width=0.5),
    ]  # fmt: skip
    if after and not ranking.rows.empty:
        url = layer_url("usulan", anggaran=budget_idr, v=mark)
        layers.append(area_layer("usulan", url, colours.proposed, opacity=120, line_width=1.4))
    legend = [
        LegendEntry(colours.proposed, t("legend.proposed")),
        LegendEntry(colours.seen, t("legend.seen")),
        LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]
    draw_map("plan_map", layers, legend, height=480, centre=chosen)


def _curve(millions: int) -> None:
    st.subheader(t("planning.curve"), anchor=False, help=t("planning.curve_help"))
    found = planning.curve(session.runtime(), HIGHEST * MILLION)
    colours = session.palette()
    frame = pd.DataFrame({"budget": found.budget_idr / MILLION, "value": found.value, "bound": found.upper_envelope})
    base = alt.Chart(frame).encode(x=alt.X("budget:Q", title=t("planning.axis_budget"), axis=number_axis()))
    bound = base.mark_line(color=colours.possible, strokeDash=[5, 4]).encode(
        y=alt.Y("bound:Q", title=t("planning.axis_value"), axis=number_axis())
    )
    value = base.mark_line(color=colours.proposed, point=True).encode(y="value:Q", tooltip=["budget", "value", "bound"])
    here = alt.Chart(pd.DataFrame({"budget": [millions]})).mark_rule(color=colours.accent).encode(x="budget:Q")
    st.altair_chart(bound + value + here)
    st.caption(t("planning.curve_note"))


def _compared(ranking: Ranking) -> None:
    st.subheader(t("planning.compared"), anchor=False, help=t("planning.compared_help"))
    colours = session.palette()
    names = {"random": "planning.random", "busiest": "planning.busiest", "greedy": "planning.greedy"}
    rows = [(t("planning.ours"), ranking.plan.value), *((t(names[b.name]), b.value) for b in ranking.baselines)]
    frame = pd.DataFrame(rows, columns=["way", "value"])
    chart = alt.Chart(frame).mark_bar(color=colours.proposed).encode(
        x=alt.X("value:Q", title=t("planning.axis_value"), axis=number_axis()), y=alt.Y("way:N", sort=None, title=None),
        tooltip=["way", "value"],
    )  # fmt: skip
    st.altair_chart(chart)


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
