"""What the register holds, as frozen records that travel between modules."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cctv.permissions import Role

AgencyKind = Literal["opd", "police", "vertical", "private"]
PositionCertainty = Literal["A", "B", "C", "guess", "unknown", "synthetic"]
Mount = Literal["pole", "wall", "roof"]
PointKind = Literal["real", "schematic", "synthetic"]
CameraType = Literal["fixed", "ptz", "dome"]
AzimuthSource = Literal["measured", "aimed", "words", "unknown"]
Status = Literal["on", "off", "trouble", "maintenance", "removed"]
Certainty = Literal["A", "B", "C", "synthetic"]


@dataclass(frozen=True)
class Agency:
    """Owner of cameras: an OPD, the police, a vertical agency or a private owner."""

    agency_id: str
    name: str
    kind: AgencyKind
    source: str
    as_of: date
    certainty: Certainty
    version: int


@dataclass(frozen=True)
class Point:
    """A titik: pole, building or junction that carries one or more cameras.

    Attributes
    ----------
    lon, lat : float or None
        Position, EPSG:4326 [deg]; None if nobody has placed it.
    position_certainty : str
        A, B, C as in the city data, ``guess``, ``unknown`` or ``synthetic``.
    est_error_m : float or None
        Radius the position may be off [m].
    kelurahan : str
        Where it stands; empty if nobody has placed it or it stands outside the city.
    """

    point_id: str
    name: str
    lon: float | None
    lat: float | None
    position_certainty: PositionCertainty
    est_error_m: float | None
    mount: Mount
    kelurahan: str
    street: str
    kind: PointKind
    source: str
    as_of: date
    note: str
    version: int

    @property
    def is_outside_city(self) -> bool:
        """Whether it is placed, but in no kelurahan of the city: kept and shown, never counted for the city."""
        return self.lon is not None and not self.kelurahan


@dataclass(frozen=True)
class Camera:
    """One camera on a point. Its stream address is a secret and stays in the store.

    Attributes
    ----------
    height_m : float or None
        Lens above ground [m].
    azimuth_deg : float or None
        Clockwise from grid north [deg], 0 <= a < 360; None is unknown, 0 is north.
    tilt_deg : float or None
        Below horizontal, positive down [deg].
    hfov_deg, vfov_deg : float or None
        Field of view [deg].
    range_m : float or None
        Distance limit [m].
    resolution_px : int or None
        Pixels across.
    infrared_range_m : float or None
        How far it sees at night by its own light; 0 without such a light, None if unknown [m].
    has_stream : bool
        Whether a stream address is kept.
    """

    camera_id: str
    point_id: str
    name: str
    agency_id: str
    agency_name: str
    model: str
    camera_type: CameraType
    height_m: float | None
    azimuth_deg: float | None
    azimuth_source: AzimuthSource
    azimuth_words: str
    tilt_deg: float | None
    hfov_deg: float | None
    vfov_deg: float | None
    range_m: float | None
    resolution_px: int | None
    status: Status
    status_since: datetime | None
    status_reason: str
    has_stream: bool
    purpose: str
    sign: bool | None
    installed_on: date | None
    kind: Literal["real", "synthetic"]
    certainty: Certainty
    source: str
    as_of: date
    version: int
    infrared_range_m: float | None = None


@dataclass(frozen=True)
class PriceItem:
    """One line of the price list, in whole Rupiah per unit; ``tkdn_percent`` is the share made in the country."""

    item_id: str
    name: str
    unit: str
    price_idr: int
    source: str
    as_of: date
    is_assumption: bool
    note: str
    version: int
    tkdn_percent: float | None = None


@dataclass(frozen=True)
class Change:
    """One line of the history: who changed what, when, why, before and after."""

    change_id: int
    changed_at: datetime
    actor: str
    entity: str
    entity_id: str
    op: Literal["create", "update", "remove"]
    reason: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True)
class Account:
    """Who may sign in, and as what; ``agency_id`` limits it to one agency."""

    username: str
    display_name: str
    role: Role
    agency_id: str | None
    active: bool
    is_demo: bool
    version: int


@dataclass(frozen=True)
class Access:
    """One line of the access log: who looked at or did what."""

    happened_at: datetime
    username: str
    action: str
    target: str
    detail: str
