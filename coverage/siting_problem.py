"""A siting problem: candidates, what they see and cost, what it is worth. Everything is checked before it is solved."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage import METHOD_VERSION
from coverage.ceilings import Ceiling, Purse, purse_of
from coverage.errors import InfeasibleBudgetError, InvalidDemandError, raise_if_any
from coverage.money import Envelopes
from coverage.packed_rows import Bools, Cells, Hashes, Ints, row_signatures
from coverage.presolve import Reduced, Rows, canonical_order, reduce_problem
from coverage.siting_checks import conflicts, invalid_parts

Names = NDArray[np.str_]
Chosen = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Candidates, what they see and cost, and what it is worth.

    Attributes
    ----------
    covers : csr_array of bool, shape (n, m)
        Cells seen by each candidate.
    demand_weight : ndarray of int, shape (m,)
        Weight of the first view of each cell, 0 or more, whole numbers.
    cost_idr : ndarray of int, shape (n,)
        Cost of each candidate [Rp], above 0, whole numbers.
    pole_id : ndarray of int or str, shape (n,)
        Pole of each candidate; at most ``pole_limit`` candidates per pole are chosen.
    already_covered : ndarray of bool, shape (m,), optional
        Cells that existing cameras see at the same level; a first view of them is worth nothing more.
    must_include : tuple of int
        Candidates that are chosen whatever they are worth.
    excluded : tuple of int
        Candidates that are never chosen.
    envelopes : Envelopes, optional
        Money that may only be spent on some of the candidates.
    ceilings : tuple of Ceiling
        Money of several years for some of the candidates; a candidate counts against every ceiling that pays it.
    district : ndarray of int or str, shape (m,), optional
        District of each cell.
    district_floor : float, optional
        Share of the weight of every district that must be seen, existing cameras counted, 0 to 1.
    pole_limit : int
        How many candidates of one pole may be chosen.
    later_view_weight : tuple of ndarray of int, each of shape (m,)
        Weight of the second, third, ... view of each cell; no view may be worth more than the one before it.
    existing_views : ndarray of int, shape (m,), optional
        How many existing cameras see each cell, if more than one view counts; instead of ``already_covered``.
    penalty_weight : ndarray of int, shape (n,), optional
        Weight that choosing a candidate takes away, for instance for private facades that it sees.
    site_class : ndarray of str, shape (n,), optional
        Kind of point of each candidate.
    only_classes : tuple of str
        Kinds of points that may be chosen; all of them if empty.

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
    pole_id: Ints | Names
    already_covered: Bools | None = field(default=None, kw_only=True)
    must_include: Chosen = field(default=(), kw_only=True)
    excluded: Chosen = field(default=(), kw_only=True)
    envelopes: Envelopes | None = field(default=None, kw_only=True)
    ceilings: tuple[Ceiling, ...] = field(default=(), kw_only=True)
    district: Ints | Names | None = field(default=None, kw_only=True)
    district_floor: float | None = field(default=None, kw_only=True)
    pole_limit: int = field(default=1, kw_only=True)
    later_view_weight: tuple[Ints, ...] = field(default=(), kw_only=True)
    existing_views: Ints | None = field(default=None, kw_only=True)
    penalty_weight: Ints | None = field(default=None, kw_only=True)
    site_class: Names | None = field(default=None, kw_only=True)
    only_classes: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        raise_if_any(
            invalid_parts(self), InvalidDemandError, code="siting_problem", message="the siting problem cannot be used"
        )
        covers = csr_array(self.covers).astype(np.bool_, copy=False)
        if not covers.has_canonical_format or not covers.data.all():
            covers = covers.copy()
            covers.sum_duplicates()
            covers.eliminate_zeros()
        self._keep("covers", covers)
        self._keep("already_covered", np.array(self.covered, np.bool_))
        for name in ("demand_weight", "cost_idr", "existing_views", "penalty_weight"):
            if getattr(self, name) is not None:
                self._keep(name, np.array(getattr(self, name), np.int64))
        for name in ("pole_id", "district", "site_class"):
            if getattr(self, name) is not None:
                self._keep(name, np.array(getattr(self, name)))
        self._keep("later_view_weight", tuple(np.array(layer, np.int64) for layer in self.later_view_weight))
        self._keep("ceilings", tuple(self.ceilings))
        self._keep("must_include", tuple(sorted({int(row) for row in self.must_include})))
        self._keep("excluded", tuple(sorted({int(row) for row in self.excluded})))
        raise_if_any(
            conflicts(self), InfeasibleBudgetError, code="siting_conflict",
            message="candidates that must be included exclude each other",
        )  # fmt: skip

    def _keep(self, name: str, value: object) -> None:
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        object.__setattr__(self, name, value)

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

    @property
    def covered(self) -> Bools:
        """Cells that existing cameras see."""
        if self.existing_views is not None:
            return np.asarray(self.existing_views) > 0
        return np.zeros(self.n_cells, np.bool_) if self.already_covered is None else self.already_covered

    @cached_property
    def allowed(self) -> Bools:
        """Candidates that may be chosen: not excluded, and of a kind that is allowed."""
        allowed = np.ones(self.n_candidates, np.bool_)
        allowed[list(self.excluded)] = False
        if self.only_classes and self.site_class is not None:
            allowed &= np.isin(self.site_class, self.only_classes)
        return allowed

    @cached_property
    def penalty(self) -> Ints:
        """Weight that choosing each candidate takes away."""
        return np.zeros(self.n_candidates, np.int64) if self.penalty_weight is None else self.penalty_weight

    @cached_property
    def views(self) -> Ints:
        """How often existing cameras see each cell."""
        return self.covered.astype(np.int64) if self.existing_views is None else self.existing_views

    def layers_after(self, views: Ints) -> Ints:
        """Give what further views of the cells are worth.

        Parameters
        ----------
        views : ndarray of int64, shape (m,)
            How often each cell is seen already.

        Returns
        -------
        ndarray of int64, shape (k, m)
            Weight of the next view, the one after it, and so on.
        """
        layers = np.stack([self.demand_weight, *self.later_view_weight])
        depth = len(layers)
        place = np.minimum(np.arange(depth)[:, None] + views, depth)
        padded = np.concatenate([layers, np.zeros((1, self.n_cells), np.int64)])
        return np.take_along_axis(padded, place, axis=0) if views.any() else layers

    @cached_property
    def open_cell(self) -> Bools:
        """Cells of which one more view, besides those of existing and mandatory cameras, is still worth something."""
        return self.layers_after(self.mandatory_views)[0] > 0

    @cached_property
    def mandatory_views(self) -> Ints:
        """How often existing cameras and candidates that must be included see each cell."""
        views = self.views.copy()
        for row in self.must_include:
            views[self.cells_of(row)] += 1
        return views

    @cached_property
    def rows_of_cells(self) -> tuple[Ints, Cells]:
        """Cells seen by each candidate: where each row starts, and the cells."""
        return self.covers.indptr.astype(np.int64), self.covers.indices.astype(np.int32, copy=False)

    @cached_property
    def _signature(self) -> Hashes:
        return row_signatures(*self.rows_of_cells, self.n_cells)

    @cached_property
    def _order(self) -> Ints:
        return canonical_order(
            self.pole, self.cost_idr, self._signature, self.purse.payer, self.penalty, self.allowed, self._is_mandatory
        )

    @cached_property
    def purse(self) -> Purse:
        """All limits below the total: an envelope is one for all years together."""
        ceilings = self.ceilings
        n_years = len(ceilings[0].amount_idr) if ceilings else 1
        envelopes = () if self.envelopes is None else self.envelopes.as_ceilings(n_years)
        return purse_of(self.n_candidates, (*envelopes, *ceilings))

    @cached_property
    def _is_mandatory(self) -> Bools:
        mandatory = np.zeros(self.n_candidates, np.bool_)
        mandatory[list(self.must_include)] = True
        return mandatory

    @cached_property
    def district_names(self) -> tuple[str, ...]:
        """Names of the districts in a fixed order."""
        return () if self.district is None else tuple(str(name) for name in np.unique(self.district))

    @cached_property
    def district_number(self) -> Ints:
        """District of each cell, numbered in the order of their names."""
        if self.district is None:
            return np.zeros(self.n_cells, np.int64)
        return np.unique(self.district, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def reduced(self) -> Reduced:
        """What is left to decide once the candidates that must be included are chosen."""
        room = np.full(int(self.pole.max(initial=-1)) + 1, self.pole_limit, np.int64)
        np.subtract.at(room, self.pole[list(self.must_include)], 1)
        allowed = self.allowed & (room > 0)[self.pole]
        allowed[list(self.must_include)] = False
        layers = self.layers_after(self.mandatory_views)
        rows = Rows(*self.rows_of_cells, self.cost_idr, self.penalty, self.pole, self.purse.payer, self.purse.payers)
        dropped = {
            "cells_without_weight": int((self.demand_weight <= 0).sum()),
            "cells_already_seen": int(((layers[0] <= 0) & (self.demand_weight > 0)).sum()),
        }
        return reduce_problem(
            rows,
            layers,
            self.district_number,
            signature=self._signature,
            order=self._order,
            allowed=allowed,
            pole_limit=room,
            dropped=dropped,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Short text that changes with any input, but not with the order of the candidates."""
        order = self._order
        limits = (self.purse.limit_name, self.purse.limit_idr, self.purse.ways)
        parts: list[NDArray[np.generic]] = [
            np.array(self.covers.shape), self.pole[order], self.cost_idr[order], self._signature[order],
            np.stack([self.demand_weight, *self.later_view_weight]), self.views, self.penalty[order],
            self.allowed[order], self._is_mandatory[order], self.purse.payer[order], self.purse.every_payers.uses,
            self.district_number,
        ]  # fmt: skip
        digest = sha256(f"{METHOD_VERSION} {self.pole_limit} {self.district_floor} {limits}".encode())
        for part in parts:
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()[:16]

    def cells_of(self, row: int) -> Cells:
        """List the cells that a candidate sees.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        ndarray of int32
            Cells.
        """
        indptr, indices = self.rows_of_cells
        return indices[indptr[row] : indptr[row + 1]]
