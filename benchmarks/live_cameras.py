"""Fifty cameras of a benchmark: one 720p clip at 15 frames a second, played to everybody; a process of its own."""

import asyncio
import json
import sys
from fractions import Fraction

import av
import cv2
import numpy as np

from cctv.live import simulated_rtsp, simulated_video
from cctv.live.rtp import Codec

FPS, SECONDS, WIDTH, HEIGHT = 15, 2, 1280, 720
N_CAMERAS = 50


def clip(codec: Codec) -> list[bytes]:
    """Encode a moving picture, one key frame in two seconds."""
    keys = f"keyint={FPS * SECONDS}:min-keyint={FPS * SECONDS}:scenecut=0:bframes=0:repeat-headers=1"
    name = {"h264": "libx264", "hevc": "libx265"}[codec]
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "crf": "26", "x264-params": keys + ":slices=1",
        "x265-params": keys + ":log-level=none",
    }  # fmt: skip
    rng = np.random.default_rng(7)
    still = cv2.resize(
        rng.integers(0, 255, (45, 80, 3), dtype=np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    pictures = []
    for i in range(FPS * SECONDS):
        pixels = still.copy()
        cv2.rectangle(pixels, (20 + 30 * i, 300), (160 + 30 * i, 380), (40, 60, 200), -1)
        frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        frame.pts = i
        pictures.append(b"".join(bytes(packet) for packet in encoder.encode(frame)))
    return pictures


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

    async def _run(self, queue: asyncio.Queue, at: int) -> None:
        sequence = 0
        while True:
            data = self._pictures[at % len(self._pictures)]
            packets = list(simulated_video.packets_of(data, self._codec, sequence, at * 90_000 // FPS))
            sequence += len(packets)
            at += 1
            await queue.put(packets)
            await asyncio.sleep(1 / FPS)


def main() -> None:
    codec: Codec = "hevc" if sys.argv[1] == "hevc" else "h264"
    replay = Replay(clip(codec), codec)
    cameras = {f"k{i}": {"camera_id": f"k{i}", "fault": "", "video": codec} for i in range(N_CAMERAS)}
    cameras |= {f"diam{i}": {"camera_id": f"diam{i}", "fault": "silent", "video": codec} for i in range(20)}
    server = simulated_rtsp.VideoServer({"format": 1, "cameras": cameras}, lambda _: b"")
    server._broadcast = lambda _view: replay  # noqa: SLF001 - the clip in place of the drawing
    port = server.start()
    print(json.dumps({"port": port, "rtsp_port": port}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
