"""The filters above the map, and the switches for what it draws."""

from dataclasses import dataclass

import streamlit as st

from cctv.i18n import t
from cctv.services.mapdata import Choices, Filters
from cctv.services.maplayers import DEFAULT_SCALE
from coverage.levels import SCALES, Scale, level_scale


@dataclass(frozen=True)
class Shown:
    """What the map draws besides the pins.

    Attributes
    ----------
    viewsheds : bool
        Viewsheds of all cameras, not only of the selected one.
    errors : bool
        Circles of uncertain positions.
    guessed_streets : bool
        Streets whose course is a guess.
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels of picture quality.
    """

    viewsheds: bool
    errors: bool
    guessed_streets: bool
    scale: Scale


def filter_bar(choices: Choices) -> tuple[Filters, Shown]:
    """Draw the filter bar.

    Parameters
    ----------
    choices : Choices
        Values that can be chosen.

    Returns
    -------
    tuple of Filters and Shown
        What a person wants to see.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        text = st.text_input(
            t("map.search"), placeholder=t("map.search_hint"), label_visibility="collapsed", icon=":material/search:",
            width=260,
        )  # fmt: skip
        with st.popover(t("map.filter"), icon=":material/tune:"):
            owners = st.multiselect(
                t("field.owner"), list(choices.owners), format_func=lambda key: choices.owners[key],
                placeholder=t("map.all"),
            )  # fmt: skip
            statuses = _choice("field.status", choices.statuses, "status")
            kelurahan = st.multiselect(t("field.kelurahan"), choices.kelurahan, placeholder=t("map.all"))
            types = _choice("field.camera_type", choices.camera_types, "camera_type")
            scale = st.radio(
                t("map.scale"), SCALES, index=SCALES.index(DEFAULT_SCALE), help=t("map.scale_help"),
                format_func=lambda key: level_scale(key).edition, horizontal=True,
            )  # fmt: skip
        shown = Shown(
            viewsheds=st.toggle(t("map.show_viewsheds"), help=t("map.show_viewsheds_help")),
            errors=st.toggle(t("map.show_errors"), help=t("map.show_errors_help")),
            guessed_streets=st.toggle(t("map.show_guesses"), help=t("map.show_guesses_help")),
            scale=scale,
        )
    filters = Filters(text, frozenset(owners), frozenset(statuses), frozenset(kelurahan), frozenset(types))
    return filters, shown


def _choice(label: str, options: tuple[str, ...], prefix: str) -> list[str]:
    return st.multiselect(
        t(label), options, format_func=lambda key: t(f"{prefix}.{key}"), placeholder=t("map.all")
    )  # fmt: skip
