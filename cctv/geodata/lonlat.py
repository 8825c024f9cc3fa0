"""Turn geographic coordinates into metres of UTM zone 49S and back."""

from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

METRES = "EPSG:32749"
LONLAT = "EPSG:4326"

Floats = npt.NDArray[np.float64]


def to_metres(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Project longitude and latitude to metres.

    Parameters
    ----------
    lon, lat : array_like
        Longitude and latitude [degrees], EPSG:4326, shape (n,).

    Returns
    -------
    tuple of numpy.ndarray
        Easting and northing [m], EPSG:32749, shape (n,) each.

    Examples
    --------
    >>> x, y = to_metres([112.434398], [-7.472412])
    >>> round(float(x[0])), round(float(y[0]))
    (658282, 9173769)
    """
    x, y = _transformer(LONLAT, METRES).transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def to_lonlat(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Project metres back to longitude and latitude.

    Parameters
    ----------
    x, y : array_like
        Easting and northing [m], EPSG:32749, shape (n,).

    Returns
    -------
    tuple of numpy.ndarray
        Longitude and latitude [degrees], EPSG:4326, shape (n,) each.
    """
    lon, lat = _transformer(METRES, LONLAT).transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
