"""Keep pictures ready before anybody asks: new ones of the cameras that people look at, old ones of all the others.

Warm are the cameras on saved walls and those that somebody looked at or pointed at lately; their kept picture is never
much older than :data:`REFRESH_S`. All others are visited by a slow sweep, so that there is a last picture to show when
one fails. Both together take no more than a share of one processor, and give way to people who wait.
"""

import threading
import time
from bisect import bisect_right

from cctv.live.decoding import Decoders
from cctv.live.pictures import Pictures

#: A warm picture is made anew at this age, if the share of the processor allows it.
REFRESH_S = 4.5
#: No work in advance while people wait for so many pictures.
CROWD = 3
_REST_S, _LONGEST_S = 0.2, 5.0


class Warming:
    """Works in a thread of its own; what it is told may be changed at any time.

    Parameters
    ----------
    pictures : Pictures
        Whose pictures are kept ready.
    decoders : Decoders
        Tell what decoding has cost so far.
    most : int
        Cameras that are kept warm; the ones looked at latest come first, then the pinned ones.
    share : float
        Share of one processor for work in advance.
    warm_s : float
        How long a camera stays warm after somebody looked [s].
    sweep_s : float
        Age at which the sweep makes a picture anew [s]; 0 for no sweep.
    """

    def __init__(
        self, pictures: Pictures, decoders: Decoders, *, most: int, share: float, warm_s: float, sweep_s: float
    ) -> None:
        self._pictures, self._decoders = pictures, decoders
        self._most, self._share, self._warm_s, self._sweep_s = most, share, warm_s, sweep_s
        self._pinned: dict[str, str] = {}
        self._rest: dict[str, str] = {}
        self._pointed: dict[str, tuple[str, float]] = {}
        self._warm_turn, self._sweep_turn = _Turn(pictures), _Turn(pictures)

    def tell(self, pinned: dict[str, str], rest: dict[str, str]) -> None:
        """Say which cameras there are.

        Parameters
        ----------
        pinned, rest : dict
            Camera to address: always warm, and visited by the sweep.
        """
        self._pinned, self._rest = pinned, rest

    def point(self, cameras: dict[str, str]) -> None:
        """Say which cameras somebody will probably look at next.

        Parameters
        ----------
        cameras : dict
            Camera to address.
        """
        until = time.monotonic() + self._warm_s / 10
        pointed = {name: pair for name, pair in self._pointed.items() if pair[1] > time.monotonic()}
        self._pointed = pointed | {name: (address, until) for name, address in cameras.items()}

    def warm(self) -> dict[str, str]:
        """List the warm cameras.

        Returns
        -------
        dict
            Camera to address, no more than allowed.
        """
        now = time.monotonic()
        pointed = [(name, address) for name, (address, until) in self._pointed.items() if until > now]
        ranked = dict([*self._pictures.viewed(self._warm_s), *pointed, *self._pinned.items()])
        return dict(list(ranked.items())[: self._most])

    def run(self, ending: threading.Event) -> None:
        """Work until it is over.

        Parameters
        ----------
        ending : Event
            Set at the end.
        """
        while not ending.wait(self._step()):
            continue

    def _step(self) -> float:
        """Begin one picture; give the pause after it [s]."""
        if self._pictures.n_flights >= CROWD:
            return _REST_S
        warm = self.warm()
        rest = {name: address for name, address in self._rest.items() if name not in warm}
        if not self._warm_turn.begin(warm, REFRESH_S) and not (
            self._sweep_s and self._sweep_turn.begin(rest, self._sweep_s, brief=True)
        ):
            return _REST_S
        return min(self._decoders.mean_s / self._share, _LONGEST_S)


class _Turn:
    """Goes round cameras, so that each gets its turn when not all can be served."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._last = ""

    def begin(self, cameras: dict[str, str], older_than_s: float, *, brief: bool = False) -> bool:
        """Begin with the next camera that is due; False if none is."""
        names = sorted(cameras)
        start = bisect_right(names, self._last)
        for name in [*names[start:], *names[:start]]:
            if self._pictures.refresh(name, cameras[name], older_than_s, brief=brief):
                self._last = name
                return True
        return False
