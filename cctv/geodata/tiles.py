"""Vector tiles of the base map, made on request from the city layers.

Source layers: ``land``, ``water``, ``spaces`` (class), ``railway``, ``streets`` (class, tag, kind), ``street_names``
(name, class, tag), ``buildings`` (class, height), ``boundaries`` (level), ``areas`` (labels of kelurahan, kecamatan
and water: name, level) and ``places`` (name, category).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from cctv.geodata.layers import CityLayers
from cctv.geodata.lonlat import METRES, to_lonlat
from cctv.geodata.mvt import EXTENT, Shape, TileFrame, Value, encode_layer, join_layers

MIN_ZOOM = 11
MAX_ZOOM = 16
_HALF_WORLD = 20037508.342789244  # [m, EPSG:3857]
_BUFFER_UNITS = 80
#: First zoom of a street class, of a public space class and of a building of at least an area [m2].
_STREET_ZOOM = {"primary": 11, "secondary": 11, "local": 12, "lane": 14}
_SPACE_ZOOM = {"park": 11, "riverside": 12, "market": 13, "station": 13, "hospital": 13, "office": 13}
_SPACE_ZOOM_ELSE = 14
_LEFT_OUT_SPACES = ("street", "junction")  # drawn by the street lines already
_REPLACEABLE = ("streets_named", "streets_minor", "buildings", "public_spaces", "water")
_NO_LANDMARK = ("street", "busstop")
_BUILDING_AREA = ((60.0, 14), (15.0, 15), (0.0, 16))

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class TileLayer:
    """One source layer, ready to be cut into tiles.

    Attributes
    ----------
    name : str
        Name in the style.
    shape : {"point", "line", "polygon"}
        What its geometries are.
    geometries : ndarray of shapely geometry, shape (n,)
        In EPSG:3857 [m].
    properties : dict
        Name to array of n values.
    min_zoom : ndarray of int, shape (n,)
        First zoom at which each one is drawn.
    simplify_units : float
        Tolerance of simplification [tile units]; 0 for none.
    """

    name: str
    shape: Shape
    geometries: Geometries
    properties: dict[str, NDArray[np.object_]]
    min_zoom: NDArray[np.int64]
    simplify_units: float = 0.0

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the geometries."""
        return shapely.STRtree(self.geometries)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """Extent of each geometry [m, EPSG:3857], shape (n, 4)."""
        return shapely.bounds(self.geometries)

    def encode(self, z: int, frame: TileFrame) -> bytes:
        """Write the part of the layer that lies in a tile.

        Parameters
        ----------
        z : int
            Zoom.
        frame : TileFrame
            The tile.

        Returns
        -------
        bytes
            Layer of a vector tile; empty if nothing lies there.
        """
        unit = frame.side / EXTENT
        margin = 0.0 if self.shape == "point" else _BUFFER_UNITS * unit
        west, north = frame.west - margin, frame.north + margin
        box = (west, north - frame.side - 2 * margin, west + frame.side + 2 * margin, north)
        found = np.sort(self.tree.query(shapely.box(*box)))
        found = found[self.min_zoom[found] <= z]
        geometries = self.geometries[found]
        limits = self.bounds[found]
        if self.shape == "point":
            inside = (limits[:, 0] < box[2]) & (limits[:, 1] > box[1])  # a point on an edge belongs to one tile
            found, geometries = found[inside], geometries[inside]
        else:
            crossing = (limits[:, :2] < box[:2]).any(axis=1) | (limits[:, 2:] > box[2:]).any(axis=1)
            geometries = geometries.copy()
            geometries[crossing] = shapely.clip_by_rect(geometries[crossing], *box)
            if self.simplify_units and z < MAX_ZOOM:
                geometries = shapely.simplify(geometries, self.simplify_units * unit, preserve_topology=False)
        properties: dict[str, list[Value]] = {name: values[found].tolist() for name, values in self.properties.items()}
        return encode_layer(self.name, self.shape, geometries, properties, frame)


