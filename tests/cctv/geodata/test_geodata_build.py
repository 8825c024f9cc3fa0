"""Rebuilding gives the same bytes; restating gives the shipped files."""

from pathlib import Path

import pytest

from cctv.errors import GeodataError
from cctv.geodata import check_city
from cctv.geodata.build import GENERATED, RESTATED, build_city
from cctv.geodata.manifest import read_manifest


@pytest.mark.slow
def test_rebuild_gives_the_shipped_bytes(copied: Path, geo_dir: Path) -> None:
    for name in GENERATED:
        (copied / read_manifest(copied).layers[name].file).unlink()
    build_city(copied)
    shipped, rebuilt = read_manifest(geo_dir), read_manifest(copied)
    assert {n: i.sha256 for n, i in rebuilt.layers.items()} == {n: i.sha256 for n, i in shipped.layers.items()}
    assert rebuilt.fingerprint == shipped.fingerprint


@pytest.mark.slow
def test_restating_gives_the_shipped_files_and_another_seed_another_sound_city(
    tmp_path: Path, shared_data: Path, geo_dir: Path
) -> None:
    build_city(tmp_path / "new", shared_data, seed=7)
    shipped, made = read_manifest(geo_dir), read_manifest(tmp_path / "new")
    assert all(made.layers[name].sha256 == shipped.layers[name].sha256 for name in RESTATED)
    assert all(made.layers[name].sha256 != shipped.layers[name].sha256 for name in ("buildings", "streets_minor"))
    assert check_city(tmp_path / "new") == []


def test_real_streets_are_not_overwritten_by_synthetic_ones(copied: Path) -> None:
    manifest = (copied / "manifest.toml").read_text(encoding="utf-8")
    (copied / "streets_named.geojson").rename(copied / "streets_named-1.geojson")
    text = manifest.replace("streets_named.geojson", "streets_named-1.geojson")
    (copied / "manifest.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GeodataError) as caught:
        build_city(copied)
    assert caught.value.code == "geodata_replaced"
    assert caught.value.params["layers"] == "streets_named"
