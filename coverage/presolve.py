"""Shrink a siting problem before it is solved: a fixed order of candidates, no cell that cannot change anything."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.packed_rows import (
    Bools,
    Cells,
    Hashes,
    Ints,
    Singles,
    concatenate_rows,
    gathered_sums,
    row_chunks,
)
from coverage.payers import Payers

MOST_SHORT = 2**31


@dataclass(frozen=True, eq=False)
class Reduced:
    """What is left of a siting problem, with the candidates in canonical order and hence sorted by pole.

    Attributes
    ----------
    candidate : ndarray of int64, shape (n,)
        Row of each candidate in the problem that was reduced.
    cost_idr : ndarray of int64, shape (n,)
        Cost [Rp].
    penalty : ndarray of int64, shape (n,)
        Weight that choosing each takes away, 0 or more.
    pole : ndarray of int64, shape (n,)
        Pole number from 0, never falling.
    pole_limit : ndarray of int64, shape (number of poles,)
        How many candidates of each pole may be chosen.
    payer : ndarray of int64, shape (n,)
        Who pays each candidate.
    layers : ndarray of int64, shape (k, m)
        Weight of the first, second, ... view of each cell that is left; never rising from view to view.
    cell : ndarray of int64, shape (m,)
        Number of each cell in the problem that was reduced.
    district : ndarray of int64, shape (m,)
        District of each cell.
    indptr, indices : ndarray of int64, int32
        Cells seen by each candidate, compressed by rows.
    dropped : dict
        How many candidates and cells were left out, and why.
    payers : Payers
        In which ways they can pay.
    share : ndarray of float32, optional
        Share of the weight of each cell that each of ``indices`` stands for, where cells are bundles; else all of it.
    """

    candidate: Ints
    cost_idr: Ints
    penalty: Ints
    pole: Ints
    pole_limit: Ints
    payer: Ints
    layers: Ints
    cell: Ints
    district: Ints
    indptr: Ints
    indices: Cells
    dropped: dict[str, int]
    payers: Payers = field(default_factory=Payers.single)
    share: Singles | None = None

    @property
    def n_candidates(self) -> int:
        """How many candidates are left."""
        return len(self.candidate)

    @property
    def n_cells(self) -> int:
        """How many cells are left."""
        return int(self.layers.shape[1])

    @property
    def weight(self) -> Ints:
        """Weight of the next view of each cell, shape (m,)."""
        return self.layers[0]

    @cached_property
    def first_of_pole(self) -> Ints:
        """First candidate of each pole, shape (number of poles,)."""
        return np.flatnonzero(np.diff(self.pole, prepend=-1))

    @cached_property
    def matrix(self) -> csr_array:
        """Candidates x cells as single-precision floats, for products with cell prices."""
        share = np.ones(len(self.indices), np.float32) if self.share is None else self.share
        return csr_array((share, self.indices, self._short_indptr), shape=(self.n_candidates, self.n_cells))

    @property
    def _short_indptr(self) -> NDArray[np.int32] | Ints:
        """Where each row starts, in 32 bits if they do: products and transposes then take half the memory."""
        return self.indptr.astype(np.int32) if len(self.indices) < MOST_SHORT else self.indptr

    @cached_property
    def seen_by(self) -> tuple[Ints, Cells]:
        """Candidates that see each cell, compressed by cells."""
        ones = np.ones(len(self.indices), np.int8)
        by_cell = csr_array((ones, self.indices, self._short_indptr), shape=(self.n_candidates, self.n_cells)).tocsc()
        return by_cell.indptr.astype(np.int64), by_cell.indices.astype(np.int32, copy=False)

    def cells_of(self, row: int) -> Cells:
        """List the cells that a candidate sees.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        ndarray of int32
            Cells, numbered as in this object.
        """
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def value_of(self, rows: Ints) -> int:
        """Recount what a set of candidates sees, less what choosing them takes away.

        Parameters
        ----------
        rows : ndarray of int64
            Candidates.

        Returns
        -------
        int
            Weight.
        """
        entries, _ = concatenate_rows(self.indptr, self.indices, rows)
        views = np.bincount(entries, minlength=self.n_cells)
        seen = sum(int(layer[views > depth].sum()) for depth, layer in enumerate(self.layers))
        return seen - int(self.penalty[rows].sum())


def canonical_order(pole: Ints, cost_idr: Ints, signature: Hashes, *more: Ints | Bools) -> Ints:
    """Order candidates by what they are, so that the order they came in decides nothing.

    Parameters
    ----------
    pole : ndarray of int64, shape (n,)
        Pole number.
    cost_idr : ndarray of int64, shape (n,)
        Cost [Rp].
    signature : ndarray of uint64, shape (n,)
        Number of the set of cells.
    *more : ndarray, shape (n,)
        What else tells candidates apart.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows by pole, cost, set of cells, and the rest.
    """
    return np.lexsort((*reversed(more), signature, cost_idr, pole)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Rows:
    """Candidates as they were given.

    Attributes
    ----------
    indptr, indices : ndarray of int64, int32
        Cells seen by each candidate, compressed by rows.
    cost_idr, penalty, pole, payer : ndarray of int64, shape (n,)
        As in :class:`Reduced`.
    payers : Payers
        In which ways they can be paid.
    """

    indptr: Ints
    indices: Cells
    cost_idr: Ints
    penalty: Ints
    pole: Ints
    payer: Ints
    payers: Payers = field(default_factory=Payers.single)


def reduce_problem(
    rows: Rows,
    layers: Ints,
    district: Ints,
    *,
    signature: Hashes,
    order: Ints,
    allowed: Bools,
    pole_limit: Ints,
    dropped: dict[str, int],
) -> Reduced:
    """Leave out what cannot change the answer.

    Parameters
    ----------
    rows : Rows
        Candidates.
    layers : ndarray of int64, shape (k, m)
        Weight of each further view of each cell; 0 where a further view is worth nothing.
    district : ndarray of int64, shape (m,)
        District of each cell.
    signature : ndarray of uint64, shape (n,)
        Number of the set of cells of each candidate.
    order : ndarray of int64, shape (n,)
        Canonical order of the candidates.
    allowed : ndarray of bool, shape (n,)
        Candidates that may be chosen.
    pole_limit : ndarray of int64, shape (number of poles,)
        How many candidates of each pole may be chosen, by pole number.
    dropped : dict
        Counts to report besides those found here.

    Returns
    -------
    Reduced
        Allowed candidates that see a cell with weight, and the cells that one of them sees.
    """
    useful = layers[0] > 0
    is_repeat = allowed.copy()
    is_repeat[_first_of_each(rows, signature, order[allowed[order]])] = False
    is_repeat &= (pole_limit == 1)[rows.pole]  # where a pole carries several, twins are two views
    allowed = allowed & ~is_repeat
    n_seen = gathered_sums(useful.astype(np.int64), rows.indptr, rows.indices)
    kept = order[allowed[order] & (n_seen[order] > 0)]
    starts = np.concatenate(([0], np.cumsum(n_seen[kept]))).astype(np.int64)
    entries = np.empty(int(starts[-1]), np.int32)
    for low, high in row_chunks(np.concatenate(([0], np.cumsum(np.diff(rows.indptr)[kept])))):
        part = concatenate_rows(rows.indptr, rows.indices, kept[low:high])[0]
        entries[starts[low] : starts[high]] = part[useful[part]]
    reachable = np.zeros(layers.shape[1], np.bool_)
    reachable[entries] = True
    cells = np.flatnonzero(reachable)
    number = np.full(layers.shape[1], -1, np.int32)
    number[cells] = np.arange(len(cells), dtype=np.int32)
    poles, dense_pole = np.unique(rows.pole[kept], return_inverse=True)
    return Reduced(
        candidate=kept,
        cost_idr=rows.cost_idr[kept],
        penalty=rows.penalty[kept],
        pole=dense_pole.astype(np.int64),
        pole_limit=pole_limit[poles],
        payer=rows.payer[kept],
        payers=rows.payers,
        layers=layers[:, cells],
        cell=cells,
        district=district[cells],
        indptr=starts,
        indices=number[entries],
        dropped={
            **dropped,
            "candidates_not_allowed": int((~allowed & ~is_repeat).sum()),
            "candidates_repeated": int(is_repeat.sum()),
            "candidates_without_new_cells": int((allowed & (n_seen == 0)).sum()),
            "cells_out_of_reach": int((useful & ~reachable).sum()),
        },
    )


def _first_of_each(rows: Rows, signature: Hashes, order: Ints) -> Ints:
    """Leave out candidates that another one of the same pole, paid alike and no dearer, is equal to."""
    by_kind = np.lexsort(
        (np.arange(len(order)), *(part[order] for part in (rows.penalty, rows.payer, signature, rows.pole)))
    )
    keys = [part[order][by_kind] for part in (rows.penalty, rows.payer, signature, rows.pole)]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = np.any([part[1:] != part[:-1] for part in keys], axis=0)
    return order[np.sort(by_kind[is_first])]
