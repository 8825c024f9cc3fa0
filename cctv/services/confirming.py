"""What each proposed camera sees as a polygon, and the second count of a plan from these polygons; drawn once each."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cctv.services.new_cameras import MODELS
from cctv.services.situation import Base
from coverage.candidates import Candidates
from coverage.errors import CoverageError
from coverage.obstacles import Obstacles
from coverage.recheck import AreaCells, area_cells, recheck
from coverage.siting import SitingPlan, SitingProblem
from coverage.viewshed import visible_polygons

#: Drawn cameras that are kept; each is some kilobytes.
MOST_KEPT = 4_000

#: What decides what a camera sees: buildings, position, direction, model.
_Key = tuple[Obstacles, float, float, str, str]
_drawn: OrderedDict[_Key, tuple[BaseGeometry, AreaCells]] = OrderedDict()
_lock = Lock()


def drawn_areas(ground: Base, candidates: Candidates, rows: NDArray[np.int64]) -> list[tuple[BaseGeometry, AreaCells]]:
    """Draw what candidates see, with the cells inside.

    Parameters
    ----------
    ground : Base
        Buildings and grid.
    candidates : Candidates
        All candidates.
    rows : ndarray of int64
        Which of them.

    Returns
    -------
    list of (Polygon or MultiPolygon, AreaCells)
        One per row, EPSG:32749 [m].
    """
    keys = [_key(ground, candidates, row) for row in rows.tolist()]
    with _lock:
        if _drawn and next(iter(_drawn))[0] is not ground.obstacles:
            _drawn.clear()
        known = {key: _drawn[key] for key in keys if key in _drawn}
    new = [at for at, key in enumerate(keys) if key not in known]
    if new:
        areas = visible_polygons(ground.obstacles, candidates.observers(MODELS).take(rows[new]))
        known |= {keys[at]: (area, area_cells(area, ground.demand.grid)) for at, area in zip(new, areas, strict=True)}
    with _lock:
        for key in keys:
            _drawn[key] = known[key]
            _drawn.move_to_end(key)
        while len(_drawn) > MOST_KEPT:
            _drawn.popitem(last=False)
    return [known[key] for key in keys]


def confirm(ground: Base, problem: SitingProblem, plan: SitingPlan, areas: Sequence[AreaCells]) -> None:
    """Count a plan once more from its polygons; a value that they do not confirm is never shown.

    Parameters
    ----------
    ground : Base
        Public space.
    problem : SitingProblem
        What was solved.
    plan : SitingPlan
        The plan.
    areas : sequence of AreaCells
        Cells of its polygons.

    Raises
    ------
    CoverageError
        If the polygons do not confirm what the plan states (``plan_not_confirmed``).
    """
    demand = ground.demand
    weight, covered = np.zeros(demand.grid.n_cells, np.int64), np.zeros(demand.grid.n_cells, np.bool_)
    weight[demand.cell], covered[demand.cell] = demand.weight, problem.covered
    found = recheck(areas, weight, covered, claimed=plan.value)
    if not found.is_confirmed:
        raise CoverageError(
            "plan_not_confirmed",
            f"the plan states {found.claimed}, its polygons see {found.value}",
            {"claimed": found.claimed, "found": found.value},
        )


def _key(ground: Base, candidates: Candidates, row: int) -> _Key:
    return (
        ground.obstacles, float(candidates.x_m[row]), float(candidates.y_m[row]),
        str(candidates.azimuth_deg[row]), str(candidates.model[row]),
    )  # fmt: skip
