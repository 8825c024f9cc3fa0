"""What is known of an owner: the form for a new one, and the one that changes it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from cctv.errors import CctvError, StaleEditError
from cctv.i18n import number, t
from cctv.registry.contacts import Contact
from cctv.registry.models import Account
from cctv.registry.owners import SECTORS, Owner
from cctv.services import owners as service
from cctv.services.ceilings import kelurahan_names
from cctv.services.owner_lists import import_owners
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.position_editor import OPENING_HFOV_DEG, OPENING_RANGE_M, LonLat, Wedge, position_editor

CONTACT = ("person", "role", "phone", "email")
NEW = ""
ROUND = "owners_recorded"


def record_form(account: Account) -> None:
    """Draw the form that takes a new owner into the list.

    Parameters
    ----------
    account : Account
        Who records it.
    """
    import_form(account)
    agencies = {agency.agency_id: agency.name for agency in service.uninvited(session.runtime())}
    turn = st.session_state.get(ROUND, 0)  # a saved form starts afresh
    chosen = st.selectbox(
        t("owners.which"), [NEW, *agencies], key=f"owner_which_{turn}", help=t("owners.which_help"),
        format_func=lambda key: agencies.get(key, t("owners.which_new")),
    )  # fmt: skip
    moved = _place(f"owner_new_{turn}_{chosen}", None)
    with st.form(f"owner_record_{turn}_{chosen}"):
        values = _fields(None, agencies.get(chosen, ""))
        contact = _contact()
        source = st.text_input(t("field.source"), placeholder=t("owners.source_hint"))
        if not st.form_submit_button(t("owners.record"), type="primary", icon=":material/save:"):
            return
    values |= {"lon": moved.lon if moved else None, "lat": moved.lat if moved else None}
    try:
        owner = service.record(session.runtime(), account, values, contact, source=source, owner_id=chosen)
    except CctvError as error:
        show_error(error)
        return
    st.session_state[ROUND] = turn + 1
    st.query_params["pemilik"] = owner.owner_id
    st.toast(t("owners.recorded", name=owner.name), icon=":material/check:")
    st.rerun()


def import_form(account: Account) -> None:
    """Draw the upload that takes a whole list of owners in.

    Parameters
    ----------
    account : Account
        Who imports it.
    """
    turn = st.session_state.get(ROUND, 0)
    with st.expander(t("owners.import"), icon=":material/upload_file:"):
        st.caption(t("owners.import_help"))
        given = st.file_uploader(
            t("owners.import_file"), type=["xlsx", "xls", "ods", "csv"], key=f"owner_file_{turn}", max_upload_size=25
        )
        if given is None or not st.button(t("owners.import_take"), icon=":material/upload:"):
            return
        try:
            with TemporaryDirectory(prefix="cctv-pemilik-") as folder:
                path = Path(folder) / f"daftar{Path(given.name).suffix.lower()}"
                path.write_bytes(given.getvalue())
                n = import_owners(session.runtime(), account, path, Path(given.name).name)
        except CctvError as error:
            show_error(error)
            return
        st.session_state[ROUND] = turn + 1
        st.toast(t("owners.imported", n=number(n)), icon=":material/check:")
        st.rerun()


def edit_form(account: Account, owner: Owner) -> None:
    """Draw the form that changes an owner.

    Parameters
    ----------
    account : Account
        Who changes it.
    owner : Owner
        Which owner.
    """
    key = f"{owner.owner_id}_{owner.version}_{owner.name_version}"
    with st.expander(t("owners.edit"), icon=":material/edit:"):
        position = None if owner.lon is None or owner.lat is None else LonLat(owner.lon, owner.lat)
        moved = _place(f"owner_place_{key}", position) or position
        with st.form(f"owner_edit_{key}", border=False):
            values = _fields(owner, owner.name)
            is_new = st.checkbox(t("owners.contact_replace"), help=t("owners.contact_replace_help"))
            contact = _contact()
            reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
            if not st.form_submit_button(t("register.save"), type="primary", icon=":material/save:"):
                return
        values |= {"lon": moved.lon if moved else None, "lat": moved.lat if moved else None}
        try:
            service.change(session.runtime(), account, owner, values, contact if is_new else None, reason)
        except StaleEditError as error:
            show_error(error)
            st.button(t("versions.reload"), icon=":material/refresh:")
        except CctvError as error:
            show_error(error)
        else:
            st.toast(t("register.saved", cameras=owner.name), icon=":material/check:")
            st.rerun()


def _place(key: str, position: LonLat | None) -> LonLat | None:
    st.caption(t("owners.place_help"))
    wedge = Wedge(None, OPENING_HFOV_DEG, OPENING_RANGE_M)
    return position_editor(key, position, wedge, error_m=None, editable=True, label=t("owners.place_label"))


def _fields(owner: Owner | None, name: str) -> dict[str, object]:
    first, second = st.columns(2)
    places = ["", *kelurahan_names(session.runtime())]
    here = owner.kelurahan if owner is not None else ""
    with first:
        values: dict[str, object] = {
            "name": st.text_input(t("owners.col_name"), name, max_chars=120),
            "sector": st.selectbox(
                t("owners.col_sector"), SECTORS, SECTORS.index(owner.sector) if owner else 0,
                format_func=lambda word: t(f"sector.{word}"),
            ),
            "cameras_stated": st.number_input(
                t("owners.cameras_stated"), 0, 10_000, owner.cameras_stated if owner else None,
                placeholder=t("panel.unknown"), help=t("owners.cameras_stated_help"),
            ),
        }  # fmt: skip
    with second:
        values |= {
            "address": st.text_input(t("owners.address"), owner.address if owner else "", max_chars=200),
            "kelurahan": st.selectbox(
                t("field.kelurahan"), places, places.index(here) if here in places else 0,
                format_func=lambda word: word or t("owners.from_place"),
            ),
            "note": st.text_input(t("field.note"), owner.note if owner else "", max_chars=300),
        }  # fmt: skip
    return values


def _contact() -> Contact:
    st.caption(t("owners.contact_help"))
    first, second = st.columns(2)
    columns = (first, second, first, second)
    typed = {
        name: column.text_input(t(f"owners.contact_{name}"), "", max_chars=120).strip()
        for name, column in zip(CONTACT, columns, strict=True)
    }
    return Contact(**typed)
