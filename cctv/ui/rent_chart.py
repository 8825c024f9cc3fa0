"""Buying against renting over the years, drawn side by side."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import t
from cctv.registry.plan_models import Plan
from cctv.services.renting import YEARS, buy_or_rent
from cctv.ui import session
from cctv.ui.charts import number_axis

MILLION = 1_000_000


def rent_chart(plan: Plan) -> None:
    """Draw the comparison for the points of a plan.

    Parameters
    ----------
    plan : Plan
        Which plan.
    """
    found = buy_or_rent(plan)
    with st.expander(t("plan.rent"), icon=":material/balance:"):
        if found.missing:
            st.info(t("plan.rent_missing", names=", ".join(found.missing)), icon=":material/payments:")
            return
        years = found.years_rent_is_cheaper
        key = "never" if years == 0 else "always" if years == YEARS else "even"
        st.markdown(t(f"plan.rent_{key}", n=years or YEARS))
        ways = {t("plan.rent_buy"): found.buy_idr, t("plan.rent_rent"): found.rent_idr}
        frame = pd.DataFrame(
            [(year, way, amount / MILLION) for way, sums in ways.items() for year, amount in enumerate(sums, start=1)],
            columns=["year", "way", "amount"],
        )
        colours = session.palette()
        chart = alt.Chart(frame, height=320).mark_bar().encode(
            x=alt.X("year:O", title=t("plan.rent_years"), axis=alt.Axis(labelAngle=0)),
            xOffset="way:N",
            y=alt.Y("amount:Q", title=t("plan.rent_axis"), axis=number_axis()),
            color=alt.Color("way:N", title=None, scale=alt.Scale(
                domain=list(ways), range=[colours.proposed, colours.gap]), legend=alt.Legend(orient="top")),
            tooltip=["year", "way", alt.Tooltip("amount:Q", format=",.1f")],
        )  # fmt: skip
        st.altair_chart(chart)
        st.caption(t("plan.rent_help"))
