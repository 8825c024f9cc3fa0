"""Let areas that a person has seen take the place of what is computed."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from coverage.optics import FULL_TURN_DEG
from coverage.public_space import PublicSpace
from coverage.sightings import CellViews, Sightings
from coverage.street_cuts import StreetCuts, cut_streets, joined

Ints = NDArray[np.int64]


def verified_sightings(sightings: Sightings, rows: Ints, areas: NDArray[np.object_], public: PublicSpace) -> Sightings:
    """Replace what some cameras see by verified areas.

    Parameters
    ----------
    sightings : Sightings
        As computed; keep it for ``see(previous=...)``, not the result of this function.
    rows : ndarray of int64, shape (k,)
        Cameras, ascending.
    areas : ndarray of Polygon or MultiPolygon, shape (k,)
        What each truly sees, EPSG:32749 [m].
    public : PublicSpace
        Cells and streets.

    Returns
    -------
    Sightings
        These cameras are exact and see just their areas; the others are as they were.
    """
    if not len(rows):
        return sightings
    knowledge = sightings.knowledge
    slack, error = knowledge.azimuth_slack_deg.copy(), knowledge.position_error_m.copy()
    lens, most = knowledge.is_lens_known.copy(), sightings.most.copy()
    slack[rows], error[rows], lens[rows], most[rows] = 0.0, 0.0, True, np.nan
    sure = _joined_views(_without(sightings.sure, rows), _views(sightings, rows, areas, public))
    streets = joined([_cuts_without(sightings.sure_streets, rows), cut_streets(public.corridors, areas, rows)])
    return Sightings(
        sightings.observers,
        dataclasses.replace(knowledge, azimuth_slack_deg=slack, position_error_m=error, is_lens_known=lens),
        sure, _without(sightings.may, rows),
        streets.take(np.argsort(streets.camera, kind="stable")), _cuts_without(sightings.may_streets, rows), most,
    )  # fmt: skip


def _views(sightings: Sightings, rows: Ints, areas: NDArray[np.object_], public: PublicSpace) -> CellViews:
    demand, observers = public.demand, sightings.observers
    found = [demand.rows_of(np.sort(demand.grid.cells_in(area))) for area in areas]
    found = [row[row >= 0] for row in found]
    camera, row = np.repeat(rows, [len(part) for part in found]), np.concatenate(found)
    way = demand.grid.centres(demand.cell[row]) - np.column_stack([observers.x_m, observers.y_m])[camera]
    axis = np.deg2rad(np.nan_to_num(observers.azimuth_deg))[camera]
    return CellViews(
        camera, row, np.hypot(*way.T), way[:, 0] * np.sin(axis) + way[:, 1] * np.cos(axis),
        np.rad2deg(np.arctan2(way[:, 0], way[:, 1])) % FULL_TURN_DEG,
    )  # fmt: skip


def _without(views: CellViews, rows: Ints) -> CellViews:
    return views.take(~np.isin(views.camera, rows))


def _cuts_without(cuts: StreetCuts, rows: Ints) -> StreetCuts:
    return cuts.take(~np.isin(cuts.camera, rows))


def _joined_views(one: CellViews, other: CellViews) -> CellViews:
    names = CellViews.__dataclass_fields__
    both = CellViews(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))
    return both.take(np.argsort(both.camera, kind="stable"))
