"""Coverage as files for other programs: table (XLSX), map layers (GeoPackage, GeoJSON), picture of the sheet (PNG)."""

import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cctv.i18n import moment, t
from cctv.reports.content import CoverageReport, Stamp
from cctv.reports.raster import first_page_png

DECIMALS = 6
_WIDE, _NARROW = 34, 16


def coverage_png(pdf: bytes) -> bytes:
    """Draw the first page of a sheet as a picture.

    Parameters
    ----------
    pdf : bytes
        The sheet.

    Returns
    -------
    bytes
        PNG, 200 dots per inch.
    """
    return first_page_png(pdf)


def coverage_xlsx(report: CoverageReport, stamp: Stamp) -> bytes:
    """Write key figures, table per kelurahan, gaps and sources as a workbook.

    Parameters
    ----------
    report : CoverageReport
        What it says.
    stamp : Stamp
        Who takes it out; stands on the first sheet and at the foot of every printed page.

    Returns
    -------
    bytes
        XLSX; shares are numbers from 0 to 1 shown in percent, texts are never read as formulas.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": t("sheet.title"), "comments": stamp.text})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        share, whole = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "#,##0"})
        formats = {"share": share, "whole": whole}

        def fill(name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> None:
            _fill(book.add_worksheet(name), columns, rows, head, formats, stamp)

        _about(fill, report, stamp)
        _tables(fill, report)
    return out.getvalue()


def coverage_geopackage(report: CoverageReport, stamp: Stamp) -> bytes:
    """Write gaps, what is seen and what may be seen as one GeoPackage; each row carries who took it out.

    Parameters
    ----------
    report : CoverageReport
        What it says.
    stamp : Stamp
        Who takes it out.

    Returns
    -------
    bytes
        GeoPackage with layers ``celah`` and ``cakupan``, EPSG:32749.
    """
    return geopackage(_layers(report, stamp))


def coverage_geojson(report: CoverageReport, stamp: Stamp) -> bytes:
    """Write the gaps as GeoJSON; each feature carries who took it out.

    Parameters
    ----------
    report : CoverageReport
        What it says.
    stamp : Stamp
        Who takes it out.

    Returns
    -------
    bytes
        GeoJSON, EPSG:4326, six decimals.
    """
    return geojson(_layers(report, stamp)["celah"])


def geopackage(layers: Mapping[str, gpd.GeoDataFrame]) -> bytes:
    """Write layers into one file.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
        By name.

    Returns
    -------
    bytes
        GeoPackage.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lapisan.gpkg"
        for name, frame in layers.items():
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
        return path.read_bytes()


def geojson(frame: gpd.GeoDataFrame) -> bytes:
    """Write a layer as GeoJSON.

    Parameters
    ----------
    frame : GeoDataFrame
        In any coordinate system.

    Returns
    -------
    bytes
        EPSG:4326, six decimals, no white space.
    """
    shown = frame.to_crs("EPSG:4326")
    shapes = np.asarray(shown.geometry.array, dtype=object)
    rounded = shown.set_geometry(shapely.set_precision(shapes, 10**-DECIMALS, mode="pointwise"))
    return json.dumps(json.loads(rounded.to_json(drop_id=True)), separators=(",", ":"), ensure_ascii=False).encode()


def _layers(report: CoverageReport, stamp: Stamp) -> dict[str, gpd.GeoDataFrame]:
    marks = {**report.marks, **stamp.columns}
    ground = report.ground
    seen = gpd.GeoDataFrame(
        {"cakupan": ["pasti"] * len(ground.seen) + ["mungkin"] * len(ground.possible)},
        geometry=np.concatenate([ground.seen, ground.possible]),
        crs=report.gaps.crs,
    )
    return {"celah": report.gaps.assign(**marks), "cakupan": seen.assign(**marks)}


Fill = Callable[[str, Sequence[tuple[str, str]], Sequence[Sequence[object]]], None]


def _about(fill: Fill, report: CoverageReport, stamp: Stamp) -> None:
    words = [
        (t("sheet.title"), t("sheet.subtitle", when=moment(report.computed_at))),
        *report.marks.items(),
        *stamp.columns.items(),
        (t("sheet.secret"), stamp.text),
        *((t("sheet.reading"), words) for words in report.cautions),
    ]
    fill(t("sheet.tab_about"), [("", ""), ("", "")], words)
    shares = [(f.label, f.alive.low, f.alive.high, f.designed.low, f.designed.high, f.meaning) for f in report.figures]
    fill(t("sheet.tab_figures"), _shares(t("sheet.figure"), t("sheet.meaning")), shares)


def _tables(fill: Fill, report: CoverageReport) -> None:
    columns = [
        (t("field.kelurahan"), ""), (t("sheet.public_m2"), "whole"), (t("sheet.streets_m"), "whole"),
        (t("sheet.area_low"), "share"), (t("sheet.area_high"), "share"),
        (t("sheet.corridor_low"), "share"), (t("sheet.corridor_high"), "share"),
        (t("sheet.designed_low"), "share"), (t("sheet.designed_high"), "share"),
    ]  # fmt: skip
    fill(
        t("sheet.tab_kelurahan"), columns,
        [(d.name, d.area_m2, d.corridor_m, d.area.low, d.area.high, d.corridor.low, d.corridor.high,
          d.designed.low, d.designed.high) for d in report.districts],
    )  # fmt: skip
    names = [
        (t("gaps.rank"), ""), (t("field.id"), ""), (t("gaps.place"), ""), (t("field.kelurahan"), ""),
        (t("gaps.class"), ""), (t("gaps.area_m2"), "whole"), (t("gaps.corridor_m"), "whole"), (t("sheet.weight"), ""),
    ]  # fmt: skip
    gaps = [
        (rank, g.gap_id, g.name, g.kelurahan, t(f"space_class.{g.space_class}"), g.area_m2, g.corridor_m, g.weight)
        for rank, g in enumerate(report.gaps.itertuples(), start=1)
    ]
    fill(t("sheet.tab_gaps"), names, gaps)
    fill(
        t("sheet.sources"),
        [(t("sheet.layer"), ""), (t("field.kind"), ""), (t("sheet.as_of"), ""), (t("field.source"), "")],
        [(s.layer, s.kind, s.as_of, s.source) for s in report.sources],
    )


def _shares(first: str, last: str) -> list[tuple[str, str]]:
    middle = [(t(f"sheet.{name}"), "share") for name in ("alive_low", "alive_high", "designed_low", "designed_high")]
    return [(first, ""), *middle, (last, "")]


def _fill(
    page: Worksheet, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]], head: Format,
    formats: dict[str, Format], stamp: Stamp,
) -> None:  # fmt: skip
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{stamp.text.replace('&', '&&')}&R&P/&N")
    page.freeze_panes(1, 1)
    for column, (name, kind) in enumerate(columns):
        page.set_column(column, column, _NARROW if kind else _WIDE)
        page.write_string(0, column, name, head)
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            _write(page, row, column, value, formats.get(columns[column][1]))


def _write(page: Worksheet, row: int, column: int, value: object, look: Format | None) -> None:
    if isinstance(value, int | float | np.number):
        if np.isfinite(value):
            page.write_number(row, column, float(value), look)
    else:
        page.write_string(row, column, str(value), look)
