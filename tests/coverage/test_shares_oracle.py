"""Counting against brute force: random points with lines of sight, and a new count after something dropped out."""

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from coverage.conditions import ANY, Conditions, limits_of
from coverage.counted import Counted
from coverage.most_seen import Nearby
from coverage.observers import Observers
from coverage.robustness import losses, overlaps, repairs
from coverage.shares import measure
from coverage.sight_lines import line_of_sight
from coverage.sightings import Knowledge, see
from tests.conftest import ORIGIN
from tests.coverage.test_interval_honesty import hidden_world, public  # noqa: F401 - a fixture

X0, Y0 = ORIGIN
POINTS = 100_000


def exact_cameras(n: int, seed: int) -> tuple[Observers, Knowledge]:
    rng = np.random.default_rng(seed)
    cameras = Observers(
        X0 + rng.uniform(-100, 100, n), Y0 + rng.uniform(-100, 100, n), np.full(n, 6.0), rng.uniform(0, 360, n),
        rng.choice([60.0, 86.0, 360.0], n), rng.uniform(30, 90, n),
    )  # fmt: skip
    known = Knowledge.exact(n)
    return cameras, Knowledge(
        known.azimuth_slack_deg, known.position_error_m, known.is_lens_known, np.full(n, 1920.0), np.full(n, 30.0)
    )


def counted(public, sightings, chosen=None, conditions=ANY) -> Counted:  # noqa: F811
    everyone = np.ones(len(sightings), bool) if chosen is None else chosen
    return Counted(public, sightings, everyone, limits_of(sightings, conditions))


def seen_by(city, cameras: Observers, xy, reach) -> np.ndarray:
    """Tell by geometry and lines of sight alone which points each camera sees, shape (cameras, points)."""
    found = np.zeros((len(cameras), len(xy)), bool)
    for i in range(len(cameras)):
        way = xy - (cameras.x_m[i], cameras.y_m[i])
        off = (np.rad2deg(np.arctan2(*way.T)) - cameras.azimuth_deg[i] + 180) % 360 - 180
        near = np.flatnonzero(
            (np.hypot(*way.T) <= min(reach[i], cameras.range_m[i])) & (np.abs(off) <= cameras.hfov_deg[i] / 2)
        )
        eye = np.tile([cameras.x_m[i], cameras.y_m[i], cameras.height_m[i]], (len(near), 1))
        found[i, near] = line_of_sight(city, eye, np.column_stack([xy[near], np.full(len(near), 1.5)]))
    return found


@pytest.mark.parametrize("is_night", [False, True])
def test_shares_agree_with_random_points_of_public_space(public, random_city, is_night):  # noqa: F811
    city = random_city(25, 3)
    cameras, known = exact_cameras(5, 3)
    state = measure(public, see(city, cameras, known, Nearby(public)), conditions=Conditions(is_night=is_night))
    rng = np.random.default_rng(0)
    cells = public.demand.grid.centres(public.demand.cell[rng.integers(0, len(public.demand), POINTS)])
    xy = cells + rng.uniform(-1, 1, cells.shape)
    views = seen_by(city, cameras, xy, np.full(5, 30.0 if is_night else np.inf)).sum(axis=0)
    for k, share in state.k_coverage.items():
        estimate = (views >= k).mean()
        sampling = 4 * np.sqrt(estimate * (1 - estimate) / POINTS)
        assert share.low == share.high
        assert abs(share.value - estimate) <= sampling + 3e-3  # and the cells along the edges


@pytest.mark.parametrize("seed", range(6))
def test_what_a_group_alone_sees_is_what_a_count_without_it_lacks(public, random_city, seed):  # noqa: F811
    said, knowledge, _ = hidden_world(seed)
    sightings = see(random_city(25, seed), said, knowledge, Nearby(public))
    group = np.array([0, 0, 1, 1, 2, 2])
    whole = counted(public, sightings)
    lost = losses(whole, group, 3)
    for out in range(3):
        rest = counted(public, sightings, group != out)
        gone = (whole.n_certain > 0) & (rest.n_certain == 0)
        assert lost.cells[out] == gone.sum()
        assert lost.weight[out] == public.demand.weight[gone].sum()
        assert lost.twice_cells[out] == (gone & (whole.n_certain > 1)).sum()
        may = (whole.n_certain + whole.n_possible > 0) & (rest.n_certain + rest.n_possible == 0)
        assert lost.may_cells[out] == may.sum()


