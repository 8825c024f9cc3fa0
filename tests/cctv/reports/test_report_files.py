"""Table and map files: numbers as numbers, texts never as formulas, the name of the taker on every row."""

import io
import json
import zipfile

import geopandas as gpd
import pytest
from shapely.geometry import shape

from cctv.reports.files import coverage_geojson, coverage_geopackage, coverage_xlsx


def test_the_workbook_keeps_texts_as_texts_and_shares_as_numbers(report, stamp):
    with zipfile.ZipFile(io.BytesIO(coverage_xlsx(report, stamp))) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
        texts = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 5
    assert not any("<f>" in xml for xml in sheets.values())
    assert "=HYPERLINK(&quot;x&quot;)" in texts or '=HYPERLINK("x")' in texts
    assert "<v>0.1</v>" in sheets["xl/worksheets/sheet3.xml"]
    assert all("Diambil oleh perencana" in xml for xml in sheets.values())  # footer of each printed page
    assert "nan" not in "".join(sheets.values()).lower()


def test_the_geopackage_has_both_layers_and_the_name_on_every_row(report, stamp, tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes(coverage_geopackage(report, stamp))
    gaps, seen = gpd.read_file(path, layer="celah"), gpd.read_file(path, layer="cakupan")
    assert gaps.crs.to_epsg() == seen.crs.to_epsg() == 32749
    assert gaps.area.sum() == pytest.approx(report.gaps.area.sum())
    assert set(gaps["diunduh_oleh"]) == set(seen["diunduh_oleh"]) == {"perencana"}
    assert set(gaps["sifat_angka"]) == {"perkiraan di atas data kota sintetis"}
    assert list(seen["cakupan"]) == ["pasti"]


def test_the_geojson_is_in_degrees_and_names_the_purpose(report, stamp):
    features = json.loads(coverage_geojson(report, stamp))["features"]
    assert len(features) == len(report.gaps)
    assert {feature["properties"]["keperluan"] for feature in features} == {"rapat & <uji>"}
    assert shape(features[0]["geometry"]).within(shape({"type": "Polygon", "coordinates": [
        [[112.3, -7.6], [112.6, -7.6], [112.6, -7.3], [112.3, -7.3], [112.3, -7.6]]]}))  # fmt: skip
