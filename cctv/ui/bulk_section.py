"""Change many cameras at once: the fields and their new values, what would change, and the save of the whole."""

from typing import Any

import pandas as pd
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.i18n.messages import problem_text
from cctv.registry import agencies
from cctv.registry.camera_pages import Search, camera_page
from cctv.registry.models import Account
from cctv.services import bulk_editing
from cctv.services.bulk_editing import FIELDS, BulkRow, Preview
from cctv.services.editing import PURPOSES
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.field_words import field_words, value_words

SHOWN = "bulk_preview"
#: Rows that a preview lists; the counts are of all.
LISTED = 200
CHOICES = {"status": ("on", "off", "trouble", "maintenance"), "camera_type": ("fixed", "ptz", "dome")}
WHOLE = ("resolution_px",)
TEXTS = ("status_reason", "model")


def bulk_section(account: Account, search: Search) -> None:
    """Draw the tool that changes every camera that a search finds.

    Parameters
    ----------
    account : Account
        Who changes them.
    search : Search
        Which cameras.
    """
    with st.expander(t("bulk.title"), icon=":material/edit_document:"):
        st.caption(t("bulk.hint"))
        fields = st.multiselect(t("bulk.fields"), FIELDS, format_func=field_words, key="bulk_fields",
                                placeholder=t("adding.choose"))  # fmt: skip
        changes = {name: _value(name) for name in fields}
        asked = (search, tuple(changes.items()))
        if st.button(t("bulk.preview"), disabled=not fields, icon=":material/preview:"):
            cameras = [found.camera for found in camera_page(session.runtime().registry, search)]
            try:
                st.session_state[SHOWN] = (asked, bulk_editing.preview(session.runtime(), account, cameras, changes))
            except CctvError as error:
                show_error(error)
        kept: tuple[object, Preview] | None = st.session_state.get(SHOWN)
        if kept is None:
            return
        if kept[0] != asked:
            st.caption(t("bulk.other"))
            return
        _preview(kept[1])
        reason = st.text_input(t("register.reason"), key="bulk_reason", placeholder=t("register.reason_hint"))
        n = len(kept[1].changed)
        if st.button(t("bulk.save", n=number(n)), type="primary", disabled=not n, icon=":material/save:"):
            _save(account, kept[1], reason)


def _value(name: str) -> object:
    label, key = field_words(name), f"bulk_{name}"
    if name in CHOICES:
        return st.selectbox(label, CHOICES[name], format_func=lambda value: value_words(name, value), key=key)
    if name == "purpose":
        return st.selectbox(label, PURPOSES, key=key)
    if name == "agency_id":
        owners = {agency.agency_id: agency.name for agency in agencies.list_agencies(session.runtime().registry)}
        return st.selectbox(label, sorted(owners, key=owners.__getitem__), format_func=owners.__getitem__, key=key)
    if name == "installed_on":
        return st.date_input(label, value=None, format="DD/MM/YYYY", key=key)
    if name in TEXTS:
        return st.text_input(label, key=key)
    step: Any = 1 if name in WHOLE else 0.5
    return st.number_input(label, value=None, step=step, placeholder=t("panel.unknown"), key=key)


def _preview(shown: Preview) -> None:
    changed, refused = len(shown.changed), len(shown.refused)
    st.markdown(t("bulk.counts", changed=number(changed), same=number(shown.same), refused=number(refused)))
    listed = [*shown.refused, *shown.changed][:LISTED]
    if listed:
        lines = pd.DataFrame([_line(row) for row in listed])
        st.dataframe(lines, hide_index=True, height=min(320, 40 + 35 * len(listed)))
    if changed + refused > LISTED:
        st.caption(t("bulk.listed", n=LISTED, all=number(changed + refused)))


def _line(row: BulkRow) -> dict[str, str]:
    def words(name: str, value: object) -> str:
        return f"{field_words(name)}: {value_words(name, getattr(row.camera, name))} → {value_words(name, value)}"

    return {
        t("field.id"): row.camera.camera_id,
        t("field.name"): row.camera.name,
        t("history.change"): "; ".join(words(name, value) for name, value in row.changes.items()),
        t("bulk.refused"): "; ".join(problem_text(problem) for problem in row.problems),
    }


def _save(account: Account, shown: Preview, reason: str) -> None:
    """Save, and go on listing those that somebody else changed in the meantime."""
    try:
        done = bulk_editing.save(session.runtime(), account, shown, reason)
    except CctvError as error:
        show_error(error)
        return
    asked = st.session_state.pop(SHOWN)[0]
    late = tuple(row for row in done.refused if row not in shown.refused)
    if late:
        st.session_state[SHOWN] = (asked, Preview((), late, len(done.changed)))
    st.toast(t("bulk.saved", n=number(len(done.changed))), icon=":material/check:")
    st.rerun()
