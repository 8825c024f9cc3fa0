"""The most that a camera can see of public space when its direction or its position is not known."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG
from coverage.public_space import PublicSpace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Size of the blocks in which public space is added up, for positions good to `FINE_ERROR_M` and for worse ones [m].
FINE_M, COARSE_M, FINE_ERROR_M = 4.0, 8.0, 120.0
#: Streets are added up in steps of this length [m].
STEP_M = 1.0
#: Directions that are tried; each stands for all within half a step.
DIRECTIONS = 16
#: The sums are made in floating point: bounds are raised by this share.
_SLIP = 1e-6
#: From this error on a camera may be anywhere [m].
ANYWHERE_M = 1_500.0

MEASURES = ("cells", "weight", "street_m")


def most_in_turn(camera: Ints, bearing_deg: Floats, weight: Floats | Ints, width_deg: Floats) -> Floats:
    """Find the most weight that each camera can have in its picture, whatever its direction is.

    Parameters
    ----------
    camera : ndarray of int64, shape (m,)
        Camera of each place it may see.
    bearing_deg : ndarray of float64, shape (m,)
        Direction from the camera to the place, 0 to 360 [deg].
    weight : ndarray, shape (m,)
        What the place is worth.
    width_deg : ndarray of float64, shape (n,)
        Opening of each camera [deg].

    Returns
    -------
    ndarray of float64, shape (n,)
        The greatest sum of weights within one opening.
    """
    n = len(width_deg)
    total = np.bincount(camera, weight, n).astype(np.float64)
    key = 3 * FULL_TURN_DEG * camera + bearing_deg
    order = np.argsort(key, kind="stable")
    twice = np.concatenate([key[order], key[order] + FULL_TURN_DEG])
    again = np.argsort(twice, kind="stable")
    running = np.concatenate([[0.0], np.cumsum(np.tile(np.asarray(weight, np.float64)[order], 2)[again])])
    begin = np.flatnonzero(again < len(order))
    end = np.searchsorted(twice[again], twice[again][begin] + width_deg[camera[order]] + _SLIP, side="right")
    most = np.zeros(n)
    np.maximum.at(most, camera[order], running[end] - running[begin])
    return np.where(width_deg >= FULL_TURN_DEG, total, np.minimum(most * (1 + _SLIP), total))


class Nearby:
    """Public space added up in blocks; answers how much a camera can see at the most that stands somewhere in a circle.

    Parameters
    ----------
    public : PublicSpace
        Cells and streets.

    Notes
    -----
    A camera at p sees no more than what lies in its sector, and p lies within half a diagonal of the middle of a block.
    So the sector is widened by two half diagonals and by half a step of direction, and moved over all blocks of the
    circle (a convolution). Buildings are left out, so the bound holds for all of them.
    """

    def __init__(self, public: PublicSpace) -> None:
        self.public = public
        self._known: dict[tuple[float, ...], Floats] = {}

    def most(self, x_m: float, y_m: float, error_m: float, reach_m: float, hfov_deg: float) -> Floats:
        """Bound what a camera sees.

        Parameters
        ----------
        x_m, y_m : float
            Where it is said to stand, EPSG:32749 [m].
        error_m : float
            How far from there it may stand [m].
        reach_m : float
            Its range [m].
        hfov_deg : float
            Its opening [deg].

        Returns
        -------
        ndarray of float64, shape (3,)
            Cells, weight and length of street [m] at the most.
        """
        key = (x_m, y_m, error_m, reach_m, hfov_deg)
        if key not in self._known:
            self._known[key] = self._most(*key)
        return self._known[key]

    def _most(self, x_m: float, y_m: float, error_m: float, reach_m: float, hfov_deg: float) -> Floats:
        demand = self.public.demand
        whole = np.array([len(demand), demand.total_weight, self.public.corridors.length_m.sum()])
        cell_area = demand.cell_area_m2
        ground = _sector_area_m2(reach_m + demand.grid.cell_m, hfov_deg) / cell_area + np.pi * reach_m + 4
        most_weight = float(demand.weight.max(initial=0))
        drawn = np.array([ground, ground * most_weight, np.inf])
        if error_m >= ANYWHERE_M:
            return np.minimum(whole, drawn)
        images = self._fine if error_m <= FINE_ERROR_M else self._coarse
        moved = images.most(x_m, y_m, error_m, reach_m, hfov_deg)
        return np.minimum(np.minimum(whole, drawn), moved)

    @cached_property
    def _fine(self) -> "_Images":
        return _Images(self.public, FINE_M)

    @cached_property
    def _coarse(self) -> "_Images":
        return _Images(self.public, COARSE_M)


def _sector_area_m2(reach_m: float, hfov_deg: float) -> float:
    return float(np.pi * reach_m**2 * min(hfov_deg, FULL_TURN_DEG) / FULL_TURN_DEG)


class _Images:
    """Cells, weight and street length in square blocks."""

    def __init__(self, public: PublicSpace, block_m: float) -> None:
        grid, demand = public.demand.grid, public.demand
        self.block_m = block_m
        self.x0_m, self.y0_m = grid.x0_m, grid.y0_m
        across = int(grid.n_cols * grid.cell_m // block_m) + 1
        up = int(grid.n_rows * grid.cell_m // block_m) + 1
        centres = grid.centres(demand.cell)
        steps, segment = public.street_steps(STEP_M)
        street = public.corridors.segments
        metres = street.length_m[segment] / np.bincount(segment, minlength=len(street.length_m))[segment]
        self.sums = np.stack(
            [
                self._added(centres, np.ones(len(centres)), across, up),
                self._added(centres, demand.weight.astype(np.float64), across, up),
                self._added(steps, metres, across, up),
            ]
        )

    def _added(self, xy: Floats, value: Floats, across: int, up: int) -> Floats:
        col = np.floor((xy[:, 0] - self.x0_m) / self.block_m).astype(np.int64)
        row = np.floor((xy[:, 1] - self.y0_m) / self.block_m).astype(np.int64)
        inside = (col >= 0) & (col < across) & (row >= 0) & (row < up)
        flat = np.bincount(row[inside] * across + col[inside], value[inside], across * up)
        return flat.reshape(up, across).astype(np.float64)

    def most(self, x_m: float, y_m: float, error_m: float, reach_m: float, hfov_deg: float) -> Floats:
        half_diagonal = self.block_m / np.sqrt(2.0)
        slack = 2 * half_diagonal + STEP_M / 2  # the camera and what it sees may be anywhere in their blocks
        arm = int(np.ceil((reach_m + slack) / self.block_m))
        ring = int(np.ceil((error_m + half_diagonal) / self.block_m))
        col, row = int((x_m - self.x0_m) // self.block_m), int((y_m - self.y0_m) // self.block_m)
        window = self._window(row, col, arm + ring)
        offset = np.arange(-arm, arm + 1, dtype=np.float64) * self.block_m
        kernels = _sectors(offset, reach_m, hfov_deg, slack)
        size = fft.next_fast_len(window.shape[-1], real=True)
        ahead = fft.rfft2(window, (size, size))
        shapes = fft.rfft2(kernels, (size, size))
        sums = fft.irfft2(ahead[None] * np.conj(shapes)[:, None], (size, size))
        spots = np.arange(2 * ring + 1)
        place_x = self.x0_m + (col - ring + spots + 0.5) * self.block_m - x_m
        place_y = self.y0_m + (row - ring + spots + 0.5) * self.block_m - y_m
        allowed = np.hypot(place_x[None, :], place_y[:, None]) <= error_m + half_diagonal
        found = sums[:, :, : 2 * ring + 1, : 2 * ring + 1].max(axis=0)
        return np.where(allowed, found, 0.0).max(axis=(1, 2)) * (1 + _SLIP) + _SLIP

    def _window(self, row: int, col: int, reach: int) -> Floats:
        """Cut the blocks around one; nought outside the city."""
        side = 2 * reach + 1
        window = np.zeros((3, side, side))
        up, across = self.sums.shape[1:]
        rows = slice(max(0, row - reach), min(up, row + reach + 1))
        cols = slice(max(0, col - reach), min(across, col + reach + 1))
        if rows.start < rows.stop and cols.start < cols.stop:
            top, left = rows.start - (row - reach), cols.start - (col - reach)
            window[:, top : top + rows.stop - rows.start, left : left + cols.stop - cols.start] = self.sums[
                :, rows, cols
            ]
        return window


def _sectors(offset: Floats, reach_m: float, hfov_deg: float, slack_m: float) -> Floats:
    """Draw the sector in every direction, widened by the slack and by half a step of direction."""
    east, north = offset[None, :], offset[:, None]
    distance = np.hypot(east, north)
    near = distance <= reach_m + slack_m
    if hfov_deg >= FULL_TURN_DEG:
        return near[None].astype(np.float64)
    steps = np.arange(DIRECTIONS) * FULL_TURN_DEG / DIRECTIONS
    bearing = np.rad2deg(np.arctan2(east, north))
    off = np.abs((bearing[None] - steps[:, None, None] + HALF_TURN_DEG) % FULL_TURN_DEG - HALF_TURN_DEG)
    with np.errstate(divide="ignore"):
        widened = np.rad2deg(np.arcsin(np.minimum(1.0, slack_m / np.maximum(distance, 1e-9))))
    half = hfov_deg / 2 + FULL_TURN_DEG / DIRECTIONS / 2 + widened
    return (near & ((distance <= slack_m) | (off <= half[None]))).astype(np.float64)
