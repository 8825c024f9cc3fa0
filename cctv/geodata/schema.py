"""What each layer file must hold: columns with their types and defaults, file name, coordinate system."""

from dataclasses import dataclass, field

from cctv.geodata.lonlat import LONLAT, METRES

Default = str | float | int | bool
NAN = float("nan")


@dataclass(frozen=True)
class LayerSpec:
    """Form of one layer.

    Attributes
    ----------
    file : str
        File name; the ending says the format (GeoJSON or GeoParquet).
    columns : dict
        Column name to the value that stands for "not known"; its type is the type of the column.
    geometry : tuple of str
        Geometry types that may occur.
    may_be_unlocated : bool
        Whether rows without geometry are legal.
    """

    file: str
    columns: dict[str, Default]
    geometry: tuple[str, ...]
    may_be_unlocated: bool = field(default=False)

    @property
    def crs(self) -> str:
        """Coordinate system of the file: GeoJSON is always longitude and latitude."""
        return LONLAT if self.file.endswith(".geojson") else METRES


_STREET_COLUMNS: dict[str, Default] = {
    "street_id": "",
    "name": "",
    "road_class": "local",
    "width_m": NAN,
    "lit": False,
    "kind": "synthetic",
    "tag": "",
    "est_error_m": NAN,
}

LAYERS: dict[str, LayerSpec] = {
    "kelurahan": LayerSpec(
        "kelurahan.geojson",
        {
            "kelurahan": "",
            "kecamatan": "",
            "kemendagri_code": "",
            "bps_code": "",
            "area_km2": NAN,
            "n_sls": 0,
            "usaha_kdm": 0,
            "area_2014_ha": NAN,
            "rt_2014": 0,
            "pop_est_2021": 0,
            "pop_per_ha": NAN,
            "dwell_est": 0,
            "dwell_per_ha": NAN,
            "usaha_per_ha": NAN,
            "estimated": "",
        },
        ("Polygon",),
    ),
    "places": LayerSpec(
        "places.geojson",
        {"name": "", "category": "", "certainty": "", "source": "", "kelurahan": "", "note": ""},
        ("Point",),
    ),
    "junctions": LayerSpec(
        "junctions.geojson",
        {"no": 0, "name": "", "tag": "unknown", "est_error_m": NAN, "existence": "", "evidence": ""},
        ("Point",),
        may_be_unlocated=True,
    ),
    "railway": LayerSpec("railway.geojson", {"name": "", "source": "", "est_error_m": NAN}, ("LineString",)),
    "streets_named": LayerSpec("streets_named.geojson", {**_STREET_COLUMNS, "kind": "schematic"}, ("LineString",)),
    "street_vertices": LayerSpec(
        "street_vertices.geojson", {"street_key": "", "i": 0, "tag": "", "reason": ""}, ("Point",)
    ),
    "streets_minor": LayerSpec("streets_minor.parquet", _STREET_COLUMNS, ("LineString",)),
    "poles": LayerSpec("poles.parquet", {"pole_id": "", "street_id": ""}, ("Point",)),
    "buildings": LayerSpec(
        "buildings.parquet",
        {
            "building_id": "",
            "height_m": NAN,
            "building_class": "house",
            "kind": "synthetic",
            "height_source": "default",
        },
        ("Polygon",),
    ),
    "public_spaces": LayerSpec(
        "public_spaces.parquet",
        {"space_id": "", "space_class": "", "name": "", "kelurahan": "", "kind": "synthetic"},
        ("Polygon", "MultiPolygon"),
    ),
    "water": LayerSpec("water.geojson", {"name": "", "kind": "synthetic"}, ("Polygon", "MultiPolygon")),
}

SPACE_CLASSES = (
    "street", "junction", "park", "market", "station", "school_front", "worship", "hospital", "riverside", "office",
)  # fmt: skip
ROAD_CLASSES = ("primary", "secondary", "local", "lane")
