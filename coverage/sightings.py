"""What every camera sees of public space, kept so that any question about any set of cameras is a matter of counting.

For each camera and cell: how far the cell is, how far ahead along the axis, in which direction, and whether the camera
sees it whatever is not known about it. The same for stretches of street. Only cameras that changed are computed again.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.demand import Demand
from coverage.errors import InvalidObserverError, Problem, raise_if_any
from coverage.most_seen import Nearby
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG, ground_footprint
from coverage.public_space import PublicSpace
from coverage.street_cuts import StreetCuts, cut_streets, joined
from coverage.uncertain import opened
from coverage.viewshed import visible_cells, visible_polygons

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """How well cameras are known, one element per camera.

    Attributes
    ----------
    azimuth_slack_deg : ndarray of float64, shape (n,)
        The true direction differs from the given one by this much at most; 180 for one that is unknown [deg].
    position_error_m : ndarray of float64, shape (n,)
        The camera stands at most this far from where it is said to; 0 for exactly there, infinite for unknown [m].
    is_lens_known : ndarray of bool, shape (n,)
        Whether opening and range are known; else usual ones were taken, and nothing is certain.
    resolution_px : ndarray of float64, shape (n,)
        Width of the picture; NaN is unknown [px].
    infrared_range_m : ndarray of float64, shape (n,)
        How far its own light reaches at night; 0 for a camera without, NaN is unknown [m].
    """

    azimuth_slack_deg: Floats
    position_error_m: Floats
    is_lens_known: Bools
    resolution_px: Floats
    infrared_range_m: Floats

    @classmethod
    def exact(cls, n: int) -> "Knowledge":
        """Tell that all is known but the picture and the light.

        Parameters
        ----------
        n : int
            How many cameras.

        Returns
        -------
        Knowledge
            No slack, no error.
        """
        unknown = np.full(n, np.nan)
        return cls(np.zeros(n), np.zeros(n), np.ones(n, np.bool_), unknown, unknown.copy())

    def take(self, rows: npt.ArrayLike) -> "Knowledge":
        """Pick cameras.

        Parameters
        ----------
        rows : array-like of int or bool
            Which.

        Returns
        -------
        Knowledge
            The picked ones.
        """
        return Knowledge(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def is_exact(self) -> Bools:
        """Cameras of which position, direction and lens are known."""
        return (self.azimuth_slack_deg == 0) & (self.position_error_m == 0) & self.is_lens_known

    @property
    def is_displaced(self) -> Bools:
        """Cameras that may stand elsewhere."""
        return self.position_error_m > 0


@dataclass(frozen=True, eq=False)
class CellViews:
    """Pairs of a camera and a cell it sees.

    Attributes
    ----------
    camera : ndarray of int64, shape (m,)
        Which camera, ascending.
    row : ndarray of int64, shape (m,)
        Which cell, a row of the demand; ascending for each camera.
    distance_m, ahead_m : ndarray of float64, shape (m,)
        How far away, and how far along the axis of the camera [m].
    bearing_deg : ndarray of float64, shape (m,)
        Direction from the camera, clockwise from grid north [deg].
    """

    camera: Ints
    row: Ints
    distance_m: Floats
    ahead_m: Floats
    bearing_deg: Floats

    def take(self, rows: Ints | Bools) -> "CellViews":
        """Pick pairs.

        Parameters
        ----------
        rows : ndarray of int or bool
            Which.

        Returns
        -------
        CellViews
            The picked ones.
        """
        return CellViews(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Sightings:
    """What a set of cameras sees of public space.

    Attributes
    ----------
    observers : Observers
        The cameras where and as they are said to be.
    knowledge : Knowledge
        How well they are known.
    sure, may : CellViews
        Cells seen whatever the true direction is, and cells that the other cameras may see from where they are said to
        stand.
    sure_streets, may_streets : StreetCuts
        The same for stretches of street.
    most : ndarray of float64, shape (n, 3)
        For a camera that may stand elsewhere: cells, weight and length of street [m] it sees at the most; else NaN.
    """

    observers: Observers
    knowledge: Knowledge
    sure: CellViews
    may: CellViews
    sure_streets: StreetCuts
    may_streets: StreetCuts
    most: Floats

    def __len__(self) -> int:
        """Count the cameras."""
        return len(self.observers)


def see(
    obstacles: Obstacles,
    observers: Observers,
    knowledge: Knowledge,
    nearby: Nearby,
    *,
    previous: Sightings | None = None,
) -> Sightings:
    """Compute what cameras see of public space.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        The cameras where and as they are said to be; the direction of one that is unknown may be any.
    knowledge : Knowledge
        How well they are known.
    nearby : Nearby
        Public space and streets; kept between calls, it remembers bounds.
    previous : Sightings, optional
        For the same obstacles and public space: what it holds of cameras that are the same is taken over.

    Returns
    -------
    Sightings
        The same whether or not there was a previous one.

    Raises
    ------
    InvalidObserverError
        If knowledge and cameras are not equally many, a slack is not between 0 and 180 or an error is negative
        (``observer_invalid``), or as `visible_polygons`.
    """
    _check(observers, knowledge)
    here, there = _known_before(observers, knowledge, previous)
    fresh = np.setdiff1d(np.arange(len(observers)), here)
    new = _see(obstacles, observers.take(fresh), knowledge.take(fresh), nearby)
    if previous is None or not len(here):
        return new
    most = np.full((len(observers), 3), np.nan)
    most[fresh], most[here] = new.most, previous.most[there]
    kept = np.full(len(previous), -1, np.int64)
    kept[there] = here
    return Sightings(
        observers, knowledge,
        _merged_views(previous.sure, kept, new.sure, fresh), _merged_views(previous.may, kept, new.may, fresh),
        _merged_cuts(previous.sure_streets, kept, new.sure_streets, fresh),
        _merged_cuts(previous.may_streets, kept, new.may_streets, fresh),
        most,
    )  # fmt: skip


def from_covers(
    public: PublicSpace,
    certain: csr_array,
    certain_areas: NDArray[np.object_],
    possible: csr_array,
    possible_areas: NDArray[np.object_],
) -> Sightings:
    """Take what cameras see from matrices and areas: those that are exact first, then those that may see at the most.

    Parameters
    ----------
    public : PublicSpace
        Cells and streets.
    certain : csr_array of bool, shape (a, grid.n_cells)
        Cells that each exact camera sees.
    certain_areas : ndarray of Polygon, shape (a,)
        The same as areas, EPSG:32749 [m]; None where streets do not matter.
    possible : csr_array of bool, shape (b, grid.n_cells)
        Cells that each other camera may see.
    possible_areas : ndarray of Polygon, shape (b,)
        The same as areas.

    Returns
    -------
    Sightings
        Of cameras without position or lens: no level, no distance, no direction is known.
    """
    n_sure, n_may = int(certain.shape[0]), int(possible.shape[0])
    n = n_sure + n_may
    everywhere = np.full(n, FULL_TURN_DEG)
    nothing = np.zeros(n)
    observers = Observers(nothing, nothing, nothing + 2, np.full(n, np.nan), everywhere, nothing + 1)
    knowledge = Knowledge.exact(n)
    knowledge.is_lens_known[n_sure:] = False
    areas = np.concatenate([certain_areas, possible_areas])
    cuts = cut_streets(public.corridors, areas, np.arange(n))
    return Sightings(
        observers, knowledge, _unplaced(certain, 0, public.demand), _unplaced(possible, n_sure, public.demand),
        cuts.take(cuts.camera < n_sure), cuts.take(cuts.camera >= n_sure), np.full((n, 3), np.nan),
    )  # fmt: skip


def _unplaced(covers: csr_array, first: int, demand: Demand) -> CellViews:
    seen = covers.astype(np.bool_)
    seen.sum_duplicates()
    seen.eliminate_zeros()
    row = demand.rows_of(seen.indices)
    camera = first + np.repeat(np.arange(covers.shape[0]), np.diff(seen.indptr))
    camera, row = camera[row >= 0], row[row >= 0]
    return CellViews(camera, row, np.zeros(len(row)), np.zeros(len(row)), np.zeros(len(row)))


def _known_before(observers: Observers, knowledge: Knowledge, previous: Sightings | None) -> tuple[Ints, Ints]:
    """Pair the cameras that are as they were with their rows in the previous sightings."""
    if previous is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    place = {key: row for row, key in enumerate(_keys(previous.observers, previous.knowledge))}
    found = np.array([place.get(key, -1) for key in _keys(observers, knowledge)], np.int64)
    _, first = np.unique(found, return_index=True)  # two cameras that are alike: one is taken over, one computed
    here = first[found[first] >= 0]
    return np.sort(here), found[np.sort(here)]


def _keys(observers: Observers, knowledge: Knowledge) -> list[bytes]:
    columns = [
        observers.x_m, observers.y_m, observers.height_m, observers.azimuth_deg, observers.hfov_deg, observers.range_m,
        observers.tilt_deg, observers.vfov_deg, knowledge.azimuth_slack_deg, knowledge.position_error_m,
        knowledge.is_lens_known.astype(np.float64), (observers.mount == "roof").astype(np.float64),
        (observers.mount == "wall").astype(np.float64),
    ]  # fmt: skip
    return [row.tobytes() for row in np.column_stack(columns)] if len(observers) else []


def _see(obstacles: Obstacles, observers: Observers, knowledge: Knowledge, nearby: Nearby) -> Sightings:
    demand, corridors = nearby.public.demand, nearby.public.corridors
    sure, sure_camera = _narrowed(observers, knowledge)
    may, may_camera = _widened(observers, knowledge)
    return Sightings(
        observers, knowledge,
        _cells(obstacles, sure, sure_camera, observers, demand), _cells(obstacles, may, may_camera, observers, demand),
        cut_streets(corridors, visible_polygons(obstacles, sure), sure_camera),
        cut_streets(corridors, visible_polygons(obstacles, may), may_camera),
        _most(observers, knowledge, nearby),
    )  # fmt: skip


def _narrowed(observers: Observers, knowledge: Knowledge) -> tuple[Observers, Ints]:
    """Give what is seen whatever the true direction is: the camera itself, or its sector less the slack each side."""
    slack = knowledge.azimuth_slack_deg
    is_round = observers.hfov_deg >= FULL_TURN_DEG
    rest = np.where(is_round, FULL_TURN_DEG, observers.hfov_deg - 2 * slack)
    placed = knowledge.is_lens_known & ~knowledge.is_displaced
    whole = np.flatnonzero(placed & (is_round | (slack == 0)))
    cut = np.flatnonzero(placed & ~is_round & (slack > 0) & (rest > 0) & ~observers.is_clipped)
    return _stacked(observers.take(whole), opened(observers.take(cut), rest[cut])), np.concatenate([whole, cut])


def _widened(observers: Observers, knowledge: Knowledge) -> tuple[Observers, Ints]:
    """Give what the cameras that are not exact may see from where they are said to stand."""
    slack = knowledge.azimuth_slack_deg
    is_turned = (slack > 0) & (observers.hfov_deg < FULL_TURN_DEG)
    unsure = knowledge.is_displaced | ~knowledge.is_lens_known
    turned, still = np.flatnonzero(is_turned), np.flatnonzero(unsure & ~is_turned)
    opening, reach = extent(observers)
    wide = opened(observers, np.minimum(opening + 2 * slack, FULL_TURN_DEG), reach).take(turned)
    return _stacked(wide, observers.take(still)), np.concatenate([turned, still])


def extent(observers: Observers) -> tuple[Floats, Floats]:
    """Give the opening and the range of a plain sector that holds all that a camera sees.

    Parameters
    ----------
    observers : Observers
        Cameras.

    Returns
    -------
    tuple of ndarray of float64, shape (n,)
        Opening [deg] and range [m]. The picture of a tilted camera holds more ground at its near corners than the angle
        of its lens, and its far corners are further away than its range.
    """
    corners = ground_footprint(
        observers.height_m, observers.tilt_deg, np.minimum(observers.hfov_deg, HALF_TURN_DEG - 1), observers.vfov_deg,
        range_m=observers.range_m,
    )  # fmt: skip
    seen = observers.is_clipped & ~np.isnan(corners).any(axis=(1, 2))
    near = corners[:, 1]
    widest = np.where(near[:, 1] > 0, 2 * np.rad2deg(np.arctan2(near[:, 0], near[:, 1])), FULL_TURN_DEG)
    furthest = np.hypot(corners[..., 0], corners[..., 1]).max(axis=1)
    opening = np.where(seen, np.maximum(observers.hfov_deg, widest), observers.hfov_deg)
    return opening, np.where(seen, np.maximum(observers.range_m, furthest), observers.range_m)


def _stacked(one: Observers, other: Observers) -> Observers:
    names = ("x_m", "y_m", "height_m", "azimuth_deg", "hfov_deg", "range_m", "tilt_deg", "vfov_deg", "mount")
    return Observers(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))


def _cells(obstacles: Obstacles, views: Observers, camera: Ints, observers: Observers, demand: Demand) -> CellViews:
    covers = visible_cells(obstacles, views, demand.grid)
    row = demand.rows_of(covers.indices)
    owner = camera[np.repeat(np.arange(len(views)), np.diff(covers.indptr))]
    is_public = row >= 0
    row, owner = row[is_public], owner[is_public]
    order = np.lexsort((row, owner))
    row, owner = row[order], owner[order]
    way = demand.grid.centres(demand.cell[row]) - np.column_stack([observers.x_m, observers.y_m])[owner]
    axis = np.deg2rad(np.nan_to_num(observers.azimuth_deg))[owner]
    return CellViews(
        owner, row, np.hypot(*way.T), way[:, 0] * np.sin(axis) + way[:, 1] * np.cos(axis),
        np.rad2deg(np.arctan2(way[:, 0], way[:, 1])) % FULL_TURN_DEG,
    )  # fmt: skip


def _most(observers: Observers, knowledge: Knowledge, nearby: Nearby) -> Floats:
    most = np.full((len(observers), 3), np.nan)
    opening, reach = extent(observers)
    opening = np.where(knowledge.is_lens_known, opening, FULL_TURN_DEG)
    for i in np.flatnonzero(knowledge.is_displaced):
        most[i] = nearby.most(
            float(observers.x_m[i]), float(observers.y_m[i]), float(knowledge.position_error_m[i]), float(reach[i]),
            float(opening[i]),
        )  # fmt: skip
    return most


def _merged_views(old: CellViews, kept: Ints, new: CellViews, fresh: Ints) -> CellViews:
    camera = np.concatenate([kept[old.camera], fresh[new.camera]])
    names = ("row", "distance_m", "ahead_m", "bearing_deg")
    both = CellViews(camera, *(np.concatenate([getattr(old, name), getattr(new, name)]) for name in names))
    order = np.argsort(camera, kind="stable")
    return both.take(order[camera[order] >= 0])


def _merged_cuts(old: StreetCuts, kept: Ints, new: StreetCuts, fresh: Ints) -> StreetCuts:
    both = joined([old, new])
    camera = np.concatenate([kept[old.camera], fresh[new.camera]])
    order = np.argsort(camera, kind="stable")
    return StreetCuts(camera, both.segment, both.start, both.stop).take(order[camera[order] >= 0])


def _check(observers: Observers, knowledge: Knowledge) -> None:
    lengths = {name: len(getattr(knowledge, name)) for name in knowledge.__dataclass_fields__}
    problems = [
        Problem("lengths_differ", "knowledge", name, f"{length}", f"{len(observers)}")
        for name, length in lengths.items()
        if length != len(observers)
    ]
    slack, error = knowledge.azimuth_slack_deg, knowledge.position_error_m
    problems += [
        Problem("out_of_range", f"[{i}]", "azimuth_slack_deg", str(slack[i]), "0 <= s <= 180")
        for i in np.flatnonzero(~((slack >= 0) & (slack <= HALF_TURN_DEG)))
    ]
    problems += [
        Problem("out_of_range", f"[{i}]", "position_error_m", str(error[i]), ">= 0 m")
        for i in np.flatnonzero(~(error >= 0))
    ]
    raise_if_any(problems, InvalidObserverError, code="observer_invalid", message="cameras are not known like this")
