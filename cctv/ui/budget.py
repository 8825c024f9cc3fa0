"""The budget screen: kept plans, price list, ceilings; one view at a time."""

import streamlit as st

from cctv.i18n import t
from cctv.registry.models import Account
from cctv.ui.ceilings import ceilings_view
from cctv.ui.meeting.view import meeting_view
from cctv.ui.plan_compare import compare_view
from cctv.ui.plan_list import plans_view
from cctv.ui.price_list import prices_view

VIEWS = {
    "plans": plans_view,
    "prices": prices_view,
    "envelopes": ceilings_view,
    "compare": compare_view,
    "meeting": meeting_view,
}


def budget_screen(account: Account) -> None:
    """Draw the budget screen.

    Parameters
    ----------
    account : Account
        Who is looking; its role says what it may change.
    """
    view = st.segmented_control(
        t("plan.title"), list(VIEWS), default="plans", format_func=lambda name: t(f"plan.view_{name}"),
        label_visibility="collapsed", key="budget_view",
    )  # fmt: skip
    VIEWS[view or "plans"](account)
