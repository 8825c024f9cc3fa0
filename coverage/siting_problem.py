"""A siting problem: candidates, what they see and cost, what it is worth. Everything is checked before it is solved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, issparse

from coverage import METHOD_VERSION
from coverage.errors import InfeasibleBudgetError, InvalidDemandError, Problem, raise_if_any
from coverage.presolve import Bools, Ints, Reduced, canonical_order, reduce_problem, row_signatures

#: Largest total weight; keeps every sum exact in 64 bits with room for the bound.
MOST_WEIGHT = 2**40
#: Largest cost of one candidate [Rp].
MOST_COST_IDR = 10**12

Rows = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Candidates, what they see and cost, and what it is worth.

    Attributes
    ----------
    covers : csr_array of bool, shape (n, m)
        Cells seen by each candidate.
    demand_weight : ndarray of int, shape (m,)
        Weight of each cell, 0 or more, whole numbers.
    cost_idr : ndarray of int, shape (n,)
        Cost of each candidate [Rp], above 0, whole numbers.
    pole_id : ndarray of int or str, shape (n,)
        Pole of each candidate; at most one candidate per pole is chosen.
    already_covered : ndarray of bool, shape (m,), optional
        Cells that existing cameras see; they are worth nothing more.
    must_include : tuple of int
        Candidates that are chosen whatever they are worth.
    excluded : tuple of int
        Candidates that are never chosen.

    Raises
    ------
    InvalidDemandError
        Lists everything about covers, weights, costs and poles that cannot be used.
    InfeasibleBudgetError
        If candidates that must be included exclude each other.
    """

    covers: csr_array
    demand_weight: Ints
    cost_idr: Ints
    pole_id: NDArray[np.int64] | NDArray[np.str_]
    already_covered: Bools | None = field(default=None, kw_only=True)
    must_include: Rows = field(default=(), kw_only=True)
    excluded: Rows = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        problems = [*_shape_problems(self)]
        if not problems:
            problems += [*_weight_problems(self), *_cost_problems(self), *_row_problems(self)]
        raise_if_any(problems, InvalidDemandError, code="siting_problem", message="the siting problem cannot be used")
        covers = csr_array(self.covers, copy=True).astype(np.bool_)
        covers.sum_duplicates()
        covers.eliminate_zeros()
        self._keep("already_covered", np.array(self.covered, np.bool_))
        self._keep("covers", covers)
        self._keep("demand_weight", np.array(self.demand_weight, np.int64))
        self._keep("cost_idr", np.array(self.cost_idr, np.int64))
        self._keep("pole_id", np.array(self.pole_id))
        self._keep("must_include", tuple(sorted({int(row) for row in self.must_include})))
        self._keep("excluded", tuple(sorted({int(row) for row in self.excluded})))
        self._check_must_include()

    def _keep(self, name: str, value: object) -> None:
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        object.__setattr__(self, name, value)

    def _check_must_include(self) -> None:
        poles = self.pole[list(self.must_include)]
        twice = [row for row, pole in zip(self.must_include, poles, strict=True) if (poles == pole).sum() > 1]
        forbidden = sorted(set(self.must_include) & set(self.excluded))
        problems = [
            *(
                Problem("siting_two_on_one_pole", f"[{row}]", "must_include", f"{self.pole_id[row]}", "")
                for row in twice
            ),
            *(Problem("siting_must_and_excluded", f"[{row}]", "must_include", f"{row}", "") for row in forbidden),
        ]
        raise_if_any(
            problems, InfeasibleBudgetError, code="siting_conflict",
            message="candidates that must be included exclude each other",
        )  # fmt: skip

    @property
    def n_candidates(self) -> int:
        """How many candidates there are."""
        return int(self.covers.shape[0])

    @property
    def n_cells(self) -> int:
        """How many cells there are."""
        return int(self.covers.shape[1])

    @cached_property
    def pole(self) -> Ints:
        """Poles numbered from 0 in the order of their ids."""
        return np.unique(self.pole_id, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def open_cell(self) -> Bools:
        """Cells that neither an existing camera nor one that must be included sees."""
        taken = self.covered.copy()
        for row in self.must_include:
            taken[self.cells_of(row)] = True
        return ~taken

    @property
    def covered(self) -> Bools:
        """Cells that existing cameras see."""
        return np.zeros(self.n_cells, np.bool_) if self.already_covered is None else self.already_covered

    @cached_property
    def rows_of_cells(self) -> tuple[Ints, Ints]:
        """Cells seen by each candidate: where each row starts, and the cells."""
        return self.covers.indptr.astype(np.int64), self.covers.indices.astype(np.int64)

    @cached_property
    def _signature(self) -> NDArray[np.uint64]:
        return row_signatures(*self.rows_of_cells, self.n_cells)

    @cached_property
    def reduced(self) -> Reduced:
        """What is left to decide once the candidates that must be included are chosen."""
        allowed = np.ones(self.n_candidates, np.bool_)
        allowed[list(self.excluded)] = False
        allowed &= ~np.isin(self.pole, self.pole[list(self.must_include)])
        return reduce_problem(
            self.rows_of_cells, self.demand_weight, self.cost_idr, self.pole,
            order=canonical_order(self.pole, self.cost_idr, self._signature), allowed=allowed, open_cell=self.open_cell,
        )  # fmt: skip

    @cached_property
    def fingerprint(self) -> str:
        """Short text that changes with any input, but not with the order of the candidates."""
        order = canonical_order(self.pole, self.cost_idr, self._signature)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        parts: list[NDArray[np.generic]] = [
            np.array(self.covers.shape), self.pole[order], self.cost_idr[order], self._signature[order],
            self.demand_weight, self.open_cell,
            np.sort(place[list(self.must_include)]), np.sort(place[list(self.excluded)]),
        ]  # fmt: skip
        digest = sha256(METHOD_VERSION.encode())
        for part in parts:
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:16]

    def cells_of(self, row: int) -> Ints:
        """List the cells that a candidate sees.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        ndarray of int
            Cells.
        """
        indptr, indices = self.rows_of_cells
        return indices[indptr[row] : indptr[row + 1]]


