"""A smaller siting problem: some of the candidates, and one cell for all cells that the same candidates see."""

from dataclasses import dataclass, replace

import numpy as np

from coverage.packed_rows import Bools, Cells, Ints, concatenate_rows, mixed_numbers
from coverage.presolve import Reduced


@dataclass(frozen=True, eq=False)
class Kernel:
    """Part of a problem, and the way back.

    Attributes
    ----------
    problem : Reduced
        The part; its candidates are numbered anew, in the same order.
    rows : ndarray of int64, shape (n,)
        Candidates of the whole problem that it has.
    group : ndarray of int64, shape (number of cells of the whole problem,)
        Cell of the part in which each cell went; -1 for a cell that none of its candidates sees.
    """

    problem: Reduced
    rows: Ints
    group: Ints

    def place_of(self, rows: Ints) -> Ints:
        """Give candidates of the whole problem their numbers in the part; they must all be in it.

        Parameters
        ----------
        rows : ndarray of int64
            Candidates of the whole problem.

        Returns
        -------
        ndarray of int64
            The same in the part.
        """
        return np.searchsorted(self.rows, rows).astype(np.int64)


def kernel_of(whole: Reduced, keep: Bools) -> Kernel:
    """Keep some candidates, and merge the cells of a district that they cannot tell apart.

    Parameters
    ----------
    whole : Reduced
        Problem.
    keep : ndarray of bool, shape (n,)
        Candidates to keep.

    Returns
    -------
    Kernel
        Every choice among the kept candidates has the same value in both problems.

    Notes
    -----
    Two cells are merged if the sums of two independent random numbers of the candidates that see them agree (128 bits),
    so that no two different cells can be expected to be merged, ever. Merging adds up weights view
    by view; that keeps the value exact because merged cells are always seen equally often.
    """
    rows = np.flatnonzero(keep)
    entries, length = concatenate_rows(whole.indptr, whole.indices, rows)
    mixed = mixed_numbers(2 * len(rows)).view(np.int64)
    place = np.repeat(np.arange(len(rows)), length)
    sums = [_sums(entries, mixed[half::2][place], whole.n_cells) for half in (0, 1)]
    seen = np.zeros(whole.n_cells, np.bool_)
    seen[entries] = True
    cells = np.flatnonzero(seen)
    keys = np.stack([*(part[cells] for part in sums), whole.district[cells]], axis=1)
    order = np.lexsort(keys.T)
    is_new = np.ones(len(cells), np.bool_)
    is_new[1:] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    group = np.full(whole.n_cells, -1, np.int64)
    group[cells[order]] = np.cumsum(is_new) - 1
    leader = np.zeros(whole.n_cells, np.bool_)
    leader[cells[order[is_new]]] = True
    stays = leader[entries]
    layers = np.stack(
        [
            np.bincount(group[cells], layer[cells].astype(np.float64), int(is_new.sum())).astype(np.int64)
            for layer in whole.layers
        ]
    )
    lengths = np.bincount(place[stays], minlength=len(rows))
    poles, pole = np.unique(whole.pole[rows], return_inverse=True)
    problem = replace(
        whole,
        candidate=whole.candidate[rows],
        cost_idr=whole.cost_idr[rows],
        penalty=whole.penalty[rows],
        payer=whole.payer[rows],
        pole=pole.astype(np.int64),
        pole_limit=whole.pole_limit[poles],
        layers=layers,
        cell=whole.cell[cells[order[is_new]]],
        district=whole.district[cells[order[is_new]]],
        indptr=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        indices=group[entries[stays]].astype(np.int32),
        dropped={},
    )
    return Kernel(problem, rows, group)


def _sums(place: Ints | Cells, values: Ints, length: int) -> Ints:
    """Add up values by place, modulo 2**64."""
    low = np.bincount(place, (values & 0xFFFFFFFF).astype(np.float64), length).astype(np.int64)
    high = np.bincount(place, (values >> 32).astype(np.float64), length).astype(np.int64)
    return low + (high << 32)
