"""What the sheets and map files of a plan are made of: the budget report, the map, where the points stand and see."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from cctv.reports.content import Ground
from cctv.reports.rab_content import RabReport


@dataclass(frozen=True, eq=False)
class PlanReport:
    """Everything the sheets of a plan say.

    Attributes
    ----------
    rab : RabReport
        Points with cost, pagu, marks, cautions.
    ground : Ground
        The map of the city, with what is seen today.
    buildings : GeoDataFrame
        Buildings, EPSG:32749 [m].
    xy_m : ndarray of float64, shape (n, 2)
        Points in the order of ``rab.points``, EPSG:32749 [m].
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        What each point sees, EPSG:32749 [m].
    gain_m2 : ndarray of float64, shape (n,)
        Public space that each adds to those before it [m2].
    seen_before, seen_after : float
        Share of weighted demand without and with all points, 0 to 1.
    gap : float
        How far the choice is from the proved bound, 0 to 1.
    level : str
        Level and edition of the standard.
    is_synthetic : bool
        Whether it rests on made-up city layers.
    computed_at : datetime
        When the run was made.
    method_version, fingerprint : str
        Of the run.
    """

    rab: RabReport
    ground: Ground
    buildings: gpd.GeoDataFrame
    xy_m: NDArray[np.float64]
    areas: NDArray[np.object_]
    gain_m2: NDArray[np.float64]
    seen_before: float
    seen_after: float
    gap: float
    level: str
    is_synthetic: bool
    computed_at: datetime
    method_version: str
    fingerprint: str

    @property
    def total_idr(self) -> int:
        """Total of all points with tax and rounding [Rp]."""
        return sum(point.total_idr for point in self.rab.points)
