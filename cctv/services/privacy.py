"""What cameras see of houses and yards, per camera and for the city, computed once per state of the register."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.services import situation
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from coverage.levels import Scale
from coverage.privacy import Exposure, PrivatePlaces, Turn, exposure, halving_turn, zones_at_level

View = Literal["seen", "identify", "validate"]
VIEWS: tuple[View, ...] = ("seen", "identify", "validate")
#: Edition and level of each way of counting; ``seen`` counts all that is seen, however coarse.
LEVELS: dict[View, tuple[Scale, str]] = {"identify": ("iec-2014", "identify"), "validate": ("iec-2025", "validate")}
PRIVATE_CLASS = "house"


@dataclass(frozen=True, eq=False)
class Intrusion:
    """What all cameras see of private places in one way of counting.

    Attributes
    ----------
    camera_id : tuple of str, length n
        Cameras.
    is_counted : ndarray of bool, shape (n,)
        On, and known well enough to be computed.
    per_camera : Exposure
        Of each camera; for one that is not known well enough, at the most.
    city : Exposure
        Of all counted cameras together, each place once; one element.
    unknown : int
        Counted cameras for which the level cannot be computed.
    """

    camera_id: tuple[str, ...]
    is_counted: NDArray[np.bool_]
    per_camera: Exposure
    city: Exposure
    unknown: int

    def worst(self, most: int) -> list[int]:
        """Give the rows of the counted cameras that see most private ground.

        Parameters
        ----------
        most : int
            How many at the most.

        Returns
        -------
        list of int
            The worst first, then by id; none that sees nothing.
        """
        ground = np.where(self.is_counted, np.nan_to_num(self.per_camera.ground_m2), 0.0)
        order = np.argsort(-ground, kind="stable")[:most]
        return [int(row) for row in order if ground[row] > 0]


_places: dict[str, PrivatePlaces] = {}
_found: dict[tuple[str, View], Intrusion] = {}
_turns: dict[tuple[str, View, str], Turn] = {}


def intrusion(runtime: Runtime, found: Situation, view: View) -> Intrusion:
    """Measure what cameras see of private places.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.
    view : {"seen", "identify", "validate"}
        All that is seen, or only where the picture reaches this level.

    Returns
    -------
    Intrusion
        Shared by all sessions.
    """
    with runtime.lock:
        _forget_others(found.fingerprint)
        key = (found.fingerprint, view)
        if key not in _found:
            _found[key] = _measure(runtime, found, view)
        return _found[key]


def turn_of(runtime: Runtime, found: Situation, view: View, camera_id: str) -> Turn:
    """Find the smallest turn that halves the private ground a camera sees.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.
    view : {"seen", "identify", "validate"}
        What is counted.
    camera_id : str
        Which camera.

    Returns
    -------
    Turn
        By the buildings of the map, whether or not a person has verified the view.
    """
    with runtime.lock:
        key = (found.fingerprint, view, camera_id)
        if key not in _turns:
            row = np.array([found.watching.camera_id.index(camera_id)])
            scale, level = LEVELS.get(view, (None, ""))
            _turns[key] = halving_turn(
                situation.base(runtime).obstacles, found.watching.observers.take(row),
                float(found.watching.resolution_px[row[0]]), _private_places(runtime), scale=scale, level=level,
            )  # fmt: skip
        return _turns[key]


def _measure(runtime: Runtime, found: Situation, view: View) -> Intrusion:
    watching, places = found.watching, _private_places(runtime)
    zones, known = watching.area, np.ones(len(watching.camera_id), np.bool_)
    if view in LEVELS:
        zones, known = zones_at_level(watching.area, watching.observers, watching.resolution_px, *LEVELS[view])
    counted = found.is_alive & watching.is_certain
    single = exposure(zones, places)
    whole = np.array([shapely.union_all(zones[counted & known])], dtype=object)
    unknown = Exposure(np.where(known, single.ground_m2, np.nan), np.where(known, single.facade_m, np.nan))
    return Intrusion(watching.camera_id, counted, unknown, exposure(whole, places), int((counted & ~known).sum()))


def _private_places(runtime: Runtime) -> PrivatePlaces:
    city = runtime.city
    key = city.manifest.fingerprint
    if key not in _places:
        houses = city.buildings[city.buildings["building_class"] == PRIVATE_CLASS].sort_values("building_id")
        _places.clear()
        _places[key] = PrivatePlaces.around(
            np.asarray(houses.geometry.array, dtype=object), np.asarray(city.public_spaces.geometry.array, dtype=object)
        )
    return _places[key]


def _forget_others(fingerprint: str) -> None:
    if any(key[0] != fingerprint for key in _found):
        _found.clear()
        _turns.clear()
