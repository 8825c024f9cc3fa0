"""Forms that owners sent: beside what the register has, with photos, to be accepted or refused."""

from html import escape

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import moment, number, t
from cctv.registry.models import Account
from cctv.registry.self_registration import StatedCamera
from cctv.services import registration_review as service
from cctv.services.registration_review import Waiting
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.panel import facts_list


def review_view(account: Account) -> None:
    """Draw every form that waits.

    Parameters
    ----------
    account : Account
        Who looks through them.
    """
    found = service.waiting_forms(session.runtime(), account)
    if not found:
        st.info(t("registration.none"), icon=":material/inbox:")
        return
    st.caption(t("registration.review_help"))
    for waiting in found:
        with st.container(border=True):
            _form(account, waiting)


def _form(account: Account, waiting: Waiting) -> None:
    form, owner = waiting.registration, waiting.owner
    st.subheader(owner.name, anchor=False)
    st.html(facts_list([
        (t("registration.sent"), moment(form.sent_at)),
        (t("registration.consent_form"), t(f"consent.{form.consent}")),
        (t("registration.consent_now"), t(f"consent.{owner.consent}")),
        (t("owners.col_state"), t(f"owner_state.{owner.state}")),
        (t("field.note"), form.note or "-"),
    ]))  # fmt: skip
    if st.button(t("owners.contact_show"), key=f"contact_{form.registration_id}", icon=":material/contact_phone:",
                 help=t("owners.contact_logged")):  # fmt: skip
        contact = service.contact_in_form(session.runtime(), account, form)
        st.html(facts_list([(t(f"owners.contact_{name}"), value) for name, value in vars(contact).items() if value]))
    places = [place for place, camera in enumerate(form.cameras) if _camera(waiting, place, camera)]
    use_contact = st.checkbox(
        t("registration.use_contact"), not owner.has_contact, key=f"use_{form.registration_id}_{form.version}"
    )
    note = st.text_input(t("field.note"), key=f"note_{form.registration_id}", max_chars=300)
    with st.container(horizontal=True):
        label = t("registration.accept", n=number(len(places)))
        if st.button(label, type="primary", icon=":material/check:", key=f"accept_{form.registration_id}"):
            _accept(account, waiting, places, use_contact=use_contact, note=note.strip())
        with st.popover(t("registration.refuse"), icon=":material/block:"):
            reason = st.text_input(t("register.reason"), key=f"why_{form.registration_id}", max_chars=300)
            if st.button(t("registration.refuse_sure"), disabled=not reason.strip(), key=f"no_{form.registration_id}"):
                _refuse(account, waiting, reason.strip())


def _camera(waiting: Waiting, place: int, camera: StatedCamera) -> bool:
    """Draw a camera of a form; the answer says whether it is to be taken in."""
    form, twin = waiting.registration, waiting.twins.get(place)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        st.markdown(f"**{place + 1}. {escape(camera.name)}**")
        where = "-" if camera.lat is None or camera.lon is None else f"{camera.lat:.6f}, {camera.lon:.6f}"
        st.html(facts_list([
            (t("field.azimuth"), t(f"compass.{camera.direction}") if camera.direction else t("panel.unknown")),
            (t("field.camera_type"), t(f"camera_type.{camera.camera_type}")),
            (t("field.height"), "-" if camera.height_m is None else f"{number(camera.height_m, 1)} m"),
            (t("field.status"), t(f"registration.works_{'yes' if camera.works else 'no'}")),
            (t("field.position"), where if camera.position else t("registration.at_owner")),
        ]))  # fmt: skip
        if twin is not None:
            why = ", ".join(t(f"importing.twin.{note.code}", **note.params) for note in twin.reasons)
            st.warning(
                t("registration.twin", verdict=t(f"importing.twin.{twin.verdict}"), camera=twin.second, why=why),
                icon=":material/content_copy:",
            )
    with right:
        if place in form.photos:
            address = f"/foto-pendaftaran/{escape(form.registration_id)}/{place}.jpg"
            words = escape(t("registration.photo_of", name=camera.name))
            st.html(f'<img src="{address}" alt="{words}" style="max-width:100%;border-radius:.5rem">')
    key = f"take_{form.registration_id}_{place}"
    return st.checkbox(t("registration.take", n=place + 1), twin is None or twin.verdict != "likely", key=key)


def _accept(account: Account, waiting: Waiting, places: list[int], *, use_contact: bool, note: str) -> None:
    try:
        made = service.accept(session.runtime(), account, waiting, places, use_contact=use_contact, note=note)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("registration.accepted", cameras=", ".join(made) or "-"), icon=":material/check:")
        st.rerun()


def _refuse(account: Account, waiting: Waiting, reason: str) -> None:
    try:
        service.refuse(session.runtime(), account, waiting.registration, reason)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("registration.refused"), icon=":material/check:")
        st.rerun()
