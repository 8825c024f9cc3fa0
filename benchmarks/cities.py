"""Made-up block cities of one size and style, the same on every machine, and cameras on their street corners."""

from dataclasses import dataclass

import numpy as np
import shapely

from coverage.observers import Observers
from coverage.obstacles import Obstacles

ORIGIN = (662_000.0, 9_172_000.0)
WIDTH_M, DEPTH_M = 5_000.0, 4_000.0
BLOCK_M, STREET_M = (90.0, 70.0), 10.0
TURN_RAD = np.deg2rad(7.0)


@dataclass(frozen=True)
class Workload:
    """A city and cameras in it."""

    name: str
    obstacles: Obstacles
    observers: Observers


def workload(name: str, *, plots_across: int, share_built: float, n_cameras: int, all_round: bool) -> Workload:
    """Build a city of blocks and put cameras on its corners.

    Parameters
    ----------
    name : str
        Name in the table.
    plots_across : int
        Plots along each side of a block.
    share_built : float
        Share of plots that carry a building.
    n_cameras : int
        Number of cameras.
    all_round : bool
        Whether all cameras see all round; else one in four does.

    Returns
    -------
    Workload
        The same for the same arguments.
    """
    rng = np.random.default_rng(20)
    west, south = np.meshgrid(np.arange(0, WIDTH_M, BLOCK_M[0]), np.arange(0, DEPTH_M, BLOCK_M[1]))
    corners = np.column_stack([west.ravel(), south.ravel()])
    shapes = _buildings(corners, plots_across, share_built, rng)
    heights = np.where(rng.random(len(shapes)) < 0.03, 20.0, np.round(rng.uniform(3, 12, len(shapes)), 1))
    obstacles = Obstacles.from_arrays(_placed(shapes), heights)
    return Workload(name, obstacles, _cameras(corners, n_cameras, rng, all_round=all_round))


def _buildings(corners: np.ndarray, plots: int, share_built: float, rng: np.random.Generator) -> np.ndarray:
    """One building on each chosen plot: free-standing, L-shaped, or a terrace that touches its neighbours."""
    plot_m = (np.array(BLOCK_M) - STREET_M) / plots
    column, row = np.divmod(np.arange(plots * plots), plots)
    offset = np.column_stack([column, row]) * plot_m
    low = (corners[:, None] + STREET_M / 2 + offset).reshape(-1, 2)
    is_terrace = np.repeat(rng.random(len(corners)) < 0.15, plots * plots) & np.tile(row == 0, len(corners))
    built = np.flatnonzero((rng.random(len(low)) < share_built) | is_terrace)
    low, is_terrace = low[built], is_terrace[built]
    size = np.where(is_terrace[:, None], [1.0, 0.7], rng.uniform(0.45, 0.9, (len(built), 2))) * plot_m
    low = low + np.where(is_terrace[:, None], 0.0, rng.random((len(built), 2)) * (plot_m - size))
    shapes = shapely.box(*low.T, *(low + size).T)
    notched = np.flatnonzero((rng.random(len(built)) < 0.2) & ~is_terrace)
    notch = shapely.box(*(low + size / 2)[notched].T, *(low + size)[notched].T)
    shapes[notched] = shapely.difference(shapes[notched], notch)
    return shapes


def _placed(shapes: np.ndarray) -> np.ndarray:
    return shapely.transform(shapes, _turned)


def _turned(xy: np.ndarray) -> np.ndarray:
    cos, sin = np.cos(TURN_RAD), np.sin(TURN_RAD)
    return xy @ np.array([[cos, sin], [-sin, cos]]) + ORIGIN


def _cameras(corners: np.ndarray, n: int, rng: np.random.Generator, *, all_round: bool) -> Observers:
    places = corners[rng.choice(len(corners), n, replace=n > len(corners))] + 4 + rng.uniform(-0.4, 0.4, (n, 2))
    hfov = np.where(rng.random(n) < (1.0 if all_round else 0.25), 360.0, rng.uniform(60, 110, n))
    return Observers(
        *_turned(places).T, rng.choice([4.0, 5.0, 6.0, 8.0], n), rng.uniform(0, 360, n) % 360, hfov,
        rng.uniform(30, 120, n),
    )  # fmt: skip
