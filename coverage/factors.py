"""What counts at points say about public space: how many people pass, how often something happened.

Counts are laid on blocks of 10 m, smoothed with a Gaussian kernel and aged by a half-life. Each cell is then compared
with the average of the city and gets a whole factor, which multiplies the weight of its class.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter

from coverage.demand import Demand
from coverage.errors import InvalidDemandError, Problem, raise_if_any
from coverage.grid import Grid

FactorName = Literal["exposure", "incident"]
#: In the order in which they are multiplied and shown.
FACTORS: tuple[FactorName, ...] = ("exposure", "incident")
BLOCK_M = 10.0
#: A count speaks for places up to this many kernel widths away.
REACH = 2.0
_TRUNCATE = 4.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class FactorScale(NamedTuple):
    """How counts of one kind become a factor.

    Attributes
    ----------
    bandwidth_m : float
        Standard deviation of the Gaussian kernel [m].
    half_life_days : float
        Age at which a count has half its say [days].
    steps : tuple of (float, int)
        From how many times the average on, which factor; ascending, the first from 0 on.
    neutral : int
        Factor where nothing is known.
    """

    bandwidth_m: float
    half_life_days: float
    steps: tuple[tuple[float, int], ...]
    neutral: int


@cache
def factor_scales() -> dict[FactorName, FactorScale]:
    """Read the scales that come with the engine; they are a planning assumption.

    Returns
    -------
    dict of str to FactorScale
        From ``coverage/data/factors.toml``.
    """
    table = tomllib.loads((Path(__file__).parent / "data" / "factors.toml").read_text(encoding="utf-8"))
    steps = tuple((float(ratio), int(factor)) for ratio, factor in table["steps"])
    return {
        name: FactorScale(
            float(table[name]["bandwidth_m"]), float(table[name]["half_life_days"]), steps, int(table["neutral"])
        )
        for name in FACTORS
    }


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts at points.

    Attributes
    ----------
    x_m, y_m : ndarray of float, shape (n,)
        Where, EPSG:32749 [m].
    amount : ndarray of float, shape (n,)
        How many, 0 or more.
    age_days : ndarray of float, shape (n,)
        How long before the date of the data, 0 or more [days].

    Raises
    ------
    InvalidDemandError
        Lists values that are not finite or negative, and lengths that differ (``counts_invalid``).
    """

    x_m: Floats
    y_m: Floats
    amount: Floats
    age_days: Floats

    def __post_init__(self) -> None:
        for name in ("x_m", "y_m", "amount", "age_days"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.float64))
        raise_if_any(self._problems(), InvalidDemandError, code="counts_invalid", message="counts cannot be used")

    def _problems(self) -> Iterator[Problem]:
        for name in ("x_m", "y_m", "amount", "age_days"):
            values: Floats = getattr(self, name)
            if values.shape != self.x_m.shape or values.ndim != 1:
                yield Problem("count_lengths", "counts", name, str(values.shape), str(self.x_m.shape))
                continue
            bad = ~np.isfinite(values)
            if name in ("amount", "age_days"):
                bad |= values < 0
            for row in np.flatnonzero(bad)[:20]:
                yield Problem("count_value", f"[{row}]", name, str(values[row]), ">= 0")


@dataclass(frozen=True, eq=False)
class CountedFactor:
    """A factor of every cell.

    Attributes
    ----------
    factor : ndarray of int64, shape (n,)
        One per cell of the demand.
    ratio : ndarray of float, shape (n,)
        How many times the average of the city; NaN where nothing is known.
    """

    factor: Ints
    ratio: Floats


