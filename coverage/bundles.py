"""Bundles of cells that nearly the same candidates see: prices for all candidates at a fraction of the work."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from coverage.packed_rows import Ints, mixed_numbers, row_chunks
from coverage.presolve import Reduced

N_LOTS = 2


def bundle(problem: Reduced) -> tuple[Reduced, Ints]:
    """Put cells in bundles; prices of bundles are prices of cells, only with fewer to choose from.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.

    Returns
    -------
    bundled : Reduced
        The same candidates; a candidate sees a share of the weight of a bundle.
    group : ndarray of int64, shape (number of cells,)
        Bundle of each cell.

    Notes
    -----
    Each candidate draws a lot (a fixed pseudo-random number) twice; cells go together if the same candidates won the
    smallest lot among those that see them, both times. Two cells end up together with a probability that is the square
    of the overlap of their viewers (min-wise hashing [1]_).

    References
    ----------
    .. [1] Broder (1997), On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900.
    """
    indptr, viewers = problem.seen_by
    lots = mixed_numbers(N_LOTS * problem.n_candidates)
    key = np.zeros(problem.n_cells, np.uint64)
    for turn in range(N_LOTS):
        lot = lots[turn::N_LOTS]
        key = key * np.uint64(3) + np.minimum.reduceat(lot[viewers], indptr[:-1])
    group = np.unique(key, return_inverse=True)[1].astype(np.int64)
    n_bundles = int(group.max()) + 1
    layers = np.stack([_sums(group, layer, n_bundles) for layer in problem.layers])
    ones, starts = np.ones(problem.n_cells, np.float32), np.arange(problem.n_cells + 1)
    into = csr_array((ones, group, starts), shape=(problem.n_cells, n_bundles))
    weight, parts = problem.weight.astype(np.float32), list[csr_array]()
    for low, high in row_chunks(problem.indptr):
        cells = problem.indices[problem.indptr[low] : problem.indptr[high]]
        start = problem.indptr[low : high + 1] - problem.indptr[low]
        parts.append(csr_array(csr_array((weight[cells], cells, start), shape=(high - low, problem.n_cells)) @ into))
    joined = csr_array(vstack(parts, format="csr"))
    share = joined.data / layers[0][joined.indices].astype(np.float32)
    bundled = replace(
        problem, layers=layers, cell=np.arange(n_bundles), district=np.zeros(n_bundles, np.int64),
        indptr=joined.indptr.astype(np.int64),
        indices=joined.indices.astype(np.int32), share=share,
    )  # fmt: skip
    return bundled, group


def _sums(group: Ints, values: Ints, length: int) -> Ints:
    return np.bincount(group, values.astype(np.float64), length).astype(np.int64)
