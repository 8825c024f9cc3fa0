"""What the importer has to know about the city and its register; given by the services, which know both."""

from dataclasses import dataclass
from functools import cached_property

from pyproj import Transformer


@dataclass(frozen=True)
class Place:
    """A landmark, EPSG:4326 [deg]."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Owner:
    """An agency of the register."""

    agency_id: str
    name: str


@dataclass(frozen=True, eq=False)
class Town:
    """The city as seen by the importer; equal only to itself, because caches hash it for every cell.

    Attributes
    ----------
    west, south, east, north : float
        Box around the city, EPSG:4326 [deg].
    places : tuple of Place
        Landmarks that people name when they say where a camera looks.
    owners : tuple of Owner
        Agencies of the register.
    utm : str
        Coordinate system of metres without a stated zone.
    """

    west: float
    south: float
    east: float
    north: float
    places: tuple[Place, ...] = ()
    owners: tuple[Owner, ...] = ()
    utm: str = "EPSG:32749"

    @cached_property
    def to_lonlat(self) -> Transformer:
        """From metres of the city's zone to longitude and latitude."""
        return Transformer.from_crs(self.utm, "EPSG:4326", always_xy=True)

    @cached_property
    def to_metres(self) -> Transformer:
        """From longitude and latitude to metres of the city's zone."""
        return Transformer.from_crs("EPSG:4326", self.utm, always_xy=True)

    def is_near(self, lon: float, lat: float, margin_deg: float = 0.03) -> bool:
        """Tell whether a position lies in the city or just outside.

        Parameters
        ----------
        lon, lat : float
            EPSG:4326 [deg].
        margin_deg : float
            How far outside the box still counts [deg]; 0.03 is about 3 km.

        Returns
        -------
        bool
            True if it does.
        """
        return (
            self.west - margin_deg <= lon <= self.east + margin_deg
            and self.south - margin_deg <= lat <= self.north + margin_deg
        )
