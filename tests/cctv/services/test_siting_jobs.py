"""Curve, refined plan and firmness in the background, on the real city layers."""

import time

import numpy as np

from cctv.services import planning, siting_jobs, situation
from cctv.services.planning import Wishes
from cctv.services.siting_reasons import watchers_of

BUDGET = 75 * 10**6
QUICK = Wishes(pool="quick")
PATIENCE_S = 120.0


def finished(job):
    until = time.monotonic() + PATIENCE_S
    while not job.is_over:
        assert time.monotonic() < until
        job.watch()
        time.sleep(0.02)
    return job


def test_the_background_gives_what_the_foreground_would(city_runtime, monkeypatch):
    monkeypatch.setattr(siting_jobs, "N_DRAWS", 3)
    assert finished(siting_jobs.drawn_curve(city_runtime, QUICK)).state == "done"
    assert planning.is_drawn(city_runtime, QUICK)
    job = finished(siting_jobs.refined(city_runtime, BUDGET, QUICK))
    assert job.state == "done"
    assert (
        job.result is planning.known(city_runtime, BUDGET, QUICK) is planning.rank(city_runtime, BUDGET, wishes=QUICK)
    )
    firm = finished(siting_jobs.firmness(city_runtime, job.result, QUICK)).result
    assert firm.n_draws == 3
    assert len(firm.share) == len(job.result.plan.order)


def test_a_stopped_plan_is_never_kept_as_the_refined_one(city_runtime):
    planning.rank(city_runtime, BUDGET + 1, wishes=QUICK, report=lambda *_: False)
    assert planning.known(city_runtime, BUDGET + 1, QUICK) is None


def test_watchers_are_cameras_that_work_and_see_part_of_the_same_cells(city_runtime):
    found, covers = situation.current(city_runtime), planning.candidate_set(city_runtime, pool="quick").covers
    alive = {camera.camera_id for (_, camera), works in zip(found.cameras, found.is_alive, strict=True) if works}
    state = found.alive
    seen = (state.n_certain > 0) | (state.n_possible > 0)
    rows = np.flatnonzero(covers @ seen.astype(np.int64) > 0)[:20]
    assert len(rows)
    for row in rows.tolist():
        watchers = watchers_of(city_runtime, row, "quick")
        assert watchers
        assert {one.camera_id for one in watchers} <= alive
        assert all(0 <= one.certain <= one.possible <= 1 for one in watchers)
    blind = int(np.flatnonzero((covers @ seen.astype(np.int64) == 0) & (np.diff(covers.indptr) > 0))[0])
    assert watchers_of(city_runtime, blind, "quick") == ()
