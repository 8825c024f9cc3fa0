"""Read HLS playlists (RFC 8216) ourselves: which variant, which newest segment; every address is checked again."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urljoin

from cctv.errors import SnapshotError

MOST_BYTES = 262_144
KINDS = ("application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl")
_BANDWIDTH = re.compile(r"[:,]BANDWIDTH=(\d{1,12})")
_MAP = re.compile(r'^#EXT-X-MAP:.*URI="([^"]+)"')
_DURATION = re.compile(r"^#EXTINF:(\d{1,6}(?:\.\d{1,9})?)")
_REFUSED = ("#EXT-X-BYTERANGE", "#EXT-X-KEY:METHOD=AES", "#EXT-X-KEY:METHOD=SAMPLE")


@dataclass(frozen=True)
class Segment:
    """The newest piece of video.

    Attributes
    ----------
    address : str
        Where it is.
    start_address : str
        Where the head of the file is (EXT-X-MAP), empty if the segment stands alone.
    starts_at : datetime
        When its first picture was taken; where the playlist does not say, now less its length, aware.
    """

    address: str
    start_address: str
    starts_at: datetime


def read_playlist(text: str, address: str, now: datetime) -> str | Segment:
    """Read a playlist.

    Parameters
    ----------
    text : str
        The playlist.
    address : str
        Where it came from; relative addresses belong to it.
    now : datetime
        When it came, aware.

    Returns
    -------
    str or Segment
        Address of the variant with the least data, or the newest segment.

    Raises
    ------
    SnapshotError
        ``garbage`` if it is no playlist or names nothing, ``unreadable`` if its segments are encrypted.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != "#EXTM3U":
        raise SnapshotError("garbage", "no playlist")
    if any(line.startswith(_REFUSED) for line in lines):
        raise SnapshotError("unreadable", "segments that are encrypted or parts of files")
    variants = [
        (int(found[1]), below)
        for line, below in pairwise(lines)
        if line.startswith("#EXT-X-STREAM-INF") and not below.startswith("#") and (found := _BANDWIDTH.search(line))
    ]
    if variants:
        return urljoin(address, min(variants)[1])
    return _newest(lines, address, now)


def _newest(lines: list[str], address: str, now: datetime) -> Segment:
    found, head, stamp, length_s = None, "", None, 0.0
    for line in lines:
        if mapped := _MAP.match(line):
            head = urljoin(address, mapped[1])
        elif duration := _DURATION.match(line):
            length_s = float(duration[1])
        elif line.startswith("#EXT-X-PROGRAM-DATE-TIME:"):
            stamp = _moment(line.partition(":")[2])
        elif not line.startswith("#"):
            starts_at = min(stamp or now, now - timedelta(seconds=length_s))
            found = Segment(urljoin(address, line), head, starts_at)
            stamp = stamp + timedelta(seconds=length_s) if stamp else None
    if found is None:
        raise SnapshotError("garbage", "a playlist without segments")
    return found


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
