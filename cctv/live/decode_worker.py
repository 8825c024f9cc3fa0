"""The process that decodes what cameras send: ``python -m cctv.live.decode_worker``; it may crash, nothing else does.

Job and answer are one line of JSON and so many bytes as it says. No address, no password and no network is needed here.
"""

import io
import json
import sys
from collections import OrderedDict
from typing import Any, BinaryIO, cast

import av
import av.logging
import cv2
import numpy as np
from av.error import FFmpegError

from cctv.errors import SnapshotError
from cctv.live.jpeg import MOST_PIXELS, Pixels, decode, encode

_START_CODES = (b"\x00\x00\x01", b"\x00\x00\x00\x01")
_MOST_REELS = 64
_CONTAINERS = ("mpegts", "mp4")


def render(job: dict[str, Any], data: bytes) -> bytes:
    """Decode a picture and encode it anew as a JPEG of the width wanted.

    Parameters
    ----------
    job : dict
        ``kind`` and ``width`` [px]; with ``reel``, ``sizes`` and ``is_start`` it is a piece of a running video.
    data : bytes
        As :class:`cctv.live.media.Media` has it; of a running video as many pictures as it has ``sizes`` [bytes].

    Returns
    -------
    bytes
        JPEG file.

    Raises
    ------
    SnapshotError
        ``garbage``, ``unreadable`` or ``too_large``; ``connecting`` if the video gives no picture yet.
    """
    kind = str(job["kind"])
    if kind == "jpeg":
        frame = av.VideoFrame.from_ndarray(decode(data), format="bgr24")
    else:
        frame = _video_frame(kind, data, job)
    return encode(_pixels(frame, int(job["width"])))


def _pixels(frame: av.VideoFrame, width: int) -> Pixels:
    """Give a frame at most so wide; FFmpeg converts and averages areas at once, in a fifth of the time of OpenCV."""
    width = min(width, frame.width)
    height = max(1, round(frame.height * width / frame.width))
    small = frame.reformat(width, height, "bgr24", interpolation="AREA")
    return np.asarray(small.to_ndarray(), dtype=np.uint8)


def _video_frame(kind: str, data: bytes, job: dict[str, Any]) -> av.VideoFrame:
    try:
        if kind in _CONTAINERS:
            frame = _last_of_container(kind, data)
        elif "reel" in job:
            return _reels.next_frame(kind, data, job)
        else:
            frame = _key_frame(kind, data)
    except (FFmpegError, ValueError) as error:
        raise SnapshotError("unreadable", "the video cannot be decoded") from error
    if frame is None:
        raise SnapshotError("unreadable", "no whole picture in the video")
    return frame


def _key_frame(codec: str, data: bytes) -> av.VideoFrame | None:
    """Decode one access unit with the parameter sets before it; a damaged one is no picture."""
    decoder = _decoder(codec, data)
    frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    return frames[0] if frames and not frames[0].is_corrupt else None


def _decoder(codec: str, data: bytes, **more: str) -> av.VideoCodecContext:
    if not data.startswith(_START_CODES):
        raise SnapshotError("garbage", "no start code")
    decoder = cast("av.VideoCodecContext", av.CodecContext.create(codec, "r"))
    decoder.thread_count = 1
    decoder.options = {"err_detect": "explode", "max_pixels": str(MOST_PIXELS), **more}
    return decoder


class _Reels:
    """Running videos, each with a decoder that remembers the pictures before."""

    def __init__(self) -> None:
        self._decoders: OrderedDict[str, av.VideoCodecContext] = OrderedDict()

    def next_frame(self, codec: str, data: bytes, job: dict[str, Any]) -> av.VideoFrame:
        """Decode a piece and give its last picture; a damaged one ends the reel."""
        decoder = self._decoders.pop(str(job["reel"]), None)
        if job["is_start"]:
            decoder = _decoder(codec, data, flags="low_delay")
        if decoder is None:
            raise SnapshotError("unreadable", "no beginning")
        last, at = None, 0
        for size in job["sizes"]:
            for frame in decoder.decode(av.Packet(data[at : at + size])):
                last = frame
            at += size
        self._decoders[str(job["reel"])] = decoder
        if len(self._decoders) > _MOST_REELS:
            self._decoders.popitem(last=False)
        if last is None:
            raise SnapshotError("connecting", "no picture yet")
        return last


_reels = _Reels()


def _last_of_container(kind: str, data: bytes) -> av.VideoFrame | None:
    """Decode the last key frame of a segment; the format is told, so that nothing is taken for a playlist."""
    options = {"protocol_whitelist": "", "max_pixels": str(MOST_PIXELS)}
    last = None
    with av.open(io.BytesIO(data), "r", format=kind, options=options) as container:
        if not container.streams.video:
            return None
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.skip_frame = "NONKEY"
        for frame in container.decode(stream):
            if not frame.is_corrupt:
                last = frame
    return last


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do jobs until there are no more.

    Parameters
    ----------
    jobs, answers : binary file
        Where they come from and go to.
    """
    while line := jobs.readline():
        job = json.loads(line)
        data = jobs.read(int(job["n_bytes"]))
        try:
            jpeg, code = render(job, data), ""
        except SnapshotError as error:
            jpeg, code = b"", error.code
        answers.write(json.dumps({"n_bytes": len(jpeg), "code": code}).encode() + b"\n" + jpeg)
        answers.flush()


if __name__ == "__main__":
    cv2.setNumThreads(1)
    av.logging.set_level(None)
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer)
