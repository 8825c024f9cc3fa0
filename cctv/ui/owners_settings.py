"""How letters are made, for admins: number, signer, legal basis, days, and the templates."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import number, t
from cctv.registry.letters import TEMPLATES, LetterRule, TemplateId, letter_rule, template_of
from cctv.registry.models import Account
from cctv.reports.letter_template import BLOCKS, LARGEST_BYTES, REQUIRED, WORDS
from cctv.services import letter_settings as service
from cctv.ui import session
from cctv.ui.failure import show_error

LINES = ("number_pattern", "sender", "signer", "signer_title", "signer_nip", "public_address")
DAYS = ("reply_days", "check_days", "link_days")


def settings_view(account: Account) -> None:
    """Draw the rule and the templates.

    Parameters
    ----------
    account : Account
        Who sets them.
    """
    _rule(account, letter_rule(session.runtime().registry))
    st.subheader(t("letters.templates"), anchor=False, help=t("letters.templates_help"))
    for column, template_id in zip(st.columns(2, gap="medium"), TEMPLATES, strict=True):
        with column, st.container(border=True):
            _template(account, template_id)
    with st.expander(t("letters.marks"), icon=":material/data_object:"):
        st.markdown(t("letters.marks_help"))
        st.code("\n".join(f"{{{{{name}}}}}" for name in (*WORDS, *BLOCKS)), language=None)


def _rule(account: Account, rule: LetterRule) -> None:
    st.subheader(t("letters.rule"), anchor=False)
    if rule.version == 0:
        st.caption(t("letters.rule_assumed"))
    with st.form(f"letter_rule_{rule.version}"):
        first, second = st.columns(2)
        values: dict[str, object] = {
            name: (first if place % 2 == 0 else second).text_input(
                t(f"letters.{name}"), getattr(rule, name), max_chars=200, help=t(f"letters.{name}_help")
            )
            for place, name in enumerate(LINES)
        }
        values["legal_basis"] = st.text_area(
            t("letters.legal_basis"), rule.legal_basis, help=t("letters.legal_basis_help")
        )
        for column, name in zip(st.columns(3), DAYS, strict=True):
            values[name] = column.number_input(t(f"letters.{name}"), 1, 365, getattr(rule, name))
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
        if not st.form_submit_button(t("register.save"), type="primary", icon=":material/save:"):
            return
    try:
        service.save_rule(session.runtime(), account, rule, values, reason)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("letters.rule_saved"), icon=":material/check:")
        st.rerun()


def _template(account: Account, template_id: TemplateId) -> None:
    own = template_of(session.runtime().registry, template_id)
    st.markdown(f"**{t(f'letters.title_{template_id}')}**")
    st.caption(t("letters.template_own", name=own[1]) if own else t("letters.template_default"))
    st.link_button(t("letters.template_take"), f"/unduh/templat/{template_id}.docx", icon=":material/download:")
    given = st.file_uploader(
        t("letters.template_upload"), type=["docx"], max_upload_size=LARGEST_BYTES // 1_000_000,
        key=f"template_{template_id}_{own[2] if own else 0}",
        help=t("letters.template_needs", marks=", ".join(REQUIRED[template_id])),
    )  # fmt: skip
    with st.container(horizontal=True):
        if given is not None and st.button(t("letters.template_put"), type="primary", key=f"put_{template_id}"):
            _put(account, template_id, given.getvalue(), given.name)
        if own and st.button(t("letters.template_back"), key=f"back_{template_id}"):
            _put(account, template_id, None, "")


def _put(account: Account, template_id: TemplateId, docx: bytes | None, name: str) -> None:
    try:
        service.put_template(session.runtime(), account, template_id, docx, name)
    except CctvError as error:
        show_error(error)
    else:
        size = t("letters.template_saved", kb=number(len(docx) / 1000)) if docx else t("letters.template_returned")
        st.toast(size, icon=":material/check:")
        st.rerun()
