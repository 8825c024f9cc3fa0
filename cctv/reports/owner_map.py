"""The small map of an owner in its letter: its own cameras between streets and houses, and nobody else's."""

import io
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pypdfium2
import shapely
from numpy.typing import NDArray

from cctv.palette import LIGHT
from cctv.reports.coverage_sheet import STREETS
from cctv.reports.ink import Ink
from cctv.reports.map_frame import Frame, MapOnPaper
from cctv.reports.page import A4_MM, Sheet
from cctv.reports.plan_map import BUILDING, shapes_of

#: Size of the map [mm], ground around the cameras [m], dots per millimetre of the picture.
SIZE_MM, AROUND_M, DOTS_PER_MM = (160.0, 62.0), 80.0, 7.0


@dataclass(frozen=True, eq=False)
class Town:
    """Layers below the cameras, EPSG:32749 [m]."""

    boundary: shapely.Geometry
    kelurahan: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame


def owner_map(town: Town, xy_m: NDArray[np.float64]) -> bytes:
    """Draw the surroundings of some points, numbered from 1 in their order.

    Parameters
    ----------
    town : Town
        What to draw below.
    xy_m : ndarray of float64, shape (n, 2)
        At least one point, EPSG:32749 [m].

    Returns
    -------
    bytes
        PNG of 160 x 62 mm with scale bar and north arrow.
    """
    sheet = Sheet("a4", "peta", "")
    sheet.begin_page()
    low, high = xy_m.min(axis=0) - AROUND_M, xy_m.max(axis=0) + AROUND_M
    frame = Frame.around((*low, *high), 0.5, 0.5, *SIZE_MM, sheet.enlarged)
    far = (frame.west_m + frame.width * frame.metres_per_mm, frame.south_m + frame.height * frame.metres_per_mm)
    window = shapely.box(frame.west_m, frame.south_m, *far)
    drawn = MapOnPaper(sheet, frame)
    drawn.begin("#eeebe6")
    drawn.areas(np.array([town.boundary], dtype=object), Ink(fill=LIGHT.background, edge=LIGHT.boundary, edge_mm=0.5))
    drawn.areas(_near(town.water, window), Ink(fill=LIGHT.water))
    for road_class, colour, width in STREETS:
        of_class = town.streets[town.streets["road_class"] == road_class]
        drawn.lines(_near(of_class, window), colour, width)
    drawn.areas(_near(town.buildings, window), BUILDING)
    drawn.areas(_near(town.kelurahan, window), Ink(edge=LIGHT.boundary, edge_mm=0.2, dash=(1.2, 0.8)))
    drawn.numbers(xy_m)
    sheet.box(2, 2, 56, 12, fill=LIGHT.background)
    drawn.scale_bar(5, 7)
    drawn.north_arrow(SIZE_MM[0] - 8, SIZE_MM[1] - 15)
    drawn.end()
    sheet.end_page()
    return _cut_out(sheet.finish())


def _near(layer: gpd.GeoDataFrame, window: shapely.Polygon) -> NDArray[np.object_]:
    shapes = shapes_of(layer)
    return shapes[shapely.intersects(shapes, window)]


def _cut_out(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        scale = DOTS_PER_MM * 25.4 / 72
        page = document[0].render(scale=scale).to_pil()  # pyright: ignore[reportArgumentType]  # takes fractions
    finally:
        document.close()
    width, height = (round((side + 1) * DOTS_PER_MM) for side in SIZE_MM)
    bottom = round(A4_MM[1] * DOTS_PER_MM)
    out = io.BytesIO()
    page.crop((0, bottom - height, width, bottom)).save(out, "PNG")
    return out.getvalue()
