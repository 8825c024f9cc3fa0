"""The ceilings on the screen Usulan: whether plans keep to them, whose money is spent, and what is left afterwards."""

import pandas as pd
import streamlit as st

from cctv.i18n import percent, rupiah, t
from cctv.registry.agencies import list_agencies
from cctv.registry.plan_models import BASIS
from cctv.services import purses
from cctv.services.ceilings import FUNDS
from cctv.services.new_cameras import CandidateSet
from cctv.services.price_list import today_here
from cctv.services.purses import PaidFrom, Purse
from cctv.services.rankings import Ranking
from cctv.ui import session

YEARS_AHEAD = 5


def purse_bar() -> Purse | None:
    """Draw the switch and, once it is on, whose money is spent.

    Returns
    -------
    Purse or None
        None while plans ask no ceiling.
    """
    runtime = session.runtime()
    this_year = today_here().year
    with st.container(horizontal=True, vertical_alignment="bottom", key="purse"):
        if not st.toggle(
            t("purse.obey"), key="purse_obey", help=t("purse.obey_help", tax=percent(purses.TAX_BP / BASIS))
        ):
            return None
        years = list(range(this_year, this_year + YEARS_AHEAD))
        year = st.selectbox(t("plan.year"), years, index=1, key="purse_year", width=120)
        agencies = {"": t("ceiling.all")} | {a.agency_id: a.name for a in list_agencies(runtime.registry)}
        agency = st.selectbox(t("plan.field_agency"), list(agencies), format_func=agencies.__getitem__,
                              key="purse_agency", width=240)  # fmt: skip
        fund = st.selectbox(t("plan.field_fund"), ("", *FUNDS), key="purse_fund", width=180,
                            format_func=lambda name: t(f"fund.{name}") if name else t("ceiling.all"))  # fmt: skip
    return purses.purse_of(runtime, PaidFrom(year, agency, fund))


def capped(purse: Purse, budget_idr: int) -> int:
    """Give the money that a plan may spend, and say so where the ceiling of the city is lower than the slider.

    Parameters
    ----------
    purse : Purse
        What may be spent.
    budget_idr : int
        Money of the slider [Rp].

    Returns
    -------
    int
        Not above the ceiling of the city [Rp].
    """
    if purse.is_open:
        st.info(t("purse.none", year=purse.paid_from.year), icon=":material/savings:")
        return budget_idr
    if purse.total_idr is None or purse.total_idr >= budget_idr:
        return budget_idr
    st.warning(t("purse.capped", total=rupiah(purse.total_idr), budget=rupiah(budget_idr)), icon=":material/savings:")
    return purse.total_idr


def purse_left(purse: Purse, found: CandidateSet, ranking: Ranking) -> None:
    """Draw what the plan leaves of each ceiling.

    Parameters
    ----------
    purse : Purse
        What might be spent.
    found : CandidateSet
        All candidates.
    ranking : Ranking
        The plan.
    """
    left = purses.left_after(session.runtime(), purse, found.candidates, ranking.plan)
    st.subheader(t("purse.left"), anchor=False, help=t("purse.left_help"))
    table = {
        t("field.kelurahan"): [name or t("ceiling.whole_city") for name in left["kelurahan"]],
        t("purse.limit"): left["limit_idr"].map(rupiah),
        t("purse.spent"): left["spent_idr"].map(rupiah),
        t("ceiling.left"): left["left_idr"].map(rupiah),
    }
    st.dataframe(pd.DataFrame(table), hide_index=True)
