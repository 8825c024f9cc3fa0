"""Work in the background on a screen: how far it is, a button to stop it, and what became of it."""

from collections.abc import Callable

import streamlit as st

from cctv.i18n import percent, t
from cctv.services.background import Job
from cctv.ui.failure import show_error

POLL_S = 1.0


def follow(job: Job, text: str, key: str) -> None:
    """Show a job until it is over, then draw the screen anew; other sessions are not touched.

    Parameters
    ----------
    job : Job
        Waiting or running.
    text : str
        What is shown meanwhile.
    key : str
        Name of the stop button.
    """

    @st.fragment(run_every=POLL_S)
    def poll() -> None:
        job.watch()
        if job.is_over:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, job.share), f"{text} {_stage(job)}")
            if st.button(
                t("siting.stop"), key=f"stop_{key}", icon=":material/stop_circle:", help=t("siting.stop_help")
            ):
                job.stop()

    poll()


def ended(job: Job, text: str, key: str, restart: Callable[[], None]) -> None:
    """Say that a job was stopped or has failed, and offer to start it again.

    Parameters
    ----------
    job : Job
        Stopped or failed.
    text : str
        What is shown instead of what it would have found.
    key : str
        Name of the button.
    restart : callable
        Lets it be started again.
    """
    if job.error is not None:
        show_error(job.error)
    elif job.state == "failed":
        st.error(t("shell.unexpected", mark=job.mark), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"{t(f'siting.{job.state}')} {text}", icon=":material/pause_circle:")
        if st.button(t("siting.again"), key=f"again_{key}", icon=":material/refresh:"):
            restart()
            st.rerun()


def _stage(job: Job) -> str:
    if job.state == "waiting" or not job.stage:
        return t("siting.stage_waiting")
    words = t(f"siting.stage_{job.stage}")
    if job.stage == "search" and job.bound > 0:
        return f"{words} {t('siting.gap_so_far', gap=percent(1 - job.value / job.bound))}"
    return words