class TileSource:
    """All layers of one version of the city, ready to be cut into tiles.

    Parameters
    ----------
    layers : tuple of TileLayer
        In the order in which they stand in a tile.
    bounds : tuple of float
        West, south, east, north [degrees, EPSG:4326].
    version : str
        Name of this version of the city.
    attribution : str
        Whom to name for layers that are real and not restated; empty if there are none.
    """

    def __init__(
        self, layers: tuple[TileLayer, ...], bounds: tuple[float, float, float, float], version: str, attribution: str
    ) -> None:
        self.layers = layers
        self.bounds = bounds
        self.version = version
        self.attribution = attribution

    @classmethod
    def from_city(cls, city: CityLayers) -> "TileSource":
        """Prepare the layers of a city.

        Parameters
        ----------
        city : CityLayers
            Layers in EPSG:32749.

        Returns
        -------
        TileSource
            Ready to be cut into tiles.
        """
        layers = (
            _land(city), _water(city), _spaces(city), _railway(city), _streets(city), _street_names(city),
            _buildings(city), _boundaries(city), _areas(city), _places(city),
        )  # fmt: skip
        replaced = (city.manifest.layers[name] for name in _REPLACEABLE if name in city.manifest.layers)
        named = dict.fromkeys(info.attribution for info in replaced if info.kind == "real")
        return cls(layers, _extent(city), city.manifest.fingerprint, "; ".join(named))

    def encode(self, z: int, x: int, y: int) -> bytes:
        """Write a tile.

        Parameters
        ----------
        z, x, y : int
            Zoom, column and row (row 0 is the northernmost).

        Returns
        -------
        bytes
            Mapbox vector tile, not compressed.
        """
        frame = tile_frame(z, x, y)
        return join_layers(layer.encode(z, frame) for layer in self.layers)


