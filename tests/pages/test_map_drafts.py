"""What is begun and not saved stays: another camera, another screen; and cameras are added and made one on the form."""

import pytest

from cctv.permissions import Role
from cctv.registry import cameras, points
from cctv.services import mapdata
from cctv.services.aiming import Draft
from cctv.settings import page_file
from cctv.ui.map_editor import Put
from cctv.ui.position_editor import LonLat
from cctv.ui.stance_section import Begun


def field(fields, label):
    return next(found for found in fields if label in found.label)


def on_one_point(runtime):
    return next(i for i in mapdata.all_points(runtime) if len(i.cameras) > 2 and i.is_placed)


@pytest.fixture
def item(runtime):
    return on_one_point(runtime)


def test_a_form_that_is_not_saved_is_there_again_after_another_camera_and_another_screen(screen, runtime, item):
    one, two = item.cameras[0].camera_id, item.cameras[1].camera_id
    app = screen("kamera", Role.EDITOR, camera=one)
    field(app.number_input, "Tinggi").set_value(9.25)
    field(app.text_input, "Alasan perubahan").set_value("diukur")
    app.run()
    app.selectbox(key="form_camera").set_value(two).run()
    assert not app.exception
    assert any(one in w.value and "formulir" in w.value for w in app.warning)
    app.button(key=f"unsaved_open_{one}").click().run()
    assert (app.selectbox(key="form_camera").value, field(app.number_input, "Tinggi").value) == (one, 9.25)
    app.selectbox(key="form_camera").set_value(two).run()
    assert field(app.number_input, "Tinggi").value != 9.25
    elsewhere = app.switch_page(page_file("peta")).run()
    assert any(one in w.value and "Kamera" in w.value for w in elsewhere.warning)
    app = app.switch_page(page_file("kamera")).run()
    app.button(key=f"unsaved_open_{one}").click().run()
    assert (field(app.number_input, "Tinggi").value, field(app.text_input, "Alasan").value) == (9.25, "diukur")
    assert cameras.get_camera(runtime.registry, one).height_m != 9.25
    field(app.button, "Simpan").click().run()
    assert cameras.get_camera(runtime.registry, one).height_m == 9.25
    assert not any("belum disimpan" in w.value for w in app.warning)


def test_a_camera_that_is_put_beside_a_point_joins_it_and_what_else_was_drawn_stays(screen, runtime, item):
    camera, place = item.cameras[0], LonLat(item.point.lon + 0.00003, item.point.lat)
    raw = {
        "position": {"lon": item.point.lon, "lat": item.point.lat}, "azimuth": 0, "target": None, "tilt": 33.0,
        "height": camera.height_m, "snap": None, "added": {"lon": place.lon, "lat": place.lat, "point": ""},
    }  # fmt: skip
    draft = Draft(item.point.lon, item.point.lat, None, 33.0, camera.height_m)
    app = screen("kamera", Role.EDITOR, camera=camera.camera_id)
    app.session_state["unsaved"] = {("map", camera.camera_id): Begun(Put(raw, draft, place, ""), item, camera)}
    app.run()
    n_points = len(points.list_points(runtime.registry))
    assert item.point.point_id in field(app.radio, "Titik tempat").value
    app.text_input(key="add_name").set_value("Kamera keempat")
    app.selectbox(key="add_owner").set_value("dishub")
    app.selectbox(key="add_status").set_value("on")
    app.text_input(key="add_reason").set_value("dilihat di lapangan")
    app.run()
    field(app.button, "Tambahkan").click().run()
    assert not app.exception
    added = cameras.get_camera(runtime.registry, app.query_params["camera"])
    assert (added.point_id, added.name, added.azimuth_deg) == (item.point.point_id, "Kamera keempat", None)
    assert len(points.list_points(runtime.registry)) == n_points
    assert any(camera.camera_id in w.value and "peta" in w.value for w in app.warning)


def test_two_records_of_one_camera_are_merged_and_undone_on_the_form(screen, runtime, item):
    kept, twin = item.cameras[1].camera_id, item.cameras[2].camera_id
    app = screen("kamera", Role.EDITOR, camera=kept)
    app.button_group(key=f"group_task_{kept}").set_value("merge").run()
    app.selectbox(key=f"group_merge_{kept}").set_value(twin).run()
    app.text_input(key=f"group_why_merge_{kept}").set_value("satu kamera").run()
    app.button(key="group_save_merge").click().run()
    assert not app.exception
    assert cameras.get_camera(runtime.registry, twin).status == "removed"
    app = screen("kamera", Role.EDITOR, camera=kept)
    field(app.button, "perubahan terakhir").click().run()
    assert not app.exception
    assert cameras.get_camera(runtime.registry, twin).status != "removed"
