"""What a camera has sent since somebody last looked: enough to decode the newest picture, and nothing older."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cctv.live.media import Kind, Media

MOST_UNITS, MOST_BYTES = 600, 16_000_000


@dataclass(frozen=True)
class Piece:
    """Some of a video, to be decoded in one go.

    Attributes
    ----------
    kind : str
        As of :class:`cctv.live.media.Media`.
    units : tuple of bytes
        Pictures one after the other as they were coded.
    is_start : bool
        Whether the first one needs none before it.
    taken_at : datetime
        When the last one came, aware.
    """

    kind: Kind
    units: tuple[bytes, ...]
    is_start: bool
    taken_at: datetime


@dataclass(eq=False)
class Inbox:
    """Filled by a camera and emptied by a decoder, both on one event loop.

    Attributes
    ----------
    came : Event
        Set while there is something.
    newest : Media or None
        The newest picture that needs none before it.
    """

    newest: Media | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    _kind: Kind = "jpeg"
    _units: list[bytes] = field(default_factory=list)
    _is_start: bool = False
    _is_broken: bool = True
    _taken_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def put(self, kind: Kind, unit: bytes, *, is_key: bool, taken_at: datetime | None = None) -> None:
        """Take a coded picture in; what comes before a picture that needs none before it is not needed any more.

        Parameters
        ----------
        kind : str
            As of :class:`cctv.live.media.Media`.
        unit : bytes
            The picture.
        is_key : bool
            Whether it needs none before it.
        taken_at : datetime, optional
            When it came; now by default.
        """
        if is_key:
            self.newest = Media(kind, unit, taken_at or datetime.now(UTC))
            self._units, self._is_start, self._is_broken = [], True, False
        if self._is_broken:
            return
        if len(self._units) >= MOST_UNITS or sum(map(len, self._units)) > MOST_BYTES:
            self.lose()
            return
        self._kind, self._taken_at = kind, taken_at or datetime.now(UTC)
        self._units.append(unit)
        self.came.set()

    def lose(self) -> None:
        """Note that something is missing: nothing can be decoded before the next picture that needs none before it."""
        self._units, self._is_start, self._is_broken = [], False, True
        self.came.clear()

    def has_gap(self) -> None:
        """Note that something is missing after what is here."""
        self._is_broken = True

    def take(self) -> Piece | None:
        """Take out all that has come.

        Returns
        -------
        Piece or None
            None if nothing has.
        """
        self.came.clear()
        if not self._units:
            return None
        piece = Piece(self._kind, tuple(self._units), self._is_start, self._taken_at)
        self._units, self._is_start = [], False
        return piece
