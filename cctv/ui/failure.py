"""The one place that catches everything: people read a friendly sentence, the log keeps the traceback."""

import logging
import secrets
from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from cctv.errors import CctvError
from cctv.i18n import t
from cctv.i18n.messages import error_hint, error_text, problem_text
from coverage.errors import CoverageError

log = logging.getLogger(__name__)


@contextmanager
def friendly_errors() -> Generator[None]:
    """Show errors as sentences; never a blank screen, never a traceback.

    Yields
    ------
    None
        Run the screen inside.
    """
    try:
        yield
    except (RerunException, StopException):
        raise
    except (CctvError, CoverageError) as error:
        show_error(error)
        log.info("shown to a person: %s", error)
    except Exception:
        mark = secrets.token_hex(4)
        log.exception("unexpected, id %s", mark)
        st.error(t("shell.unexpected", mark=mark), icon=":material/error:")


def show_error(error: CctvError | CoverageError) -> None:
    """Show one of our errors with its problems and what to do.

    Parameters
    ----------
    error : CctvError or CoverageError
        What was raised.
    """
    lines = [f"**{error_text(error)}**"]
    lines += [f"- {problem_text(problem)}" for problem in error.problems]
    hint = error_hint(error)
    st.error("\n".join(lines) + (f"\n\n{hint}" if hint else ""), icon=":material/error:")
