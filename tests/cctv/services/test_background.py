"""Work in the background: one job per question, stopped, left alone, failed, and the thread that outlives all of it."""

import time
from threading import Event

import pytest

from cctv.errors import CctvError
from cctv.services import background
from cctv.services.background import Lane

PATIENCE_S = 30.0


def wait_for(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def lane():
    return Lane("test")


def held(gate: Event):
    """Give work that goes on until it is told to stop or the gate opens."""

    def work(job):
        while job.tell("search", 0.5, 90, 100) and not gate.wait(0.01):
            pass
        return "found"

    return work


def test_the_same_question_is_worked_on_once(lane):
    gate, calls = Event(), []

    def work(job):
        calls.append(job)
        return held(gate)(job)

    first, second = lane.ask("q", work), lane.ask("q", work)
    assert first is second
    wait_for(lambda: first.share == 0.5)
    assert (first.state, first.value, first.bound) == ("running", 90, 100)
    gate.set()
    wait_for(lambda: first.is_over)
    assert (first.state, first.result, calls) == ("done", "found", [first])


def test_a_stopped_job_stays_stopped_until_it_is_forgotten(lane):
    job = lane.ask("q", held(Event()))
    waiting = lane.ask("r", held(Event()))
    waiting.stop()
    assert waiting.state == "stopped"
    wait_for(lambda: job.state == "running")
    job.stop()
    wait_for(lambda: job.is_over)
    assert (job.state, job.result) == ("stopped", None)
    assert lane.ask("q", held(Event())) is job
    lane.forget("q")
    opened = Event()
    opened.set()
    again = lane.ask("q", held(opened))
    wait_for(lambda: again.is_over)
    assert again.state == "done"


def test_a_job_that_nobody_looks_at_ends_and_starts_again_when_somebody_comes_back(lane, monkeypatch):
    monkeypatch.setattr(background, "UNWATCHED_S", 0.05)
    job = lane.ask("q", held(Event()))
    wait_for(lambda: job.is_over)
    assert job.is_left
    monkeypatch.setattr(background, "UNWATCHED_S", PATIENCE_S)
    opened = Event()
    opened.set()
    again = lane.ask("q", held(opened))
    assert again is not job
    wait_for(lambda: again.is_over)
    assert again.state == "done"


def test_a_failure_is_kept_for_the_screen_and_the_next_job_runs(lane):
    def ours(job):
        raise CctvError("bad_query", "no")

    def theirs(job):
        raise ZeroDivisionError

    known, unknown, fine = lane.ask("a", ours), lane.ask("b", theirs), lane.ask("c", lambda job: 3)
    wait_for(lambda: fine.is_over)
    assert (known.state, known.error.code) == ("failed", "bad_query")
    assert (unknown.state, unknown.error) == ("failed", None)
    assert unknown.mark
    assert fine.result == 3
