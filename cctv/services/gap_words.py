"""Gaps in words: where each lies, and why the nearest camera does not see it."""

from collections.abc import Hashable, Mapping

import geopandas as gpd
import numpy as np
import shapely

from cctv.i18n import number, t
from cctv.services.questions import Answer
from coverage.conditions import limits_of
from coverage.gap_reasons import why_unseen


def gap_title(gap: Mapping[Hashable, object]) -> str:
    """Say where a gap lies.

    Parameters
    ----------
    gap : mapping
        Row of the gaps: ``name``, ``between_from``, ``between_to``, ``is_near``, ``space_class``.

    Returns
    -------
    str
        For example "Jl Majapahit antara Jl Benteng dan Jl Pahlawan".
    """
    name = str(gap["name"])
    if not name:
        return t("gaps.unnamed", kind=t(f"space_class.{gap['space_class']}"))
    if gap["is_near"]:
        return t("gaps.near", name=name)
    ends = [str(gap[key]) for key in ("between_from", "between_to") if gap[key]]
    if len(ends) == 2:  # noqa: PLR2004 - a street has two ends
        return t("gaps.between", name=name, first=ends[0], second=ends[1])
    return t("gaps.beside", name=name, street=ends[0]) if ends else name


def titled(gaps: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give gaps the names that people read.

    Parameters
    ----------
    gaps : GeoDataFrame
        Ranked gaps.

    Returns
    -------
    GeoDataFrame
        The same with `gap_title` as ``name``.
    """
    return gaps.assign(name=[gap_title(gap) for gap in gaps.drop(columns="geometry").to_dict("records")])


def gap_reason(answer: Answer, row: int) -> str:
    """Say which camera is nearest to a gap, and why it does not see it.

    Parameters
    ----------
    answer : Answer
        Question and gaps.
    row : int
        Which gap.

    Returns
    -------
    str
        One sentence about the middle of the gap; that there is no camera at all, if there is none.
    """
    found = answer.situation
    shapes = np.asarray(answer.gaps.geometry.array, dtype=object)
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes[row : row + 1]))[0]
    limits = limits_of(found.sightings, answer.question.conditions)
    reason = why_unseen(found.base.obstacles, found.sightings, answer.chosen, limits, middle)
    if reason is None:
        return t("gaps.no_camera")
    _, camera = found.cameras[reason.camera]
    words = {"camera": f"{camera.camera_id} {camera.name}", "m": number(reason.distance_m)}
    if reason.blocker is None:
        return t(f"gaps.why_{reason.why}", **words)
    needed = reason.blocker.camera_height_needed_m
    help_text = "" if np.isinf(needed) else t("gaps.why_needed", needed=number(needed, 1))
    return t("gaps.why_hidden", roof=number(reason.blocker.height_m, 1), **words) + help_text
