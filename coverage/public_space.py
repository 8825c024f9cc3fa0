"""What is to be watched: cells of public space and street centre lines, with the groups that shares are given for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coverage.corridors import Corridors
from coverage.demand import Demand, Names

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Groups are found near a camera by blocks of this size [m].
_BLOCK_M = 32.0
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, eq=False)
class Grouping:
    """A way to split public space, with what there is to watch in each part.

    Attributes
    ----------
    label : ndarray of str, shape (g,)
        Names of the parts.
    cell_group : ndarray of int64, shape (cells of the demand,)
        Part of each cell; -1 for none.
    corridor_group : ndarray of int64, shape (corridors,)
        Part of each piece of street; -1 for none.
    cells, weight, corridor_m : ndarray of float64, shape (g,)
        Cells, weight and length of street [m] in each part.
    block_xy : ndarray of float64, shape (b, 2)
        Middles of the blocks of 32 m that hold something to watch, EPSG:32749 [m].
    block_group : ndarray of int64, shape (b,)
        Part that the block holds something of; a block stands once for each.
    """

    label: Names
    cell_group: Ints
    corridor_group: Ints
    cells: Floats
    weight: Floats
    corridor_m: Floats
    block_xy: Floats
    block_group: Ints
    _remembered: dict[tuple[float, float, float], Ints] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        """Count the parts."""
        return len(self.label)

    def reached(self, xy_m: Floats, distance_m: Floats) -> NDArray[np.bool_]:
        """Tell which parts lie within a distance of places.

        Parameters
        ----------
        xy_m : ndarray of float64, shape (n, 2)
            Places, EPSG:32749 [m].
        distance_m : ndarray of float64, shape (n,)
            Distance; infinite reaches all [m].

        Returns
        -------
        ndarray of bool, shape (n, g)
            True also for parts that are up to half a block's diagonal further away.
        """
        found = np.zeros((len(xy_m), len(self)), np.bool_)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        for row, (x, y, distance) in enumerate(zip(*xy_m.T.tolist(), distance_m.tolist(), strict=True)):
            key = (x, y, distance)
            parts = self._remembered.get(key)
            if parts is None:
                near = np.hypot(*(self.block_xy - (x, y)).T) <= distance + _BLOCK_M / np.sqrt(2.0)
                parts = self._remembered[key] = np.unique(self.block_group[near])
            found[row, parts] = True
        return found


@dataclass(frozen=True, eq=False)
class PublicSpace:
    """Cells of public space and street centre lines.

    Attributes
    ----------
    demand : Demand
        Cells with their weight.
    corridors : Corridors
        Street centre lines.
    kecamatan : dict of str to str
        Kecamatan of each kelurahan.
    place_names : dict of str to str
        Name of each public space that has one, by its id.
    """

    demand: Demand
    corridors: Corridors
    kecamatan: Mapping[str, str]
    place_names: Mapping[str, str]

    @cached_property
    def groupings(self) -> dict[str, Grouping]:
        """Ways to split the city: ``city``, ``district``, ``kecamatan``, ``space_class``, ``road_class``, ``place``."""
        demand, corridors = self.demand, self.corridors
        nowhere = np.full(len(corridors.line), -1, np.int64)
        of_district = _rows_of(demand.districts, corridors.district.tolist())
        classes, of_class = _numbered(demand.spaces_class)
        roads, of_road = _numbered(corridors.road_class)
        wide = np.array([self.kecamatan.get(str(name), "") for name in demand.districts], dtype=np.str_)
        kecamatan, of_kecamatan = _numbered(wide)
        named = np.array([self.place_names.get(str(name), "") for name in demand.spaces_id], dtype=np.str_)
        places, of_place = _numbered(named)
        of_place = np.where(named == "", -1, of_place)
        return {
            "city": self._grouping(np.array(["city"]), np.zeros(len(demand), np.int64), np.zeros_like(nowhere)),
            "district": self._grouping(demand.districts, demand.district_index, of_district),
            "kecamatan": self._grouping(kecamatan, of_kecamatan[demand.district_index], of_kecamatan[of_district]),
            "space_class": self._grouping(classes, of_class[demand.space_index], nowhere),
            "road_class": self._grouping(roads, np.full(len(demand), -1, np.int64), of_road),
            "place": self._grouping(places, of_place[demand.space_index], nowhere),
        }

    def _grouping(self, label: Names, cell_group: Ints, corridor_group: Ints) -> Grouping:
        size, demand, corridors = len(label), self.demand, self.corridors
        block_xy, block_group = self._blocks(size, cell_group, corridor_group)
        return Grouping(
            label, cell_group, corridor_group,
            cells=_sums(cell_group, None, size),
            weight=_sums(cell_group, demand.weight, size),
            corridor_m=_sums(corridor_group, corridors.length_m, size),
            block_xy=block_xy,
            block_group=block_group,
        )  # fmt: skip

    def _blocks(self, size: int, cell_group: Ints, corridor_group: Ints) -> tuple[Floats, Ints]:
        """Find the blocks that hold cells or street of each part."""
        grid, step = self.demand.grid, max(1, round(_BLOCK_M / self.demand.grid.cell_m))
        across = grid.n_cols // step + 1
        row, col = np.divmod(self.demand.cell, grid.n_cols)
        block = [(row // step) * across + col // step]
        group = [cell_group]
        street_cell, street_group = self._street_cells(corridor_group)
        row, col = np.divmod(street_cell, grid.n_cols)
        block.append((row // step) * across + col // step)
        group.append(street_group)
        key = np.concatenate(block) * size + np.concatenate(group)
        key = np.unique(key[np.concatenate(group) >= 0])
        number, part = np.divmod(key, size)
        high, low = np.divmod(number, across)
        side = step * grid.cell_m
        return np.column_stack([grid.x0_m + (low + 0.5) * side, grid.y0_m + (high + 0.5) * side]), part

    def _street_cells(self, corridor_group: Ints) -> tuple[Ints, Ints]:
        """Walk along the streets in steps of half a block; give cells on the grid with the part of each."""
        xy, segment = self.street_steps(_BLOCK_M / 2)
        cell = self.demand.grid.cell_of(xy)
        group = corridor_group[self.corridors.segments.corridor[segment]]
        return cell[cell >= 0], group[cell >= 0]

    def street_steps(self, step_m: float) -> tuple[Floats, Ints]:
        """Walk along all streets.

        Parameters
        ----------
        step_m : float
            Longest step [m].

        Returns
        -------
        tuple of ndarray
            Middles of the steps, shape (n, 2), EPSG:32749 [m], and the straight piece of each, shape (n,).
        """
        segments = self.corridors.segments
        count = np.ceil(segments.length_m / step_m).astype(np.int64)
        segment = np.repeat(np.arange(len(count)), count)
        place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
        return segments.at(segment, (place + 0.5) / count[segment]), segment


def _sums(group: Ints, value: Floats | Ints | None, size: int) -> Floats:
    kept = group >= 0
    return np.bincount(group[kept], None if value is None else value[kept], size).astype(np.float64)


def _numbered(names: Names) -> tuple[Names, Ints]:
    unique, number = np.unique(names, return_inverse=True)
    return unique, number.astype(np.int64)


def _rows_of(known: Names, names: Sequence[str]) -> Ints:
    """Give the row of each name; the last row for a name that is not known."""
    place = {name: row for row, name in enumerate(known.tolist())}
    return np.array([place.get(name, len(known) - 1) for name in names], np.int64)
