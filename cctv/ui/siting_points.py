"""The proposed points as a list: what each adds, how firmly it stands, who sees part of it already, its cost."""

import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.services.new_cameras import PoolName
from cctv.services.rankings import Ranking
from cctv.services.siting_reasons import watchers_of
from cctv.services.wishes import Wishes
from cctv.ui import session
from coverage.candidates import COST_PARTS
from coverage.stability import Stability

LISTED_WATCHERS = 5


def point_list(ranking: Ranking, wishes: Wishes, firm: Stability | None) -> int | None:
    """Draw the list.

    Parameters
    ----------
    ranking : Ranking
        Points, best first.
    wishes : Wishes
        What was wished of it.
    firm : Stability, optional
        How firmly they stand, once that is known.

    Returns
    -------
    int or None
        Place of the picked row; None if none is.
    """
    st.subheader(t("planning.list"), anchor=False)
    rows = ranking.rows
    if rows.empty:
        (note,) = ranking.plan.notes or (None,)
        st.info(t("planning.none") if note is None or note.code != "nothing_affordable"
                else t("siting.cheapest", cost=rupiah(note.amount_idr)))  # fmt: skip
        return None
    table = {
        t("planning.rank"): rows["rank"],
        t("wishes.column"): [t("wishes.forced") if row in wishes.must_include else "" for row in rows["candidate"]],
        t("field.street"): [name or t("planning.unnamed") for name in rows["street"]],
        t("field.kelurahan"): rows["kelurahan"],
        t("planning.gain_m2"): rows["gain_m2"].round(),
        t("planning.cost"): [rupiah(cost) for cost in rows["cost_idr"]],
        t("siting.firm"): [_firmness(firm, place) for place in range(len(rows))],
        t("planning.model"): [t(f"model.{name}") for name in rows["model"]],
        t("planning.azimuth"): ["360°" if pd.isna(a) else f"{number(a)}°" for a in rows["azimuth_deg"]],
    }
    event = st.dataframe(
        pd.DataFrame(table), hide_index=True, height=300, on_select="rerun", selection_mode="single-row",
        key=f"plan_list_{ranking.plan.fingerprint}",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if not picked or picked[0] >= len(rows):
        return None
    return picked[0]


def _firmness(firm: Stability | None, place: int) -> str:
    if firm is None or firm.n_draws == 0 or place >= len(firm.share):
        return "…"
    word = t("siting.robust" if firm.is_robust[place] else "siting.fragile")
    return f"{word} {percent(float(firm.share[place]), 0)}"


def chosen_point(ranking: Ranking, pool: PoolName, firm: Stability | None, place: int) -> None:
    """Explain a point of the plan: what it adds, who sees part of it, how firmly it stands, its cost.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    pool : {"quick", "full"}
        Candidates it chose from.
    firm : Stability, optional
        How firmly its points stand, once that is known.
    place : int
        Place of the point in the list.
    """
    row = ranking.rows.iloc[place]
    st.markdown(
        t("planning.why", rank=int(row["rank"]), place=row["street"] or row["kelurahan"], m2=number(row["gain_m2"]),
          gain=number(row["gain_weight"]), seen=number(row["seen_weight"]), cost=rupiah(int(row["cost_idr"])),
          fibre=number(row["fibre_m"]))
    )  # fmt: skip
    st.markdown(feasibility(str(row["source"]), float(row["fibre_m"])))
    st.markdown(watched_by(int(row["candidate"]), pool))
    if firm is not None and firm.n_draws:
        key = "siting.stays_robust" if firm.is_robust[place] else "siting.stays_fragile"
        st.markdown(t(key, share=percent(float(firm.share[place]), 0), n=firm.n_draws))
    paid = {name: int(row[f"cost_{name}_idr"]) for name in COST_PARTS}
    parts = {t(f"cost.{name}"): rupiah(amount) for name, amount in paid.items() if amount}
    st.dataframe(pd.DataFrame({t("planning.part"): parts.keys(), t("planning.cost"): parts.values()}), hide_index=True)


def feasibility(source: str, fibre_m: float) -> str:
    """Say what is known about putting a camera up, and what is not.

    Parameters
    ----------
    source : str
        Where the point comes from.
    fibre_m : float
        Straight line to the nearest point with a network [m].

    Returns
    -------
    str
        One sentence per question.
    """
    return t("wishes.feasible", place=t(f"wishes.source_{source}"), fibre=number(fibre_m))


def watched_by(candidate: int, pool: PoolName) -> str:
    """Say which cameras that work see part of what a candidate would see.

    Parameters
    ----------
    candidate : int
        Row of the candidate.
    pool : {"quick", "full"}
        Candidates that it is a row of.

    Returns
    -------
    str
        One sentence.
    """
    found = watchers_of(session.runtime(), candidate, pool)
    if not found:
        return t("siting.nobody")
    named = [
        t("siting.watcher", name=one.name, share=percent(one.certain), most=percent(one.possible)) for one in found
    ]
    rest = len(named) - LISTED_WATCHERS
    more = t("siting.more_watchers", n=rest) if rest > 0 else ""
    return t("siting.watched_by", names="; ".join(named[:LISTED_WATCHERS]) + more)
