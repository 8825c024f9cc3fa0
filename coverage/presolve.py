"""Shrink a siting problem before it is solved: a fixed order of candidates, no cell that cannot change anything."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Bools = NDArray[np.bool_]

Whole = TypeVar("Whole", np.int64, np.uint64)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, eq=False)
class Reduced:
    """What is left of a siting problem, with the candidates in canonical order and hence sorted by pole.

    Attributes
    ----------
    candidate : ndarray of int64, shape (n,)
        Row of each candidate in the problem that was reduced.
    cost_idr : ndarray of int64, shape (n,)
        Cost [Rp].
    pole : ndarray of int64, shape (n,)
        Pole number from 0, never falling.
    weight : ndarray of int64, shape (m,)
        Weight of the cells that are left, all above 0.
    indptr, indices : ndarray of int64
        Cells seen by each candidate, compressed by rows.
    dropped : dict
        How many candidates and cells were left out, and why.
    """

    candidate: Ints
    cost_idr: Ints
    pole: Ints
    weight: Ints
    indptr: Ints
    indices: Ints
    dropped: dict[str, int]

    @property
    def n_candidates(self) -> int:
        """How many candidates are left."""
        return len(self.candidate)

    @property
    def n_cells(self) -> int:
        """How many cells are left."""
        return len(self.weight)

    @cached_property
    def matrix(self) -> csr_array:
        """Candidates x cells as floats, for products with cell prices."""
        ones = np.ones(len(self.indices))
        return csr_array((ones, self.indices, self.indptr), shape=(self.n_candidates, self.n_cells))

    @cached_property
    def seen_by(self) -> tuple[Ints, Ints]:
        """Candidates that see each cell, compressed by cells."""
        ones = np.ones(len(self.indices), np.int8)
        by_cell = csr_array((ones, self.indices, self.indptr), shape=(self.n_candidates, self.n_cells)).tocsc()
        return by_cell.indptr.astype(np.int64), by_cell.indices.astype(np.int64)

    def cells_of(self, row: int) -> Ints:
        """List the cells that a candidate sees.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        ndarray of int64
            Cells, numbered as in this object.
        """
        return self.indices[self.indptr[row] : self.indptr[row + 1]]


def row_sums(values: NDArray[Whole], indptr: Ints) -> NDArray[Whole]:
    """Add up the values of each row exactly.

    Parameters
    ----------
    values : ndarray of int64 or uint64, shape (nnz,)
        One value per entry.
    indptr : ndarray of int64, shape (n + 1,)
        Where each row starts.

    Returns
    -------
    ndarray, shape (n,)
        Sums, 0 for an empty row; unsigned values wrap.
    """
    running = np.zeros(len(values) + 1, values.dtype)
    np.cumsum(values, out=running[1:])
    sums = running[indptr[1:]]
    sums -= running[indptr[:-1]]
    return sums


def concatenate_rows(indptr: Ints, indices: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Give the entries of some rows one after the other, without a loop.

    Parameters
    ----------
    indptr, indices : ndarray of int64
        Compressed rows.
    rows : ndarray of int64, shape (k,)
        Which rows.

    Returns
    -------
    entries : ndarray of int64
        Entries of all the rows.
    length : ndarray of int64, shape (k,)
        How many of them each row has.
    """
    start = indptr[rows]
    length = indptr[rows + 1] - start
    shift = np.repeat(start - np.cumsum(length) + length, length)
    return indices[shift + np.arange(len(shift))], length


def row_signatures(indptr: Ints, indices: Ints, n_cells: int) -> Hashes:
    """Give each row a number by what it holds, independent of where the row stands.

    Parameters
    ----------
    indptr, indices : ndarray of int64
        Compressed rows.
    n_cells : int
        How many columns there are.

    Returns
    -------
    ndarray of uint64, shape (n,)
        Equal rows have equal numbers.

    Notes
    -----
    Sum modulo 2**64 of a mixed number (splitmix64) of each cell. Two different rows with the same number would only
    change which of two equally good candidates is taken.
    """
    mixed: Hashes = np.arange(1, n_cells + 1, dtype=np.uint64) * _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_A
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_B
    mixed ^= mixed >> np.uint64(31)
    return row_sums(mixed[indices], indptr)


def canonical_order(pole: Ints, cost_idr: Ints, signature: Hashes) -> Ints:
    """Order candidates by what they are, so that the order they came in decides nothing.

    Parameters
    ----------
    pole : ndarray of int64, shape (n,)
        Pole number.
    cost_idr : ndarray of int64, shape (n,)
        Cost [Rp].
    signature : ndarray of uint64, shape (n,)
        Number of the set of cells.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows by pole, cost, set of cells.
    """
    return np.lexsort((signature, cost_idr, pole)).astype(np.int64)


def reduce_problem(
    rows_of_cells: tuple[Ints, Ints],
    weight: Ints,
    cost_idr: Ints,
    pole: Ints,
    *,
    order: Ints,
    allowed: Bools,
    open_cell: Bools,
) -> Reduced:
    """Leave out what cannot change the answer.

    Parameters
    ----------
    rows_of_cells : tuple of ndarray of int64
        Cells seen by each candidate: where each row starts, and the cells.
    weight : ndarray of int64, shape (m,)
        Weight of the cells.
    cost_idr : ndarray of int64, shape (n,)
        Cost [Rp].
    pole : ndarray of int64, shape (n,)
        Pole number.
    order : ndarray of int64, shape (n,)
        Canonical order of the candidates.
    allowed : ndarray of bool, shape (n,)
        Candidates that may be chosen.
    open_cell : ndarray of bool, shape (m,)
        Cells that nobody sees yet.

    Returns
    -------
    Reduced
        Allowed candidates that see an open cell with weight, and the cells that one of them sees.
    """
    indptr, indices = rows_of_cells
    useful = open_cell & (weight > 0)
    n_seen = row_sums(useful[indices].astype(np.int64), indptr)
    rows = order[allowed[order] & (n_seen[order] > 0)]
    entries, length = concatenate_rows(indptr, indices, rows)
    is_useful = useful[entries]
    lengths = row_sums(is_useful.astype(np.int64), np.concatenate(([0], np.cumsum(length))))
    entries = entries[is_useful]
    reachable = np.zeros(len(weight), np.bool_)
    reachable[entries] = True
    cells = np.flatnonzero(reachable)
    number = np.full(len(weight), -1, np.int64)
    number[cells] = np.arange(len(cells))
    _, dense_pole = np.unique(pole[rows], return_inverse=True)
    return Reduced(
        candidate=rows,
        cost_idr=cost_idr[rows],
        pole=dense_pole.astype(np.int64),
        weight=weight[cells],
        indptr=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        indices=number[entries],
        dropped={
            "candidates_not_allowed": int((~allowed).sum()),
            "candidates_without_new_cells": int((allowed & (n_seen == 0)).sum()),
            "cells_without_weight": int((weight <= 0).sum()),
            "cells_already_seen": int((~open_cell & (weight > 0)).sum()),
            "cells_out_of_reach": int((useful & ~reachable).sum()),
        },
    )
