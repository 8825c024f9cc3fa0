"""Lists that were taken over: what each wrote, which guesses still stand, the way back, and the inbox."""

import pandas as pd
import streamlit as st

from cctv.errors import ValidationError
from cctv.i18n import day, moment, number, t
from cctv.registry import import_records
from cctv.registry.import_records import ImportRecord
from cctv.registry.models import Account
from cctv.services import importing, inbox
from cctv.ui import session
from cctv.ui.failure import show_error

OUTCOMES = ("new", "update", "skip", "problem", "left_out", "guess", "outside", "unplaced", "joined")


def done_imports(account: Account) -> None:
    """Draw the imports, the newest first, and the one that is chosen.

    Parameters
    ----------
    account : Account
        Who is looking; has the right to edit the register.
    """
    _inbox()
    records = {record.import_id: record for record in import_records.list_imports(session.runtime().registry)}
    if not records:
        st.info(t("importing.screen.no_imports"), icon=":material/inbox:")
        return
    newest = st.session_state.get("import_done")
    chosen = st.selectbox(
        t("importing.screen.which"), list(records), index=list(records).index(newest) if newest in records else 0,
        format_func=lambda key: f"{records[key].file_name} · {moment(records[key].imported_at)}",
    )  # fmt: skip
    _report(records[chosen])
    if records[chosen].state == "done":
        _way_back(account, records[chosen])


def _report(record: ImportRecord) -> None:
    st.markdown(
        t(f"importing.screen.report_{record.state}", id=record.import_id, who=record.imported_by,
          when=moment(record.imported_at), file=record.file_name, as_of=day(record.as_of),
          owner=record.owner_id or t("importing.screen.several"), mark=record.sha256[:12])
    )  # fmt: skip
    rows = [(t(f"importing.outcome.{name}"), number(record.counts.get(name, 0))) for name in OUTCOMES]
    st.dataframe(
        pd.DataFrame(rows, columns=[t("importing.screen.outcome"), t("importing.screen.rows")]), hide_index=True
    )
    flags = import_records.open_flags(session.runtime().registry, record.import_id)
    if record.state == "done" and flags:
        with st.expander(t("importing.screen.flags", n=number(len(flags))), icon=":material/help:"):
            st.caption(t("importing.screen.flags_help"))
            st.dataframe(
                pd.DataFrame(
                    [{t("field.id"): flag.entity_id, t("importing.screen.field"): flag.field,
                      t("importing.screen.value"): flag.value, t("importing.screen.line"): flag.line,
                      t("importing.screen.notes"): "; ".join(t(f"importing.kind.{code}") for code in flag.codes)}
                     for flag in flags]
                ),
                hide_index=True,
            )  # fmt: skip


def _way_back(account: Account, record: ImportRecord) -> None:
    with st.expander(t("importing.screen.undo"), icon=":material/undo:"):
        st.caption(t("importing.screen.undo_help"))
        reason = st.text_input(t("register.reason"), key=f"undo_reason_{record.import_id}")
        keep = st.checkbox(t("importing.screen.keep_edits"), key=f"undo_keep_{record.import_id}")
        if st.button(t("importing.screen.undo_button"), disabled=not reason.strip(), icon=":material/undo:"):
            try:
                importing.roll_back_as(session.runtime().registry, account, record.import_id, reason, keep_edits=keep)
            except ValidationError as error:
                show_error(error)
            else:
                st.toast(t("importing.screen.undone"), icon=":material/check:")
                st.rerun()


def _inbox() -> None:
    database = session.runtime().settings.database
    for job in inbox.waiting(database):
        st.info(t("importing.screen.waiting", file=job.file_name, who=job.actor), icon=":material/schedule:")
    for outcome in inbox.outcomes(database)[:5]:
        if outcome.problem:
            st.warning(t("importing.screen.refused", file=outcome.job.file_name, who=outcome.job.actor,
                         reason=outcome.problem), icon=":material/error:")  # fmt: skip
