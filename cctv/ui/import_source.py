"""Where a list comes from: a file of the person, or a layer of a city geoportal that the administrator has listed."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.importers.cameras.guard import KINDS, LARGEST_BYTES
from cctv.registry.models import Account
from cctv.services import geoportal
from cctv.services.geoportal import FetchedList
from cctv.ui import session
from cctv.ui.failure import show_error

_KEPT = "import_fetched"


@dataclass(frozen=True)
class GivenList:
    """A list to look at; ``mark`` changes when another one is given."""

    mark: str
    name: str
    data: bytes


def import_source(account: Account) -> GivenList | None:
    """Ask for a file, or for an address where geoportals are listed.

    Parameters
    ----------
    account : Account
        Who imports.

    Returns
    -------
    GivenList or None
        None until something was given.
    """
    kinds = ("file", "geoportal")
    chosen = st.segmented_control(
        t("importing.geoportal.source"), kinds, default="file", key="import_source", label_visibility="collapsed",
        format_func=lambda name: t(f"importing.geoportal.from_{name}"),
    )  # fmt: skip
    return _geoportal(account) if chosen == "geoportal" else _file()


def _file() -> GivenList | None:
    file = st.file_uploader(
        t("importing.screen.file"), [*KINDS], help=t("cli.import_check.file"), key="import_file",
        max_upload_size=LARGEST_BYTES // 1_000_000,
    )  # fmt: skip
    return None if file is None else GivenList(str(file.file_id), file.name, file.getvalue())


def _geoportal(account: Account) -> GivenList | None:
    hosts = session.runtime().settings.geoportals
    if not hosts:
        st.warning(t("importing.geoportal.none_listed"), icon=":material/public_off:")
        return None
    with st.form("geoportal"):
        st.caption(t("importing.geoportal.help", hosts=", ".join(hosts)))
        url = st.text_input(t("importing.geoportal.url"), placeholder="https://")
        layer = st.text_input(t("importing.geoportal.layer"), help=t("importing.geoportal.layer_help"))
        is_asked = st.form_submit_button(t("importing.geoportal.fetch"), icon=":material/cloud_download:")
    if is_asked:
        st.session_state.pop(_KEPT, None)
        try:
            with st.spinner(t("importing.geoportal.fetching")):
                st.session_state[_KEPT] = geoportal.fetch_for(session.runtime(), account, url, layer.strip())
        except CctvError as error:
            show_error(error)
    found: FetchedList | None = st.session_state.get(_KEPT)
    if found is None:
        return None
    layer = found.layer
    words = {"source": layer.source, "layer": layer.layer or "-", "pages": number(layer.pages)}
    st.success(t("importing.geoportal.fetched", n=number(len(layer.features)), **words), icon=":material/cloud_done:")
    if layer.has_lat_first:
        st.warning(t("importing.geoportal.lat_first"), icon=":material/swap_horiz:")
    return GivenList(hashlib.sha256(found.data).hexdigest(), found.name, found.data)
