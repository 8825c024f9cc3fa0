"""One question about a set of cameras, answered by counting what they see for certain and at the most."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coverage.conditions import Limits
from coverage.corridors import Corridors
from coverage.most_seen import most_in_turn
from coverage.optics import FULL_TURN_DEG
from coverage.public_space import Grouping, PublicSpace
from coverage.sightings import CellViews, Sightings, extent
from coverage.street_cuts import StreetCuts, clipped_by_depth, clipped_by_distance, joined, seen_length_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Bound:
    """Shares of one quantity in the parts of a grouping.

    Attributes
    ----------
    low, high : ndarray of float64, shape (g,)
        How much is watched for certain, and at the most.
    """

    low: Floats
    high: Floats


class Counted:
    """What the counted cameras see.

    Parameters
    ----------
    public : PublicSpace
        Cells and streets.
    sightings : Sightings
        All cameras.
    chosen : ndarray of bool, shape (n,)
        Cameras that count.
    limits : Limits
        How far each sees.
    """

    def __init__(self, public: PublicSpace, sightings: Sightings, chosen: Bools, limits: Limits) -> None:
        self.public, self.sightings, self.chosen, self.limits = public, sightings, chosen, limits
        self._turns: dict[str, Floats] = {}
        self.displaced = np.flatnonzero(chosen & sightings.knowledge.is_displaced)
        sure = sightings.sure.take(chosen[sightings.sure.camera])
        may = sightings.may.take(chosen[sightings.may.camera])
        is_low = _within(sure, limits.sure_ahead_m, limits.sure_distance_m)
        is_more = ~is_low & _within(sure, limits.may_ahead_m, limits.may_distance_m)
        self.low = sure.take(is_low)
        wide = may.take(_within(may, limits.may_ahead_m, limits.may_distance_m))
        self.more = _joined_views(sure.take(is_more), wide.take(~_pairs_in(wide, self.low, len(public.demand))))

    @cached_property
    def n_certain(self) -> Ints:
        """How many cameras see each cell for certain."""
        return np.bincount(self.low.row, minlength=len(self.public.demand)).astype(np.int64)

    @cached_property
    def n_possible(self) -> Ints:
        """How many more may see it from where they are said to stand."""
        return np.bincount(self.more.row, minlength=len(self.public.demand)).astype(np.int64)

    @cached_property
    def _placed(self) -> CellViews:
        """Pairs of cameras that stand where they are said to, in cells that nobody sees for certain."""
        more = self.more
        is_placed = ~self.sightings.knowledge.is_displaced[more.camera]
        return more.take(is_placed & (self.n_certain[more.row] == 0))

    def cells(self, grouping: Grouping, value: Ints | None = None) -> Bound:
        """Add up the cells that are watched, part by part.

        Parameters
        ----------
        grouping : Grouping
            Parts.
        value : ndarray of int64, shape (cells of the demand,), optional
            What each cell is worth; 1 by default.

        Returns
        -------
        Bound
            Of the sums.

        Notes
        -----
        Cells that nobody sees for certain are added at the most as often as some camera may see them, and by each
        camera at the most as many as one direction, or one place in the circle of its error, can show.
        """
        whole = grouping.cells if value is None else grouping.weight
        seen, once, size = self._seen, self._once, len(grouping)
        low = _grouped(grouping.cell_group[seen], _taken(value, seen), size)
        union = _grouped(grouping.cell_group[once], _taken(value, once), size)
        each = self._per_camera(grouping, self._placed, value)
        turn = self._turn(value)
        more = np.minimum(union, np.minimum(each, turn[:, None]).sum(axis=0))
        elsewhere = self._elsewhere(grouping, 0 if value is None else 1, whole)
        return Bound(low, np.minimum(whole, low + more + elsewhere))

    @cached_property
    def _seen(self) -> Ints:
        """Cells that are seen for certain."""
        return np.flatnonzero(self.n_certain > 0)

    @cached_property
    def _once(self) -> Ints:
        """Cells that are seen perhaps, and by nobody for certain."""
        return np.unique(self._placed.row)

    @cached_property
    def _extent(self) -> tuple[Floats, Floats]:
        """Opening [deg] and range [m] that hold all that each camera sees."""
        opening, reach = extent(self.sightings.observers)
        return np.where(self.sightings.knowledge.is_lens_known, opening, FULL_TURN_DEG), reach

    def _turn(self, value: Ints | None) -> Floats:
        """Give the most that each camera can show in one direction; the same for every way to split the city."""
        measure = "cells" if value is None else "weight"
        if measure not in self._turns:
            fresh = self._placed
            worth = np.ones(len(fresh.row), np.int64) if value is None else value[fresh.row]
            self._turns[measure] = most_in_turn(fresh.camera, fresh.bearing_deg, worth, self._extent[0])
        return self._turns[measure]

    def _per_camera(self, grouping: Grouping, views: CellViews, value: Ints | None) -> Floats:
        """Add up, camera by camera, what each may see in each part."""
        size = len(grouping)
        group = grouping.cell_group[views.row]
        kept = group >= 0
        key = views.camera[kept] * size + group[kept]
        flat = np.bincount(key, _taken(value, views.row[kept]), len(self.sightings) * size)
        return flat.reshape(len(self.sightings), size).astype(np.float64)

    def _elsewhere(self, grouping: Grouping, measure: int, whole: Floats) -> Floats:
        """Add up what cameras that may stand elsewhere see at the most in each part that they may reach."""
        rows = self.displaced
        if not len(rows):
            return np.zeros(len(grouping))
        most = self._at_most[:, measure]
        reached = self._reached(grouping) if len(grouping) > 1 else np.ones((len(rows), 1), np.bool_)
        return (np.minimum(most[:, None], whole[None]) * reached).sum(axis=0)

    @cached_property
    def _at_most(self) -> Floats:
        """Cells, weight and street [m] that each camera that may stand elsewhere sees at the most.

        Its sector, drawn as far as it sees, holds no more cells and no more weight.
        """
        rows, (opening, reach) = self.displaced, self._extent
        far = np.clip(np.minimum(reach, self.limits.may_distance_m)[rows], 0.0, None)
        cell_m = self.public.demand.grid.cell_m
        cells = np.pi * (far + cell_m) ** 2 * opening[rows] / FULL_TURN_DEG / cell_m**2 + np.pi * (far + cell_m) + 4
        cells = np.where(far > 0, cells, 0.0)
        street = np.where(far > 0, np.inf, 0.0)
        drawn = np.stack([cells, cells * self.public.demand.weight.max(initial=0), street], axis=1)
        return np.minimum(self.sightings.most[rows], drawn)

    def _reached(self, grouping: Grouping) -> Bools:
        """Tell which parts each camera that may stand elsewhere may see something of; those of one pole at once."""
        observers, rows = self.sightings.observers, self.displaced
        far = self.sightings.knowledge.position_error_m + self._extent[1]
        poles, pole = np.unique(np.column_stack([observers.x_m, observers.y_m, far])[rows], axis=0, return_inverse=True)
        return grouping.reached(poles[:, :2], poles[:, 2])[pole.ravel()]

    def streets(self, grouping: Grouping) -> Bound:
        """Add up the length of street that is watched, part by part.

        Parameters
        ----------
        grouping : Grouping
            Parts.

        Returns
        -------
        Bound
            Lengths [m].
        """
        low, high = self._street_lengths
        whole, group = grouping.corridor_m, grouping.corridor_group
        at_least, placed = (_grouped(group, length, len(grouping)) for length in (low, high))
        elsewhere = self._elsewhere(grouping, 2, whole)
        return Bound(at_least, np.minimum(whole, np.maximum(at_least, placed) + elsewhere))

    @cached_property
    def _street_lengths(self) -> tuple[Floats, Floats]:
        """Give the length of each corridor that is seen for certain, and from where cameras are said to stand."""
        low, high = self.street_views
        placed = high.take(~self.sightings.knowledge.is_displaced[high.camera])
        corridors = self.public.corridors
        return seen_length_m(corridors, low), seen_length_m(corridors, joined([low, placed]))

    @cached_property
    def street_views(self) -> tuple[StreetCuts, StreetCuts]:
        """Stretches seen for certain; stretches that cameras may see from where they are said to stand."""
        sightings, limits, corridors = self.sightings, self.limits, self.public.corridors
        sure = sightings.sure_streets.take(self.chosen[sightings.sure_streets.camera])
        may = sightings.may_streets.take(self.chosen[sightings.may_streets.camera])
        if self._is_limited:  # of a camera without known picture or light all is possible
            may = joined([may, sure])
        low = self._clipped(sure, corridors, limits.sure_ahead_m, limits.sure_distance_m)
        return low, self._clipped(may, corridors, limits.may_ahead_m, limits.may_distance_m)

    @property
    def _is_limited(self) -> bool:
        limits = self.limits
        reach = (limits.sure_ahead_m, limits.sure_distance_m, limits.may_ahead_m, limits.may_distance_m)
        return not all((values == np.inf).all() for values in reach)

    def _clipped(self, cuts: StreetCuts, corridors: Corridors, ahead_m: Floats, distance_m: Floats) -> StreetCuts:
        if not self._is_limited:
            return cuts
        observers = self.sightings.observers
        origin = np.column_stack([observers.x_m, observers.y_m])
        azimuth = np.deg2rad(np.nan_to_num(observers.azimuth_deg))
        axis = np.column_stack([np.sin(azimuth), np.cos(azimuth)])
        cuts = cuts.take((ahead_m[cuts.camera] > -np.inf) & (distance_m[cuts.camera] > 0))
        cuts = clipped_by_depth(cuts, corridors, origin[cuts.camera], axis[cuts.camera], ahead_m[cuts.camera])
        return clipped_by_distance(cuts, corridors, origin[cuts.camera], distance_m[cuts.camera])

    def k_cells(self, k: int) -> tuple[int, float]:
        """Count the cells that at least k cameras see.

        Parameters
        ----------
        k : int
            How many cameras, 1 or more.

        Returns
        -------
        tuple of int and float
            For certain, and at the most.

        Notes
        -----
        What cameras that may stand elsewhere see at the most is dealt out to the cells that lack the fewest.
        """
        low, often = int((self.n_certain[self._seen] >= k).sum()), self._how_often
        high, spare = float(often[k:].sum()), float(self._at_most[:, 0].sum())
        for lacking in range(1, k + 1):
            lifted = min(spare / lacking, float(often[k - lacking : k - lacking + 1].sum()))
            high, spare = high + lifted, spare - lifted * lacking
        return low, high

    @cached_property
    def _how_often(self) -> Ints:
        """How many cells 0, 1, 2, ... cameras see at the most from where they are said to stand."""
        is_placed = ~self.sightings.knowledge.is_displaced[self.more.camera]
        rows = np.concatenate([self.low.row, self.more.row[is_placed]])
        return np.bincount(np.bincount(rows, minlength=len(self.public.demand)))


def _within(views: CellViews, ahead_m: Floats, distance_m: Floats) -> Bools:
    return (views.ahead_m <= ahead_m[views.camera]) & (views.distance_m <= distance_m[views.camera])


def _joined_views(one: CellViews, other: CellViews) -> CellViews:
    names = ("camera", "row", "distance_m", "ahead_m", "bearing_deg")
    return CellViews(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))


def _pairs_in(views: CellViews, others: CellViews, n_rows: int) -> Bools:
    """Tell which pairs of camera and cell occur in others as well."""
    cameras = np.intersect1d(views.camera, others.camera)
    found = np.zeros(len(views.camera), np.bool_)
    rows = np.flatnonzero(np.isin(views.camera, cameras))
    other = np.isin(others.camera, cameras)
    found[rows] = np.isin(
        views.camera[rows] * n_rows + views.row[rows], others.camera[other] * n_rows + others.row[other]
    )
    return found


def _taken(value: Ints | None, rows: Ints) -> Ints | None:
    """Give what rows are worth; None, which is 1 each, stays None."""
    return None if value is None else value[rows]


def _grouped(group: Ints, value: Floats | Ints | None, size: int) -> Floats:
    kept = group >= 0
    return np.bincount(group[kept], None if value is None else value[kept], size).astype(np.float64)
