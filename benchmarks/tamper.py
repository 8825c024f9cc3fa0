"""How often the picture checks are right: ``python -m benchmarks.tamper {tuning,judging} [cameras [first]]``.

Thresholds are chosen on ``tuning`` and judged on ``judging``. Rates are told per picture and after persistence (the
same fault in three of five sweeps). "frozen" repeats the picture before, as a camera that hangs does.
"""

import sys
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from benchmarks import tamper_judging, tamper_tuning
from cctv.live.quality import fault_of, grey_of, light_of, measure, reference_of
from cctv.services.quality import Streak

SETS: dict[str, Any] = {
    "tuning": (tamper_tuning, tamper_tuning.Street),
    "judging": (tamper_judging, tamper_judging.Square),
}
N_REFERENCE, N_CALM, N_SWEEPS = 7, 4, 5
LIGHTS = ("day", "night", "infrared")


def run(name: str, n_cameras: int, first: int = 0) -> None:
    """Draw, check, count and print."""
    module, camera_class = SETS[name]
    alarms: dict[str, Counter[str]] = defaultdict(Counter)
    kept: dict[str, Counter[str]] = defaultdict(Counter)
    for number in range(first, first + n_cameras):
        camera, other = camera_class(number), camera_class(1000 + number)
        greys = {light: [grey_of(camera.frame(light)) for _ in range(N_REFERENCE)] for light in LIGHTS}
        references = {light: reference_of(greys[light]) for light in LIGHTS}

        def check(
            picture: np.ndarray, before: np.ndarray | None, light: str, known: dict[str, Any] = references
        ) -> str:
            return fault_of(measure(known[light], grey_of(picture), before))

        for kind in module.CALM:
            light = kind if kind in LIGHTS else "night" if kind.startswith("night") else "day"
            before, streak = greys[light][-1], Streak()
            for _ in range(N_CALM + 1):
                picture = camera.frame(kind)
                fault = check(picture, before, light)
                alarms[f"calm: {kind}"][fault] += 1
                raised = streak.add(fault)
                before = grey_of(picture)
                if kind != "bus":
                    kept[f"calm: {kind}"]["raised" if raised else ""] += 1
        for fault in module.FAULTS:
            for light in LIGHTS:
                before, streak, raised = greys[light][-1], Streak(), ""
                picture = camera.frame(light)
                for _ in range(N_SWEEPS):
                    picture = picture if fault == "frozen" else camera.broken(fault, light, other)
                    found = check(picture, grey_of(picture) if fault == "frozen" else before, light)
                    alarms[f"fault: {fault}, {light}"][found] += 1
                    raised = streak.add(found) or raised
                    before = grey_of(picture)
                kept[f"fault: {fault}, {light}"]["raised" if raised else ""] += 1
        if number == first:
            print("light told as drawn:", {light: light_of(camera.frame(light)) for light in LIGHTS})
    _print(name, n_cameras, alarms, kept)


def _print(name: str, n_cameras: int, alarms: dict[str, Counter[str]], kept: dict[str, Counter[str]]) -> None:
    print(f"{name}: {n_cameras} cameras")
    for row, counts in alarms.items():
        total = sum(counts.values())
        held = kept[row]
        share = f"{held['raised'] / sum(held.values()):.3f}" if held else "-"
        shown = ", ".join(f"{k or 'none'} {v}" for k, v in counts.most_common())
        print(f"  {row:28} per picture {1 - counts[''] / total:.3f}   persistent {share}   ({shown})")
    for group in ("fault", "calm"):
        for what, table in (("per picture", alarms), ("persistent", kept)):
            chosen = [counts for row, counts in table.items() if row.startswith(group)]
            n, quiet = sum(sum(c.values()) for c in chosen), sum(c[""] for c in chosen)
            print(f"  {'TPR' if group == 'fault' else 'FPR'} {what}: {1 - quiet / n:.4f} ({n - quiet} of {n})")


if __name__ == "__main__":
    run(sys.argv[1], *map(int, sys.argv[2:] or ["12"]))
