"""What a camera sent, before anybody has decoded it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["jpeg", "h264", "hevc", "mpegts", "mp4"]


@dataclass(frozen=True)
class Media:
    """Bytes of one picture, unchecked: a JPEG, the key frame of a video, or a short piece of a video.

    Attributes
    ----------
    kind : {"jpeg", "h264", "hevc", "mpegts", "mp4"}
        How to decode it.
    data : bytes
        A JPEG file, an access unit with start codes (ITU-T H.264 and H.265, annex B), or a segment.
    taken_at : datetime
        When it arrived, aware.
    """

    kind: Kind
    data: bytes
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def age_s(self) -> float:
        """How old it is [s]."""
        return (datetime.now(UTC) - self.taken_at).total_seconds()
