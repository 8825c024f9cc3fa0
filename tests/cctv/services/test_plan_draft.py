"""Arranging points: what each click asks of the next computation."""

from cctv.registry.plan_models import Spot
from cctv.services.plan_draft import Mark, added, changed, hand_of, marked

A, B, NEW = Spot(112.43, -7.47, 90.0, "fixed"), Spot(112.44, -7.47, None, "dome"), Spot(112.45, -7.46, None, "dome")
START = (Mark("t1", A, "free", 1), Mark("t2", B, "free", 2))


def test_nothing_done_asks_for_nothing_or_keeps_all():
    assert hand_of(START, keeps_others=False) == hand_of((), keeps_others=True)
    assert hand_of(START, keeps_others=True).forced == (A, B)


def test_a_moved_point_is_placed_and_its_old_pole_is_left():
    moved = changed(changed(START, "t1", NEW), "t1", Spot(112.46, -7.46, None, "dome"))
    hand = hand_of(moved, keeps_others=True)
    assert (hand.forced, hand.forbidden, hand.placed) == ((B,), (A,), (Spot(112.46, -7.46, None, "dome"),))
    assert marked(moved, "t1", "free") == START


def test_locked_forbidden_and_added_points_are_told_apart():
    marks = added(marked(marked(START, "t1", "forced"), "t2", "forbidden"), NEW)
    hand = hand_of(marks, keeps_others=False)
    assert (hand.forced, hand.forbidden, hand.placed) == ((A,), (B,), (NEW,))
    assert hand == hand_of(marks, keeps_others=True)
    assert [mark.key for mark in added(marks, A)] == ["t1", "t2", "b1", "b2"]
    assert marked(marks, "b1", "forbidden") == marks[:2]
