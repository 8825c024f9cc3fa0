"""The question above the gaps: which picture is good enough, by day or at night, whose cameras count."""

from collections.abc import Sequence

import streamlit as st

from cctv.i18n import number, t
from cctv.registry.models import Camera
from cctv.services.questions import LEVELS, SCALE, Question
from coverage.levels import level_scale

BASES = ("alive", "designed")


def question_bar(cameras: Sequence[Camera]) -> Question:
    """Draw the choices.

    Parameters
    ----------
    cameras : sequence of Camera
        Cameras on the map; their owners can be chosen.

    Returns
    -------
    Question
        What is asked.
    """
    owners = dict(sorted({camera.agency_id: camera.agency_name for camera in cameras}.items(), key=lambda one: one[1]))
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        basis = st.segmented_control(
            t("question.basis"), BASES, default="alive", format_func=lambda key: t(f"question.basis_{key}"),
            help=t("question.basis_help"), key="question_basis", width="content",
        )  # fmt: skip
        level = st.selectbox(
            t("question.level"), ("", *LEVELS), format_func=_level, key="question_level", width=250,
            help=t("question.level_help", edition=level_scale(SCALE).edition),
        )  # fmt: skip
        chosen = st.multiselect(
            t("question.owners"), list(owners), format_func=owners.__getitem__, placeholder=t("question.all"),
            key="question_owners", width=280,
        )  # fmt: skip
        is_night = st.toggle(t("question.night"), help=t("question.night_help"), key="question_night")
    return Question(level or "", is_night, "designed" if basis == "designed" else "alive", frozenset(chosen))


def _level(key: str) -> str:
    if not key:
        return t("question.any")
    px = next(level.px_per_m for level in level_scale(SCALE).levels if level.key == key)
    return t("question.at_least", level=key.capitalize(), px=number(px))
