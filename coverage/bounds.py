"""Certified upper bound on what any choice within the budget can see: Lagrangian prices, evaluated in whole numbers.

For any prices 0 <= y_j <= w_j1 of a view of a cell, any price lam >= 0 of a Rupiah of the total and any prices
mu_e >= 0 of a Rupiah of each limit,

    optimum <= lam B + sum_e mu_e B_e + sum_j sum_l max(0, w_jl - y_j)
               + sum over poles g of the q_g largest of max(0, sum_{j seen by i} y_j - p_i - (lam + m_i) c_i)

where w_jl is the weight of view l of cell j, p_i the penalty of candidate i, q_g how many a pole may carry, and m_i the
sum of the prices of the limits that the cheapest way to pay candidate i counts against: no way costs less. The
prices are searched in floats, then rounded to multiples of a power of two, and the formula is evaluated again in whole
numbers: rounding the prices keeps the bound valid, and whole numbers cannot end below the truth.
"""

from fractions import Fraction

import numpy as np

from coverage.money import Cut, Money
from coverage.packed_rows import Bools, Ints, gathered_sums
from coverage.presolve import Reduced
from coverage.prices import Prices

MOST_PRICE_BITS = 20
WHOLE_NUMBER_BITS = 60


def trivial_cut(problem: Reduced) -> Cut:
    """Give the plane that says: nobody can see more than everything.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.

    Returns
    -------
    Cut
        Level plane.
    """
    return Cut(Fraction(0), Fraction(int(problem.layers.sum())))


def exact_cut(problem: Reduced, usable: Bools, prices: Prices) -> tuple[Cut, Ints] | None:
    """Evaluate the formula in whole numbers at rounded prices.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    usable : ndarray of bool, shape (n,)
        Candidates that can be paid at all with the largest budget the plane is to hold for.
    prices : Prices
        Prices of cells and money.

    Returns
    -------
    tuple of Cut and ndarray of int64, or None
        The plane, and for each candidate a whole number that is at least how far it would lower the plane if it had to
        be chosen; None if the numbers would not fit in 64 bits.
    """
    lam = prices.idr + problem.payers.price(prices.limit_idr)[problem.payer]
    dearest = float((lam * problem.cost_idr)[usable].max()) if usable.any() else 0.0
    largest = max(int(problem.weight.sum()), int(dearest) + 1, int(problem.penalty.max(initial=0)))
    spare_bits = WHOLE_NUMBER_BITS - largest.bit_length()
    if spare_bits < 0:
        return None
    unit = 1 << min(spare_bits, MOST_PRICE_BITS)
    fine = 1 << max(0, spare_bits - MOST_PRICE_BITS)
    whole_prices = np.clip(np.rint(prices.cell.astype(np.float64) * unit).astype(np.int64), 0, problem.weight * unit)
    whole_lam = round(Fraction(prices.idr) * unit * fine)
    most = 2**WHOLE_NUMBER_BITS // (len(prices.limit_idr) + 1)  # a lower price is a price, too
    whole_limit = [min(round(Fraction(price) * unit * fine), most) for price in prices.limit_idr.tolist()]
    per_idr = whole_lam + problem.payers.price(np.array(whole_limit, np.int64))[problem.payer]
    worth = gathered_sums(whole_prices, problem.indptr, problem.indices) - problem.penalty * unit
    surplus = np.where(usable, worth * fine - per_idr * np.where(usable, problem.cost_idr, 0), -1)
    best = _best_per_pole(problem, surplus)
    # Python's own whole numbers from here on: a sum of 60-bit numbers does not fit in 64 bits
    per_pole = sum(surplus[best].tolist())
    unpriced = sum(int(np.maximum(layer * unit - whole_prices, 0).sum()) for layer in problem.layers) * fine
    whole = unit * fine
    per_limit = tuple(Fraction(price, whole) for price in whole_limit)
    cut = Cut(Fraction(whole_lam, whole), Fraction(unpriced + per_pole, whole), per_limit)
    return cut, _lowering(problem, surplus, best) // whole


def _best_per_pole(problem: Reduced, surplus: Ints) -> Ints:
    rows = np.flatnonzero(surplus > 0)
    rows = rows[np.lexsort((-surplus[rows], problem.pole[rows]))]
    pole = problem.pole[rows]
    starts = np.flatnonzero(np.diff(pole, prepend=-1))
    place = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    return rows[place < problem.pole_limit[pole]]


def _lowering(problem: Reduced, surplus: Ints, best: Ints) -> Ints:
    """Tell by how much the plane falls if a candidate must be chosen: it replaces the worst of the best of its pole."""
    n_poles = len(problem.pole_limit)
    count = np.bincount(problem.pole[best], minlength=n_poles)
    worst = np.full(n_poles, np.iinfo(np.int64).max)
    np.minimum.at(worst, problem.pole[best], surplus[best])
    replaced = np.where(count >= problem.pole_limit, worst, 0)[problem.pole]
    lowering = np.maximum(replaced - surplus, 0)
    lowering[best] = 0
    return lowering


def plane_at(problem: Reduced, money: Money, cuts: list[Cut]) -> Cut:
    """Choose the plane that is lowest for some money.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    cuts : list of Cut
        Planes.

    Returns
    -------
    Cut
        One of them, or that of everything.
    """
    return min([trivial_cut(problem), *cuts], key=lambda cut: cut.height(money))
