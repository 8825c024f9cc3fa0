"""Who pays a candidate: several ways to pay, each counting against limits; what is left of them, and what it costs."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from coverage.packed_rows import Bools, Ints

Price = TypeVar("Price", np.int64, np.float64)

BOUNDLESS_IDR = 2**62
CLOSED = 2**60  # price of a Rupiah that is paid in a way that is not open


@dataclass(frozen=True, eq=False)
class Payers:
    """Groups of candidates that are paid alike.

    Attributes
    ----------
    uses : ndarray of bool, shape (number of payers, number of ways, number of limits)
        Limits that a candidate counts against, by who pays it and in which way: a year, a source of funds.
    exists : ndarray of bool, shape (number of payers, number of ways)
        Ways that are open to each payer.
    """

    uses: Bools
    exists: Bools

    @classmethod
    def single(cls) -> "Payers":
        """Make one payer without limits.

        Returns
        -------
        Payers
            For problems in which only the total counts.
        """
        return cls(np.zeros((1, 1, 0), np.bool_), np.ones((1, 1), np.bool_))

    @property
    def n_ways(self) -> int:
        """How many ways to pay there are at the most."""
        return int(self.uses.shape[1])

    @property
    def n_limits(self) -> int:
        """How many limits there are."""
        return int(self.uses.shape[2])

    @cached_property
    def limits_of(self) -> list[list[list[int]]]:
        """Limits that each way of each payer counts against."""
        return [[np.flatnonzero(way).tolist() for way in ways] for ways in self.uses]

    @cached_property
    def ways_of(self) -> list[list[int]]:
        """Ways that are open to each payer."""
        return [np.flatnonzero(ways).tolist() for ways in self.exists]

    def room(self, left_idr: tuple[int, ...] | list[int]) -> Ints:
        """Tell what the dearest candidate of each payer may cost.

        Parameters
        ----------
        left_idr : sequence of int, one per limit
            What is left of each limit [Rp].

        Returns
        -------
        ndarray of int64, shape (number of payers,)
            Room of the way that has most; very much where no limit counts, below 0 where no way is open [Rp].
        """
        left = np.broadcast_to(np.array(left_idr, np.int64), self.uses.shape)
        rooms = left.min(axis=2, initial=BOUNDLESS_IDR, where=self.uses)
        return rooms.max(axis=1, initial=-1, where=self.exists)

    def way(self, payer: int, left_idr: list[int]) -> int:
        """Choose the way to pay that has most room; the last one if several have.

        Parameters
        ----------
        payer : int
            Who pays.
        left_idr : list of int
            What is left of each limit [Rp].

        Returns
        -------
        int
            The way. Where money is carried over, a later year has at least the room of an earlier one.
        """
        limits = self.limits_of[payer]
        rooms = [
            (min((left_idr[one] for one in limits[way]), default=BOUNDLESS_IDR), way) for way in self.ways_of[payer]
        ]
        return max(rooms)[1]

    def price(self, limit_price: NDArray[Price]) -> NDArray[Price]:
        """Give the price of a Rupiah of each payer besides that of the total: that of its cheapest way.

        Parameters
        ----------
        limit_price : ndarray, shape (number of limits,)
            Price of a Rupiah of each limit.

        Returns
        -------
        ndarray, shape (number of payers,)
            Prices, of the type that was given.
        """
        return self.way_price(limit_price).min(axis=1)

    def way_price(self, limit_price: NDArray[Price]) -> NDArray[Price]:
        """Give the price of a Rupiah of each way.

        Parameters
        ----------
        limit_price : ndarray, shape (number of limits,)
            Price of a Rupiah of each limit.

        Returns
        -------
        ndarray, shape (number of payers, number of ways)
            Sums; very high for ways that are not open.
        """
        price = (self.uses * limit_price).sum(axis=2, dtype=limit_price.dtype)
        return np.where(self.exists, price, limit_price.dtype.type(CLOSED))
