"""Which stretch of each straight piece of street each camera sees, so that any set of cameras is measured at once."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.corridors import Corridors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StreetCuts:
    """Stretches of straight pieces of street inside viewsheds.

    Attributes
    ----------
    camera : ndarray of int64, shape (m,)
        Which camera.
    segment : ndarray of int64, shape (m,)
        Which straight piece, a row of ``Corridors.segments``.
    start, stop : ndarray of float64, shape (m,)
        Where the stretch begins and ends, as shares of the piece, 0 to 1.
    """

    camera: Ints
    segment: Ints
    start: Floats
    stop: Floats

    def take(self, rows: Ints | Bools) -> "StreetCuts":
        """Pick stretches.

        Parameters
        ----------
        rows : ndarray of int or bool
            Which.

        Returns
        -------
        StreetCuts
            The picked ones.
        """
        return StreetCuts(self.camera[rows], self.segment[rows], self.start[rows], self.stop[rows])


def joined(parts: list[StreetCuts]) -> StreetCuts:
    """Put several sets of stretches one after another.

    Parameters
    ----------
    parts : list of StreetCuts
        At least one.

    Returns
    -------
    StreetCuts
        All of them.
    """
    return StreetCuts(
        np.concatenate([part.camera for part in parts]), np.concatenate([part.segment for part in parts]),
        np.concatenate([part.start for part in parts]), np.concatenate([part.stop for part in parts]),
    )  # fmt: skip


def cut_streets(corridors: Corridors, areas: NDArray[np.object_], camera: Ints) -> StreetCuts:
    """Cut the streets with viewsheds.

    Parameters
    ----------
    corridors : Corridors
        Street centre lines.
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        Viewsheds, EPSG:32749 [m].
    camera : ndarray of int64, shape (n,)
        Camera of each viewshed.

    Returns
    -------
    StreetCuts
        By camera, piece and start.
    """
    segments = corridors.segments
    row, segment = segments.tree.query(areas, predicate="intersects")
    parts, pair = shapely.get_parts(shapely.intersection(segments.line[segment], areas[row]), return_index=True)
    is_line = shapely.length(parts) > 0  # a mere touch is none
    parts, pair = parts[is_line], pair[is_line]
    piece = segment[pair].astype(np.int64)
    shares = np.stack([segments.share_of(piece, _end(parts, place)) for place in (0, -1)])
    found = StreetCuts(camera[row[pair]], piece, shares.min(axis=0), shares.max(axis=0))
    return found.take(np.lexsort((found.start, found.segment, found.camera)))


def _end(lines: NDArray[np.object_], place: int) -> Floats:
    return shapely.get_coordinates(shapely.get_point(lines, place)).reshape(-1, 2)


def seen_length_m(corridors: Corridors, cuts: StreetCuts) -> Floats:
    """Measure how much of each corridor lies in the union of stretches.

    Parameters
    ----------
    corridors : Corridors
        Street centre lines.
    cuts : StreetCuts
        Stretches, may overlap.

    Returns
    -------
    ndarray of float64, shape (len(corridors.line),)
        Length [m].

    Notes
    -----
    Stretches are laid end to end on one axis, two units per piece, and swept once.
    """
    segments = corridors.segments
    order = np.lexsort((cuts.start, cuts.segment))
    begin = 2.0 * cuts.segment[order] + cuts.start[order]
    end = 2.0 * cuts.segment[order] + cuts.stop[order]
    reached = np.concatenate([[-1.0], np.maximum.accumulate(end)[:-1]]) if len(end) else end
    fresh = np.maximum(0.0, end - np.maximum(begin, reached))
    piece = cuts.segment[order]
    seen = np.bincount(segments.corridor[piece], fresh * segments.length_m[piece], len(corridors.line))
    return np.minimum(seen, corridors.length_m)  # rounding may add nanometres


def clipped_by_depth(
    cuts: StreetCuts, corridors: Corridors, origin: Floats, axis: Floats, most_m: Floats
) -> StreetCuts:
    """Keep what lies no further ahead than a limit.

    Parameters
    ----------
    cuts : StreetCuts
        Stretches.
    corridors : Corridors
        Street centre lines.
    origin, axis : ndarray of float64, shape (m, 2)
        Position of the camera of each stretch [m], and the unit vector it looks along.
    most_m : ndarray of float64, shape (m,)
        Limit of each stretch; infinite for none [m].

    Returns
    -------
    StreetCuts
        What is left, in the same order.
    """
    near, far = (
        ((corridors.segments.at(cuts.segment, share) - origin) * axis).sum(axis=1) for share in (cuts.start, cuts.stop)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = (most_m - near) / (far - near)
    span = cuts.stop - cuts.start
    share = np.clip(np.nan_to_num(crossing, nan=0.0), 0.0, 1.0) * span + cuts.start
    start = np.where(near <= most_m, cuts.start, np.where(far <= most_m, share, cuts.stop))
    stop = np.where(far <= most_m, cuts.stop, np.where(near <= most_m, share, cuts.start))
    return _nonempty(StreetCuts(cuts.camera, cuts.segment, start, stop))


def clipped_by_distance(cuts: StreetCuts, corridors: Corridors, origin: Floats, most_m: Floats) -> StreetCuts:
    """Keep what lies no further away than a limit.

    Parameters
    ----------
    cuts : StreetCuts
        Stretches.
    corridors : Corridors
        Street centre lines.
    origin : ndarray of float64, shape (m, 2)
        Position of the camera of each stretch [m].
    most_m : ndarray of float64, shape (m,)
        Limit of each stretch; infinite for none [m].

    Returns
    -------
    StreetCuts
        What is left, in the same order.
    """
    segments = corridors.segments
    first = segments.xy0[cuts.segment] - origin
    way = segments.xy1[cuts.segment] - segments.xy0[cuts.segment]
    length2 = (way**2).sum(axis=1)
    middle = -(first * way).sum(axis=1) / length2
    aside2 = ((first + middle[:, None] * way) ** 2).sum(axis=1)
    half = np.sqrt(np.maximum(0.0, np.minimum(most_m, 1e9) ** 2 - aside2) / length2)
    is_near = aside2 < most_m**2
    start = np.where(is_near, np.maximum(cuts.start, middle - half), cuts.stop)
    return _nonempty(StreetCuts(cuts.camera, cuts.segment, start, np.minimum(cuts.stop, middle + half)))


def _nonempty(cuts: StreetCuts) -> StreetCuts:
    return cuts.take(cuts.stop > cuts.start)
