"""The map of a plan on paper: what is seen today, what the points of the plan would see, their numbers."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.palette import LIGHT
from cctv.reports.content import Ground, Stamp
from cctv.reports.coverage_sheet import POSSIBLE, SEEN, STREETS
from cctv.reports.ink import Ink
from cctv.reports.map_frame import ROUND_SCALE, Frame, MapOnPaper, number_badge
from cctv.reports.page import A4_MM, Sheet
from cctv.reports.plan_content import PlanReport
from cctv.reports.raster import first_page_png

PROPOSED = Ink(fill=LIGHT.proposed, edge=LIGHT.proposed, opacity=0.55, edge_mm=0.35, hatch_deg=0.0, hatch_mm=0.8)
BUILDING = Ink(fill=LIGHT.building, edge=LIGHT.building_edge, edge_mm=0.08)
#: Dimension of shapes that have an area.
AREA = 2
#: Picture for the screen: size, dots per inch, and how far it reaches from the point.
PICTURE_MM, PICTURE_DPI, PICTURE_HALF_M = (130.0, 65.0), 190, 42.0
Box = tuple[float, float, float, float]


def city_map(sheet: Sheet, report: PlanReport, place: Box) -> None:
    """Draw the whole city with all points of the plan.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : PlanReport
        What it says.
    place : tuple of float
        Lower left corner and size [mm].
    """
    west, south, east, north = report.ground.boundary.total_bounds.tolist()
    drawn = _begun(sheet, report.ground, Frame.around((west, south, east, north), *place, sheet.enlarged))
    kelurahan = report.ground.kelurahan
    drawn.areas(report.areas, PROPOSED)
    drawn.areas(shapes_of(kelurahan), Ink(edge=LIGHT.boundary, edge_mm=0.2, dash=(1.2, 0.8)))
    middles = shapely.get_coordinates(shapely.point_on_surface(shapes_of(kelurahan)))
    for name, middle in zip(kelurahan["kelurahan"], middles, strict=True):
        drawn.name(middle, str(name), 5.5)
    for point, (x, y) in zip(report.rab.points, drawn.spots(report.xy_m), strict=True):
        number_badge(sheet, x, y, point.rank)
    _furniture(sheet, drawn, place)
    drawn.end()


def point_map(
    sheet: Sheet, report: PlanReport, row: int, place: Box, *, half_m: float, after: bool, on_paper: bool = True
) -> None:
    """Draw the surroundings of a point, without or with what it would see.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : PlanReport
        What it says.
    row : int
        Which point, from 0.
    place : tuple of float
        Lower left corner and size [mm].
    half_m : float
        How far the map reaches from the point [m].
    after : bool
        Whether the point and those ranked above it stand already.
    on_paper : bool
        Whether the scale in numbers holds.
    """
    x, y = report.xy_m[row]
    bounds = (x - half_m, y - half_m, x + half_m, y + half_m)
    frame = Frame.around(bounds, *place, sheet.enlarged, ROUND_SCALE if on_paper else 1)
    window = shapely.box(frame.west_m, frame.south_m, frame.west_m + frame.width * frame.metres_per_mm,
                         frame.south_m + frame.height * frame.metres_per_mm)  # fmt: skip
    drawn = _begun(sheet, _cut(report.ground, window), frame)
    drawn.areas(_inside(shapes_of(report.buildings), window), BUILDING)
    drawn.areas(_inside(report.areas[: row + after], window), PROPOSED)
    drawn.dots(report.xy_m[: row + after], radius_mm=0.9, fill=LIGHT.proposed, edge=LIGHT.text)
    if not after:
        drawn.dots(report.xy_m[row : row + 1], radius_mm=0.9, fill=LIGHT.background, edge=LIGHT.proposed)
    _furniture(sheet, drawn, place, on_paper=on_paper)
    drawn.end()


def point_map_png(report: PlanReport, stamp: Stamp, row: int, *, after: bool) -> bytes:
    """Draw the surroundings of a point as a picture for the screen.

    Parameters
    ----------
    report : PlanReport
        What it says.
    stamp : Stamp
        Who looks at it; stands across it.
    row : int
        Which point, from 0.
    after : bool
        Whether the point and those ranked above it stand already.

    Returns
    -------
    bytes
        PNG, north up.
    """
    sheet = Sheet("a4", report.rab.title, stamp.text)
    sheet.begin_page()
    point_map(sheet, report, row, (0.0, 0.0, *PICTURE_MM), half_m=PICTURE_HALF_M, after=after, on_paper=False)
    sheet.end_page()
    width, height = A4_MM
    rest = (0.0, 0.0, width - PICTURE_MM[0], height - PICTURE_MM[1])
    return first_page_png(sheet.finish(), dpi=PICTURE_DPI, crop_mm=rest)


def shapes_of(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Give the shapes of a layer.

    Parameters
    ----------
    frame : GeoDataFrame
        The layer.

    Returns
    -------
    ndarray of Geometry
        In its order.
    """
    return np.asarray(frame.geometry.array, dtype=object)


def _cut(ground: Ground, window: shapely.Polygon) -> Ground:
    """Cut the map of the city to a window: a sheet per point would else draw the whole city each time."""

    def cut(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        near = layer[shapely.intersects(shapes_of(layer), window)]
        return near.set_geometry(shapely.intersection(shapes_of(near), window))

    return Ground(
        boundary=cut(ground.boundary), kelurahan=cut(ground.kelurahan), streets=cut(ground.streets),
        water=cut(ground.water), seen=_inside(ground.seen, window), possible=_inside(ground.possible, window),
        cameras_xy_m=ground.cameras_xy_m, cameras_on=ground.cameras_on,
    )  # fmt: skip


def _inside(shapes: NDArray[np.object_], window: shapely.Polygon) -> NDArray[np.object_]:
    near = shapes[shapely.intersects(shapes, window)]
    parts = shapely.get_parts(shapely.intersection(near, window))
    return np.asarray(parts[shapely.get_dimensions(parts) == AREA], dtype=object)


def _begun(sheet: Sheet, ground: Ground, frame: Frame) -> MapOnPaper:
    drawn = MapOnPaper(sheet, frame)
    drawn.begin("#eeebe6")
    drawn.areas(shapes_of(ground.boundary), Ink(fill=LIGHT.background, edge=LIGHT.boundary, edge_mm=0.5))
    drawn.areas(shapes_of(ground.water), Ink(fill=LIGHT.water))
    for road_class, colour, width in STREETS:
        drawn.lines(shapes_of(ground.streets[ground.streets["road_class"] == road_class]), colour, width)
    drawn.areas(ground.possible, POSSIBLE)
    drawn.areas(ground.seen, SEEN)
    for on, fill in ((False, LIGHT.background), (True, LIGHT.text)):
        drawn.dots(ground.cameras_xy_m[ground.cameras_on == on], radius_mm=0.45, fill=fill, edge=LIGHT.text)
    return drawn


def _furniture(sheet: Sheet, drawn: MapOnPaper, place: Box, *, on_paper: bool = True) -> None:
    x, y = place[0] + 5, place[1] + 7
    sheet.box(x - 3, y - 5, min(58.0, place[2] - 4), 12.5, fill=LIGHT.background)
    drawn.scale_bar(x, y, on_paper=on_paper)
    drawn.north_arrow(place[0] + place[2] - 8, place[1] + place[3] - 15)
