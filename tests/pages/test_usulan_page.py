"""The screen Usulan without a browser: a point is asked about, forced, forbidden, and taken back."""

import time

import pytest

from cctv.permissions import Role
from cctv.registry.envelopes import EnvelopeEdit, save_envelopes
from cctv.services import planning
from cctv.ui.siting_panel import ASKED
from cctv.ui.siting_wishes import MARKS

PATIENCE_S = 60


@pytest.fixture
def usulan(screen, runtime):
    planning.curve(runtime)
    return screen("usulan", Role.PLANNER)


def until(app, told):
    """Draw the screen again until it shows something: the background works meanwhile."""
    end = time.monotonic() + PATIENCE_S
    while not told(app):
        assert time.monotonic() < end, texts(app)
        time.sleep(0.05)
        app.run()
    return app


def texts(app):
    return " ".join(part.value for kind in (app.markdown, app.caption, app.subheader, app.error) for part in kind)


def buttons(app):
    return {button.key: button for button in app.button}


def refused_pole(runtime):
    found = planning.candidate_set(runtime)
    plan = planning.sketch(runtime, 500 * 10**6).plan
    taken = {str(found.candidates.pole_id[row]) for row in plan.chosen.tolist()}
    return next(pole_id for pole_id in found.rows_at if pole_id not in taken)


def test_a_refused_point_says_why_and_can_be_forced_forbidden_and_taken_back(usulan, runtime):
    pole_id = refused_pole(runtime)
    usulan.session_state[ASKED] = pole_id
    app = usulan.run()
    assert "Tidak dipilih karena" in texts(app)
    app = buttons(app)["wish_must"].click().run()
    assert not app.exception
    [mark] = app.session_state[MARKS]
    assert (mark.pole_id, mark.kind) == (pole_id, "must")
    assert "wajib" in app.dataframe[0].value["Keinginan"].tolist()
    until(app, lambda one: any("terbukti" in part.value for part in one.success))
    app = buttons(app)["wish_not"].click().run()
    assert [mark.kind for mark in app.session_state[MARKS]] == ["not"]
    assert "wajib" not in app.dataframe[0].value["Keinginan"].tolist()
    assert "Tidak dipilih karena dilarang" in texts(app)
    app = buttons(app)["wishes_undo"].click().run()
    assert [mark.kind for mark in app.session_state[MARKS]] == ["must"]
    app = buttons(app)[f"wish_{pole_id}"].click().run()
    assert app.session_state[MARKS] == ()


def test_ceilings_bind_the_plan_and_show_what_is_left(usulan, runtime):
    app = usulan.toggle(key="purse_obey").set_value(True).run()
    assert any("Belum ada pagu" in part.value for part in app.info)
    year, city = app.selectbox(key="purse_year").value, 111 * 10**6
    values = {"year": year, "kelurahan": "", "agency_id": "", "fund": "", "amount_idr": city, "carry_over": False,
              "source": "uji"}  # fmt: skip
    save_envelopes(runtime.registry, "uji", [EnvelopeEdit("1", "", 0, values)], [], "uji", kelurahan=[], this_year=year)
    app = until(app.run(), lambda one: any("Rp 100.000.000" in part.value for part in one.warning))
    left = app.dataframe[-2].value
    assert left["Kelurahan"].tolist() == ["seluruh kota"]
    assert left["Tersedia"].tolist() == ["Rp 100.000.000"]


def test_forced_points_that_cost_more_than_the_budget_are_told_with_the_sum(usulan, runtime):
    app = usulan
    for at in range(3):
        pole_id = list(planning.candidate_set(runtime).rows_at)[at]
        app.session_state[ASKED] = pole_id
        app = buttons(app.run())["wish_must"].click().run()
    app = app.slider(key="budget").set_value(50).run()
    assert not app.exception
    assert "Titik yang diwajibkan berbiaya" in texts(app)
    assert "kurang Rp" in texts(app)
    app = buttons(app)["wishes_clear"].click().run()
    assert "Titik yang diwajibkan berbiaya" not in texts(app)
