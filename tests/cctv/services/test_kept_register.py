"""The register in memory is the register: after every kind of change, by whomever, nothing read is out of date."""

import random

from cctv.permissions import Role
from cctv.registry import agencies, cameras, points
from cctv.registry.history import changes
from cctv.registry.store import writing
from cctv.services import adding, editing, kept_register, mapdata, regrouping, undoing
from cctv.services.adding import NewCamera
from cctv.services.kept_register import Register


def afresh(registry):
    return Register(points.list_points(registry), cameras.list_cameras(registry)).joined()


class Hand:
    """Somebody who does anything that can be done, at random."""

    def __init__(self, runtime, editor, chance):
        self.runtime, self.editor, self.chance = runtime, editor, chance

    def some(self):
        return self.chance.choice([item for item in mapdata.all_points(self.runtime) if item.is_placed])

    def rename(self):
        camera, name = self.some().cameras[0], {"name": str(self.chance.random())}
        cameras.update_camera(self.runtime.registry, "admin", camera.camera_id, camera.version, name, "x")

    def move(self):
        point, place = self.some().point, {"lon": 112.43, "lat": -7.47}
        editing.place_point(self.runtime, self.editor, point.point_id, version=point.version, **place, reason="x")

    def withdraw(self):
        camera = self.some().cameras[-1]
        cameras.remove_camera(self.runtime.registry, "admin", camera.camera_id, camera.version, "dicabut")

    def add(self):
        new = NewCamera("B", "dishub", "fixed", "on", 112.44, -7.46, is_apart=True)
        adding.add_camera(self.runtime, self.editor, new, "x")

    def join(self):
        regrouping.move_cameras(self.runtime, self.editor, self.some().cameras, self.some().point.point_id, "x")

    def split(self):
        item = next(i for i in mapdata.all_points(self.runtime) if len(i.cameras) > 1)
        regrouping.split_point(self.runtime, self.editor, item, item.cameras[1:], "x")

    def undo(self):
        (change,) = changes(self.runtime.registry, limit=1)
        if undoing.can_undo(self.runtime, self.editor, change):
            undoing.undo(self.runtime, self.editor, change, "x")


def test_after_every_change_the_kept_register_is_what_is_read_afresh(own_runtime, account_of, monkeypatch):
    chance = random.Random(7)
    hand = Hand(own_runtime, account_of(own_runtime, Role.EDITOR), chance)
    assert mapdata.all_points(own_runtime) == afresh(own_runtime.registry)
    monkeypatch.setattr(kept_register, "_read", None)  # from here on only what changed may be read
    jobs = (hand.rename, hand.move, hand.withdraw, hand.add, hand.join, hand.split, hand.undo)
    for job in chance.choices(jobs, k=30):
        job()
        if chance.random() < 0.6:
            assert mapdata.all_points(own_runtime) == afresh(own_runtime.registry)
    assert mapdata.all_points(own_runtime) == afresh(own_runtime.registry)


def test_a_new_name_of_an_owner_is_read_with_all_its_cameras(own_runtime):
    registry = own_runtime.registry
    assert mapdata.all_points(own_runtime) == afresh(registry)
    with writing(registry, "admin") as writer:
        writer.update(agencies.TABLE, "dishub", None, {"name": "Nama baru"}, "x")
    names = {c.agency_name for i in mapdata.all_points(own_runtime) for c in i.cameras if c.agency_id == "dishub"}
    assert names == {"Nama baru"}
    assert mapdata.all_points(own_runtime) == afresh(registry)
