"""How much of the public space is watched today, and where nobody is watching."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.geodata import CityLayers
from cctv.registry.history import data_version
from cctv.registry.verified import list_verified_views
from cctv.services import mapdata
from cctv.services.observing import Watching, watch
from cctv.services.runtime import Runtime
from cctv.services.share_history import remember_day
from cctv.services.verified import covers_with_verified
from cctv.services.viewshed_store import ViewshedStore
from coverage import METHOD_VERSION
from coverage.corridors import Corridors, corridors_from_streets
from coverage.demand import Demand, demand_from_spaces
from coverage.gaps import gap_polygons
from coverage.grid import Grid
from coverage.obstacles import Obstacles
from coverage.shares import CoverageState, coverage_state

CELL_M = 2.0


@dataclass(frozen=True, eq=False)
class Base:
    """What does not change with the register: buildings, public space, streets.

    Attributes
    ----------
    obstacles : Obstacles
        Buildings.
    demand : Demand
        Public space on the 2 m grid.
    corridors : Corridors
        Street centre lines.
    is_synthetic : bool
        Whether any of these layers is made up.
    """

    obstacles: Obstacles
    demand: Demand
    corridors: Corridors
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
    watching : Watching
        What each placed camera sees.
    alive, designed : CoverageState
        With the cameras that are on; with all of them.
    covers : csr_array of bool, shape (n, grid.n_cells)
        Cells of each camera in ``watching``.
    gaps : GeoDataFrame
        Ranked gaps: public space that no camera that is on sees or may see.
    is_synthetic : bool
        Whether the numbers rest on made-up city layers.
    """

    fingerprint: str
    computed_at: datetime
    watching: Watching
    alive: CoverageState
    designed: CoverageState
    covers: csr_array
    gaps: gpd.GeoDataFrame
    is_synthetic: bool
    method_version: str = METHOD_VERSION


_base: dict[str, Base] = {}
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
    text = (
        f"{METHOD_VERSION} {runtime.city.manifest.fingerprint} {data_version(runtime.registry)} {runtime.registry.path}"
    )
    return sha256(text.encode()).hexdigest()[:12]


def base(runtime: Runtime) -> Base:
    """Give buildings, public space and streets, computed once per version of the city layers.

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
    city = runtime.city
    with runtime.lock:
        found = _base.get(city.manifest.fingerprint)
        if found is None:
            found = _make_base(city)
            _base.clear()
            _base[city.manifest.fingerprint] = found
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


def _make_base(city: CityLayers) -> Base:
    layers = city.manifest.layers
    return Base(
        obstacles=Obstacles.from_geodataframe(city.buildings),
        demand=demand_from_spaces(city.public_spaces, Grid.covering(city.boundary, CELL_M), districts=city.kelurahan),
        corridors=corridors_from_streets(city.streets, city.kelurahan),
        is_synthetic=any(layers[name].kind != "real" for name in layers),
    )


def _compute(runtime: Runtime, key: str) -> Situation:
    ground = base(runtime)
    store = ViewshedStore(
        runtime.registry, ground.obstacles, ground.demand.grid, runtime.settings.workers, runtime.settings.scheduler
    )
    views = list_verified_views(runtime.registry)
    watching = watch(mapdata.all_points(runtime), ground.obstacles, views, see=store.polygons)
    covers = covers_with_verified(store.cells(watching.observers), watching, ground.demand.grid)
    alive = _state(ground, watching, covers, watching.is_on)
    city = runtime.city
    names = dict(zip(city.public_spaces["space_id"].astype(str), city.public_spaces["name"].astype(str), strict=True))
    return Situation(
        fingerprint=key,
        computed_at=datetime.now(UTC),
        watching=watching,
        alive=alive,
        designed=_state(ground, watching, covers, np.ones(len(watching.camera_id), np.bool_)),
        covers=covers,
        gaps=gap_polygons(
            ground.demand, alive.n_certain + alive.n_possible > 0, space_names=names, streets=city.streets
        ),
        is_synthetic=ground.is_synthetic,
    )


def _state(ground: Base, watching: Watching, covers: csr_array, counted: NDArray[np.bool_]) -> CoverageState:
    sure, unsure = np.flatnonzero(counted & watching.is_certain), np.flatnonzero(counted & ~watching.is_certain)
    return coverage_state(
        ground.demand, csr_array(covers[sure]), possible=csr_array(covers[unsure]), corridors=ground.corridors,
        certain_areas=watching.area[sure], possible_areas=watching.area[unsure],
    )  # fmt: skip
