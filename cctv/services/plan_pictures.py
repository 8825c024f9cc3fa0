"""Pictures of one point of a kept plan for a meeting: the map without and with it, and what its camera would show."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cctv.errors import NotFoundError
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.registry.plans import get_plan
from cctv.reports.content import Stamp
from cctv.reports.drawn_view import NEW, OTHER, SEEN, DrawnView, draw_view
from cctv.reports.plan_content import PlanReport
from cctv.reports.plan_map import point_map_png
from cctv.services import accounts, situation
from cctv.services.plan_files import plan_report
from cctv.services.plan_from_ranking import observers_of
from cctv.services.runtime import Runtime
from coverage.camera_view import CameraView, camera_view

Picture = Literal["sebelum", "sesudah", "pandangan"]
#: Width of the picture of a lens, and of a strip all round [px].
COLUMNS, ROUND_COLUMNS = 960, 1440


def point_picture(runtime: Runtime, account: Account, plan_id: str, rank: int, name: str) -> bytes:
    """Draw a picture for a person who may see it; the access is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    plan_id : str
        Which plan.
    rank : int
        Rank of the point, from 1.
    name : {"sebelum", "sesudah", "pandangan"}
        Map without it, map with it, picture of its camera.

    Returns
    -------
    bytes
        PNG.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such plan, point or picture.
    """
    accounts.require(account, Permission.PLAN)
    plan = get_plan(runtime.registry, plan_id)
    row = next((row for row, point in enumerate(plan.points) if point.rank == rank), None)
    if row is None or name not in get_args(Picture):
        raise NotFoundError("not_found", f"{plan_id} {rank} {name}", {"entity": "plan", "id": f"{plan_id} {rank}"})
    log_access(runtime.registry, account.username, "lihat_lapisan", f"rencana-{name}", f"{plan_id} {rank}")
    if name == "pandangan":
        return draw_view(view_of(runtime, plan, row))
    stamp = Stamp(account.username, datetime.now(UTC), "")
    return point_map_png(_report(runtime, plan_id, _mark(runtime, plan)), stamp, row, after=name == "sesudah")


def view_of(runtime: Runtime, plan: Plan, row: int) -> DrawnView:
    """Gather what the picture of the camera of a point shows.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.
    row : int
        Which of its points, from 0.

    Returns
    -------
    DrawnView
        The ground tells what no camera sees for certain so far.
    """
    camera = observers_of(plan.points[row : row + 1])
    is_round = bool(np.isnan(camera.vfov_deg[0]))
    view = camera_view(situation.base(runtime).obstacles, camera, columns=ROUND_COLUMNS if is_round else COLUMNS)
    return DrawnView(view, _ground(runtime, view), float(camera.height_m[0]), float(camera.range_m[0]))


def _ground(runtime: Runtime, view: CameraView) -> NDArray[np.int8]:
    """Look up what the ground of each pixel is on the grid of public space."""
    found = situation.current(runtime)
    demand = found.base.demand
    of_cell = np.full(demand.grid.n_cells, OTHER, np.int8)
    of_cell[demand.cell] = np.where(found.alive.n_certain + found.alive.n_possible > 0, SEEN, NEW)
    cell = demand.grid.cell_of(np.column_stack([view.x_m.ravel(), view.y_m.ravel()]))
    return np.where(cell < 0, OTHER, of_cell[np.maximum(cell, 0)]).astype(np.int8).reshape(view.kind.shape)


def _mark(runtime: Runtime, plan: Plan) -> tuple[str, int]:
    """Name what the maps of a plan depend on."""
    return situation.fingerprint(runtime), plan.version + sum(point.version for point in plan.points)


@lru_cache(maxsize=4)
def _report(runtime: Runtime, plan_id: str, _mark: tuple[str, int]) -> PlanReport:
    return plan_report(runtime, get_plan(runtime.registry, plan_id))
