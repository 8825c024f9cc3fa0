"""Factors of the demand: against a direct sum, closed forms, bad counts, and what must not change."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from coverage.crs import PROJECTED_CRS
from coverage.demand import demand_from_spaces
from coverage.errors import InvalidDemandError
from coverage.factors import BLOCK_M, Counts, FactorScale, counted_factor, factor_scales, with_factors
from coverage.grid import Grid

GRID = Grid(0.0, 0.0, 2.0, 500, 400)
SCALE = FactorScale(60.0, 365.0, ((0.0, 1), (0.5, 2), (2.0, 3), (5.0, 4)), 2)


def demand():
    frame = gpd.GeoDataFrame(
        {"space_id": ["a"], "space_class": ["street"]}, geometry=[box(100, 100, 900, 700)], crs=PROJECTED_CRS
    )
    return demand_from_spaces(frame, GRID)


def counts(xy, amount=None, age=None) -> Counts:
    xy = np.asarray(xy, float).reshape(-1, 2)
    n = len(xy)
    return Counts(xy[:, 0], xy[:, 1], np.ones(n) if amount is None else amount, np.zeros(n) if age is None else age)


def direct(cells, found: Counts, scale: FactorScale):
    """The definition, point by point, from the middles of the blocks."""
    middle = lambda v: (np.floor(v / BLOCK_M) + 0.5) * BLOCK_M  # noqa: E731
    x, y = middle(cells[:, 0])[:, None] - middle(found.x_m), middle(cells[:, 1])[:, None] - middle(found.y_m)
    kernel = np.exp(-(x**2 + y**2) / (2 * scale.bandwidth_m**2))
    say = 0.5 ** (found.age_days / scale.half_life_days)
    return kernel @ (found.amount * say), kernel @ say


def test_incidents_agree_with_the_direct_sum():
    rng, cells = np.random.default_rng(3), demand()
    found = counts(rng.uniform((0, 0), (1000, 800), (300, 2)), rng.integers(1, 9, 300), rng.uniform(0, 900, 300))
    total, _ = direct(GRID.centres(cells.cell), found, SCALE)
    ratio = counted_factor(cells, found, "incident", SCALE).ratio
    assert np.allclose(ratio, total / total.mean(), atol=0.01)


def test_exposure_agrees_with_the_direct_average_where_a_count_is_near():
    rng, cells = np.random.default_rng(4), demand()
    found = counts(rng.uniform((0, 0), (1000, 800), (6, 2)), rng.integers(1, 900, 6), rng.uniform(0, 900, 6))
    total, say = direct(GRID.centres(cells.cell), found, SCALE)
    ratio = counted_factor(cells, found, "exposure", SCALE).ratio
    known = np.isfinite(ratio)
    assert 0 < known.sum() < len(cells)
    average = (total / say)[known]
    assert np.allclose(ratio[known], average / average.mean(), rtol=0.02)


def test_exposure_is_unknown_beyond_two_kernel_widths_and_unknown_is_neutral():
    cells = demand()
    found = counted_factor(cells, counts([[505, 405]], [70]), "exposure", SCALE)
    distance = np.hypot(*(GRID.centres(cells.cell) - (505, 405)).T)
    assert np.isnan(found.ratio[distance > 2 * 60 + 15]).all()
    assert np.isfinite(found.ratio[distance < 2 * 60 - 15]).all()
    assert (found.factor == 2).all()  # one count is its own average


def test_an_incident_of_the_half_life_counts_half():
    cells = demand()
    near, far = (305.0, 405.0), (705.0, 405.0)
    ratio = counted_factor(cells, counts([near, far], [1, 1], [0, 365]), "incident", SCALE).ratio
    at = [int(np.argmin(np.hypot(*(GRID.centres(cells.cell) - place).T))) for place in (near, far)]
    assert ratio[at[1]] / ratio[at[0]] == pytest.approx(0.5, rel=1e-6)


def test_steps_are_those_of_the_scale():
    found = counted_factor(demand(), counts([[505, 405]]), "incident", SCALE)
    for low, high, factor in ((0, 0.5, 1), (0.5, 2, 2), (2, 5, 3), (5, np.inf, 4)):
        inside = (found.ratio >= low) & (found.ratio < high)
        assert inside.any()
        assert (found.factor[inside] == factor).all()


@pytest.mark.parametrize("name", ["exposure", "incident"])
@pytest.mark.parametrize("given", [counts(np.empty((0, 2))), counts([[5e5, 9e6]]), counts([[500, 400]], [0.0])])
def test_nothing_counted_is_neutral(name, given):
    assert (counted_factor(demand(), given, name).factor == factor_scales()[name].neutral).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7))
def test_order_and_units_change_nothing_and_a_pair_counts_as_a_sum(seed, times):
    rng, cells = np.random.default_rng(seed), demand()
    xy, amount = rng.uniform((0, 0), (1000, 800), (20, 2)), rng.integers(1, 50, 20).astype(float)
    first = counted_factor(cells, counts(xy, amount), "incident")
    mixed = rng.permutation(20)
    assert np.allclose(first.ratio, counted_factor(cells, counts(xy[mixed], amount[mixed]), "incident").ratio)
    assert np.allclose(first.ratio, counted_factor(cells, counts(xy, amount * times), "incident").ratio)
    twice = counts(np.concatenate([xy, xy]), np.concatenate([amount / 2, amount / 2]))
    assert np.allclose(first.ratio, counted_factor(cells, twice, "incident").ratio)


def test_a_million_incidents():
    rng, cells = np.random.default_rng(5), demand()
    n = 1_000_000
    found = Counts(rng.uniform(0, 1000, n), rng.uniform(0, 800, n), np.ones(n), rng.uniform(0, 3000, n))
    ratio = counted_factor(cells, found, "incident").ratio
    inner = np.abs(GRID.centres(cells.cell) - (500, 400)).max(axis=1) < 100
    assert ratio[inner] == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("name", ["x_m", "y_m", "amount", "age_days"])
def test_bad_counts_are_listed(name):
    values = {key: np.ones(3) for key in ("x_m", "y_m", "amount", "age_days")}
    values[name] = np.array([1.0, np.nan, np.inf])
    with pytest.raises(InvalidDemandError) as caught:
        Counts(**values)
    assert [problem.where for problem in caught.value.problems] == ["[1]", "[2]"]


def test_negative_amounts_and_odd_lengths_are_refused():
    with pytest.raises(InvalidDemandError, match="count_value"):
        Counts(np.ones(1), np.ones(1), np.array([-1.0]), np.zeros(1))
    with pytest.raises(InvalidDemandError, match="count_lengths"):
        Counts(np.ones(2), np.ones(2), np.ones(1), np.zeros(2))


def test_weights_are_the_product_of_whole_numbers():
    cells = demand()
    two, three = np.full(len(cells), 2), np.full(len(cells), 3)
    weighted = with_factors(cells, {"exposure": two, "incident": three})
    assert weighted.weight.dtype == np.int64
    assert (weighted.weight == 6 * cells.weight).all()
    assert (weighted.cell == cells.cell).all()
    assert (with_factors(cells, {}).weight == cells.weight).all()


@pytest.mark.parametrize("factor", [np.full(3, 2), np.full(120_000, 1.5), np.full(120_000, -1)])
def test_a_factor_must_fit(factor):
    with pytest.raises(InvalidDemandError, match="factor_invalid"):
        with_factors(demand(), {"exposure": factor})