def counted_factor(demand: Demand, counts: Counts, name: FactorName, scale: FactorScale | None = None) -> CountedFactor:
    """Turn counts into a factor of every cell.

    Parameters
    ----------
    demand : Demand
        Cells of public space, EPSG:32749.
    counts : Counts
        Counts at points; those outside the grid do not count.
    name : {"exposure", "incident"}
        ``exposure``: the average of the counts nearby, unknown where none is within two kernel widths. ``incident``:
        how many there were nearby; none is an answer too.
    scale : FactorScale, optional
        Kernel, half-life and steps; those that come with the engine by default.

    Returns
    -------
    CountedFactor
        Neutral everywhere if nothing was counted.

    Notes
    -----
    With kernel K, amounts c and ages a, r = 2^(-a / half-life): incident = sum of c r K, exposure = that over the sum
    of r K (Nadaraya 1964, Watson 1964). Positions are rounded to blocks of 10 m, a sixth of the narrower kernel.
    """
    used = factor_scales()[name] if scale is None else scale
    blocks = _Blocks.over(demand.grid)
    inside = demand.grid.cell_of(np.column_stack([counts.x_m, counts.y_m])) >= 0
    block = blocks.of(counts.x_m[inside], counts.y_m[inside])
    say = 0.5 ** (counts.age_days[inside] / used.half_life_days)
    amount = counts.amount[inside] * say
    centres = demand.grid.centres(demand.cell)
    place = blocks.of(centres[:, 0], centres[:, 1])
    value = blocks.smoothed(block, amount, used.bandwidth_m)[place]
    if name == "exposure":
        value = _average(blocks, block, say, place, value, used.bandwidth_m)
    known = np.isfinite(value)
    mean = float(value[known].mean()) if known.any() else 0.0
    ratio = value / mean if mean > 0 else np.full(len(demand), np.nan)
    return CountedFactor(_stepped(ratio, used), ratio)


def with_factors(demand: Demand, factors: Mapping[FactorName, Ints]) -> Demand:
    """Multiply the weight of each cell by its factors.

    Parameters
    ----------
    demand : Demand
        With the weights of the classes alone.
    factors : mapping of str to ndarray of int64, shape (n,)
        Factor of every cell, by name.

    Returns
    -------
    Demand
        The same cells with other weights.

    Raises
    ------
    InvalidDemandError
        If a factor is not one whole number of 0 or more per cell (``factor_invalid``).
    """
    weight = demand.weight
    for name, factor in factors.items():
        if factor.shape != weight.shape or factor.dtype.kind not in "iu" or (factor < 0).any():
            raise InvalidDemandError("factor_invalid", f"{name}: {factor.dtype} {factor.shape}", {"name": name})
        weight = weight * factor.astype(np.int64)
    return replace(demand, weight=weight)


def _average(
    blocks: "_Blocks", block: Ints, say: Floats, place: Ints, total: Floats, bandwidth_m: float
) -> Floats:  # fmt: skip
    """Divide by how much all counts together say; unknown beyond the reach of every count."""
    n_near = blocks.smoothed(block, np.ones(len(block)), bandwidth_m)[place]
    least = np.exp(-(REACH**2) / 2) * BLOCK_M**2 / (2 * np.pi * bandwidth_m**2)
    weight = blocks.smoothed(block, say, bandwidth_m)[place]
    return np.where(n_near >= least, total / np.where(weight > 0, weight, 1.0), np.nan)


def _stepped(ratio: Floats, scale: FactorScale) -> Ints:
    starts = np.array([start for start, _ in scale.steps])
    values = np.array([factor for _, factor in scale.steps], np.int64)
    known = np.isfinite(ratio)
    step = np.searchsorted(starts, np.where(known, ratio, 0.0), side="right") - 1
    return np.where(known, values[np.maximum(step, 0)], scale.neutral)


class _Blocks(NamedTuple):
    """Square blocks of 10 m over a grid."""

    x0_m: float
    y0_m: float
    n_cols: int
    n_rows: int

    @classmethod
    def over(cls, grid: Grid) -> "_Blocks":
        """Cover a grid."""
        n_cols, n_rows = (int(np.ceil(n * grid.cell_m / BLOCK_M)) for n in (grid.n_cols, grid.n_rows))
        return cls(grid.x0_m, grid.y0_m, n_cols, n_rows)

    def of(self, x_m: ArrayLike, y_m: ArrayLike) -> Ints:
        """Find the block of each place of the grid."""
        col = ((np.asarray(x_m) - self.x0_m) // BLOCK_M).astype(np.int64)
        row = ((np.asarray(y_m) - self.y0_m) // BLOCK_M).astype(np.int64)
        return row * self.n_cols + col

    def smoothed(self, block: Ints, amount: Floats, bandwidth_m: float) -> Floats:
        """Sum amounts per block and spread them with the kernel, which sums to 1; nothing comes in over the edge."""
        sums = np.bincount(block, amount, self.n_rows * self.n_cols).astype(np.float64)
        spread: Floats = gaussian_filter(
            sums.reshape(self.n_rows, self.n_cols), bandwidth_m / BLOCK_M, mode="constant", truncate=_TRUNCATE
        )
        return spread.ravel()
