"""The screen of private owners: how far all have come, what is due, and one view per kind of work."""

import streamlit as st

from cctv.i18n import number, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.owner_steps import CONSENTED
from cctv.registry.owners import Owner
from cctv.services import owners as service
from cctv.services.owner_reminders import reminders
from cctv.ui import session
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.owners_form import record_form
from cctv.ui.owners_funnel import funnel_view
from cctv.ui.owners_letters import letters_view
from cctv.ui.owners_list import list_view
from cctv.ui.owners_review import review_view
from cctv.ui.owners_settings import settings_view


def owners_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; editors may change things.
    """
    st.title(t("owners.title"), anchor=False, help=t("owners.help"))
    found = service.owners_for(session.runtime(), account)
    due = reminders(session.runtime(), account)
    kpi_strip(_kpis(found, len(due)))
    views = {"list": lambda: list_view(account, found, due), "funnel": lambda: funnel_view(found)}
    if session.may(Permission.EDIT_OWNERS):
        views["new"] = lambda: record_form(account)
        views["review"] = lambda: review_view(account)
        views["letters"] = lambda: letters_view(account, found, due)
    if session.may(Permission.SET_LETTERS):
        views["settings"] = lambda: settings_view(account)
    view = st.segmented_control(
        t("owners.view"), list(views), default="list", format_func=lambda name: t(f"owners.view_{name}"),
        label_visibility="collapsed", key="owners_view",
    )  # fmt: skip
    views[view or "list"]()


def _kpis(found: list[Owner], n_due: int) -> list[Kpi]:
    joined = [owner for owner in found if owner.state == "integrated"]
    agreed = sum(owner.state in CONSENTED for owner in found)
    cameras = t("owners.kpi_cameras", n=number(sum(owner.cameras for owner in joined)))
    return [
        Kpi(number(len(found)), t("owners.kpi_owners"), "", t("owners.kpi_owners_meaning")),
        Kpi(number(agreed), t("owners.kpi_agreed"), "", t("owners.kpi_agreed_meaning")),
        Kpi(number(len(joined)), t("owners.kpi_joined"), cameras, t("owners.kpi_joined_meaning")),
        Kpi(number(n_due), t("owners.kpi_due"), "", t("owners.kpi_due_meaning")),
    ]
