"""The table of cameras: it finds, and it changes many at once with a preview and one undo."""

from cctv.permissions import Role
from cctv.registry import cameras
from cctv.registry.camera_pages import Search, camera_page
from cctv.ui.table_edits import changed_rows


def field(fields, label):
    return next(found for found in fields if label in found.label)


def test_what_a_search_finds_is_changed_at_once_and_undone_at_once(screen, runtime):
    found = [entry.camera for entry in camera_page(runtime.registry, Search(text="pahlawan"))]
    others = [c for c in cameras.list_cameras(runtime.registry) if c.camera_id not in {f.camera_id for f in found}]
    app = screen("kamera", Role.EDITOR)
    app.text_input(key="table_text").set_value("pahlawan").run()
    assert any(f"{len(found)} kamera cocok" in caption.value for caption in app.caption)
    app.multiselect(key="bulk_fields").set_value(["height_m"]).run()
    app.number_input(key="bulk_height_m").set_value(900.0)
    field(app.button, "Lihat apa").click().run()
    assert any(f"**{len(found)}** ditolak" in text.value for text in app.markdown)
    app.number_input(key="bulk_height_m").set_value(8.75).run()
    assert any("lihat lagi" in caption.value for caption in app.caption)
    field(app.button, "Lihat apa").click().run()
    app.text_input(key="bulk_reason").set_value("diukur ulang").run()
    field(app.button, f"Ubah {len(found)} kamera").click().run()
    assert not app.exception
    now = {c.camera_id: c for c in cameras.list_cameras(runtime.registry)}
    assert {now[c.camera_id].height_m for c in found} == {8.75}
    assert [now[c.camera_id] for c in others] == others
    field(app.button, "perubahan terakhir").click().run()
    now = {c.camera_id: c for c in cameras.list_cameras(runtime.registry)}
    assert [now[c.camera_id].height_m for c in found] == [c.height_m for c in found]


def test_others_see_the_table_and_change_nothing(screen):
    app = screen("kamera", Role.VIEWER)
    assert not app.exception
    assert not [found for found in app.button if "Lihat apa" in found.label]


def test_cells_that_are_not_saved_are_there_again_after_another_view_and_another_search(screen, runtime):
    app = screen("kamera", Role.EDITOR)
    sheet = app.session_state["table_sheet"]
    sheet.after = sheet.before.copy()
    sheet.after.loc["K-0021", "height_m"] = 9.75
    sheet.edits = changed_rows(sheet.before, sheet.after)
    app.session_state["register_view"] = "history"
    app.run()
    app.session_state["register_view"] = "table"
    app.run()
    app.text_input(key="table_text").set_value("pahlawan").run()
    assert any("belum disimpan: simpan atau buang" in warning.value for warning in app.warning)
    field(app.button, "Simpan 1 perubahan").click().run()
    assert not app.exception
    assert cameras.get_camera(runtime.registry, "K-0021").height_m == 9.75
    assert not any("belum disimpan" in warning.value for warning in app.warning)
