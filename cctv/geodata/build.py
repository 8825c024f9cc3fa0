"""Build the folder of city layers: restated files once, generated files again whenever wanted."""

import tomllib
from functools import cache
from pathlib import Path

from cctv.errors import GeodataError
from cctv.geodata.generate.town import SEED, make_town
from cctv.geodata.manifest import Kind, LayerInfo, Manifest, read_manifest
from cctv.geodata.publish import publish
from cctv.geodata.restate import restate_all
from cctv.geodata.schema import LAYERS
from cctv.geodata.storage import conform, read_layer
from cctv.settings import get_settings

RESTATED = ("kelurahan", "places", "junctions", "railway", "streets_named", "street_vertices")
GENERATED = ("streets_minor", "poles", "buildings", "public_spaces", "water")
_ABOUT = Path(__file__).with_name("about.toml")


def build_city(geo_dir: Path, shared: Path | None = None, *, seed: int = SEED) -> Manifest:
    """Write all city layers and the manifest; the same restated files and seed give the same bytes.

    Parameters
    ----------
    geo_dir : Path
        Folder to write; made if it does not exist.
    shared : Path, optional
        Folder of collected figures to restate first. Without it the restated files in ``geo_dir`` are kept.
    seed : int
        Seed of the generator.

    Returns
    -------
    Manifest
        What was written.

    Raises
    ------
    GeodataError
        If a restated file is missing, cannot be read, or is no longer the restated one (a real layer replaced it).
    OSError
        If a file cannot be read or written.
    """
    geo_dir.mkdir(parents=True, exist_ok=True)
    if shared is not None:
        restated = {name: (conform(table, LAYERS[name]), _about(name)) for name, table in restate_all(shared).items()}
        publish(geo_dir, restated, Manifest({}))
    manifest = read_manifest(geo_dir)
    replaced = [name for name in RESTATED if manifest.layers[name].file != LAYERS[name].file]
    if replaced:
        names = ", ".join(replaced)
        raise GeodataError("geodata_replaced", f"{geo_dir}: {names}", {"path": str(geo_dir), "layers": names})
    tables = {name: read_layer(geo_dir / LAYERS[name].file, LAYERS[name], name) for name in RESTATED}
    made = make_town(tables, seed)
    generated = {name: (conform(made[name], LAYERS[name]), _about(name)) for name in GENERATED}
    return publish(geo_dir, generated, manifest)


def _about(name: str) -> LayerInfo:
    spec, words = LAYERS[name], _words()[name]
    kinds: dict[str, Kind] = {"real": "real", "schematic": "schematic", "synthetic": "synthetic"}
    return LayerInfo(
        file=spec.file,
        source=words["source"],
        licence=words["licence"],
        attribution=words["attribution"],
        as_of=words["as_of"],
        crs=spec.crs,
        sha256="",
        kind=kinds[words["kind"]],
        note=words["note"],
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(_ABOUT.read_text(encoding="utf-8"))


def main() -> None:
    """Rebuild the generated layers of the configured folder."""
    build_city(get_settings().geo_dir)


if __name__ == "__main__":
    main()
