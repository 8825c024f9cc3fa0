"""Coverage reports that leave the house: who may take which; logged with name and purpose before it is handed out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.errors import CctvError, NotFoundError
from cctv.i18n import t
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.reports.content import CoverageReport, DistrictRow, Figure, Ground, Interval, Source, Stamp
from cctv.reports.coverage_sheet import coverage_sheet
from cctv.reports.files import coverage_geojson, coverage_geopackage, coverage_png, coverage_xlsx
from cctv.reports.page import Paper
from cctv.services import accounts, mapdata, situation, weighting
from cctv.services.gap_words import titled
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from cctv.services.verified_split import verified_split
from coverage.crs import PROJECTED_CRS
from coverage.shares import CoverageState, Share

ACTION = "unduh_cakupan"
LONGEST_REASON = 200


@dataclass(frozen=True)
class Form:
    """One kind of file.

    Attributes
    ----------
    suffix, media_type : str
        Ending of its name and its type.
    needs : Permission
        What a role needs to take it.
    make : callable
        Writes it.
    """

    suffix: str
    media_type: str
    needs: Permission
    make: Callable[[CoverageReport, Stamp], bytes]


def _sheet(paper: Paper) -> Callable[[CoverageReport, Stamp], bytes]:
    return partial(coverage_sheet, paper=paper)


def _picture(report: CoverageReport, stamp: Stamp) -> bytes:
    return coverage_png(coverage_sheet(report, stamp, "a4"))


#: Sheets, picture and table are for whoever sees the gaps; map layers that programs read need more.
FORMS: dict[str, Form] = {
    "a4": Form("a4.pdf", "application/pdf", Permission.SEE_GAPS, _sheet("a4")),
    "a3": Form("a3.pdf", "application/pdf", Permission.SEE_GAPS, _sheet("a3")),
    "png": Form("png", "image/png", Permission.SEE_GAPS, _picture),
    "xlsx": Form(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Permission.SEE_GAPS, coverage_xlsx
    ),
    "gpkg": Form("gpkg", "application/geopackage+sqlite3", Permission.EXPORT_GAPS, coverage_geopackage),
    "geojson": Form("geojson", "application/geo+json", Permission.EXPORT_GAPS, coverage_geojson),
}


@dataclass(frozen=True)
class ReportFile:
    """A file to hand out.

    Attributes
    ----------
    name, media_type : str
        Name to save it under, and its type.
    body : bytes
        Content.
    """

    name: str
    media_type: str
    body: bytes


def coverage_file(runtime: Runtime, account: Account, form: str, reason: str) -> ReportFile:
    """Make a report for a person who may have it; the access is logged first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    form : {"a4", "a3", "png", "xlsx", "gpkg", "geojson"}
        Which file.
    reason : str
        For what; stands in the log and on the file.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such form.
    CctvError
        If no purpose is given, or it is too long.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        raise NotFoundError("unknown_report", f"no report {form!r}", {"name": form})
    accounts.require(account, chosen.needs)
    purpose = checked_purpose(reason)
    found = situation.current(runtime)
    log_access(runtime.registry, account.username, ACTION, f"{form} {found.fingerprint}", purpose)
    stamp = Stamp(account.username, datetime.now(UTC), purpose)
    body = chosen.make(coverage_report(runtime, found), stamp)
    return ReportFile(f"cakupan-{stamp.taken_at:%Y%m%d}.{chosen.suffix}", chosen.media_type, body)


def checked_purpose(reason: str) -> str:
    """Refuse to hand anything out without a purpose.

    Parameters
    ----------
    reason : str
        As given.

    Returns
    -------
    str
        Without double or outer white space.

    Raises
    ------
    CctvError
        If it is empty or too long.
    """
    purpose = " ".join(reason.split())
    if not purpose or len(purpose) > LONGEST_REASON:
        raise CctvError("report_reason", f"{len(purpose)} characters of purpose", {"most": LONGEST_REASON})
    return purpose


