"""Keys of viewsheds: two cameras with one key see the same, so that what was computed once can be kept."""

from hashlib import blake2b

import numpy as np

from coverage import METHOD_VERSION
from coverage.frames import frames_of
from coverage.observers import Observers
from coverage.obstacles import FINGERPRINT_BYTES, Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M
from coverage.pieces import pairs_of

_COLUMNS = ("x_m", "y_m", "height_m", "azimuth_deg", "hfov_deg", "range_m", "tilt_deg", "vfov_deg")


def viewshed_keys(
    obstacles: Obstacles, observers: Observers, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> list[str]:
    """Name what the viewsheds of cameras depend on.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    list of str, length n
        Changes with the method, the camera, the target height, and the buildings that can limit what it sees; not with
        those out of its range, nor with ids or the order of rows.

    Examples
    --------
    >>> field = Obstacles.from_arrays([], [])
    >>> twice = Observers([0.0, 0.0], [0.0, 0.0], [6.0, 6.0], [0.0, 0.0], [90.0, 90.0], [20.0, 20.0])
    >>> first, second = viewshed_keys(field, twice)
    >>> first == second
    True
    """
    camera, building, _ = pairs_of(obstacles, frames_of(observers, target_height_m), target_height_m)
    first = np.searchsorted(camera, np.arange(len(observers) + 1))
    near = obstacles.fingerprints[building]
    values = np.column_stack([getattr(observers, name) for name in _COLUMNS]) + 0.0  # -0.0 is 0.0
    values[np.isnan(values)] = np.nan  # one kind of unknown
    head = f"{METHOD_VERSION} {target_height_m} ".encode()
    parts = [
        head + values[i].tobytes() + b"".join(sorted(near[first[i] : first[i + 1]])) for i in range(len(observers))
    ]
    return [blake2b(part, digest_size=FINGERPRINT_BYTES).hexdigest() for part in parts]
