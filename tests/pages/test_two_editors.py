"""Two people fill in the form of one camera: the second compares and chooses column by column; no entry is lost."""

from datetime import date

from cctv.permissions import Role
from cctv.registry import cameras, history, points
from cctv.ui.position_editor import LonLat

FIRST, SECOND = "K-0091", "K-0092"


def field(fields, label):
    return next(found for found in fields if label in found.label)


def press(app, label):
    return field(app.button, label).click().run()


def somebody_else(runtime, camera, **values):
    now = cameras.get_camera(runtime.registry, camera)
    return cameras.update_camera(runtime.registry, "orang lain", camera, now.version, values, "papan diganti")


def choices(app):
    return [found for found in app.radio if found.options[0].startswith("Isian Anda")]


def filled_in(screen, runtime, camera):
    """The second form: height and tilt are filled in, then somebody else saves height and name, then it is sent."""
    app = screen("kamera", Role.EDITOR, camera=camera)
    theirs = somebody_else(runtime, camera, height_m=4.5, name="Nama orang lain")
    field(app.number_input, "Tinggi").set_value(8.5)
    field(app.number_input, "Kemiringan").set_value(21.0)
    field(app.text_input, "Alasan perubahan").set_value("diukur di lapangan")
    return field(app.button, "Simpan").click().run(), theirs


def test_the_second_one_chooses_and_only_what_was_chosen_is_written(screen, runtime):
    app, theirs = filled_in(screen, runtime, FIRST)
    assert not app.exception
    assert cameras.get_camera(runtime.registry, FIRST) == theirs
    assert any("orang lain" in warning.value and "tidak hilang" in warning.value for warning in app.warning)
    height, tilt = field(app.radio, "Tinggi"), field(app.radio, "Kemiringan")
    assert (height.value, tilt.value) == (None, "mine")
    assert list(height.options) == ["Isian Anda: 8,5", "Isian sekarang: 4,5"]
    app = press(app, "Simpan pilihan")
    assert cameras.get_camera(runtime.registry, FIRST) == theirs
    assert any("setiap kolom" in warning.value for warning in app.warning)
    field(app.radio, "Tinggi").set_value("theirs").run()
    app = press(app, "Simpan pilihan")
    now = cameras.get_camera(runtime.registry, FIRST)
    assert (now.height_m, now.tilt_deg, now.name) == (4.5, 21.0, "Nama orang lain")
    newest = history.changes(runtime.registry, "camera", FIRST, limit=1)[0]
    assert (newest.actor, newest.reason) == ("petugas", "diukur di lapangan")
    assert not choices(app)


def test_a_third_save_while_choosing_is_not_overwritten(screen, runtime):
    app, _ = filled_in(screen, runtime, SECOND)
    field(app.radio, "Tinggi").set_value("mine").run()
    third = somebody_else(runtime, SECOND, height_m=3.5)
    app = press(app, "Simpan pilihan")
    assert cameras.get_camera(runtime.registry, SECOND) == third
    assert "Isian sekarang: 3,5" in field(app.radio, "Tinggi").options
    app = press(app, "Buang isian saya")
    assert not choices(app)
    assert cameras.get_camera(runtime.registry, SECOND) == third


def test_one_takes_back_ones_own_change_and_looks_at_an_earlier_day(screen, runtime):
    app = screen("kamera", Role.EDITOR, camera="K-0093")
    before = cameras.get_camera(runtime.registry, "K-0093")
    field(app.number_input, "Tinggi").set_value(9.5)
    app = press(app, "Simpan")
    assert cameras.get_camera(runtime.registry, "K-0093").height_m == 9.5
    app = press(app, "Batalkan perubahan ini")
    assert not app.exception
    assert cameras.get_camera(runtime.registry, "K-0093").height_m == before.height_m
    app = screen("kamera", Role.EDITOR)
    app.date_input[0].set_value(date(2020, 1, 1)).run()
    assert any("belum berisi kamera pada 01/01/2020" in info.value for info in app.info)


def test_the_form_of_the_sign_is_not_emptied_when_another_person_saves(screen, runtime):
    somebody_else(runtime, "K-0095", sign=None)
    app = screen("kamera", Role.EDITOR, camera="K-0095")
    answer = field(app.radio, "papan")
    answer.set_value("stands")
    field([f for f in app.text_input if f.form_id == "sign_K-0095"], "Alasan").set_value("dilihat")
    somebody_else(runtime, "K-0095", sign=False)
    field(app.button, "Simpan papan").click().run()
    assert not app.exception
    assert cameras.get_camera(runtime.registry, "K-0095").sign is True
    assert history.changes(runtime.registry, "camera", "K-0095", limit=1)[0].reason == "dilihat"


def test_a_place_that_is_not_saved_stays_when_another_person_places_the_point(screen, runtime):
    point = next(p for p in points.list_points(runtime.registry) if p.lon is None and p.kind != "synthetic")
    app = screen("kamera", Role.EDITOR)
    app.session_state["unsaved"] = {("place", point.point_id): LonLat(112.4361, -7.4702)}
    points.update_point(
        runtime.registry, "orang lain", point.point_id, point.version, {"lon": 112.43, "lat": -7.47}, "GPS"
    )
    app.session_state["register_view"] = "unplaced"
    app.run()
    assert any("112.436100" in w.value and "112.430000" in w.value for w in app.warning)
    app.text_input(key=f"why_{point.point_id}").set_value("saya di lokasi")
    app.button(key=f"put_{point.point_id}").click().run()
    assert not app.exception
    assert points.get_point(runtime.registry, point.point_id).lon == 112.4361
    assert not any("sebelum Anda menyimpan" in w.value for w in app.warning)
