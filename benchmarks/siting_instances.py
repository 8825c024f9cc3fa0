"""Problems for the siting benchmark: made-up cities of four sizes, and published instances from the shared folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.siting import Ceiling, SitingProblem

Ints = NDArray[np.int64]

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data" / "siting"
MILLION = 1_000_000
EARTH_RADIUS_M = 6_378_100

#: Side of the square in cells of 5 m, number of poles, number of existing cameras.
SIZES = {"tiny": (60, 60, 2), "small": (141, 500, 4), "medium": (447, 5_000, 10), "large": (1_000, 25_000, 16)}
REACH = 25  # cells

#: Best values known, by number of points; published with the instances, not all of them proved.
BEST_KNOWN: dict[str, dict[int, int]] = {
    "NewYork": {50: 1_153_640, 60: 1_288_174, 70: 1_396_333, 80: 1_481_434, 90: 1_539_992, 100: 1_574_256},
    "Bronx": {50: 1_205_051, 60: 1_290_635, 70: 1_348_232},
}
RADIUS_M = {"NewYork": 400.0, "Bronx": 600.0}
#: Best values of the instances of Lorena and Pereira (2002), radius 800; all proved.
SJC: dict[str, dict[int, int]] = {
    "SJC324": dict(enumerate((5_461, 8_790, 11_604, 12_106, 12_152), 1)),
    "SJC402": dict(enumerate((6_555, 11_339, 14_690, 15_658, 15_970, 15_984), 1)),
}


@dataclass(frozen=True, eq=False)
class Footprints:
    """Cells around a camera, as seen from it."""

    side: int
    dx: Ints
    dy: Ints
    distance: NDArray[np.float64]
    angle_deg: NDArray[np.float64]

    @classmethod
    def around(cls, side: int) -> "Footprints":
        dy, dx = (part.ravel() for part in np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1])
        distance = np.hypot(dx, dy)
        near = distance <= REACH
        angle = np.degrees(np.arctan2(dy, dx)) % 360
        return cls(side, dx[near], dy[near], distance[near], angle[near])

    def cells(self, at: tuple[int, int], azimuth: float, fov: float, reach: float, walls: NDArray[np.float64]) -> Ints:
        """Cells of a sector that no wall hides."""
        seen = self.distance <= np.minimum(reach, walls[(self.angle_deg // 5).astype(int) % 72])
        if fov < 360:
            seen &= np.abs((self.angle_deg - azimuth + 180) % 360 - 180) <= fov / 2
        x, y = at[0] + self.dx[seen], at[1] + self.dy[seen]
        inside = (x >= 0) & (x < self.side) & (y >= 0) & (y < self.side)
        return np.sort(y[inside] * self.side + x[inside])


def city(name: str, seed: int = 1) -> SitingProblem:
    """Make up a city: streets, crossings, hot spots, occluded cameras, four configurations a pole."""
    side, n_poles, n_existing = SIZES[name]
    rng = np.random.default_rng(seed)
    weight = _weights(side, rng)
    rng.random((18 if side > 100 else 3, 2))  # centres of districts, which are not used here
    prints, street = Footprints.around(side), np.flatnonzero(weight >= 3)
    rows: list[Ints] = []
    cost: list[int] = []
    covered = np.zeros(side * side, bool)
    for pole in range(n_poles + n_existing):
        y, x = divmod(int(rng.choice(street)), side)
        raw = REACH * rng.uniform(0.35, 1.35, 72)
        walls = np.minimum(REACH, (raw + np.roll(raw, 1) + np.roll(raw, -1)) / 3)
        azimuth = rng.uniform(0, 360)
        if pole >= n_poles:
            covered[prints.cells((x, y), azimuth, 360, 20, walls)] = True
            continue
        cable = int(rng.integers(0, 21))
        kinds = [
            (azimuth, 90, 23, rng.integers(15, 31)),
            ((azimuth + 180) % 360, 90, 23, rng.integers(15, 31)),
            ((azimuth + rng.uniform(0, 360)) % 360, 130, 21, rng.integers(22, 46)),
            (0, 360, REACH, rng.integers(55, 101)),
        ]
        for turn, fov, reach, price in kinds:
            rows.append(prints.cells((x, y), turn, fov, reach, walls).astype(np.int32))
            cost.append(int(price) + cable)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    cells = np.concatenate(rows)
    covers = csr_array((np.ones(len(cells), bool), cells, starts), shape=(len(cost), side * side))
    pole_id = np.repeat(np.arange(n_poles), 4)
    return SitingProblem(covers, weight, np.array(cost) * MILLION, pole_id, already_covered=covered)


def ceilings(problem: SitingProblem, *, carries_over: bool, n_years: int = 3, seed: int = 2) -> tuple[Ceiling, ...]:
    """Make up money per kelurahan, agency and year, and for the whole city, which comes last."""
    rng = np.random.default_rng(seed)
    side = round(problem.n_cells**0.5)
    first = np.minimum(problem.covers.indptr[:-1], len(problem.covers.indices) - 1)
    y, x = np.divmod(problem.covers.indices[first], side)
    centre = rng.random((18, 2)) * side
    nearest = np.hypot(x[:, None] - centre[:, 0], y[:, None] - centre[:, 1]).argmin(axis=1)
    one = np.unique(problem.pole, return_index=True)[1]
    kelurahan = nearest[one][problem.pole]
    agency = rng.integers(0, 2, len(one))[problem.pole]

    def amounts(low: int, high: int) -> tuple[int, ...]:
        return tuple(int(amount) * MILLION for amount in rng.integers(low, high, n_years))

    own = [Ceiling(f"kelurahan {k}", amounts(60, 200), kelurahan == k, carries_over) for k in range(18)]
    agencies = [Ceiling(f"agency {a}", amounts(700, 1_100), agency == a, carries_over) for a in range(2)]
    whole = Ceiling("city", (1_600 * MILLION,) * n_years, np.ones(problem.n_candidates, np.bool_), carries_over)
    return (*own, *agencies, whole)


def _weights(side: int, rng: np.random.Generator) -> Ints:
    across = np.unique(rng.integers(0, side, max(3, side // 14)))
    along = np.unique(rng.integers(0, side, max(3, side // 14)))
    weight = np.zeros((side, side), np.int64)
    weight[rng.random((side, side)) < 0.35] = 1
    for x in across:
        weight[:, max(0, x - 1) : x + 2] = 3
    for y in along:
        weight[max(0, y - 1) : y + 2, :] = 3
    for x in across:
        for y in along:
            if rng.random() < 0.5:
                weight[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3] = 6
    for _ in range(max(3, side * side // 4000)):
        x, y = rng.integers(0, side, 2)
        half = rng.integers(3, 12, 2)
        weight[max(0, y - half[1]) : y + half[1], max(0, x - half[0]) : x + half[0]] = rng.integers(2, 11)
    return weight.ravel()


def published(name: str) -> SitingProblem | None:
    """Read a published instance, None if it is absent. A point costs 1 Rupiah, so that budget p means p points."""
    if name in RADIUS_M:
        path = PUBLISHED / "maximo" / f"{name}.inst"
        return _unit_costs(*_maximo(path), RADIUS_M[name]) if path.exists() else None
    path = PUBLISHED / "sjc" / f"{name}.txt"
    if not path.exists():
        return None
    table = np.array([line.split() for line in path.read_text().splitlines()[1:] if line.strip()], float)
    apart = np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))
    return _unit_costs(apart, table[:, 2].astype(np.int64), 800.0 + 1e-9)


def _maximo(path: Path) -> tuple[NDArray[np.float32], Ints]:
    """Distances by the spherical law of cosines in single precision, as the published values were computed."""
    lines = path.read_text().splitlines()
    n = int(next(line for line in lines if line.startswith("DIMENSION")).split(":")[1])
    first = next(i for i, line in enumerate(lines) if line.startswith("NODE_COORD")) + 1
    demand = next(i for i, line in enumerate(lines) if line.startswith("DEMAND")) + 1
    lat, lon = np.radians(np.array([line.split() for line in lines[first : first + n]], float)[:, :2]).T
    weight = np.array([int(line.split()[0]) for line in lines[demand : demand + n]], np.int64)
    cosine = np.cos(lat)[:, None] * np.cos(lat) * np.cos(lon - lon[:, None]) + np.sin(lat)[:, None] * np.sin(lat)
    apart = np.arccos(np.clip(cosine, -1, 1)).astype(np.float32) * np.float32(EARTH_RADIUS_M)
    np.fill_diagonal(apart, 0)
    return apart, weight


def _unit_costs(apart: NDArray[np.floating], weight: Ints, radius: float) -> SitingProblem:
    covers = csr_array(apart <= radius)
    return SitingProblem(covers, weight, np.ones(len(weight), np.int64), np.arange(len(weight)))


def published_choices(name: str) -> dict[int, list[int]]:
    """Read the published choices of points, by how many there are."""
    found = {}
    for path in (PUBLISHED / "maximo").glob(f"{name}_*.opt"):
        numbers = path.read_text().replace("Facilidade:", " ").split()
        found[int(path.stem.split("_")[1])] = [int(number) for number in numbers[2:]]
    return found