def tile_frame(z: int, x: int, y: int) -> TileFrame:
    """Locate a tile.

    Parameters
    ----------
    z, x, y : int
        Zoom, column and row (row 0 is the northernmost).

    Returns
    -------
    TileFrame
        In EPSG:3857.
    """
    side = 2 * _HALF_WORLD / 2**z
    return TileFrame(x * side - _HALF_WORLD, _HALF_WORLD - y * side, side)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Tell which tile a place lies in.

    Parameters
    ----------
    lon, lat : float
        Longitude and latitude [degrees], EPSG:4326.
    z : int
        Zoom.

    Returns
    -------
    tuple of int
        Column and row.
    """
    y = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * 2**z), int((1 - y / math.pi) / 2 * 2**z)


def _land(city: CityLayers) -> TileLayer:
    return _layer("land", "polygon", np.array([city.boundary], dtype=object), simplify_units=1.0)


def _water(city: CityLayers) -> TileLayer:
    return _layer("water", "polygon", _shapes(city.water), {"name": city.water["name"]}, simplify_units=1.0)


def _spaces(city: CityLayers) -> TileLayer:
    table = city.public_spaces[~city.public_spaces["space_class"].isin(_LEFT_OUT_SPACES)]
    zoom = table["space_class"].map(_SPACE_ZOOM).fillna(_SPACE_ZOOM_ELSE)
    return _layer("spaces", "polygon", _shapes(table), {"class": table["space_class"]}, zoom, simplify_units=1.0)


def _railway(city: CityLayers) -> TileLayer:
    return _layer("railway", "line", _shapes(city.railway))


def _streets(city: CityLayers) -> TileLayer:
    table = city.streets
    properties = {"class": table["road_class"], "tag": table["tag"], "kind": table["kind"]}
    return _layer(
        "streets", "line", _shapes(table), properties, table["road_class"].map(_STREET_ZOOM), simplify_units=1.0
    )


def _street_names(city: CityLayers) -> TileLayer:
    """Join the pieces of each named street, so that its name can run along it."""
    named = city.streets[city.streets["name"] != ""]
    is_guess = (named["tag"] == "guess").rename("is_guess")
    rows = [
        (
            name,
            road_class,
            "guess" if guess else "",
            shapely.line_merge(shapely.union_all(pieces["geometry"].to_numpy())),
        )
        for (name, road_class, guess), pieces in named.groupby(["name", "road_class", is_guess], sort=True)
    ]
    names, classes, tags, lines = (np.array([row[i] for row in rows], dtype=object) for i in range(4))
    zoom = [_STREET_ZOOM[road_class] + 1 for road_class in classes]
    properties = {"name": names, "class": classes, "tag": tags}
    return _layer("street_names", "line", lines, properties, zoom, simplify_units=4.0)


def _buildings(city: CityLayers) -> TileLayer:
    table = city.buildings
    shapes = _shapes(table)
    area = shapely.area(shapes)
    zoom = np.select([area >= least for least, _ in _BUILDING_AREA], [first for _, first in _BUILDING_AREA])
    height = table["height_m"].round().astype(int).to_numpy()
    order = np.argsort(height, kind="stable")  # higher roofs are drawn over lower ones
    properties = {"class": table["building_class"].to_numpy()[order], "height": height[order]}
    return _layer("buildings", "polygon", shapes[order], properties, zoom[order], simplify_units=1.0)


def _boundaries(city: CityLayers) -> TileLayer:
    """Take each border once, at its highest level: city, kecamatan, kelurahan."""
    levels = {
        "city": np.array([city.boundary]),
        "kecamatan": _shapes(city.kecamatan),
        "kelurahan": _shapes(city.kelurahan),
    }
    drawn: shapely.Geometry = shapely.LineString()
    lines: list[shapely.Geometry] = []
    for areas in levels.values():
        border = shapely.union_all(shapely.boundary(areas))
        lines.append(shapely.line_merge(shapely.difference(border, drawn)))
        drawn = shapely.union(drawn, border)
    return _layer("boundaries", "line", np.array(lines, dtype=object), {"level": list(levels)}, simplify_units=1.0)


def _areas(city: CityLayers) -> TileLayer:
    """Put the name of each area where it is widest."""
    tables = (
        ("kecamatan", city.kecamatan, "kecamatan"),
        ("kelurahan", city.kelurahan, "kelurahan"),
        ("water", city.water, "name"),
    )
    names = [name for _, table, column in tables for name in table[column]]
    levels = [level for level, table, _ in tables for _ in range(len(table))]
    shapes = np.concatenate([_shapes(table) for _, table, _ in tables])
    centres = shapely.get_point(shapely.maximum_inscribed_circle(shapes, tolerance=5.0), 0)
    return _layer("areas", "point", centres, {"name": names, "level": levels})


def _places(city: CityLayers) -> TileLayer:
    """Name each known place once; what is uncertain or only an address is no landmark."""
    table = city.places
    plain = table["name"].str.replace(r"\s*\(.*\)$", "", regex=True)
    usable = ~table["category"].isin(_NO_LANDMARK) & table["certainty"].isin(["A", "B"])
    first = usable & ~plain.where(usable).duplicated()
    kept = table[first]
    return _layer("places", "point", _shapes(kept), {"name": plain[first], "category": kept["category"]})


def _layer(
    name: str,
    shape: Shape,
    geometries: Geometries,
    properties: Mapping[str, object] | None = None,
    min_zoom: object = None,
    *,
    simplify_units: float = 0.0,
) -> TileLayer:
    """Bring a layer into the plane of the tiles."""
    zoom = np.full(len(geometries), MIN_ZOOM) if min_zoom is None else np.asarray(min_zoom)
    columns = {key: np.asarray(values, dtype=object) for key, values in (properties or {}).items()}
    return TileLayer(
        name, shape, shapely.transform(geometries, _to_mercator), columns, zoom.astype(np.int64), simplify_units
    )


_mercator = Transformer.from_crs(METRES, "EPSG:3857", always_xy=True)


def _to_mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(_mercator.transform(points[:, 0], points[:, 1]))


def _shapes(table: gpd.GeoDataFrame) -> Geometries:
    return np.asarray(table.geometry, dtype=object)


def _extent(city: CityLayers) -> tuple[float, float, float, float]:
    tables = (city.kelurahan, city.streets, city.railway, city.water, city.buildings)
    limits = np.array([table.total_bounds for table in tables if len(table)])
    west_south, east_north = limits[:, :2].min(axis=0), limits[:, 2:].max(axis=0)
    lon, lat = to_lonlat([west_south[0], east_north[0]], [west_south[1], east_north[1]])
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])
