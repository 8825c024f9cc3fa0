"""Files of counts: what is read, and every fault that is put in on purpose, by row, column and reason."""

import json
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from cctv.errors import ImportProblemsError
from cctv.importers.counts import LARGEST_BYTES, read_counts

DAY = date(2026, 11, 1)


def read(text: str, name: str = "laka.csv", *, needs_day: bool = True):
    return read_counts(name, text.encode(), as_of=DAY, needs_day=needs_day)


@pytest.mark.parametrize(
    "text",
    [
        "lon,lat,jumlah,tanggal\n112.43,-7.47,2,2026-10-30\n",
        "Bujur;Lintang;Jumlah;Tanggal\n112,43;-7,47;2;30/10/2026\n",
        "\ufeffx\ty\tcount\tdate\n112.43\t-7.47\t2\t2026-10-30T07:15:00\n",
        '"lon","lat","n","tgl"\r\n"112.43","-7.47","2","30-10-2026"\r\n',
    ],
)
def test_usual_separators_commas_days_and_names_are_read(text):
    found = read(text)
    row = found.points.iloc[0]
    assert (row["x"], row["y"], row["amount"], row["is_lonlat"]) == (112.43, -7.47, 2, True)
    assert row["on_day"].date() == date(2026, 10, 30)
    assert found.refused.empty


def test_metres_are_taken_as_metres():
    row = read("x,y,tanggal\n658282,9173769,2026-10-30\n").points.iloc[0]
    assert not row["is_lonlat"]
    assert row["amount"] == 1


@pytest.mark.parametrize(
    ("row", "name", "code"),
    [
        ("112.43,-7.47,2,2026-11-02", "tanggal", "count_future"),
        ("112.43,-7.47,2,kemarin", "tanggal", "count_no_day"),
        ("112.43,-7.47,2,31/02/2026", "tanggal", "count_no_day"),
        ("112.43,-7.47,banyak,2026-10-30", "jumlah", "count_no_number"),
        ("112.43,-7.47,,2026-10-30", "jumlah", "count_no_number"),
        ("112.43,-7.47,inf,2026-10-30", "jumlah", "count_no_number"),
        ("112.43,-7.47,1.250,2026-10-30", "jumlah", "count_thousands"),
        ("112.43,-7.47,-1,2026-10-30", "jumlah", "count_negative"),
        ("nan,-7.47,2,2026-10-30", "lon", "count_no_number"),
        ("112.43,,2,2026-10-30", "lat", "count_no_number"),
        ("-7.47,112.43,2,2026-10-30", "lon", "count_swapped"),
        ("0,0,2,2026-10-30", "lon", "count_place"),
        ("-0.1,51.5,2,2026-10-30", "lon", "count_place"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_stay(row, name, code):
    found = read(f"lon,lat,jumlah,tanggal\n112.43,-7.47,2,2026-10-30\n{row}\n112.44,-7.48,1,2026-10-30\n")
    assert list(found.points["row_no"]) == [2, 4]
    assert found.refused[["row_no", "name", "code"]].to_numpy().tolist() == [[3, name, code]]


def test_exposure_needs_no_day_and_incidents_need_no_count():
    assert read("lon,lat,volume\n112.43,-7.47,90\n", needs_day=False).points["on_day"][0].date() == DAY
    assert read("lon,lat,tanggal\n112.43,-7.47,2026-10-30\n").points["amount"][0] == 1


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("laka.csv", "", "import_empty_file"),
        ("laka.csv", " \n ", "import_empty_file"),
        ("laka.csv", "lon,lat,tanggal\n", "counts_empty"),
        ("laka.csv", "lon,lat,jumlah\n112,-7,1\n", "counts_columns"),
        ("laka.csv", "nama;alamat\nA;B\n", "counts_columns"),
        ("laka.csv", 'lon,lat,tanggal\n112,-7,2026-10-01\n"112,-7', "import_unreadable"),
        ("laka.xlsx", "x", "counts_suffix"),
        ("laka.geojson", "{", "import_unreadable"),
        ("laka.geojson", "[]", "import_unreadable"),
    ],
)
def test_files_that_cannot_be_used_are_refused(name, text, code):
    with pytest.raises(ImportProblemsError) as caught:
        read(text, name)
    assert caught.value.code == code


def test_a_file_that_is_too_big_is_refused_before_it_is_read():
    with pytest.raises(ImportProblemsError, match="counts_too_big"):
        read_counts("laka.csv", b"x" * (LARGEST_BYTES + 1), as_of=DAY, needs_day=True)


def _geojson(shapes, crs="EPSG:4326", **columns) -> str:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_json(to_wgs84=False)


def test_points_of_a_map_file_are_read():
    text = _geojson([Point(112.43, -7.47), Point(112.44, -7.48)], jumlah=[5, 6], tanggal=["2026-10-01", "2026-10-02"])
    found = read(text, "laka.geojson")
    assert found.points["amount"].tolist() == [5, 6]
    assert found.points["x"].tolist() == [112.43, 112.44]


def test_other_shapes_and_other_continents_of_a_map_file_are_refused():
    with pytest.raises(ImportProblemsError, match="counts_not_points"):
        read(_geojson([LineString([(112, -7), (113, -7)])], tanggal=["2026-10-01"]), "laka.geojson")
    found = read(_geojson([Point(-7.47, 112.43)], tanggal=["2026-10-01"]), "laka.geojson")
    assert found.refused["code"].tolist() == ["count_swapped"]
    empty = json.loads(_geojson([Point(112.43, -7.47)], tanggal=["2026-10-01"]))
    empty["features"][0]["geometry"] = None
    empty["features"].append(json.loads(_geojson([Point(112.43, -7.47)], tanggal=["2026-10-01"]))["features"][0])
    assert read(json.dumps(empty), "laka.geojson").refused["code"].tolist() == ["count_no_number"]


def test_a_million_rows_are_read():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(112.40, 112.47, 1_000_000).round(5), rng.uniform(-7.50, -7.44, 1_000_000).round(5)
    lines = "\n".join(f"{x},{y},2026-01-{1 + k % 28:02d}" for k, (x, y) in enumerate(zip(lon, lat, strict=True)))
    found = read("lon,lat,tanggal\n" + lines + "\n112.43,-7.47,2027-01-01\n")
    assert len(found.points) == 1_000_000
    assert found.refused["row_no"].tolist() == [1_000_002]