def coverage_report(runtime: Runtime, found: Situation) -> CoverageReport:
    """Gather what a report says.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.

    Returns
    -------
    CoverageReport
        In the language in use.
    """
    return CoverageReport(
        figures=_figures(found.alive, found.designed),
        districts=_districts(found.alive, found.designed),
        gaps=titled(found.gaps),
        ground=ground_of(runtime, found),
        sources=_sources(runtime),
        cautions=_cautions(runtime, found),
        is_synthetic=found.is_synthetic,
        computed_at=found.computed_at,
        method_version=found.method_version,
        fingerprint=found.fingerprint,
    )


def _figures(alive: CoverageState, designed: CoverageState) -> list[Figure]:
    def figure(name: str, now: Share | None, by_design: Share | None) -> list[Figure]:
        if now is None or by_design is None:
            return []
        return [Figure(t(f"gaps.{name}"), t(f"gaps.{name}_meaning"), _interval(now), _interval(by_design))]

    return [
        *figure("area", alive.covered_area_share, designed.covered_area_share),
        *figure("corridor", alive.covered_corridor_share, designed.covered_corridor_share),
        *figure("demand", alive.covered_demand_share, designed.covered_demand_share),
        *figure("twice", alive.k_coverage[2], designed.k_coverage[2]),
    ]


def _interval(share: Share) -> Interval:
    return Interval(share.low, share.high)


def _districts(alive: CoverageState, designed: CoverageState) -> list[DistrictRow]:
    both = alive.by_district.merge(designed.by_district, on="district", suffixes=("", "_designed"))
    both = both[both["district"] != ""].sort_values("district")
    return [
        DistrictRow(
            str(row["district"]), float(row["area_m2"]), float(row["corridor_m"]),
            Interval(float(row["area_low"]), float(row["area_high"])),
            Interval(float(row["corridor_low"]), float(row["corridor_high"])),
            Interval(float(row["area_low_designed"]), float(row["area_high_designed"])),
        )
        for row in both.to_dict("records")
    ]  # fmt: skip


def ground_of(runtime: Runtime, found: Situation) -> Ground:
    """Gather the layers of a printed map.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.

    Returns
    -------
    Ground
        City layers, what is seen and may be seen, cameras.
    """
    city, watching = runtime.city, found.watching
    is_on, is_certain = found.is_alive, watching.is_certain
    seen = shapely.union_all(watching.area[is_on & is_certain])
    possible = shapely.difference(shapely.union_all(watching.area[is_on & ~is_certain]), seen)
    return Ground(
        boundary=gpd.GeoDataFrame(geometry=[city.boundary], crs=PROJECTED_CRS),
        kelurahan=city.kelurahan, streets=city.streets, water=city.water,
        seen=_polygons(seen), possible=_polygons(possible),
        cameras_xy_m=np.column_stack([watching.observers.x_m, watching.observers.y_m]), cameras_on=is_on,
    )  # fmt: skip


def _polygons(whole: shapely.Geometry) -> NDArray[np.object_]:
    parts = np.asarray(shapely.get_parts(whole), dtype=object)
    return parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]  # noqa: PLR2004 - areas


def _sources(runtime: Runtime) -> list[Source]:
    layers = runtime.city.manifest.layers
    shown = ("kelurahan", "streets_named", "streets_minor", "buildings", "public_spaces", "water")
    return [
        Source(t(f"map.layer.{name}"), layers[name].source, layers[name].as_of, t(f"kind.{layers[name].kind}"))
        for name in shown
    ]


def _cautions(runtime: Runtime, found: Situation) -> list[str]:
    watching = found.watching
    made_up = [
        t(f"sheet.caution_{kind}", layers=", ".join(t(f"map.layer.{name}") for name in names))
        for kind, names in mapdata.made_up_layers(runtime).items()
        if names
    ]
    counts = {"position": watching.guessed_position, "azimuth": watching.guessed_azimuth}
    cameras = t("sheet.caution_cameras", n=len(watching.camera_id), **counts)
    split = verified_split(runtime, found).words
    weights = weighting.words(found.base.weights)
    return [*made_up, t("sheet.caution_interval"), cameras, split, weights, t("sheet.caution_grid")]
