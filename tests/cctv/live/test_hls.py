"""HLS: the newest segment of the smallest variant; every address in a playlist is checked like any other."""

import io
import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
import numpy as np
import pytest

from cctv.errors import SnapshotError
from cctv.live.client import PictureClient
from cctv.live.hls import Segment, read_playlist
from cctv.live.jpeg import size_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MASTER = (
    "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nbig.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS=x\nsub/small.m3u8\n"
)
LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\na.ts\n#EXTINF:2.0,\nb.ts\n"


@pytest.fixture
def client():
    one = PictureClient(())
    yield one
    one.close()


@pytest.fixture(scope="module")
def segment() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 320, 180, "yuv420p", Fraction(1, 5)
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 120, dtype=np.uint8), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _serve(bodies: dict[str, bytes], asked: list[str]):
    """Answer one request per connection out of a table; the request line is read by the server of the tests."""

    def answer(connection, _ending):
        path = sorted(bodies, key=len)[len(asked)] if len(asked) < len(bodies) else ""
        body = bodies.get(path, b"")
        asked.append(path)
        kind = b"application/vnd.apple.mpegurl" if body.startswith(b"#EXTM3U") else b"video/mp2t"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        connection.sendall(head % (kind, len(body)) + body)

    return answer


def test_newest_segment_is_decoded(serving, client, decoders, segment):
    asked: list[str] = []
    bodies = {"/1": MASTER.encode(), "/22": LIST.encode(), "/333": segment}
    with serving(_serve(bodies, asked)) as base_url:
        media = client.fetch(base_url + "/live.m3u8", base_url)
    assert asked == ["/1", "/22", "/333"]
    assert media.kind == "mpegts"
    assert timedelta(seconds=1.9) < datetime.now(UTC) - media.taken_at < timedelta(seconds=9)
    assert size_of(decoders.render(media.kind, media.data, 640)) == (320, 180)


@pytest.mark.parametrize(
    "entry",
    ["{inside}/x.ts", "file:///etc/passwd", "//169.254.169.254/x.ts", "rtsp://127.0.0.1/x", "http://2130706433/x"],
)
def test_addresses_in_playlists_are_checked(serving, client, entry):
    contacted = threading.Event()
    with serving(lambda _c, _e: contacted.set()) as inside:
        playlist = f"#EXTM3U\n#EXTINF:2,\n{entry.format(inside=inside)}\n".encode()
        with serving(_serve({"/1": playlist}, [])) as base_url, pytest.raises(SnapshotError) as caught:
            client.fetch(base_url + "/live.m3u8", base_url)
        assert not contacted.is_set()
    assert caught.value.code == "blocked_by_policy"


def test_playlists_of_playlists_end(serving, client):
    asked: list[str] = []
    bodies = {"/" * n: MASTER.encode() for n in range(1, 9)}
    with serving(_serve(bodies, asked)) as base_url, pytest.raises(SnapshotError, match="garbage"):
        client.fetch(base_url + "/live.m3u8", base_url)
    assert len(asked) <= 5


def test_reading():
    assert read_playlist(MASTER, "http://k/live.m3u8", NOW) == "http://k/sub/small.m3u8"
    assert read_playlist(LIST, "http://k/x/live.m3u8", NOW) == Segment(
        "http://k/x/b.ts", "", NOW - timedelta(seconds=2)
    )
    dated = LIST.replace("#EXTINF", "#EXT-X-PROGRAM-DATE-TIME:2026-11-25T08:59:50Z\n#EXTINF", 1)
    assert read_playlist(dated, "http://k/", NOW).starts_at == datetime(2026, 11, 25, 8, 59, 52, tzinfo=UTC)
    mapped = '#EXTM3U\n#EXT-X-MAP:URI="head.mp4"\n#EXTINF:2,\na.m4s\n'
    assert read_playlist(mapped, "http://k/", NOW).start_address == "http://k/head.mp4"


@pytest.mark.parametrize("text", ["", "x", "#EXTM3U\n", "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=k\n#EXTINF:2,\na.ts\n"])
def test_playlists_that_cannot_be_used(text):
    with pytest.raises(SnapshotError, match=r"garbage|unreadable"):
        read_playlist(text, "http://k/", NOW)
