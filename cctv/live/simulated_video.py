"""Video of simulated cameras: drawn and encoded while somebody watches, cut into RTP packets (RFC 6184, RFC 7798)."""

import asyncio
import struct
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import cast

import av
import numpy as np

from cctv.live.drawing import HEIGHT, WIDTH
from cctv.live.jpeg import decode
from cctv.live.rtp import Codec
from cctv.live.scene_file import CameraView

Draw = Callable[[CameraView], bytes]

FPS = 4
KEY_EVERY = 4
_CLOCK_HZ = 90_000
_MOST_PAYLOAD = 1400
_MOST_WAITING = 8
_ENCODERS = {"h264": "libx264", "hevc": "libx265"}
_X264 = f"keyint={KEY_EVERY}:min-keyint={KEY_EVERY}:scenecut=0:bframes=0:repeat-headers=1:slices=1"
_X265 = f"{_X264.replace(':slices=1', '')}:log-level=none:pools=1:frame-threads=1"
_OPTIONS = {
    "h264": {"preset": "ultrafast", "tune": "zerolatency", "crf": "26", "x264-params": _X264},
    "hevc": {"preset": "ultrafast", "tune": "zerolatency", "crf": "28", "x265-params": _X265},
}


class Broadcast:
    """The running video of one camera; encoded once, however many watch.

    Parameters
    ----------
    view : dict
        The camera.
    codec : {"h264", "hevc"}
        How to encode it.
    draw : callable
        Draws its picture of this moment as a JPEG.
    """

    def __init__(self, view: CameraView, codec: Codec, draw: Draw) -> None:
        self._view, self._draw = view, draw
        self._codec: Codec = codec
        self._viewers: set[asyncio.Queue[list[bytes]]] = set()
        self._task: asyncio.Task[None] | None = None
        self._sequence = 0

    def join(self) -> "asyncio.Queue[list[bytes]]":
        """Begin to watch.

        Returns
        -------
        asyncio.Queue
            The packets of each picture as they come.
        """
        queue: asyncio.Queue[list[bytes]] = asyncio.Queue(_MOST_WAITING)
        self._viewers.add(queue)
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return queue

    def leave(self, queue: "asyncio.Queue[list[bytes]]") -> None:
        """Stop watching; the last one out ends the encoding.

        Parameters
        ----------
        queue : asyncio.Queue
            As :meth:`join` gave it.
        """
        self._viewers.discard(queue)
        if not self._viewers and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        encoder = _encoder(self._codec)
        number, due = 0, time.monotonic()
        while True:
            packets = await asyncio.to_thread(self._encoded, encoder, number)
            for queue in self._viewers:
                if not queue.full():
                    queue.put_nowait(packets)
            number += 1
            due = max(due + 1 / FPS, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    def _encoded(self, encoder: av.VideoCodecContext, number: int) -> list[bytes]:
        pixels = decode(self._draw(self._view))
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="bgr24")
        frame.pts = number
        data = b"".join(bytes(packet) for packet in encoder.encode(frame))
        packets = list(packets_of(data, self._codec, self._sequence, number * _CLOCK_HZ // FPS))
        self._sequence += len(packets)
        return packets


def _encoder(codec: Codec) -> av.VideoCodecContext:
    encoder = cast("av.VideoCodecContext", av.CodecContext.create(_ENCODERS[codec], "w"))
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.gop_size, encoder.thread_count = KEY_EVERY, 1
    encoder.options = _OPTIONS[codec]
    return encoder


def units_of(data: bytes) -> list[bytes]:
    """Cut a picture into its units.

    Parameters
    ----------
    data : bytes
        With start codes.

    Returns
    -------
    list of bytes
        Units (NAL) without start codes.
    """
    return [unit.rstrip(b"\x00") for unit in data.split(b"\x00\x00\x01")[1:] if unit]


def packets_of(data: bytes, codec: Codec, sequence: int, stamp: int) -> Iterator[bytes]:
    """Cut a picture into packets (RFC 3550).

    Parameters
    ----------
    data : bytes
        The picture, with start codes.
    codec : {"h264", "hevc"}
        What it is.
    sequence : int
        Number of the first packet.
    stamp : int
        When it belongs [1/90000 s].

    Yields
    ------
    bytes
        RTP packets.
    """
    payloads = [payload for unit in units_of(data) for payload in _payloads(unit, codec)]
    for i, payload in enumerate(payloads):
        marker = 0x80 if i == len(payloads) - 1 else 0
        yield struct.pack(">BBHII", 0x80, marker | 96, (sequence + i) & 0xFFFF, stamp & 0xFFFFFFFF, 1) + payload


def _payloads(unit: bytes, codec: Codec) -> Iterator[bytes]:
    if len(unit) <= _MOST_PAYLOAD:
        yield unit
        return
    if codec == "h264":
        head, kind, body = bytes([(unit[0] & 0xE0) | 28]), unit[0] & 0x1F, unit[1:]
    else:
        head, kind, body = bytes([(unit[0] & 0x81) | (49 << 1), unit[1]]), (unit[0] >> 1) & 0x3F, unit[2:]
    for start in range(0, len(body), _MOST_PAYLOAD):
        first = 0x80 if start == 0 else 0
        last = 0x40 if start + _MOST_PAYLOAD >= len(body) else 0
        yield head + bytes([kind | first | last]) + body[start : start + _MOST_PAYLOAD]
