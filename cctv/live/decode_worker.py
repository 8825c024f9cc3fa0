"""The process that decodes what cameras send: ``python -m cctv.live.decode_worker``; it may crash, nothing else does.

Job and answer are one line of JSON and so many bytes as it says. No address, no password and no network is needed here.
"""

import io
import json
import sys
from typing import Any, BinaryIO, cast

import av
import av.logging
import cv2
import numpy as np
from av.error import FFmpegError

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.jpeg import MOST_PIXELS, Pixels, decode, encode, shrink

_START_CODES = (b"\x00\x00\x01", b"\x00\x00\x00\x01")
_CONTAINERS = ("mpegts", "mp4")


def render(job: dict[str, Any], data: bytes) -> bytes:
    """Decode a picture and encode it anew as a JPEG of the width wanted.

    Parameters
    ----------
    job : dict
        ``kind`` and ``width`` [px]; with ``age_s`` and ``reason`` the picture is greyed and says so.
    data : bytes
        As :class:`cctv.live.media.Media` has it.

    Returns
    -------
    bytes
        JPEG file.

    Raises
    ------
    SnapshotError
        ``garbage``, ``unreadable`` or ``too_large``.
    """
    kind = str(job["kind"])
    pixels = decode(data) if kind == "jpeg" else _video_frame(kind, data)
    pixels = shrink(pixels, int(job["width"]))
    if "reason" in job:
        pixels = notices.greyed(pixels, float(job["age_s"]), str(job["reason"]))
    return encode(pixels)


def _video_frame(kind: str, data: bytes) -> Pixels:
    try:
        frame = _last_of_container(kind, data) if kind in _CONTAINERS else _key_frame(kind, data)
    except (FFmpegError, ValueError) as error:
        raise SnapshotError("unreadable", "the video cannot be decoded") from error
    if frame is None:
        raise SnapshotError("unreadable", "no whole picture in the video")
    return np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)


def _key_frame(codec: str, data: bytes) -> av.VideoFrame | None:
    """Decode one access unit with the parameter sets before it; a damaged one is no picture."""
    if not data.startswith(_START_CODES):
        raise SnapshotError("garbage", "no start code")
    decoder = cast("av.VideoCodecContext", av.CodecContext.create(codec, "r"))
    decoder.thread_count = 1
    decoder.options = {"err_detect": "explode", "max_pixels": str(MOST_PIXELS)}
    frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    return frames[0] if frames and not frames[0].is_corrupt else None


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
