"""Every fault of the folder is found and has words in both languages."""

import json
import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.affinity import translate

from cctv.errors import GeodataError
from cctv.geodata import check_city, load_city
from cctv.geodata.manifest import LayerInfo, Manifest, checksum, read_manifest, write_manifest
from cctv.geodata.schema import LAYERS
from cctv.geodata.storage import read_layer, write_layer
from cctv.i18n import use_language
from cctv.i18n.messages import error_hint, error_text, problem_text

ROOT = Path(__file__).resolve().parents[3]


def _change(folder: Path, name: str, change) -> None:
    """Change a layer and let the manifest know, so that only the content is wrong."""
    manifest = read_manifest(folder)
    info = manifest.layers[name]
    path = folder / info.file
    write_layer(path, change(read_layer(path, LAYERS[name], name)))
    known = LayerInfo(**{**info.__dict__, "sha256": checksum(path)})
    write_manifest(folder, Manifest({**manifest.layers, name: known}))


def _codes(folder: Path) -> set[str]:
    return {problem.code for problem in check_city(folder)}


def test_folder_without_manifest(tmp_path: Path) -> None:
    with pytest.raises(GeodataError) as caught:
        load_city(tmp_path)
    assert caught.value.code == "geodata_missing"
    assert "tidak ditemukan" in error_text(caught.value)
    assert "CCTV_GEO_DIR" in error_hint(caught.value)
    assert _codes(tmp_path) == {"geodata_missing"}


@pytest.mark.parametrize("text", ["not toml [", "x = 1", "[layers]\nbuildings = 3", '[layers.poles]\nfile = "../x"'])
def test_manifest_that_cannot_be_used(copied: Path, text: str) -> None:
    (copied / "manifest.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GeodataError) as caught:
        load_city(copied)
    assert caught.value.code == "geodata_manifest"
    assert check_city(copied)


def test_every_bad_entry_of_the_manifest_is_listed(copied: Path) -> None:
    path = copied / "manifest.toml"
    text = (
        path.read_text(encoding="utf-8").replace('kind = "schematic"', 'kind = "guess"').replace("licence", "license")
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GeodataError) as caught:
        read_manifest(copied)
    assert len(caught.value.problems) == 3 + 2 * len(LAYERS)


def test_manifest_survives_writing_and_reading(copied: Path) -> None:
    before = read_manifest(copied)
    odd = LayerInfo(**{**before.layers["poles"].__dict__, "note": 'kutip " dan \\ dan\nbaris'})
    write_manifest(copied, Manifest({**before.layers, "poles": odd}))
    assert read_manifest(copied).layers["poles"] == odd


def test_damaged_and_missing_files_are_listed_together(copied: Path) -> None:
    (copied / "poles.parquet").unlink()
    with (copied / "buildings.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(GeodataError) as caught:
        load_city(copied)
    assert caught.value.code == "geodata_damaged"
    assert {(p.code, p.where) for p in caught.value.problems} == {
        ("geodata_no_file", "poles"),
        ("geodata_checksum", "buildings"),
    }
    assert _codes(copied) == {"geodata_no_file", "geodata_checksum"}


def test_changed_files_are_noticed_without_a_restart(copied: Path) -> None:
    first = load_city(copied)
    _change(copied, "poles", lambda table: table.iloc[:10])
    second = load_city(copied)
    assert len(second.poles) == 10
    assert len(first.poles) > 10


@pytest.mark.parametrize(
    ("file", "content"), [("places.geojson", '{"features": [{"type": "Feature"}]}'), ("poles.parquet", "no parquet")]
)
def test_file_that_is_no_layer(copied: Path, file: str, content: str) -> None:
    path = copied / file
    path.write_text(content, encoding="utf-8")
    name = file.partition(".")[0]
    with pytest.raises(GeodataError) as caught:
        read_layer(path, LAYERS[name], name)
    assert caught.value.code == "geodata_unreadable"


def test_missing_column_is_named(copied: Path) -> None:
    path = copied / "places.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    for feature in collection["features"]:
        del feature["properties"]["certainty"]
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(GeodataError) as caught:
        read_layer(path, LAYERS["places"], "places")
    assert caught.value.params["columns"] == "certainty"


def _moved(table: gpd.GeoDataFrame, east_m: float) -> gpd.GeoDataFrame:
    return table.set_geometry([translate(shape, east_m) for shape in table.geometry], crs=table.crs)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("kelurahan", lambda t: t[t.kelurahan != "Blooto"], "geodata_area"),
        ("kelurahan", lambda t: t[t.kelurahan != "Sentanan"], "geodata_outline"),
        ("kelurahan", lambda t: t.assign(bps_code="1"), "geodata_id"),
        ("places", lambda t: _moved(t, 400.0), "geodata_place"),
        ("railway", lambda t: t.set_geometry([translate(g, 0, 60) for g in t.geometry], crs=t.crs), "geodata_railway"),
        ("street_vertices", lambda t: t.assign(reason=""), "geodata_reason"),
        ("streets_minor", lambda t: t.assign(road_class="motorway"), "geodata_class"),
        ("streets_minor", lambda t: t.assign(width_m=9.0), "geodata_overlap"),
        ("streets_minor", lambda t: t.iloc[100:], "geodata_pole"),
        ("buildings", lambda t: t.assign(height_m=-3.0), "geodata_height"),
        ("buildings", lambda t: t.iloc[:30_000], "geodata_count"),
        ("buildings", lambda t: t[t.building_class != "shophouse"], "geodata_dwellings"),
        ("public_spaces", lambda t: t.set_geometry(t.geometry.buffer(3.0)), "geodata_overlap"),
        ("poles", lambda t: t.set_geometry(t.geometry.buffer(1.0)), "geodata_geometry"),
        (
            "buildings",
            lambda t: t.set_geometry([shapely.Polygon(), *t.geometry.iloc[1:]], crs=t.crs),
            "geodata_invalid",
        ),
    ],
)
def test_check_finds_the_fault(copied: Path, name: str, change, code: str) -> None:
    _change(copied, name, change)
    assert code in _codes(copied)


def test_every_code_has_words_in_both_languages() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cctv" / "geodata").glob("*.py"))
    problems = set(re.findall(r'Problem\(\s*"(geodata_\w+)"', source))
    errors = set(re.findall(r'GeodataError\(\s*"(geodata_\w+)"', source)) | set(
        re.findall(r'code="(geodata_\w+)"', source)
    )
    assert len(problems) > 15
    assert len(errors) > 5
    for language in ("id", "en"):
        folder = ROOT / "cctv" / "i18n" / "text" / language
        of_errors = tomllib.loads((folder / "error-geodata.toml").read_text(encoding="utf-8"))
        of_problems = tomllib.loads((folder / "problem-geodata.toml").read_text(encoding="utf-8"))
        assert errors <= set(of_errors)
        assert {f"{code}_hint" for code in errors} <= set(of_errors)
        assert problems <= set(of_problems)


def test_problem_reads_as_a_sentence(copied: Path) -> None:
    _change(copied, "buildings", lambda t: t.assign(height_m=-3.0))
    found = next(problem for problem in check_city(copied) if problem.code == "geodata_height")
    assert "bangunan dengan tinggi nol, negatif atau kosong" in problem_text(found)
    use_language("en")
    assert "buildings with a height of zero" in problem_text(found)
    use_language("id")
