"""The cameras of a benchmark, a process of their own: a 720p clip over RTSP, a JPEG over HTTP, a clock over both.

Names: ``k<n>`` work, ``diam<n>`` are silent, ``rusak<n>`` send garbage, ``mati<n>`` close the connection, ``jam`` draws
the time into its picture.
"""

import asyncio
import json
import sys
import time
from fractions import Fraction

import av
import cv2
import numpy as np

from cctv.live import simulated_rtsp, simulated_video
from cctv.live.rtp import Codec

FPS, SECONDS, WIDTH, HEIGHT = 15, 2, 1280, 720
N_CAMERAS = 60
FAULTS = {"diam": "silent", "rusak": "garbage", "mati": "refused"}
_BITS, _BLOCK = 24, 24


def _encoder(codec: Codec, width: int, height: int) -> av.VideoCodecContext:
    keys = f"keyint={FPS * SECONDS}:min-keyint={FPS * SECONDS}:scenecut=0:bframes=0:repeat-headers=1"
    encoder = av.CodecContext.create({"h264": "libx264", "hevc": "libx265"}[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "crf": "26", "x264-params": keys + ":slices=1",
        "x265-params": keys + ":log-level=none",
    }  # fmt: skip
    return encoder


def _still() -> np.ndarray:
    rng = np.random.default_rng(7)
    small = rng.integers(0, 255, (45, 80, 3), dtype=np.uint8)
    return cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def clip(codec: Codec) -> list[bytes]:
    """Encode a moving picture, one key frame in two seconds."""
    encoder, still, pictures = _encoder(codec, WIDTH, HEIGHT), _still(), []
    for i in range(FPS * SECONDS):
        pixels = still.copy()
        cv2.rectangle(pixels, (20 + 30 * i, 300), (160 + 30 * i, 380), (40, 60, 200), -1)
        frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        frame.pts = i
        pictures.append(b"".join(bytes(packet) for packet in encoder.encode(frame)))
    return pictures


def drawn_clock() -> np.ndarray:
    """Draw the time of this moment [ms] as a row of black and white blocks."""
    now = int(time.time() * 1000) % (1 << _BITS)
    bits = np.array([(now >> i) & 1 for i in range(_BITS)], dtype=np.uint8) * 255
    picture = np.full((360, _BITS * _BLOCK, 3), 90, dtype=np.uint8)
    picture[120:240] = np.repeat(bits, _BLOCK)[None, :, None]
    return picture


def read_clock(pixels: np.ndarray) -> float:
    """Read how old the drawn time is [s]."""
    row = pixels[pixels.shape[0] // 2, :, 0].reshape(_BITS, -1)[:, _BLOCK // 3 : -_BLOCK // 3].mean(axis=1) > 127
    drawn = int(sum(1 << i for i, bit in enumerate(row) if bit))
    return ((int(time.time() * 1000) - drawn) % (1 << _BITS)) / 1000


class Replay:
    """Stands where a drawn broadcast does: the clip, without end, each viewer its own place in it."""

    def __init__(self, pictures: list[bytes], codec: Codec) -> None:
        self._pictures, self._codec = pictures, codec
        self._tasks: dict[asyncio.Queue, asyncio.Task] = {}

    def join(self) -> asyncio.Queue:
        queue: asyncio.Queue = asyncio.Queue(8)
        self._tasks[queue] = asyncio.create_task(self._run(queue, len(self._tasks) * 7))
        return queue

    def leave(self, queue: asyncio.Queue) -> None:
        self._tasks.pop(queue).cancel()

    def next_picture(self, at: int) -> bytes:
        return self._pictures[at % len(self._pictures)]

    async def _run(self, queue: asyncio.Queue, at: int) -> None:
        sequence = 0
        while True:
            packets = list(
                simulated_video.packets_of(self.next_picture(at), self._codec, sequence, at * 90_000 // FPS)
            )  # fmt: skip
            sequence += len(packets)
            at += 1
            await queue.put(packets)
            await asyncio.sleep(1 / FPS)


class Clock(Replay):
    """A camera whose picture is the time; for one viewer."""

    def __init__(self, codec: Codec) -> None:
        super().__init__([], codec)
        self._coder = _encoder(codec, _BITS * _BLOCK, 360)

    def next_picture(self, at: int) -> bytes:
        frame = av.VideoFrame.from_ndarray(drawn_clock(), format="bgr24")
        frame.pts = at
        return b"".join(bytes(packet) for packet in self._coder.encode(frame))


class Stills:
    """Answers every request for a picture, and counts them."""

    def __init__(self) -> None:
        self._jpeg = cv2.imencode(".jpg", _still())[1].tobytes()
        self._n = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1]
                if path == b"/jumlah":
                    body = str(self._n).encode()
                else:
                    self._n += 1
                    clock = cv2.imencode(".jpg", drawn_clock())[1].tobytes() if b"jam" in path else self._jpeg
                    body = clock
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


def main() -> None:
    codec: Codec = "hevc" if sys.argv[1] == "hevc" else "h264"
    replay, clock = Replay(clip(codec), codec), Clock(codec)
    cameras = {f"k{i}": "" for i in range(N_CAMERAS)} | {"jam": ""}
    cameras |= {f"{name}{i}": fault for name, fault in FAULTS.items() for i in range(40)}
    views = {name: {"camera_id": name, "fault": fault, "video": codec} for name, fault in cameras.items()}
    server = simulated_rtsp.VideoServer({"format": 1, "cameras": views}, lambda _: b"")
    server._broadcast = lambda view: clock if view["camera_id"] == "jam" else replay  # noqa: SLF001 - not drawn
    port = server.start()

    async def stills() -> int:
        listening = await asyncio.start_server(Stills().answer, "127.0.0.1", 0, backlog=256)
        return listening.sockets[0].getsockname()[1]

    http_port = asyncio.run_coroutine_threadsafe(stills(), server._loop).result(10)  # noqa: SLF001 - the same loop
    print(json.dumps({"port": http_port, "rtsp_port": port}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
