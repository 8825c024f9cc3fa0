# ruff: noqa: RUF001 - cells as agencies type them
"""Registers of every kind of file: read, understood, every wrong value marked; hostile files refused with a reason."""

import json
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import xlsxwriter

from cctv.errors import ImportProblemsError
from cctv.importers.cameras import guard
from cctv.importers.cameras.columns import suggest
from cctv.importers.cameras.coordinates import read_position
from cctv.importers.cameras.duplicates import find_pairs
from cctv.importers.cameras.rows import understand
from cctv.importers.cameras.sandbox import Sheet, read_sheets
from cctv.importers.cameras.tables import lay_out

sys.path.insert(0, str(Path(__file__).parent))

from messy_lists import TOWN, messy_rows
from twin_sets import twin_set

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "cctv_samples"


def taken(path):
    table = lay_out(read_sheets(path), path.name)
    fields = [offer.field for offer in suggest(table.headers, [record.cells for record in table.records])]
    return table, understand(table, fields, TOWN, "dishub")


def verdicts(first, truth, n_cameras):
    """Give field, whether it is right, and its value, for each field of a row."""
    values, spot = first.values, first.spot
    if truth.lon is None or spot is None:
        yield "position", spot is None and truth.lon is None, values["position"]
    else:
        off_m = max(abs(spot.lon - truth.lon) * 110_400, abs(spot.lat - truth.lat) * 110_600)
        yield "position", off_m <= truth.step_m, values["position"]
    azimuth = values["azimuth_deg"].value
    if truth.azimuth is None or azimuth is None:
        yield "azimuth", azimuth is truth.azimuth, values["azimuth_deg"]
    else:
        yield "azimuth", abs((azimuth - truth.azimuth + 180) % 360 - 180) < 8, values["azimuth_deg"]
    yield "owner", values["agency_id"].value == truth.owner, values["agency_id"]
    yield "status", values["status"].value == truth.status, values["status"]
    yield "count", n_cameras == truth.count, values["name"]
    yield "stream", (values["stream"].value or "") == truth.stream, values["stream"]
    yield "height", values["height_m"].value == truth.height, values["height_m"]


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_messy_list_is_understood_and_no_wrong_value_is_silent(seed):
    rows, truths = messy_rows(400, seed)
    table = lay_out([Sheet("", rows, [])], "kacau.xlsx")
    fields = [offer.field for offer in suggest(table.headers, [record.cells for record in table.records])]
    by_line = defaultdict(list)
    for row in understand(table, fields, TOWN):
        by_line[row.line].append(row)
    found = [
        verdict
        for at, truth in enumerate(truths)
        for verdict in verdicts(by_line[at + 2][0], truth, len(by_line[at + 2]))
    ]
    silent = [
        (name, value) for name, is_right, value in found if not is_right and value.state not in ("guess", "problem")
    ]
    assert silent == []
    assert sum(is_right for _, is_right, _ in found) >= 0.97 * len(found)


@pytest.mark.parametrize("seed", range(3))
def test_repeats_are_found_and_neighbours_of_one_name_are_left_alone(seed):
    rows, register, truth = twin_set(seed=seed)
    found = {(pair.first, pair.second) for pair in find_pairs(rows, register) if pair.verdict == "likely"}
    assert len(found & truth) >= 0.98 * len(found)
    assert len(found & truth) >= 0.95 * len(truth)


def test_a_name_alone_never_makes_a_pair():
    rows, register, _ = twin_set(seed=1)
    moved = [
        type(row)(row.key, register[0].name, 1e6 + 1000 * at, 0, 15, float("nan"), "", "", row.key)
        for at, row in enumerate(rows[:50])
    ]
    assert find_pairs(moved, register[:1]) == []


def workbook(path):
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Magersari", "Kranggan"):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 6, f"DAFTAR CCTV KECAMATAN {name.upper()}")
            for column, text in ((0, "No."), (1, "Lokasi"), (4, "Arah"), (5, "Jumlah Kamera"), (6, "Kondisi")):
                sheet.merge_range(2, column, 3, column, text)
            sheet.merge_range(2, 2, 2, 3, "Koordinat")
            sheet.write_row(3, 2, ("Lintang", "Bujur"))
            sheet.write_row(4, 0, range(1, 8))
            sheet.write_row(5, 0, (1, "Simpang Empunala", "7°27’59”", "112°26’22”", "Arah Utara", "", "aktif"))
            sheet.write_row(6, 0, (2, "Alun-alun", -7.4635, 122.4336, "", "4 kamera", "nyala"))
            sheet.write_row(7, 0, ("", "JUMLAH", "", "", "", 5, ""))
            sheet.write(10, 5, "Mengetahui,")