@pytest.mark.parametrize("seed", range(4))
def test_a_repair_brings_back_what_a_new_count_finds(public, random_city, seed):  # noqa: F811
    cameras, known = exact_cameras(8, seed)
    sightings = see(random_city(25, seed), cameras, known, Nearby(public))
    alive = np.arange(8) < 3
    found = repairs(counted(public, sightings, alive), counted(public, sightings), ~alive)
    working = alive.copy()
    for camera, low, expected, high in zip(found.camera, found.low, found.expected, found.high, strict=True):
        before = counted(public, sightings, working).n_certain > 0
        working[camera] = True
        fresh = (counted(public, sightings, working).n_certain > 0) & ~before
        assert low == expected == fresh.sum()
        assert high == pytest.approx(low)
    rest = counted(public, sightings).n_certain > 0  # what is left out adds nothing
    assert np.array_equal(rest, counted(public, sightings, working).n_certain > 0)


def test_two_owners_on_one_street_are_listed_with_the_length_they_share(public):  # noqa: F811
    from coverage.obstacles import Obstacles

    two = Observers([X0 - 40, X0 + 40], [Y0, Y0], [6.0, 6.0], [90.0, 270.0], [60.0, 60.0], [70.0, 70.0])
    sightings = see(Obstacles.from_arrays([], []), two, Knowledge.exact(2), Nearby(public))
    found = overlaps(counted(public, sightings), np.array([0, 1]))
    assert found[["first", "second"]].to_numpy().tolist() == [[0, 1]]
    assert found["street_m"][0] == pytest.approx(60 + 80 * np.tan(np.pi / 6), abs=0.05)  # and the crossing
    assert found["is_certain"].all()
    assert overlaps(counted(public, sightings), np.array([0, 0])).empty
    assert overlaps(counted(public, sightings), np.array([0, 1]), least_m=107).empty


@pytest.mark.parametrize("seed", range(5))
def test_computing_only_what_changed_gives_the_same(public, random_city, seed):  # noqa: F811
    city, nearby = random_city(25, seed), Nearby(public)
    said, knowledge, _ = hidden_world(seed)
    before = see(city, said, knowledge, nearby)
    azimuth = said.azimuth_deg.copy()
    azimuth[2] = (azimuth[2] + 77) % 360
    order = np.array([5, 2, 0, 1, 4])  # one camera left out, the others in another order
    turned = Observers(
        said.x_m, said.y_m, said.height_m, azimuth, said.hfov_deg, said.range_m, said.tilt_deg, said.vfov_deg
    ).take(order)
    again = see(city, turned, knowledge.take(order), nearby, previous=before)
    anew = see(city, turned, knowledge.take(order), nearby)
    for views in ("sure", "may"):
        for name in ("camera", "row", "distance_m", "ahead_m", "bearing_deg"):
            assert np.array_equal(getattr(getattr(again, views), name), getattr(getattr(anew, views), name))
    assert measure(public, again).covered_corridor_share == measure(public, anew).covered_corridor_share
    assert measure(public, again).covered_area_share == measure(public, anew).covered_area_share


def test_streets_cut_piece_by_piece_are_as_long_as_in_the_union_of_areas(public, random_city):  # noqa: F811
    from coverage.viewshed import visible_polygons

    city = random_city(25, 9)
    cameras, known = exact_cameras(8, 9)
    state = measure(public, see(city, cameras, known, Nearby(public)))
    union = public.corridors.seen_length_m(visible_polygons(city, cameras))
    assert state.covered_corridor_share.value == pytest.approx(union.sum() / public.corridors.length_m.sum(), abs=1e-9)


def test_a_level_limits_streets_and_cells_alike(public):  # noqa: F811
    from coverage.obstacles import Obstacles

    one = Observers([X0 - 40.0], [Y0], [6.0], [90.0], [60.0], [90.0])
    known = Knowledge(*(Knowledge.exact(1).__dict__ | {"resolution_px": np.array([1920.0])}).values())
    sightings = see(Obstacles.from_arrays([], []), one, known, Nearby(public))
    state = measure(public, sightings, conditions=Conditions("discern"))
    ahead = 1920 / (2 * 80 * np.tan(np.deg2rad(30)))  # 20.8 m, no tilt known
    assert state.corridor_m * state.covered_corridor_share.value == pytest.approx(ahead, abs=1e-6)
    seen = public.demand.grid.centres(public.demand.cell[state.n_certain > 0])
    assert (seen[:, 0] - one.x_m[0]).max() <= ahead
    assert shapely.contains_xy(box(X0 - 40, Y0 - 40, X0 - 40 + ahead, Y0 + 40), *seen.T).all()
