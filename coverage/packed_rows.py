"""Arithmetic on compressed rows: exact sums, rows one after the other, numbers that tell rows apart."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Cells = NDArray[np.int32]
Singles = NDArray[np.float32]
Hashes = NDArray[np.uint64]
Bools = NDArray[np.bool_]

Whole = TypeVar("Whole", np.int64, np.uint64)
Entry = TypeVar("Entry", np.int32, np.int64, np.float32)

CHUNK = 4_000_000  # entries worked on at a time: 32 MB

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


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


def gathered_sums(values: NDArray[Whole], indptr: Ints, indices: Cells) -> NDArray[Whole]:
    """Add up, for each row, the values of the cells that it holds: exact, and without a copy as large as the matrix.

    Parameters
    ----------
    values : ndarray of int64 or uint64, shape (m,)
        One value per cell.
    indptr, indices : ndarray of int64, int32
        Compressed rows.

    Returns
    -------
    ndarray, shape (n,)
        Sums.
    """
    sums = np.zeros(len(indptr) - 1, values.dtype)
    for low, high in row_chunks(indptr):
        part = indices[indptr[low] : indptr[high]]
        sums[low:high] = row_sums(values[part], indptr[low : high + 1] - indptr[low])
    return sums


def row_chunks(indptr: Ints) -> Iterator[tuple[int, int]]:
    """Split rows so that each part has few enough entries to be worked on at once.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n + 1,)
        Where each row starts.

    Yields
    ------
    tuple of int
        First row, and the row after the last one.
    """
    low = 0
    while low < len(indptr) - 1:
        high = max(low + 1, int(np.searchsorted(indptr, indptr[low] + CHUNK, side="right")) - 1)
        yield low, high
        low = high


def concatenate_rows(indptr: Ints, indices: NDArray[Entry], rows: Ints) -> tuple[NDArray[Entry], Ints]:
    """Give the entries of some rows one after the other, without a loop.

    Parameters
    ----------
    indptr, indices : ndarray of int64 or int32
        Compressed rows.
    rows : ndarray of int64, shape (k,)
        Which rows.

    Returns
    -------
    entries : ndarray of int64 or int32
        Entries of all the rows.
    length : ndarray of int64, shape (k,)
        How many of them each row has.
    """
    start = indptr[rows]
    length = indptr[rows + 1] - start
    shift = np.repeat(start - np.cumsum(length) + length, length)
    return indices[shift + np.arange(len(shift))], length


def row_signatures(indptr: Ints, indices: Cells, n_cells: int) -> Hashes:
    """Give each row a number by what it holds, independent of where the row stands.

    Parameters
    ----------
    indptr, indices : ndarray of int64, int32
        Compressed rows.
    n_cells : int
        How many columns there are.

    Returns
    -------
    ndarray of uint64, shape (n,)
        Equal rows have equal numbers.

    Notes
    -----
    Sum modulo 2**64 of a mixed number of each cell. Two different rows with the same number would only
    change which of two equally good candidates is taken.
    """
    return gathered_sums(mixed_numbers(n_cells), indptr, indices)


def mixed_numbers(count: int) -> Hashes:
    """Give each number from 1 up another that looks random (splitmix64).

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    ndarray of uint64, shape (count,)
        Always the same.
    """
    mixed: Hashes = np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_A
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_B
    return mixed ^ (mixed >> np.uint64(31))
