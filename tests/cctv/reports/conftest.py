"""A small report with hard cases: a kelurahan without public space, markup and formulas in names."""

from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cctv.reports.content import CoverageReport, DistrictRow, Figure, Ground, Interval, Source, Stamp
from coverage.crs import PROJECTED_CRS

TAKEN = datetime(2026, 11, 25, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def stamp():
    return Stamp("perencana", TAKEN, "rapat & <uji>")


@pytest.fixture(scope="session")
def report():
    city = shapely.box(655_000, 9_171_000, 662_000, 9_176_000)
    halves = [shapely.box(655_000, 9_171_000, 658_000, 9_176_000), shapely.box(658_000, 9_171_000, 662_000, 9_176_000)]
    gaps = gpd.GeoDataFrame(
        {
            "gap_id": ["C-1", "C-2"], "name": ['=HYPERLINK("x")', "Jl " + "sangat panjang " * 20],
            "space_class": ["street", "park"], "kelurahan": ["Wates", ""],
            "area_m2": [1234.0, 40.0], "corridor_m": [12.5, 0.0], "weight": [900, 10],
        },
        geometry=[shapely.box(656_000, 9_172_000, 656_500, 9_172_100), shapely.Point(660_000, 9_174_000).buffer(80)],
        crs=PROJECTED_CRS,
    )  # fmt: skip
    ground = Ground(
        boundary=gpd.GeoDataFrame(geometry=[city], crs=PROJECTED_CRS),
        kelurahan=gpd.GeoDataFrame({"kelurahan": ["Wates", "Meri"]}, geometry=halves, crs=PROJECTED_CRS),
        streets=gpd.GeoDataFrame(
            {"road_class": ["primary"]},
            geometry=[shapely.LineString([(655_500, 9_172_000), (661_000, 9_175_000)])], crs=PROJECTED_CRS,
        ),
        water=gpd.GeoDataFrame(geometry=[shapely.box(655_000, 9_175_800, 662_000, 9_176_000)], crs=PROJECTED_CRS),
        seen=np.array([shapely.Point(657_000, 9_173_000).buffer(300)], dtype=object),
        possible=np.empty(0, dtype=object),
        cameras_xy_m=np.array([[657_000.0, 9_173_000.0], [659_000.0, 9_173_000.0]]),
        cameras_on=np.array([True, False]),
    )  # fmt: skip
    nothing = Interval(float("nan"), float("nan"))
    return CoverageReport(
        figures=[Figure("luas", "Arti.", Interval(0.008, 0.0412), Interval(0.009, 0.044))],
        districts=[
            DistrictRow("Meri", 0.0, 0.0, nothing, nothing, nothing),
            DistrictRow("Wates", 1250.0, 99.0, Interval(0.1, 0.2), Interval(0.0, 0.3), Interval(0.1, 0.25)),
        ],
        gaps=gaps, ground=ground, sources=[Source("gedung", "pembangkit", "2026-11", "sintetis (contoh)")],
        cautions=["Contoh."], is_synthetic=True, computed_at=TAKEN, method_version="9.9", fingerprint="abcdef123456",
    )  # fmt: skip
