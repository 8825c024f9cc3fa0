"""The words of RTSP (RFC 2326): the login, and what a session description says about its video."""

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urljoin

from cctv.errors import SnapshotError
from cctv.live.rtp import Codec

_CODECS: dict[str, Codec] = {"H264": "h264", "H265": "hevc"}
_SETS = re.compile(r"sprop-(?:parameter-sets|vps|sps|pps)=([A-Za-z0-9+/=,]+)")
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,"]+))')


@dataclass(frozen=True)
class VideoTrack:
    """The video of a camera: what it is, and where to ask for it."""

    codec: Codec
    control: str
    parameter_sets: list[bytes]


def video_track(description: str, base: str) -> VideoTrack:
    """Find the video in a session description.

    Parameters
    ----------
    description : str
        As the camera sent it (SDP, RFC 8866).
    base : str
        Address that relative ones belong to.

    Returns
    -------
    VideoTrack
        The first H.264 or H.265 video.

    Raises
    ------
    SnapshotError
        ``garbage`` if there is none.
    """
    for part in re.split(r"^m=", description, flags=re.MULTILINE)[1:]:
        name = re.search(r"^a=rtpmap:\d+\s+(\w+)/", part, re.MULTILINE)
        if part.startswith("video") and name and name[1].upper() in _CODECS:
            control = re.search(r"^a=control:(\S+)", part, re.MULTILINE)
            sets = [one for found in _SETS.findall(part) for one in found.split(",")]
            where = control[1] if control else "*"
            return VideoTrack(_CODECS[name[1].upper()], _joined(base, where), [_unit(one) for one in sets])
    raise SnapshotError("garbage", "no H.264 or H.265 video in the description")


def _joined(base: str, control: str) -> str:
    """Give the address of a track; only a name to the camera, the connection stays the one that was checked."""
    if control == "*":
        return base
    if "://" in control:
        return control
    return urljoin(base.replace("rtsp://", "http://", 1).rstrip("/") + "/", control).replace("http://", "rtsp://", 1)


def _unit(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


class Login:
    """Answers the challenge of a camera, digest or basic (RFC 2617, RFC 7616).

    Parameters
    ----------
    username, password : str
        Of the camera.
    """

    def __init__(self, username: str, password: str) -> None:
        self._username, self._password = username, password
        self._challenge: dict[str, str] = {}
        self._scheme = ""
        self._count = 0

    def challenge(self, headers: list[str]) -> bool:
        """Take the challenges of a refused request; the strongest is used.

        Parameters
        ----------
        headers : list of str
            Its ``WWW-Authenticate`` headers.

        Returns
        -------
        bool
            Whether it makes sense to ask again: not after a refused password.
        """
        again = not self._scheme
        for header in sorted(headers, key=lambda one: not one.lower().startswith("digest")):
            scheme, _, rest = header.partition(" ")
            fields = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(rest)}
            if scheme.lower() in ("digest", "basic"):
                again = again or fields.get("stale", "").lower() == "true"
                self._scheme, self._challenge, self._count = scheme.lower(), fields, 0
                return again
        return False

    def header(self, method: str, address: str) -> str:
        """Give the header for a request.

        Parameters
        ----------
        method, address : str
            Of the request.

        Returns
        -------
        str
            With its line end; empty before the first challenge: no password is sent unasked.
        """
        if not self._scheme:
            return ""
        if self._scheme == "basic":
            pair = base64.b64encode(f"{self._username}:{self._password}".encode()).decode("ascii")
            return f"Authorization: Basic {pair}\r\n"
        return f"Authorization: Digest {self._digest(method, address)}\r\n"

    def _digest(self, method: str, address: str) -> str:
        asked = self._challenge
        algorithm = asked.get("algorithm", "MD5")
        name = "sha256" if algorithm.upper().startswith("SHA-256") else "md5"

        def digest(text: str) -> str:
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
        secret = digest(f"{self._username}:{realm}:{self._password}")
        request = digest(f"{method}:{address}")
        fields = {"username": self._username, "realm": realm, "nonce": nonce, "uri": address}
        extra = f", algorithm={algorithm}" if "algorithm" in asked else ""
        if "auth" in asked.get("qop", "").split(","):
            self._count += 1
            count, own = f"{self._count:08x}", secrets.token_hex(8)
            fields |= {"cnonce": own, "response": digest(f"{secret}:{nonce}:{count}:{own}:auth:{request}")}
            extra += f", qop=auth, nc={count}"
        else:
            fields["response"] = digest(f"{secret}:{nonce}:{request}")
        if "opaque" in asked:
            fields["opaque"] = asked["opaque"]
        return ", ".join(f'{name}="{value}"' for name, value in fields.items()) + extra
