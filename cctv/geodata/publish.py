"""Put layer files into a folder so that a reader sees either the old city or the new one."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from cctv.geodata.manifest import LayerInfo, Manifest, checksum, write_manifest
from cctv.geodata.storage import write_layer


def publish(
    geo_dir: Path,
    layers: dict[str, tuple[gpd.GeoDataFrame, LayerInfo]],
    known: Manifest,
    *,
    numbered: bool = False,
) -> Manifest:
    """Write all layers to temporary files, then rename them, the manifest last.

    Parameters
    ----------
    geo_dir : Path
        Existing folder of city layers.
    layers : dict
        Layer name to its table and what the manifest shall say; the checksum is filled in.
    known : Manifest
        Layers that stay as they are unless they are in ``layers``.
    numbered : bool
        Give each file a name of its own made from its checksum. The old files then stay intact until the new manifest
        stands, so that even a crash in between leaves a whole city.

    Returns
    -------
    Manifest
        The new manifest.

    Raises
    ------
    OSError
        If a file cannot be written; the manifest is then still the old one.
    """
    with tempfile.TemporaryDirectory(prefix=".new-", dir=geo_dir) as folder:
        written: dict[str, LayerInfo] = {}
        sources: dict[str, Path] = {}
        for name, (table, info) in layers.items():
            sources[name] = Path(folder) / info.file
            write_layer(sources[name], table)
            digest = checksum(sources[name])
            file = _numbered(info.file, digest) if numbered else info.file
            written[name] = replace(info, file=file, sha256=digest)
        for name, info in written.items():
            os.replace(sources[name], geo_dir / info.file)  # noqa: PTH105  # atomic on every platform
    manifest = Manifest({**known.layers, **written})
    write_manifest(geo_dir, manifest)
    _remove_unused(geo_dir, known, manifest)
    return manifest


def _numbered(file: str, digest: str) -> str:
    path = Path(file)
    return f"{path.stem.partition('-')[0]}-{digest[:10]}{path.suffix}"


def _remove_unused(geo_dir: Path, before: Manifest, after: Manifest) -> None:
    still = {info.file for info in after.layers.values()}
    for file in {info.file for info in before.layers.values()} - still:
        (geo_dir / file).unlink(missing_ok=True)
