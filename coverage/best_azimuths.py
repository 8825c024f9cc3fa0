"""Directions worth looking in: the sectors of what can be seen all round that hold most weight, the best first."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Directions that are tried [deg].
STEP_DEG = 5.0
BINS = 72


def best_azimuths(
    x_m: Floats, y_m: Floats, seen: csr_array, centre_xy_m: Floats, weight: Ints, *, hfov_deg: float, most: int
) -> Floats:
    """Choose directions for cameras of one opening.

    Parameters
    ----------
    x_m, y_m : ndarray of float64, shape (n,)
        Where cameras could stand, EPSG:32749 [m].
    seen : csr_array of bool, shape (n, m)
        Cells that each place shows all round.
    centre_xy_m : ndarray of float64, shape (m, 2)
        Centres of the cells, EPSG:32749 [m].
    weight : ndarray of int64, shape (m,)
        What each cell is worth.
    hfov_deg : float
        Opening of the camera, below 360 [deg].
    most : int
        How many directions at the most.

    Returns
    -------
    ndarray of float64, shape (n, most)
        Azimuths, clockwise from grid north, multiples of 5 [deg]. The first sector of a place holds the most weight of
        all; each further one the most of what the sectors before it do not show. NaN once nothing is left to show.

    Notes
    -----
    Cells are counted in bins of 5 degrees; a sector is the bins whose middle lies in the opening, so the weight of a
    sector is exact to the cells of its two outermost bins. What a camera in that direction really sees is computed
    afterwards, tilt and near blind zone included.
    """
    row = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr))
    east, north = centre_xy_m[seen.indices, 0] - x_m[row], centre_xy_m[seen.indices, 1] - y_m[row]
    bearing = np.degrees(np.arctan2(east, north)) % 360.0
    bins = (bearing // STEP_DEG).astype(np.int64) % BINS
    left = (
        np.bincount(row * BINS + bins, weight[seen.indices], seen.shape[0] * BINS).reshape(-1, BINS).astype(np.float64)
    )
    half = int(hfov_deg / 2 // STEP_DEG)
    found = np.full((seen.shape[0], most), np.nan)
    for turn in range(most):
        sums = _window_sums(left, half)
        best = sums.argmax(axis=1)
        is_worth = sums[np.arange(len(best)), best] > 0
        found[is_worth, turn] = best[is_worth] * STEP_DEG
        shown = (best[:, None] + np.arange(-half, half)) % BINS
        np.put_along_axis(left, shown, 0.0, axis=1)
    return found


def _window_sums(values: Floats, half: int) -> Floats:
    """Add up the bins within half an opening to either side of each direction; direction k lies between bins k-1, k."""
    around = np.concatenate([values[:, -half:], values, values[:, :half]], axis=1)
    running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(around, axis=1)], axis=1)
    return running[:, 2 * half : 2 * half + BINS] - running[:, :BINS]