def _shape_problems(problem: SitingProblem) -> Iterator[Problem]:
    if not issparse(problem.covers) or problem.covers.ndim != 2:  # noqa: PLR2004 - candidates x cells
        yield Problem("siting_covers", "", "covers", type(problem.covers).__name__, "csr_array, candidates x cells")
        return
    n, m = problem.covers.shape
    arrays: dict[str, tuple[object, int]] = {
        "demand_weight": (problem.demand_weight, m),
        "cost_idr": (problem.cost_idr, n),
        "pole_id": (problem.pole_id, n),
        "already_covered": (problem.already_covered, m),
    }
    for name, (values, length) in arrays.items():
        if values is not None and np.shape(np.asarray(values)) != (length,):
            yield Problem("siting_length", "", name, f"{np.shape(np.asarray(values))}", f"({length},)")
    if problem.already_covered is not None and np.asarray(problem.already_covered).dtype != np.bool_:
        yield Problem("siting_not_bool", "", "already_covered", f"{np.asarray(problem.already_covered).dtype}", "bool")


def _not_whole(values: NDArray[np.generic]) -> Bools:
    """Find values that are no whole number."""
    if values.dtype.kind in "iu":
        return np.zeros(len(values), np.bool_)
    if values.dtype.kind != "f":
        return np.ones(len(values), np.bool_)
    floats = values.astype(np.float64)
    return ~np.isfinite(floats) | (floats != np.floor(floats))


def _number_problems(name: str, given: object, lowest: int, highest: int) -> Iterator[Problem]:
    values = np.asarray(given)
    bad = _not_whole(values)
    if values.dtype.kind in "iuf":
        bad[~bad] = (values[~bad] < lowest) | (values[~bad] > highest)
    for row in np.flatnonzero(bad).tolist():
        yield Problem("siting_number", f"[{row}]", name, f"{values[row]}", f"{lowest} - {highest}")


def _weight_problems(problem: SitingProblem) -> Iterator[Problem]:
    found = [*_number_problems("demand_weight", problem.demand_weight, 0, MOST_WEIGHT)]
    yield from found
    if not found and np.asarray(problem.demand_weight).sum(dtype=np.float64) > MOST_WEIGHT:
        yield Problem("siting_total_weight", "", "demand_weight", "", f"<= {MOST_WEIGHT}")


def _cost_problems(problem: SitingProblem) -> Iterator[Problem]:
    yield from _number_problems("cost_idr", problem.cost_idr, 1, MOST_COST_IDR)


def _row_problems(problem: SitingProblem) -> Iterator[Problem]:
    for name, rows in (("must_include", problem.must_include), ("excluded", problem.excluded)):
        for row in rows:
            if not 0 <= row < problem.n_candidates:
                yield Problem("siting_row", f"[{row}]", name, f"{row}", f"0 - {problem.n_candidates - 1}")
