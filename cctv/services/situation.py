"""How much of the public space is watched today, and where nobody is watching."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from cctv.geodata import CityLayers
from cctv.registry.counts import CountSet
from cctv.registry.history import data_version
from cctv.registry.models import Camera
from cctv.registry.verified import list_verified_views
from cctv.services import mapdata, weighting
from cctv.services.knowledge import cameras_of, described, is_alive
from cctv.services.mapdata import PointOnMap
from cctv.services.observing import Watching, watch
from cctv.services.runtime import Runtime
from cctv.services.share_history import remember_day
from cctv.services.silence import silent_cameras
from cctv.services.viewshed_store import ViewshedStore
from coverage import METHOD_VERSION
from coverage.corridors import Corridors, corridors_from_streets
from coverage.demand import Demand, demand_from_spaces
from coverage.gaps import GapFinder
from coverage.grid import Grid
from coverage.most_seen import Nearby
from coverage.obstacles import Obstacles
from coverage.public_space import PublicSpace
from coverage.shares import CoverageState, measure
from coverage.sightings import Sightings, see
from coverage.verified_sightings import verified_sightings

CELL_M = 2.0
#: How the city layers name what has no name.
NAMELESS = "tanpa nama"


@dataclass(frozen=True, eq=False)
class Base:
    """What does not change with the register: buildings, public space, streets.

    Attributes
    ----------
    obstacles : Obstacles
        Buildings.
    plain : Demand
        Public space on the 2 m grid, weighed by its class alone.
    demand : Demand
        The same, weighed by the counts that are switched on as well.
    weights : tuple of CountSet
        Those counts.
    corridors : Corridors
        Street centre lines.
    public : PublicSpace
        Both, with the parts of the city that shares are given for.
    nearby : Nearby
        How much of it a camera of unknown position can see.
    gap_finder : GapFinder
        Finds and names gaps; remembers what it has drawn.
    is_synthetic : bool
        Whether any of these layers is made up.
    """

    obstacles: Obstacles
    plain: Demand
    demand: Demand
    weights: tuple[CountSet, ...]
    corridors: Corridors
    public: PublicSpace
    nearby: Nearby
    gap_finder: GapFinder
    is_synthetic: bool


@dataclass(frozen=True, eq=False)
class Situation:
    """The state of watching at one moment.

    Attributes
    ----------
    fingerprint : str
        Changes with the register, the city layers and the method.
    computed_at : datetime
        When.
    base : Base
        Buildings, public space, streets.
    watching : Watching
        What each placed camera sees.
    cameras : tuple of tuple of PointOnMap and Camera
        The same cameras in the register.
    computed : Sightings
        What each of them sees of public space, as computed.
    sightings : Sightings
        The same with verified areas in place of computed ones.
    is_alive : ndarray of bool, shape (n,)
        Which of them work: on, confirmed within three years, and not silent for too many questions in a row.
    alive, designed : CoverageState
        With the cameras that work; with all of them.
    gaps : GeoDataFrame
        Ranked gaps: public space that no camera that is on sees or may see.
    is_synthetic : bool
        Whether the numbers rest on made-up city layers.
    """

    fingerprint: str
    computed_at: datetime
    base: Base
    watching: Watching
    cameras: tuple[tuple[PointOnMap, Camera], ...]
    computed: Sightings
    sightings: Sightings
    is_alive: NDArray[np.bool_]
    alive: CoverageState
    designed: CoverageState
    gaps: gpd.GeoDataFrame
    is_synthetic: bool
    method_version: str = METHOD_VERSION

    @property
    def series(self) -> str:
        """Name of the line that these shares belong to: shares of other methods or weights cannot be compared."""
        weights = weighting.mark(self.base.weights)
        return f"{self.method_version} {weights}" if weights else self.method_version


_base: dict[tuple[str, str], Base] = {}
_situation: dict[str, Situation] = {}


def fingerprint(runtime: Runtime) -> str:
    """Name the present state of everything the numbers depend on.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    str
        Short text.
    """
    silent = " ".join(silent_cameras(runtime))
    text = (
        f"{METHOD_VERSION} {runtime.city.manifest.fingerprint} {data_version(runtime.registry)} {runtime.registry.path}"
        f" {silent}"
    )
    return sha256(text.encode()).hexdigest()[:12]


def base(runtime: Runtime) -> Base:
    """Give buildings, public space and streets, computed once per version of the city layers and of the weights.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    Base
        Shared by all sessions.

    Raises
    ------
    GeodataError
        If the city layers cannot be read.
    CoverageError
        If they cannot be used.
    """
    sets, layers = weighting.in_force(runtime), runtime.city.manifest.fingerprint
    key = (layers, weighting.mark(sets))
    with runtime.lock:
        found = _base.get(key)
        if found is None:
            before = next((old for (same, _), old in _base.items() if same == layers), None)
            found = _make_base(runtime, sets, before)
            _base.clear()
            _base[key] = found
    return found


def peek(runtime: Runtime) -> Situation | None:
    """Give the present situation if it is computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    Situation or None
        None while it still has to be computed.
    """
    return _situation.get(fingerprint(runtime))


def current(runtime: Runtime) -> Situation:
    """Give the present situation; the first call after a change computes it.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    Situation
        Shared by all sessions.

    Raises
    ------
    GeodataError
        If the city layers cannot be read.
    CoverageError
        If a camera or a layer cannot be used.
    """
    with runtime.lock:
        key = fingerprint(runtime)
        found = _situation.get(key)
        if found is None:
            found = _compute(runtime, key)
            _situation.clear()
            _situation[key] = found
    remember_day(runtime, found)
    return found


def _make_base(runtime: Runtime, sets: tuple[CountSet, ...], before: Base | None) -> Base:
    """Lay the city out; what other weights do not change is taken over."""
    city = runtime.city
    layers = city.manifest.layers
    plain = before.plain if before else demand_from_spaces(
        city.public_spaces, Grid.covering(city.boundary, CELL_M), districts=city.kelurahan
    )  # fmt: skip
    demand = weighting.weighted(runtime, plain, sets)
    corridors = before.corridors if before else corridors_from_streets(city.streets, city.kelurahan)
    names = place_names(city)
    kecamatan = dict(zip(city.kelurahan["kelurahan"].astype(str), city.kelurahan["kecamatan"].astype(str), strict=True))
    public = PublicSpace(demand, corridors, kecamatan, names)
    return Base(
        obstacles=before.obstacles if before else Obstacles.from_geodataframe(city.buildings),
        plain=plain,
        demand=demand,
        weights=sets,
        corridors=corridors,
        public=public,
        nearby=Nearby(public),
        gap_finder=GapFinder(demand, names, city.streets),
        is_synthetic=any(layers[name].kind != "real" for name in layers),
    )


def place_names(city: CityLayers) -> dict[str, str]:
    """Name the public spaces that have a name of their own.

    Parameters
    ----------
    city : CityLayers
        City layers.

    Returns
    -------
    dict of str to str
        Id to name; streets and nameless junctions are left out, they are named by where they are.
    """
    spaces = city.public_spaces
    named = (spaces["name"] != "") & (spaces["space_class"] != "street")
    named &= ~spaces["name"].astype(str).str.contains(NAMELESS)
    kept = spaces[named]
    return dict(zip(kept["space_id"].astype(str), kept["name"].astype(str), strict=True))


def _compute(runtime: Runtime, key: str) -> Situation:
    ground = base(runtime)
    points = mapdata.all_points(runtime)
    store = ViewshedStore(runtime.registry, ground.obstacles, runtime.settings.workers, runtime.settings.scheduler)
    watching = watch(points, ground.obstacles, list_verified_views(runtime.registry), see=store.polygons)
    cameras = tuple(cameras_of(points, watching))
    before = next((old.computed for old in _situation.values() if old.base is ground), None)
    computed = see(ground.obstacles, *described(cameras, watching), ground.nearby, previous=before)
    verified = np.flatnonzero(watching.is_verified)
    sightings = verified_sightings(computed, verified, watching.area[verified], ground.public)
    working = is_alive(cameras, silent_cameras(runtime))
    alive = measure(ground.public, sightings, working)
    return Situation(
        fingerprint=key,
        computed_at=datetime.now(UTC),
        base=ground,
        watching=watching,
        cameras=cameras,
        computed=computed,
        sightings=sightings,
        is_alive=working,
        alive=alive,
        designed=measure(ground.public, sightings),
        gaps=ground.gap_finder.find(alive.n_certain + alive.n_possible > 0),
        is_synthetic=ground.is_synthetic or any(one.kind == "synthetic" for one in ground.weights),
    )
