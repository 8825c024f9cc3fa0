"""Picture checks: each fault on a drawn scene, persistence, references, alerts with both pictures, roles."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from cctv.errors import AccessError
from cctv.live.jpeg import encode
from cctv.live.quality import fault_of, grey_of, light_of, measure, reference_of
from cctv.permissions import Role
from cctv.registry import alerts as store
from cctv.registry import picture_references
from cctv.registry.cameras import list_cameras
from cctv.services.quality import REFERENCE_OF, Streak, Sweeper, learn_anew

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
RNG = np.random.default_rng(3)


def octaves(shape, first, n, rng):
    total = np.zeros(shape, np.float32)
    for k in range(n):
        cells = rng.normal(0, 0.6**k, (first * 2**k, first * 2**k)).astype(np.float32)
        total += cv2.resize(cells, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return total


def place(seed=1):
    """A wall of noise in colour with tiles and boxes on it: plenty to hold on to everywhere."""
    rng = np.random.default_rng(seed)
    base = 120 + 40 * octaves((360, 640), 4, 6, rng)[..., None] + np.array([20.0, 0.0, -25.0])
    for x, y in rng.integers((0, 0), (620, 340), (90, 2)):
        cv2.rectangle(base, (int(x), int(y)), (int(x) + 18, int(y) + 14), tuple(map(float, rng.uniform(0, 255, 3))), -1)
    return np.clip(base, 0, 255)


def moment(base, gain=1.0):
    return np.clip(base * gain + RNG.normal(0, 3, base.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def base():
    return place()


@pytest.fixture(scope="module")
def reference(base):
    return reference_of([grey_of(moment(base)) for _ in range(REFERENCE_OF)])


def covered(base):
    picture = base.copy()
    picture[:, :450] = 60
    return picture


def turned(base, degrees=6):
    return cv2.warpAffine(
        base, cv2.getRotationMatrix2D((320, 180), degrees, 1.0), (640, 360), borderMode=cv2.BORDER_WRAP
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda base: base, ""),
        (lambda base: base * 0.5, ""),
        (lambda base: np.roll(base, 3, axis=1), ""),
        (lambda base: np.full_like(base, 12), "black"),
        (lambda base: np.full_like(base, 140), "black"),
        (lambda base: cv2.GaussianBlur(base, (0, 0), 6), "blurred"),
        (covered, "covered"),
        (lambda base: np.roll(base, 30, axis=1), "moved"),
        (turned, "moved"),
        (lambda _: place(9), "moved"),
    ],
)
def test_each_fault_is_named_and_calm_pictures_are_not(base, reference, change, fault):
    assert fault_of(measure(reference, grey_of(moment(change(base))), None)) == fault


def test_the_same_picture_again_is_frozen_and_noise_is_not(base, reference):
    grey = grey_of(moment(base))
    assert fault_of(measure(reference, grey, grey)) == "frozen"
    assert fault_of(measure(reference, grey, grey_of(moment(base)))) == ""


def test_a_picture_without_colour_or_light_is_of_the_night(base):
    assert light_of(moment(base)) == "day"
    assert light_of(moment(np.repeat(base.mean(axis=2, keepdims=True), 3, axis=2) * 0.99)) == "night"
    assert light_of(moment(base * 0.2)) == "night"


def test_the_same_picture_measures_the_same_twice(base, reference):
    grey = grey_of(moment(turned(base)))
    assert measure(reference, grey, None) == measure(reference, grey, None)


def test_a_fault_counts_from_the_third_of_five_sweeps_and_is_over_after_two_good_ones():
    streak = Streak()
    assert [streak.add(one) for one in ("moved", "", "covered", "moved", "")] == ["", "", "", "moved", ""]
    assert not streak.is_over
    assert streak.add("") == ""
    assert streak.is_over


def test_a_sweep_learns_then_raises_with_both_pictures_and_ends(own_runtime, account_of, base):
    registry, sweeper = own_runtime.registry, Sweeper(own_runtime)
    camera = next(one for one in list_cameras(registry) if one.status == "on")

    def look(picture, minute):
        return sweeper.look(camera, encode(picture), NOW + timedelta(minutes=minute))

    assert [look(moment(base), k) for k in range(REFERENCE_OF)] == [""] * REFERENCE_OF
    (kept,) = picture_references.references(registry)
    assert (kept.camera_id, kept.light, kept.made_of) == (camera.camera_id, "day", REFERENCE_OF)
    assert [look(moment(covered(base)), 10 + k) for k in range(4)] == ["covered"] * 4
    (alert,) = store.alerts_since(registry, NOW)
    assert (alert.kind, alert.ended_at) == ("covered", None)
    pictures = [store.alert_picture(registry, alert.alert_id, which)[1] for which in ("reference", "picture")]
    assert all(one.startswith(b"\xff\xd8") for one in pictures)
    assert pictures[0] != pictures[1]
    assert look(moment(covered(base)), 13) == ""  # the same picture as before, by its time
    [look(moment(base), 20 + k) for k in range(2)]
    assert store.going_on(registry) == []
    with pytest.raises(AccessError):
        learn_anew(own_runtime, account_of(own_runtime, Role.VIEWER), camera.camera_id)
    learn_anew(own_runtime, account_of(own_runtime, Role.OPERATOR), camera.camera_id)
    assert picture_references.references(registry) == []
