"""How long to work on an answer: by the clock, or a fixed number of moves that gives the same answer everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

#: Told the stage, how far it is (0 to 1), the best value and the bound so far; returns False to stop.
Report = Callable[[str, float, int, int], bool]


@dataclass
class Effort:
    """A limit of time or of moves, and somebody to report to.

    Attributes
    ----------
    time_limit_s : float
        Stop after this time [s]; not looked at if ``most_moves`` is given.
    most_moves : int, optional
        Stop after so many moves of the search; the answer then never depends on the clock.
    gap_target : float
        Stop once (bound - value) / bound is no larger.
    report : callable, optional
        Told what is happening; may ask to stop.
    pricing_share : float
        Share of the time that the search for prices may take.
    """

    time_limit_s: float
    most_moves: int | None = None
    gap_target: float = 0.0
    report: Report | None = None
    pricing_share: float = 0.5
    started_s: float = field(default_factory=monotonic)
    is_stopped: bool = False

    @property
    def elapsed_s(self) -> float:
        """Time since the start [s]."""
        return monotonic() - self.started_s

    @property
    def left_s(self) -> float:
        """Time that is left [s]."""
        return self.time_limit_s - self.elapsed_s

    def is_over(self, share: float = 1.0) -> bool:
        """Tell whether a share of the time is used up, or somebody asked to stop.

        Parameters
        ----------
        share : float
            Share of the time limit.

        Returns
        -------
        bool
            Never true because of the time if the moves are limited.
        """
        return self.is_stopped or (self.most_moves is None and self.elapsed_s >= share * self.time_limit_s)

    def tell(self, stage: str, share: float, value: int, bound: int) -> None:
        """Report, and remember if the answer is to stop.

        Parameters
        ----------
        stage : str
            What is being done.
        share : float
            How far it is, 0 to 1.
        value, bound : int
            Best so far.
        """
        if self.report is not None and not self.report(stage, share, value, bound):
            self.is_stopped = True

    def is_close(self, value: int, bound: int) -> bool:
        """Tell whether the gap is small enough.

        Parameters
        ----------
        value, bound : int
            Best so far.

        Returns
        -------
        bool
            Whether the target is met.
        """
        return bound - value <= self.gap_target * bound
