"""The incident screen: where is it, who sees it, what do they show, which ways lead away, what was done."""

import time

import streamlit as st

from cctv.i18n import number, t
from cctv.registry.models import Account
from cctv.services import incidents, situation
from cctv.services.places import Place, named_places
from cctv.services.sighted import Sighted, who_sees
from cctv.ui import session
from cctv.ui.incident_map import incident_map, last_click
from cctv.ui.incident_record import new_incident, record
from cctv.ui.incident_sights import neighbours, pictures, turnable

#: Answers about cameras are asked again after so long [s].
BELIEVED_S = 60.0


def incident_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; an account of one agency finds its own cameras.
    """
    st.title(t("incident.title"), anchor=False, help=t("incident.help"))
    place = _place()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_name()
        chosen = _choose_incident(account)
    sighted = None if place is None else _sighted(account, place)
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        incident_map(None if sighted is None else (sighted.lon, sighted.lat), sighted)
        if sighted is not None:
            turnable(sighted)
            neighbours(sighted)
    with right:
        if place is None or sighted is None:
            st.info(t("incident.start"), icon=":material/touch_app:")
            return
        _head(place, sighted)
        if chosen:
            record(account, chosen, sighted)
        else:
            new_incident(account, place, sighted)
        pictures(sighted)


def _choose_name() -> None:
    """Offer all names; choosing one is choosing its place."""
    places = {f"{place.name} ({t(f'incident.named_{place.kind}')})": place for place in named_places(session.runtime())}

    def take() -> None:
        place = places.get(st.session_state["incident_name"] or "")
        if place is not None:
            _keep(place)

    st.selectbox(
        t("incident.name"), list(places), index=None, placeholder=t("incident.name_hint"), key="incident_name",
        on_change=take, width=420,
    )  # fmt: skip


def _choose_incident(account: Account) -> str:
    """Offer the incidents that are kept; choosing one goes back to its place."""
    found = {one.incident_id: one for one in incidents.list_for(session.runtime(), account)}

    def take() -> None:
        one = found.get(st.session_state["incident_chosen"] or "")
        if one is not None:
            _keep(Place(one.place, "point", one.lon, one.lat, None))

    opened = st.session_state.pop("incident_open_next", st.session_state.get("incident_chosen"))
    st.session_state["incident_chosen"] = opened if opened in found else None
    return st.selectbox(
        t("incident.kept"), list(found), index=None, placeholder=t("incident.kept_hint"), key="incident_chosen",
        format_func=lambda key: f"{key} · {found[key].title} ({t(f'incident.{found[key].state}')})", on_change=take,
        width=420,
    ) or ""  # fmt: skip


def _keep(place: Place) -> None:
    st.session_state["incident_place"] = place
    st.session_state["incident_clicked"] = last_click()


def _place() -> Place | None:
    """Follow the last click on the map, else the last name that was chosen."""
    clicked = last_click()
    if clicked is not None and clicked != st.session_state.get("incident_clicked"):
        st.session_state["incident_clicked"] = clicked
        st.session_state["incident_place"] = Place("", "point", *clicked, 0.0)
        st.session_state["incident_name"] = None
    return st.session_state.get("incident_place")


def _sighted(account: Account, place: Place) -> Sighted:
    """Ask once per place and minute; a rerun for another reason asks nothing."""
    runtime = session.runtime()
    key = (place.lon, place.lat, situation.fingerprint(runtime), time.monotonic() // BELIEVED_S)
    if st.session_state.get("incident_asked") != key:
        st.session_state["incident_found"] = who_sees(runtime, account, place.lon, place.lat)
        st.session_state["incident_asked"] = key
    return st.session_state["incident_found"]


def _head(place: Place, sighted: Sighted) -> None:
    n_sure = sum(one.sight == "seen" for one in sighted.cameras)
    st.subheader(place.name or t("incident.clicked"), anchor=False)
    if sighted.cameras:
        n_possible = len(sighted.cameras) - n_sure
        st.markdown(t("incident.found", n=number(n_sure), possible=number(n_possible)))
    else:
        st.warning(t("incident.nobody"), icon=":material/visibility_off:")
    cautions = [t("incident.moved", n=number(sighted.moved_m))] if sighted.moved_m else []
    if place.name and place.error_m is None:
        cautions.append(t("incident.error_unknown"))
    elif place.error_m:
        cautions.append(t("incident.error", n=number(place.error_m)))
    cautions += [t("incident.synthetic")] if sighted.is_synthetic else []
    st.caption(" ".join(cautions))
