"""What is lost if a camera, a pole or an owner drops out, what repairs bring back, and who watches the same ground."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.counted import Counted
from coverage.most_seen import most_in_turn
from coverage.optics import FULL_TURN_DEG
from coverage.sightings import CellViews, extent
from coverage.street_cuts import StreetCuts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_REPAIRS = 10


@dataclass(frozen=True, eq=False)
class Losses:
    """What is no longer seen if a group of cameras drops out, one element per group.

    Attributes
    ----------
    cells, weight : ndarray of int64, shape (g,)
        Cells that are seen for certain and by no other group, and their weight.
    may_cells : ndarray of int64, shape (g,)
        Cells that this group alone sees or may see from where its cameras are said to stand.
    twice_cells : ndarray of int64, shape (g,)
        Of ``cells``, those that two or more cameras of the group see: safe against one camera, not against the group.
    """

    cells: Ints
    weight: Ints
    may_cells: Ints
    twice_cells: Ints


def losses(counted: Counted, group: Ints, n_groups: int) -> Losses:
    """Tell what each group of cameras alone sees.

    Parameters
    ----------
    counted : Counted
        The cameras that count.
    group : ndarray of int64, shape (n,)
        Group of each camera: itself, its pole or its owner.
    n_groups : int
        How many groups.

    Returns
    -------
    Losses
        Exactly what a new count without the group lacks.
    """
    weight = counted.public.demand.weight
    owner, row = _only_group(group, counted.low)
    both = np.concatenate([counted.low.row, counted.more.row])
    cameras = np.concatenate([counted.low.camera, counted.more.camera])
    may_owner, _ = _sole(group[cameras], both)
    twice = counted.n_certain[row] > 1
    return Losses(
        cells=np.bincount(owner, minlength=n_groups),
        weight=np.bincount(owner, weight[row], n_groups).astype(np.int64),
        may_cells=np.bincount(may_owner, minlength=n_groups),
        twice_cells=np.bincount(owner[twice], minlength=n_groups),
    )


def _only_group(group: Ints, views: CellViews) -> tuple[Ints, Ints]:
    return _sole(group[views.camera], views.row)


def _sole(group: Ints, row: Ints) -> tuple[Ints, Ints]:
    """Find the rows that one group alone occurs in; give group and row."""
    size = int(group.max(initial=0)) + 1
    key = np.unique(row * size + group)
    rows, owner = np.divmod(key, size)
    once = np.ones(len(rows), np.bool_)
    once[1:] &= rows[1:] != rows[:-1]
    once[:-1] &= rows[:-1] != rows[1:]
    return owner[once], rows[once]


@dataclass(frozen=True, eq=False)
class Repairs:
    """Which cameras to bring back first.

    Attributes
    ----------
    camera : ndarray of int64, shape (m,)
        Cameras in the order of what each adds to those before it.
    low, expected, high : ndarray of float64, shape (m,)
        Cells that are seen again: for certain, on average over the directions it may have, and at the most.
    expected_weight : ndarray of float64, shape (m,)
        Weight of the expected cells.
    """

    camera: Ints
    low: Floats
    expected: Floats
    high: Floats
    expected_weight: Floats


def repairs(alive: Counted, all_cameras: Counted, dead: Bools, *, most: int = MOST_REPAIRS) -> Repairs:
    """Rank cameras that do not work by what repairing them brings back.

    Parameters
    ----------
    alive : Counted
        The cameras that work.
    all_cameras : Counted
        All of them, under the same conditions.
    dead : ndarray of bool, shape (n,)
        Cameras that could be repaired.
    most : int
        How many at the most.

    Returns
    -------
    Repairs
        By the expected weight of what nobody sees for certain yet, one after another; then by camera. Cameras that add
        nothing are left out.

    Notes
    -----
    Of a camera whose direction is unknown within a slack, a place is expected to be seen in the share of directions
    that show it: opening over opening plus twice the slack. What two repaired cameras both see counts for the first.
    """
    views, chance, is_low = _of(all_cameras, dead)
    weight = alive.public.demand.weight[views.row]
    unseen = np.where(alive.n_certain[views.row] > 0, 0.0, 1.0)
    n = len(dead)
    order: list[int] = []
    figures: list[tuple[float, float, float, float]] = []
    for _ in range(min(most, int(dead.sum()))):
        gain = np.bincount(views.camera, unseen * chance * weight, n)
        gain[order] = 0.0
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        mine = views.camera == best
        figures.append(
            (
                *_figures(
                    all_cameras, views.take(mine), chance[mine] * unseen[mine], is_low[mine] & (unseen[mine] > 0)
                ),
                float(gain[best]),
            )
        )
        order.append(best)
        left = np.ones(len(alive.public.demand))
        left[views.row[mine]] = 1.0 - chance[mine]
        unseen = unseen * np.where(views.camera == best, 0.0, left[views.row])
    table = np.array(figures, np.float64).reshape(-1, 4)
    return Repairs(np.array(order, np.int64), table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _of(counted: Counted, cameras: Bools) -> tuple[CellViews, Floats, Bools]:
    """Give the pairs of some cameras, the chance that each is true, and whether it is certain."""
    low = counted.low.take(cameras[counted.low.camera])
    more = counted.more.take(cameras[counted.more.camera])
    names = ("camera", "row", "distance_m", "ahead_m", "bearing_deg")
    views = CellViews(*(np.concatenate([getattr(low, name), getattr(more, name)]) for name in names))
    chance = np.concatenate([np.ones(len(low.row)), turned_chance(counted)[more.camera]])
    return views, chance, np.arange(len(chance)) < len(low.row)


def turned_chance(counted: Counted) -> Floats:
    """Give the share of its possible directions in which a camera shows a place.

    Parameters
    ----------
    counted : Counted
        Cameras.

    Returns
    -------
    ndarray of float64, shape (n,)
        1 for a camera of known direction.
    """
    knowledge = counted.sightings.knowledge
    opening = extent(counted.sightings.observers)[0]
    return opening / np.minimum(opening + 2 * knowledge.azimuth_slack_deg, FULL_TURN_DEG)


def _figures(counted: Counted, views: CellViews, expected: Floats, is_low: Bools) -> tuple[float, float, float]:
    """Give the cells of one camera that are new: for certain, expected, at the most."""
    camera = int(views.camera[0])
    knowledge, opening = counted.sightings.knowledge, extent(counted.sightings.observers)[0]
    if knowledge.is_displaced[camera]:
        return 0.0, float(expected.sum()), float(counted.sightings.most[camera, 0])
    alone = np.zeros(len(views.row), np.int64)
    width = opening[[camera]] if knowledge.is_lens_known[camera] else np.array([FULL_TURN_DEG])
    high = most_in_turn(alone, views.bearing_deg, (expected > 0).astype(np.int64), width)[0]
    return float(is_low.sum()), float(expected.sum()), float(high)


def overlaps(counted: Counted, owner: Ints, *, least_m: float = 40.0) -> pd.DataFrame:
    """List pairs of cameras of different owners that watch the same stretch of street.

    Parameters
    ----------
    counted : Counted
        The cameras that count.
    owner : ndarray of int64, shape (n,)
        Owner of each camera.
    least_m : float
        Shorter stretches are left out [m].

    Returns
    -------
    DataFrame
        ``first``, ``second`` (rows of the cameras), ``street_m`` [m], ``cells`` that both see, and ``is_certain``
        (whether both are sure to); by falling length, then by camera.
    """
    low, high = counted.street_views
    high = high.take(~np.isin(high.camera, low.camera))
    cuts = StreetCuts(
        *(np.concatenate([getattr(low, k), getattr(high, k)]) for k in ("camera", "segment", "start", "stop"))
    )
    sure = np.arange(len(cuts.camera)) < len(low.camera)
    one, other = _meetings(cuts, owner)
    length = counted.public.corridors.segments.length_m[cuts.segment[one]]
    shared = np.minimum(cuts.stop[one], cuts.stop[other]) - np.maximum(cuts.start[one], cuts.start[other])
    pairs = pd.DataFrame(
        {"first": cuts.camera[one], "second": cuts.camera[other], "street_m": np.maximum(shared, 0) * length,
         "is_certain": sure[one] & sure[other]}
    )  # fmt: skip
    found = pairs.groupby(["first", "second"], as_index=False).agg({"street_m": "sum", "is_certain": "all"})
    found = found[found["street_m"] >= least_m]
    found["cells"] = _shared_cells(counted, found["first"].to_numpy(), found["second"].to_numpy())
    ranked = found.sort_values(["street_m", "first", "second"], ascending=[False, True, True], kind="stable")
    return ranked.reset_index(drop=True)


def _meetings(cuts: StreetCuts, owner: Ints) -> tuple[Ints, Ints]:
    """Pair stretches of cameras of different owners on one piece of street."""
    order = np.argsort(cuts.segment, kind="stable")
    segment = cuts.segment[order]
    first = np.searchsorted(segment, segment, side="left")
    last = np.searchsorted(segment, segment, side="right")
    count = last - first
    one = np.repeat(np.arange(len(order)), count)
    other = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count) + first[one]
    one, other = order[one], order[other]
    kept = (cuts.camera[one] < cuts.camera[other]) & (owner[cuts.camera[one]] != owner[cuts.camera[other]])
    return one[kept], other[kept]


def _shared_cells(counted: Counted, first: Ints, second: Ints) -> Ints:
    camera = np.concatenate([counted.low.camera, counted.more.camera])
    row = np.concatenate([counted.low.row, counted.more.row])
    shape = (len(counted.sightings), len(counted.public.demand))
    seen = csr_array((np.ones(len(row), np.int32), (camera, row)), shape=shape)
    if not len(first):
        return np.zeros(0, np.int64)
    return np.asarray((seen[first].multiply(seen[second])).sum(axis=1), np.int64).ravel()
