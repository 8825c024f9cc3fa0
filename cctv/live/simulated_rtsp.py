"""The part of the simulator that speaks RTSP: real requests, digest logins and packets, and the faults of real cameras.

``/kamera/<id>`` is open, ``/terkunci/<id>`` asks for the login below; both follow the fault of the camera.
"""

import asyncio
import contextlib
import hashlib
import random
import re
import secrets
import struct
import threading
from http import HTTPStatus

from cctv.live.rtp import Codec
from cctv.live.scene_file import CameraView, Scene
from cctv.live.simulated_video import Broadcast, Draw

#: Login of ``/terkunci/``; it opens nothing but the simulator.
USERNAME, PASSWORD = "lihat", "simulasi"
MOST_VIEWERS = 64
_SILENT_S = 60.0
_CODECS: dict[str, Codec] = {"": "h264", "h264": "h264", "hevc": "hevc"}
_NAMES = {"h264": "H264", "hevc": "H265"}
_PATH = re.compile(r"^rtsp://[^/]+/(kamera|terkunci)/([\w.-]+)")
_PAIR = re.compile(r'(\w+)="([^"]*)"')


class VideoServer:
    """Serves the video of all cameras of a scene on loopback, in a thread of its own.

    Parameters
    ----------
    scene : dict
        The cameras.
    draw : callable
        Draws the picture of a camera as a JPEG.
    """

    def __init__(self, scene: Scene, draw: Draw) -> None:
        self._scene, self._draw = scene, draw
        self._broadcasts: dict[str, Broadcast] = {}
        self._n_viewers = 0
        self._loop = asyncio.new_event_loop()

    def start(self) -> int:
        """Start to listen.

        Returns
        -------
        int
            Port.
        """
        threading.Thread(target=self._loop.run_forever, name="rtsp", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, backlog=256)
        return server.sockets[0].getsockname()[1]

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sending: asyncio.Task[None] | None = None
        nonce = secrets.token_hex(8)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, address = head.split(" ", 2)[:2]
                found = _PATH.match(address)
                view = self._scene["cameras"].get(found[2]) if found else None
                if view is None or found is None:
                    _answer(writer, head, HTTPStatus.NOT_FOUND)
                elif view["fault"] == "refused":
                    return
                elif view["fault"] == "silent":
                    await asyncio.sleep(_SILENT_S)
                    return
                elif view["fault"] == "login" or (found[1] == "terkunci" and not _may(head, method, nonce)):
                    _answer(writer, head, HTTPStatus.UNAUTHORIZED, _challenge(nonce))
                elif method == "PLAY" and self._n_viewers < MOST_VIEWERS:
                    _answer(writer, head, HTTPStatus.OK, "Session: 1\r\n")
                    sending = sending or asyncio.create_task(self._send(writer, view))
                else:
                    self._describe(writer, head, method, address, view)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            return
        finally:
            if sending is not None:
                sending.cancel()
            writer.close()

    def _describe(self, writer: asyncio.StreamWriter, head: str, method: str, address: str, view: CameraView) -> None:
        if method == "DESCRIBE":
            name = _NAMES[_CODECS[view.get("video", "")]]
            body = f"v=0\r\ns=simulasi\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 {name}/90000\r\n"
            body += "a=control:trackID=0\r\n"
            _answer(writer, head, HTTPStatus.OK, f"Content-Base: {address}/\r\nContent-Type: application/sdp\r\n", body)
        elif method == "SETUP":
            lines = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60\r\n"
            _answer(writer, head, HTTPStatus.OK, lines)
        else:
            _answer(writer, head, HTTPStatus.OK, "Session: 1\r\n")

    async def _send(self, writer: asyncio.StreamWriter, view: CameraView) -> None:
        self._n_viewers += 1
        broadcast = self._broadcast(view)
        queue = broadcast.join()
        noise = random.Random(view["camera_id"])  # noqa: S311 - a fault that repeats
        try:
            with contextlib.suppress(ConnectionError):
                while True:
                    packets = await queue.get()
                    if view["fault"] == "garbage":
                        packets = [packet[:12] + noise.randbytes(len(packet) - 12) for packet in packets]
                    writer.write(b"".join(b"$\x00" + struct.pack(">H", len(one)) + one for one in packets))
                    await writer.drain()
        finally:
            broadcast.leave(queue)
            self._n_viewers -= 1

    def _broadcast(self, view: CameraView) -> Broadcast:
        camera_id = view["camera_id"]
        if camera_id not in self._broadcasts:
            self._broadcasts[camera_id] = Broadcast(view, _CODECS[view.get("video", "")], self._draw)
        return self._broadcasts[camera_id]


def _answer(writer: asyncio.StreamWriter, head: str, status: HTTPStatus, lines: str = "", body: str = "") -> None:
    number = re.search(r"^CSeq:\s*(\d+)", head, re.MULTILINE | re.IGNORECASE)
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    first = f"RTSP/1.0 {status.value} {status.phrase}\r\nCSeq: {number[1] if number else 0}\r\n"
    writer.write(f"{first}{lines}{length}\r\n{body}".encode())


def _challenge(nonce: str) -> str:
    return f'WWW-Authenticate: Basic realm="kamera"\r\nWWW-Authenticate: Digest realm="kamera", nonce="{nonce}"\r\n'


def _may(head: str, method: str, nonce: str) -> bool:
    found = re.search(r"^Authorization: Digest (.*)$", head, re.MULTILINE)
    given = dict(_PAIR.findall(found[1])) if found else {}

    def digest(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    mine, asked = digest(f"{USERNAME}:kamera:{PASSWORD}"), digest(f"{method}:{given.get('uri')}")
    return given.get("response") == digest(f"{mine}:{nonce}:{asked}")
