"""The cameras before and after one along its street."""

import pytest

from cctv.services import mapdata
from cctv.services.along import Neighbours, neighbours


@pytest.fixture
def points(city_runtime):
    return mapdata.all_points(city_runtime)


def test_going_along_a_street_meets_every_camera_once(points):
    item = next(one for one in points if one.is_placed and one.point.street == "Gajah Mada")
    street = {
        camera.camera_id
        for one in points
        if one.is_placed and one.point.street == "Gajah Mada"
        for camera in one.cameras
    }
    first = item.cameras[0]
    while (found := neighbours(points, first.camera_id)).before is not None:
        first = found.before
    met = [first]
    while (following := neighbours(points, met[-1].camera_id).after) is not None:
        assert neighbours(points, following.camera_id).before == met[-1]
        met.append(following)
    assert {camera.camera_id for camera in met} == street
    assert len(met) == len(street)
    places = [mapdata.find_camera(points, one.camera_id)[0].point for one in met]
    distance = [(place.lon - places[0].lon) ** 2 + (place.lat - places[0].lat) ** 2 for place in places]
    assert distance[-1] == max(distance) > 0


def test_the_order_of_the_list_does_not_matter(points):
    ids = [camera.camera_id for item in points for camera in item.cameras]
    assert [neighbours(points, one) for one in ids] == [neighbours(points[::-1], one) for one in ids]


def test_without_a_street_there_are_none(points):
    item = next(one for one in points if not one.point.street)
    assert neighbours(points, item.cameras[0].camera_id) == Neighbours()
    assert neighbours(points, "K-tidak-ada") == Neighbours()
