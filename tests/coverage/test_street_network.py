"""Walking along streets: closed forms on a cross, gaps in the drawing, and that nothing depends on the order."""

import numpy as np
import pytest
import shapely

from coverage.street_network import StreetNetwork

CROSS = [shapely.LineString([(-200, 0), (200, 0)]), shapely.LineString([(0, -200), (0, 200)])]


def test_the_way_round_a_corner_is_the_sum_of_both_legs():
    found = StreetNetwork.from_lines(CROSS)
    reach = found.reach((100.0, 5.0), 250.0)
    along = {tuple(np.round(found.xy_m[n]).astype(int)): a for n, a in zip(reach.node, reach.along_m, strict=True)}
    assert along[(0, 100)] == pytest.approx(5 + 100 + 100)
    assert along[(-140, 0)] == pytest.approx(5 + 240)
    assert (-150, 0) not in along
    assert list(reach.along_m) == sorted(reach.along_m)


def test_nodes_know_their_street():
    found = StreetNetwork.from_lines(CROSS)
    row, away = found.nearest((3.0, 150.0))
    assert found.street[row] == 1
    assert away == pytest.approx(3.0)


@pytest.mark.parametrize(("gap", "joined"), [(7.0, True), (30.0, False)])
def test_an_end_drawn_a_little_short_is_joined_and_a_far_one_is_not(gap, joined):
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, gap), (50, 120)])]
    network = StreetNetwork.from_lines(lines)
    reach = network.reach((0.0, 0.0), 170.0)
    assert bool(network.xy_m[reach.node][:, 1].max() > 100) is joined


def test_the_order_of_the_streets_changes_nothing():
    one, two = (StreetNetwork.from_lines(lines).reach((100.0, 5.0), 300.0).along_m for lines in (CROSS, CROSS[::-1]))
    np.testing.assert_allclose(np.sort(one), np.sort(two))


def test_without_streets_nothing_is_reached():
    assert len(StreetNetwork.from_lines([]).reach((0.0, 0.0), 100.0).node) == 0
