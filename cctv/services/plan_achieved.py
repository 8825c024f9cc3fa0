"""What the cameras of a signed plan brought: public space they see that nobody else does, beside what was planned."""

from collections.abc import Sequence

import numpy as np

from cctv.registry.plan_models import Plan
from cctv.registry.planned import PlannedCamera
from cctv.services import situation
from cctv.services.runtime import Runtime


def achieved_m2(runtime: Runtime, plan: Plan, planned: Sequence[PlannedCamera]) -> dict[str, float | None]:
    """Measure what each camera of a plan that is on sees beyond all other cameras.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.
    planned : sequence of PlannedCamera
        Its points on their way.

    Returns
    -------
    dict of str to (float or None)
        Id of a point to the area [m2] that its camera sees for certain, that no working camera outside the plan sees
        or may see, and no camera of the plan of better rank; so it is counted as the planned gain was. None while
        there is no camera, it does not work, or its position or direction is not certain.
    """
    found = situation.current(runtime)
    row_of = {camera.camera_id: row for row, (_, camera) in enumerate(found.cameras)}
    own = {item.plan_point_id: row_of.get(item.camera_id) for item in planned if item.state == "alive"}
    is_other = found.is_alive.copy()
    is_other[[row for row in own.values() if row is not None]] = False
    taken = np.zeros(len(found.base.demand), np.bool_)
    for views in (found.sightings.sure, found.sightings.may):
        taken[views.row[is_other[views.camera]]] = True
    answers: dict[str, float | None] = {item.plan_point_id: None for item in planned}
    for point in plan.points:
        row = own.get(point.plan_point_id)
        if row is None or not found.is_alive[row] or not found.watching.is_certain[row]:
            continue
        sure = found.sightings.sure
        cells = sure.row[sure.camera == row]
        answers[point.plan_point_id] = float((~taken[cells]).sum()) * found.base.demand.cell_area_m2
        taken[cells] = True
    return answers
