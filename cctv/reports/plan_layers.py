"""A plan as map layers for other programs: GeoPackage and GeoJSON; every row says what it is and who took it."""

import geopandas as gpd
import numpy as np
import shapely

from cctv.i18n import moment, t
from cctv.reports.content import Stamp
from cctv.reports.files import geojson, geopackage
from cctv.reports.plan_content import PlanReport
from coverage.crs import PROJECTED_CRS


def plan_geopackage(report: PlanReport, stamp: Stamp) -> bytes:
    """Write points and what they would see.

    Parameters
    ----------
    report : PlanReport
        What it says.
    stamp : Stamp
        Who takes it out.

    Returns
    -------
    bytes
        GeoPackage with layers ``titik`` and ``area_pandang``, EPSG:32749.
    """
    return geopackage(
        {
            "titik": _frame(report, stamp, _points(report)),
            "area_pandang": _frame(report, stamp, np.asarray(report.areas, dtype=object)),
        }
    )


def plan_geojson(report: PlanReport, stamp: Stamp) -> bytes:
    """Write the points as GeoJSON.

    Parameters
    ----------
    report : PlanReport
        What it says.
    stamp : Stamp
        Who takes it out.

    Returns
    -------
    bytes
        EPSG:4326, six decimals.
    """
    return geojson(_frame(report, stamp, _points(report)))


def _points(report: PlanReport) -> np.ndarray:
    return np.asarray(shapely.points(report.xy_m), dtype=object)


def _frame(report: PlanReport, stamp: Stamp, shapes: np.ndarray) -> gpd.GeoDataFrame:
    points = report.rab.points
    columns = {
        "urutan": [point.rank for point in points],
        "kode_usulan": [point.usulan_code for point in points],
        "lokasi": [point.place for point in points],
        "kelurahan": [point.kelurahan for point in points],
        "model_arah": [point.direction for point in points],
        "tambahan_m2": np.round(report.gain_m2, 1),
        "biaya_idr": [point.total_idr for point in points],
        "sumber_dana": [point.fund for point in points],
        "opd": [point.agency for point in points],
        "lahan": [point.land for point in points],
        "keputusan": [point.decision for point in points],
    }
    marks = {
        "rencana": report.rab.plan_id,
        "keadaan": report.rab.state,
        "sifat_angka": t("sheet.kind_synthetic" if report.is_synthetic else "sheet.kind_estimated"),
        "metode": report.method_version,
        "sidik": report.fingerprint,
        "dihitung_pada": moment(report.computed_at),
        **stamp.columns,
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=PROJECTED_CRS).assign(**marks)