def test_merged_double_headers_totals_and_one_sheet_per_kecamatan(tmp_path):
    path = tmp_path / "dua.xlsx"
    workbook(path)
    table, rows = taken(path)
    assert table.headers == ("No.", "Lokasi", "Lintang", "Bujur", "Arah", "Jumlah Kamera", "Kondisi")
    assert [row.key for row in rows[:5]] == ["Magersari:6#1", *(f"Magersari:7#{n}" for n in range(1, 5))]
    assert len(rows) == 10
    assert {left.code for left in table.left_out} == {"title", "total", "footer"}
    assert (rows[1].spot.lon, rows[1].values["position"].notes[0].code) == (112.4336, "ten_degrees")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this folder")
def test_the_kediri_list_is_kept_and_marked_as_outside():
    _, rows = taken(SAMPLES / "kediri_simpang_sanitised.csv")
    assert len(rows) == 17
    assert all([note.code for note in row.values["position"].notes] == ["outside_city"] for row in rows)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".kml", ".kmz", ".gpx", ".zip", ".osm"])
def test_map_files_give_the_same_cameras(tmp_path, suffix):
    spots = [(112.4336, -7.4635), (112.4412, -7.4701)]
    frame = gpd.GeoDataFrame(
        {"name": ["Alun-alun Arah Timur", "Pasar"]}, geometry=[shapely.Point(s) for s in spots], crs=4326
    )
    path = tmp_path / f"peta{suffix}"
    if suffix == ".osm":
        nodes = "".join(
            f'<node id="{n}" lon="{lon}" lat="{lat}" version="1"><tag k="man_made" v="surveillance"/>'
            f'<tag k="name" v="{name}"/></node>'
            for n, ((lon, lat), name) in enumerate(zip(spots, frame["name"], strict=True), 1)
        )
        path.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}</osm>', encoding="utf-8")
    elif suffix == ".kmz":
        frame.to_file(tmp_path / "a.kml", driver="LIBKML")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "a.kml", "doc.kml")
    elif suffix == ".zip":
        frame.to_file(tmp_path / "a.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("a.*"):
                archive.write(part, part.name)
    else:
        frame.to_file(path, driver={".geojson": "GeoJSON", ".gpkg": "GPKG", ".kml": "LIBKML", ".gpx": "GPX"}[suffix])
    _, rows = taken(path)
    assert sorted((row.spot.lon, row.spot.lat) for row in rows) == spots
    assert {row.text("point_name") for row in rows} == {"Alun-alun", "Pasar"}
    assert {row.values["azimuth_deg"].value for row in rows} == {90.0, None}


def refused(path):
    with pytest.raises(ImportProblemsError) as caught:
        read_sheets(path)
    return caught.value.code


@pytest.mark.parametrize(("name", "inside"), [("bom.xlsx", "xl/a.xml"), ("bom.kmz", "doc.kml")])
def test_a_bomb_of_zeros_is_refused(tmp_path, name, inside):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(inside, "w") as part:
        for _ in range(160):
            part.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    assert refused(path) == "register_bomb"


def test_a_cell_at_the_far_corner_ends_the_reader_and_not_us(tmp_path):
    path = tmp_path / "pojok.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Lokasi")
        sheet.write(1_048_575, 16_383, "jauh")
    assert refused(path) == "register_too_much"


def test_a_large_text_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refused(path) == "register_too_big"


@pytest.mark.parametrize("name", ["../../etc/x.kml", "/x.kml", "a\\..\\x.kml", "C:x.kml"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    path = tmp_path / "jalan.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "<kml/>")
    assert refused(path) == "register_path"


def test_entities_are_refused(tmp_path):
    text = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>'
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / f"{encoding}.kml"
        path.write_text(text, encoding=encoding)
        assert refused(path) == "register_entities"


def test_a_file_that_is_not_what_it_says_is_refused(tmp_path):
    fake = tmp_path / "a.xlsx"
    fake.write_bytes(b"MZ")
    assert refused(fake) == "register_other_kind"
    broken = tmp_path / "b.geojson"
    broken.write_text(json.dumps({"type": "Feature"})[:-3])
    assert refused(broken) == "import_unreadable"
    program = tmp_path / "c.exe"
    program.write_bytes(b"x")
    assert refused(program) == "register_suffix"
    assert ".xlsx" in guard.KINDS


def test_a_short_link_holds_no_position():
    value = read_position("", "", "https://maps.app.goo.gl/abc", TOWN)
    assert (value.state, value.value, value.notes[0].code) == ("problem", None, "short_link")
