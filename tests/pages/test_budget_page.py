"""The budget page without a browser: a plan is made, decided and signed; prices; what each role may do."""

import pytest

from cctv.permissions import Role
from cctv.registry import plans as store
from cctv.services import plan_draft


@pytest.fixture
def made(screen, runtime):
    app = screen("anggaran", Role.PLANNER)
    next(field for field in app.text_input if field.label == "Nama rencana").set_value("Rencana uji")
    next(field for field in app.number_input if field.label.startswith("Pagu")).set_value(60)
    next(button for button in app.button if button.label == "Hitung dan simpan").click().run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    return store.list_plans(runtime.registry)[0]


def test_a_plan_is_made_computed_again_and_copied(screen, runtime, made):
    assert (made.name, made.budget_idr, made.state) == ("Rencana uji", 60_000_000, "draft")
    app = screen("anggaran", Role.PLANNER)
    next(button for button in app.button if button.label == "Hitung ulang").click().run()
    assert any("sama persis" in box.value for box in app.success)
    next(button for button in app.button if button.label == "Salin").click().run()
    assert store.list_plans(runtime.registry)[0].copy_of == made.plan_id


def test_a_viewer_cannot_sign_what_is_not_decided_and_makes_no_plan(screen, made):
    app = screen("anggaran", Role.VIEWER)
    assert not [button for button in app.button if button.label == "Hitung dan simpan"]
    next(field for field in app.text_input if field.label == "Dasar pengesahan").set_value("rapat").run()
    next(button for button in app.button if button.key == "sign_button").click().run()
    assert any("belum diputuskan" in error.value for error in app.error)


def test_the_price_list_is_drawn_with_its_versions(screen):
    app = screen("anggaran", Role.PLANNER)
    app.segmented_control[0].set_value("prices").run()
    assert not app.exception
    assert any("harga saat dibuat" in caption.value for caption in app.caption)


def test_ceilings_and_codes_are_drawn_for_planner_and_viewer(screen):
    for role in (Role.PLANNER, Role.VIEWER):
        app = screen("anggaran", role)
        app.segmented_control[0].set_value("envelopes").run()
        assert not app.exception
        assert not app.error, [error.value for error in app.error]
        assert any("Belum ada pagu" in box.value for box in app.info)


def test_plans_are_compared_side_by_side(screen, made):
    app = screen("anggaran", Role.PLANNER)
    next(button for button in app.button if button.label == "Salin").click().run()
    app = screen("anggaran", Role.VIEWER)
    app.segmented_control[0].set_value("compare").run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert any("titik sama" in heading.value for heading in app.subheader)


def test_a_meeting_decides_a_point_and_goes_on(screen, runtime, made):
    app = screen("anggaran", Role.VIEWER)
    app.segmented_control[0].set_value("meeting").run()
    app.selectbox(key="meeting_plan").set_value(made.plan_id).run()
    assert any("hari ini" in heading.value for heading in app.header)
    for _ in range(2):
        _on(app)
    assert app.slider(key="meeting_budget").value > 0
    for _ in range(2):
        _on(app)
    assert any(heading.value.startswith("Titik 1:") for heading in app.header)
    next(field for field in app.text_input if field.label == "Catatan keputusan").set_value("lahan sengketa")
    next(button for button in app.button if button.label == "Tolak").click().run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    point = store.get_plan(runtime.registry, made.plan_id).points[0]
    assert (point.decision, point.decision_note, point.decided_by) == ("refused", "lahan sengketa", "pimpinan")
    while any(heading.value.startswith("Titik") for heading in app.header):
        _on(app)
    assert any("Hasil rapat" in heading.value for heading in app.header)


def _on(app):
    next(button for button in app.button if button.label == "Lanjut").click().run()


def test_points_are_arranged_into_a_new_plan_that_says_so(screen, runtime, made):
    app = screen("anggaran", Role.PLANNER)
    marks = plan_draft.marked(plan_draft.marks_of(made), "t1", "forbidden")
    app.session_state[f"arrange_marks_{made.plan_id}"] = marks
    app.session_state[f"arrange_picked_{made.plan_id}"] = "t2"
    app.session_state["arrange_box"] = True
    app.run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert any("Di sini menambah" in text.value for text in app.markdown)
    next(button for button in app.button if button.label == "Hitung rencana baru").click().run()
    assert not app.error, [error.value for error in app.error]
    new = store.list_plans(runtime.registry)[0]
    assert (new.copy_of, new.run.hand.forbidden) == (made.plan_id, (made.points[0].spot,))
    assert made.points[0].spot not in {point.spot for point in new.points}
    assert any("1 dilarang" in caption.value for caption in app.caption)
