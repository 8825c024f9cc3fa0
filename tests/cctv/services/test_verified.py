"""A painted view beats the computed one everywhere, until the camera moves; wrong outlines are refused."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from cctv.errors import AccessError, StaleEditError, ValidationError
from cctv.geodata.lonlat import to_lonlat
from cctv.permissions import Role
from cctv.registry import cameras, doctor, history
from cctv.registry.verified import list_verified_views
from cctv.services import mapdata, situation, verified
from cctv.services.questions import Question, ask
from cctv.services.verified import Painted
from cctv.services.verified_split import split_by_kelurahan, verified_split
from cctv.services.view_outlines import Outlines, polygons_of

ID = "K-0090"


def look(runtime):
    return next((item, c) for item in mapdata.all_points(runtime) for c in item.cameras if c.camera_id == ID)


def square(item, metres=40.0, east=0.0):
    from cctv.geodata.lonlat import to_metres

    x, y = (float(value) for value in to_metres(item.point.lon, item.point.lat))
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    corners = metres * unit + np.array([x + east, y])
    return list(zip(*(axis.tolist() for axis in to_lonlat(*corners.T)), strict=True))


def painted(rings, holes=(), **changes):
    return Painted(**{"outlines": Outlines(rings, holes), "is_occluded": True, "seen_on": date(2026, 11, 20),
                      "photo": None, "note": "pohon", "reason": "dibandingkan", **changes})  # fmt: skip


def save(runtime, account, *, version=0, **changes):
    item, camera = look(runtime)
    rings = changes.pop("rings", [square(item)])
    return verified.save_view(runtime, account, item, camera, painted(rings, **changes), version=version)


def move(runtime, change):
    version = cameras.get_camera(runtime.registry, ID).version
    cameras.update_camera(runtime.registry, "petugas", ID, version, change, "diubah")


def counted(runtime):
    return verified.valid_areas(mapdata.all_points(runtime), list_verified_views(runtime.registry))


def row_of(found):
    return found.watching.camera_id.index(ID)


def test_a_painted_view_counts_in_areas_cells_and_shares(own_runtime, account_of):
    before = situation.current(own_runtime)
    assert not before.watching.is_verified.any()
    save(own_runtime, account_of(own_runtime, Role.OPERATOR))
    after = situation.current(own_runtime)
    row = row_of(after)
    demand = situation.base(own_runtime).demand
    assert after.watching.area[row].area == pytest.approx(1600, abs=8)
    assert after.watching.is_certain[row]
    assert after.watching.is_verified[row]
    painted_cells = np.intersect1d(demand.grid.cells_in(after.watching.area[row]), demand.cell)
    views = after.sightings.sure
    assert sorted(demand.cell[views.row[views.camera == row]]) == painted_cells.tolist()
    others = np.arange(len(before.watching.camera_id)) != row
    for name in ("sure", "may"):
        new, old = getattr(after.sightings, name), getattr(before.sightings, name)
        assert new.row[others[new.camera]].tolist() == old.row[others[old.camera]].tolist()
    nothing, split = verified_split(own_runtime, before), verified_split(own_runtime, after)
    assert (nothing.area.verified, split.n_cameras) == (0.0, 1)
    inside = shapely.contains(after.watching.area[row], shapely.points(demand.grid.centres(demand.cell)))
    assert split.area.verified == pytest.approx(inside.mean(), rel=0.02)
    assert split.area.verified + split.area.estimated == pytest.approx(after.alive.covered_area_share.low)
    assert split.corridor.verified <= after.alive.covered_corridor_share.low + 1e-9
    move(own_runtime, {"azimuth_deg": 11.0, "azimuth_source": "aimed"})
    assert counted(own_runtime) == {}
    unheld = replace(after.watching, is_verified=np.zeros(len(others), np.bool_))
    stale = verified_split(own_runtime, replace(after, watching=unheld))
    assert (stale.n_cameras, stale.n_stale, stale.area.verified) == (0, 1, 0.0)


def test_the_parts_of_each_kelurahan_add_up_to_its_share(own_runtime, account_of):
    save(own_runtime, account_of(own_runtime, Role.OPERATOR))
    for question in (Question(), Question(level="outline"), Question(basis="designed")):
        answer = ask(own_runtime, question)
        found, demand = answer.situation, answer.situation.base.demand
        split = split_by_kelurahan(answer).set_index("district")
        table = answer.state.by_district.set_index("district")
        for name in ("area", "corridor"):
            together = split[f"{name}_verified"] + split[f"{name}_estimated"]
            assert together.to_numpy() == pytest.approx(table[f"{name}_low"].to_numpy(), nan_ok=True)
        views, row = answer.counted().low, row_of(found)
        of_it = np.unique(demand.district_index[views.row[views.camera == row]])
        assert set(split.index[split["area_verified"] > 0]) == set(demand.districts[of_it])
        cells = np.bincount(demand.district_index[views.row[views.camera == row]], minlength=len(demand.districts))
        assert (split["area_verified"] * table["area_m2"]).sum() == pytest.approx(cells.sum() * demand.cell_area_m2)


@pytest.mark.parametrize(
    "change", [{"azimuth_deg": 11.0, "azimuth_source": "aimed"}, {"height_m": 9.0}, {"hfov_deg": 33.0}]
)
def test_a_camera_that_changes_goes_back_to_what_is_computed(own_runtime, account_of, change):
    save(own_runtime, account_of(own_runtime, Role.OPERATOR))
    assert list(counted(own_runtime)) == [ID]
    move(own_runtime, change)
    item, camera = look(own_runtime)
    assert verified.is_stale(list_verified_views(own_runtime.registry)[ID], item, camera)
    assert counted(own_runtime) == {}


def test_a_change_that_moves_nothing_keeps_it(own_runtime, account_of):
    save(own_runtime, account_of(own_runtime, Role.OPERATOR))
    move(own_runtime, {"model": "lain"})
    assert list(counted(own_runtime)) == [ID]


def test_it_is_kept_with_history_and_can_be_taken_out(own_runtime, account_of):
    operator = account_of(own_runtime, Role.OPERATOR)
    view = save(own_runtime, operator)
    (change,) = history.changes(own_runtime.registry, "verified_view", ID)
    assert (change.actor, change.op, change.after["note"]) == ("operator", "create", "pohon")
    assert doctor.doctor(own_runtime.registry) == []
    with pytest.raises(StaleEditError):
        save(own_runtime, operator, version=view.version + 1)
    with pytest.raises(StaleEditError):
        save(own_runtime, operator)
    _, camera = look(own_runtime)
    verified.remove_view(own_runtime, operator, camera, version=view.version, reason="salah")
    assert list_verified_views(own_runtime.registry) == {}
    assert counted(own_runtime) == {}
    assert doctor.doctor(own_runtime.registry) == []


def test_only_people_who_may_verify(own_runtime, account_of):
    for account in (
        account_of(own_runtime, Role.VIEWER),
        account_of(own_runtime, Role.PLANNER),
        replace(account_of(own_runtime, Role.OPERATOR), agency_id="lain"),
    ):
        with pytest.raises(AccessError):
            save(own_runtime, account)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (lambda ring: [], "too_few_corners"),
        (lambda ring: [ring[:2]], "too_few_corners"),
        (lambda ring: [[ring[0], ring[2], ring[1], ring[3]]], "crossed_outline"),
        (lambda ring: [ring * 501], "too_long"),
        (lambda ring: [[(lon + 0.02, lat) for lon, lat in ring]], "out_of_range"),
        (lambda ring: [[(float("nan"), lat) for _, lat in ring]], "crossed_outline"),
    ],
)
def test_an_outline_that_cannot_be_is_refused(own_runtime, account_of, shape, code):
    item, _ = look(own_runtime)
    with pytest.raises(ValidationError) as caught:
        save(own_runtime, account_of(own_runtime, Role.OPERATOR), rings=shape(square(item)))
    assert code in {problem.code for problem in caught.value.problems}
    assert list_verified_views(own_runtime.registry) == {}


def test_two_parts_are_joined(own_runtime, account_of):
    item, _ = look(own_runtime)
    view = save(own_runtime, account_of(own_runtime, Role.EDITOR), rings=[square(item), square(item, east=60.0)])
    area = shapely.from_wkt(view.area_wkt)
    assert area.geom_type == "MultiPolygon"
    assert area.area == pytest.approx(3200, abs=16)


def test_what_is_hidden_in_the_area_is_not_seen(own_runtime, account_of):
    item, _ = look(own_runtime)
    operator = account_of(own_runtime, Role.OPERATOR)
    whole = shapely.from_wkt(save(own_runtime, operator).area_wkt)
    hole = square(item, 10.0, east=15.0)
    lower = [(lon, lat + 0.0001) for lon, lat in hole]
    view = save(own_runtime, operator, version=1, holes=[lower])
    area = shapely.from_wkt(view.area_wkt)
    assert (area.geom_type, len(area.interiors)) == ("Polygon", 1)
    assert whole.area - area.area == pytest.approx(100, abs=2)
    found = situation.current(own_runtime)
    demand, views = found.base.demand, found.sightings.sure
    centres = shapely.points(demand.grid.centres(demand.cell[views.row[views.camera == row_of(found)]]))
    assert not shapely.contains(shapely.Polygon(area.interiors[0]), centres).any()
    shown = Outlines.of(area)
    assert (len(shown.rings), len(shown.holes)) == (1, 1)
    assert polygons_of(area) == [[*shown.rings, *shown.holes]]
    again = save(own_runtime, operator, version=view.version, rings=shown.rings, holes=shown.holes)
    assert shapely.from_wkt(again.area_wkt).symmetric_difference(area).area < 2
    assert Outlines.read(shown.plain()) == shown


def test_a_hole_may_reach_over_the_edge_and_take_a_part_away(own_runtime, account_of):
    item, _ = look(own_runtime)
    view = save(own_runtime, account_of(own_runtime, Role.OPERATOR), holes=[square(item, 60.0, east=20.0)])
    assert shapely.from_wkt(view.area_wkt).area == pytest.approx(800, abs=8)


@pytest.mark.parametrize(
    ("hole", "code"),
    [
        (lambda item: square(item, 10.0, east=100.0), "hole_outside"),
        (lambda item: square(item, 90.0, east=-5.0), "out_of_range"),
        (lambda item: square(item, 10.0)[:2], "too_few_corners"),
        (lambda item: [square(item, 10.0)[i] for i in (0, 2, 1, 3)], "crossed_outline"),
    ],
)
def test_a_hole_that_cannot_be_is_refused(own_runtime, account_of, hole, code):
    item, _ = look(own_runtime)
    with pytest.raises(ValidationError) as caught:
        save(own_runtime, account_of(own_runtime, Role.OPERATOR), holes=[hole(item)])
    assert code in {problem.code for problem in caught.value.problems}
    assert list_verified_views(own_runtime.registry) == {}
