"""How much coverage hangs on one camera, pole or owner; what repairs bring back; who watches the same street."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cctv.registry import agencies as agency_store
from cctv.registry import prices as price_store
from cctv.registry.models import Camera
from cctv.services.knowledge import is_stale
from cctv.services.questions import Answer
from cctv.services.runtime import Runtime
from coverage.robustness import losses, overlaps, repairs
from coverage.shares import Share

#: What the cheapest new point needs besides the fibre: prices of the register.
NEW_POINT_ITEMS = ("camera_fixed", "pole_existing", "panel", "pln", "installation", "licence")
PRIVATE = "private"


def by_owner(answer: Answer) -> pd.DataFrame:
    """Tell what is lost if an owner takes its cameras out.

    Parameters
    ----------
    answer : Answer
        Cameras that count.

    Returns
    -------
    DataFrame
        ``owner``, ``cameras``, ``lost_m2`` (seen for certain by this owner alone), ``lost_weight``; the
        greatest loss first.
    """
    return _lost(answer, [camera.agency_name for _, camera in answer.situation.cameras], "owner")


def by_point(answer: Answer) -> pd.DataFrame:
    """Tell what is lost if a pole falls: single points of failure.

    Parameters
    ----------
    answer : Answer
        Cameras that count.

    Returns
    -------
    DataFrame
        As `by_owner` with ``point`` instead of ``owner``, and ``twice_m2``: of the loss, what several cameras of the
        pole see, so that it looks safe and is not.
    """
    return _lost(answer, [item.point.name for item, _ in answer.situation.cameras], "point")


def by_camera(answer: Answer) -> pd.DataFrame:
    """Tell what is lost if one camera dies.

    Parameters
    ----------
    answer : Answer
        Cameras that count.

    Returns
    -------
    DataFrame
        As `by_owner` with ``camera`` instead of ``owner``.
    """
    return _lost(answer, [f"{camera.camera_id} {camera.name}" for _, camera in answer.situation.cameras], "camera")


def _lost(answer: Answer, names: Sequence[str], column: str) -> pd.DataFrame:
    label, group = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    lost = losses(answer.counted(), group.astype(np.int64), len(label))
    cell_m2 = answer.situation.base.demand.cell_area_m2
    frame = pd.DataFrame(
        {
            column: label, "cameras": np.bincount(group[answer.chosen], minlength=len(label)),
            "lost_m2": lost.cells * cell_m2,
            "twice_m2": lost.twice_cells * cell_m2, "lost_weight": lost.weight,
        }
    )  # fmt: skip
    kept = frame[frame["cameras"] > 0]
    return kept.sort_values(["lost_m2", column], ascending=[False, True], kind="stable").reset_index(drop=True)


def best_repairs(answer: Answer) -> pd.DataFrame:
    """Rank the cameras that do not work by what bringing them back is worth.

    Parameters
    ----------
    answer : Answer
        Cameras that count.

    Returns
    -------
    DataFrame
        ``camera_id``, ``name``, ``owner``, ``status``, ``reason``, ``low_m2``, ``expected_m2``, ``high_m2`` (ground
        that nobody sees now), ``weight``, ``total_m2`` (expected, with those before it); at most ten.
    """
    found = answer.situation
    wanted = np.array(
        [not answer.question.owners or camera.agency_id in answer.question.owners for _, camera in found.cameras],
        np.bool_,
    )
    dead = wanted & ~found.is_alive
    ranked = repairs(answer.counted(wanted & found.is_alive), answer.counted(wanted), dead)
    cameras = [found.cameras[row][1] for row in ranked.camera]
    cell_m2 = found.base.demand.cell_area_m2
    return pd.DataFrame(
        {
            "camera_id": [camera.camera_id for camera in cameras],
            "name": [camera.name for camera in cameras],
            "owner": [camera.agency_name for camera in cameras],
            "status": [_why_dead(camera) for camera in cameras],
            "reason": [camera.status_reason for camera in cameras],
            "low_m2": ranked.low * cell_m2, "expected_m2": ranked.expected * cell_m2, "high_m2": ranked.high * cell_m2,
            "weight": ranked.expected_weight, "total_m2": np.cumsum(ranked.expected) * cell_m2,
        }
    )  # fmt: skip


def _why_dead(camera: Camera) -> str:
    """Say why a camera does not count as working although the register may call it on."""
    if camera.status != "on":
        return camera.status
    return "stale" if is_stale(camera) else "silent"


def new_point_idr(runtime: Runtime) -> int | None:
    """Price the cheapest new point, without the fibre to it.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    int or None
        Whole Rupiah; None if the price list lacks an item.
    """
    prices = {item.item_id: item.price_idr for item in price_store.list_prices(runtime.registry)}
    if any(name not in prices for name in NEW_POINT_ITEMS):
        return None
    return sum(prices[name] for name in NEW_POINT_ITEMS)


def shared_streets(answer: Answer) -> pd.DataFrame:
    """List pairs of cameras of two owners that watch the same 40 m of street or more.

    Parameters
    ----------
    answer : Answer
        Cameras that count.

    Returns
    -------
    DataFrame
        ``camera_a``, ``owner_a``, ``camera_b``, ``owner_b``, ``street_m``, ``area_m2``, ``is_certain``; the longest
        stretch first.
    """
    cameras = [camera for _, camera in answer.situation.cameras]
    owner = np.unique(np.array([camera.agency_id for camera in cameras], dtype=np.str_), return_inverse=True)[1]
    found = overlaps(answer.counted(), owner.astype(np.int64))
    first, second = ([cameras[row] for row in found[name]] for name in ("first", "second"))
    return pd.DataFrame(
        {
            "camera_a": [f"{c.camera_id} {c.name}" for c in first], "owner_a": [c.agency_name for c in first],
            "camera_b": [f"{c.camera_id} {c.name}" for c in second], "owner_b": [c.agency_name for c in second],
            "street_m": found["street_m"].to_numpy(),
            "area_m2": found["cells"].to_numpy() * answer.situation.base.demand.cell_area_m2,
            "is_certain": found["is_certain"].to_numpy(),
        }
    )  # fmt: skip


def if_they_join(runtime: Runtime, answer: Answer) -> pd.DataFrame:
    """Tell what each private owner adds to the cameras of the government, and all of them together.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    answer : Answer
        Conditions of the question; its owners are not looked at.

    Returns
    -------
    DataFrame
        ``owner`` (empty for all together), ``cameras``, and ``low``, ``high``, ``base_low``, ``base_high``: shares of
        area with this owner and without any private one; the greatest gain first, all together at the end.
    """
    found, public = answer.situation, answer.situation.base.public
    private = {agency.agency_id for agency in agency_store.list_agencies(runtime.registry) if agency.kind == PRIVATE}
    owner = np.array([camera.agency_id for _, camera in found.cameras], dtype=np.str_)
    counts = found.is_alive if answer.question.basis == "alive" else np.ones(len(owner), np.bool_)
    is_private = np.isin(owner, list(private))
    base = _area(answer, counts & ~is_private)
    names = {camera.agency_id: camera.agency_name for _, camera in found.cameras if camera.agency_id in private}
    groups: list[tuple[str, NDArray[np.bool_]]] = [(names[key], owner == key) for key in sorted(names)]
    rows = []
    for name, joins in [*groups, ("", is_private)]:
        share = _area(answer, counts & (~is_private | joins))
        rows.append((name, int((counts & joins).sum()), share.low, share.high, base.low, base.high))
    frame = pd.DataFrame(rows, columns=["owner", "cameras", "low", "high", "base_low", "base_high"])
    frame["area_m2"] = len(public.demand) * public.demand.cell_area_m2
    order = frame.assign(last=frame["owner"] == "").sort_values(
        ["last", "high", "low", "owner"], ascending=[True, False, False, True], kind="stable"
    )
    return order.drop(columns="last").reset_index(drop=True)


def _area(answer: Answer, chosen: NDArray[np.bool_]) -> Share:
    counted, city = answer.counted(chosen), answer.situation.base.public.groupings["city"]
    area, total = counted.cells(city), float(city.cells.sum())
    low = float(area.low.sum()) / total
    return Share(low, low, float(area.high.sum()) / total)
