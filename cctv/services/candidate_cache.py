"""What all candidates see, kept on disk: read again after a restart, never trusted where it is damaged."""

import logging
import os
import zipfile
from pathlib import Path
from tempfile import NamedTemporaryFile

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from cctv.services.candidate_cover import Seen
from coverage.crs import PROJECTED_CRS

log = logging.getLogger(__name__)

FOLDER = "calon"
MOST_FILES = 4
COLUMNS = ("pole_id", "source", "street")


def read_seen(cache_dir: Path, key: str, n_cells: int) -> Seen | None:
    """Read what was kept.

    Parameters
    ----------
    cache_dir : Path
        Folder for results that can be computed again.
    key : str
        Fingerprint of everything that it rests on.
    n_cells : int
        How many cells there are.

    Returns
    -------
    Seen or None
        None if nothing is kept, or it cannot be used.
    """
    try:
        with _file(cache_dir, key).open("rb") as file, np.load(file, allow_pickle=False) as parts:
            sites = gpd.GeoDataFrame(
                {**{name: parts[name] for name in COLUMNS}, "azimuth_deg": parts["azimuth_deg"]},
                geometry=shapely.points(parts["xy_m"]), crs=PROJECTED_CRS,
            )  # fmt: skip
            column, starts = parts["column"].astype(np.int64), parts["starts"]
            shape = (len(starts) - 1, n_cells)
            covers = csr_array((np.ones(len(column), np.bool_), column, starts), shape=shape)
            covers.check_format()
            return Seen(sites, parts["azimuths_deg"], covers)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("kept candidates are damaged and are computed again: %s", error)
        return None


def keep_seen(cache_dir: Path, key: str, seen: Seen) -> None:
    """Keep a result; a disk that cannot be written costs time only.

    Parameters
    ----------
    cache_dir : Path
        Folder for results that can be computed again.
    key : str
        Fingerprint of everything that it rests on.
    seen : Seen
        The result.
    """
    file = _file(cache_dir, key)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            np.savez_compressed(
                part, **{name: seen.sites[name].to_numpy(np.str_) for name in COLUMNS},
                azimuth_deg=seen.sites["azimuth_deg"].to_numpy(np.float64),
                xy_m=shapely.get_coordinates(np.array(seen.sites.geometry.array, dtype=object)),
                azimuths_deg=seen.azimuths_deg, column=seen.covers.indices.astype(np.int32),
                starts=seen.covers.indptr.astype(np.int64),
            )  # fmt: skip
        os.replace(part.name, file)  # noqa: PTH105 - atomic: nobody ever reads half a file
        for old in sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("candidates were not kept: %s", error)


def _file(cache_dir: Path, key: str) -> Path:
    return cache_dir / FOLDER / f"{key}.npz"
