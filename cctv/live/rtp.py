"""Put pictures together from RTP packets: H.264 (RFC 6184) and H.265 (RFC 7798), key frames only."""

import struct
from typing import Literal

from cctv.errors import SnapshotError

Codec = Literal["h264", "hevc"]

MOST_BYTES = 8_000_000
_START_CODE = b"\x00\x00\x00\x01"
_HEADER = 12
#: Types of network units (NAL): several in a packet, a piece of one, parameter sets, key pictures.
_SEVERAL = {"h264": 24, "hevc": 48}
_PIECE = {"h264": 28, "hevc": 49}
_PARAMETERS = {"h264": (7, 8), "hevc": (32, 33, 34)}
_KEY = {"h264": {5}, "hevc": {16, 17, 18, 19, 20, 21}}
_UNIT_HEADER = {"h264": 1, "hevc": 2}


class KeyFrames:
    """Keeps the newest parameter sets and gives each whole key frame with them before it.

    Parameters
    ----------
    codec : {"h264", "hevc"}
        What the stream carries.
    parameter_sets : list of bytes
        Units announced in the session description.
    """

    def __init__(self, codec: Codec, parameter_sets: list[bytes]) -> None:
        self._codec: Codec = codec
        self._sets: dict[int, bytes] = {}
        for unit in parameter_sets:
            if unit:
                self._keep(unit)
        self._units: list[bytes] = []
        self._n_bytes = 0
        self._piece: bytearray | None = None
        self._stamp: int | None = None
        self._sequence: int | None = None
        self._is_key = self._is_damaged = False

    def feed(self, packet: bytes) -> bytes | None:
        """Take one RTP packet.

        Parameters
        ----------
        packet : bytes
            Header and payload (RFC 3550).

        Returns
        -------
        bytes or None
            A key frame with start codes, once its last packet is here.

        Raises
        ------
        SnapshotError
            ``garbage`` if it is no RTP packet, ``too_large`` if the key frame never ends.
        """
        if len(packet) < _HEADER or packet[0] >> 6 != 2:  # noqa: PLR2004 - version of the protocol
            raise SnapshotError("garbage", "no RTP packet")
        sequence, stamp = struct.unpack_from(">HI", packet, 2)
        finished = None
        if stamp != self._stamp:  # some cameras never set the marker
            finished = self._finish()
            self._stamp = stamp
        if self._sequence is not None and sequence != (self._sequence + 1) & 0xFFFF:
            self._is_damaged, self._piece = True, None
        self._sequence = sequence
        self._take(_payload(packet))
        return (self._finish() if packet[1] & 0x80 else None) or finished

    def _take(self, payload: bytes) -> None:
        header = _UNIT_HEADER[self._codec]
        if len(payload) <= header:
            return
        kind = self._kind(payload)
        if kind == _PIECE[self._codec]:
            self._take_piece(payload, header)
        elif kind == _SEVERAL[self._codec]:
            at = header
            while at + 2 < len(payload):
                size = int.from_bytes(payload[at : at + 2])
                self._add(payload[at + 2 : at + 2 + size])
                at += 2 + size
        else:
            self._add(payload)

    def _take_piece(self, payload: bytes, header: int) -> None:
        mark = payload[header]
        if mark & 0x80:
            if self._codec == "h264":
                start = bytes([(payload[0] & 0xE0) | (mark & 0x1F)])
            else:
                start = bytes([(payload[0] & 0x81) | ((mark & 0x3F) << 1), payload[1]])
            self._piece = bytearray(start)
        if self._piece is None:
            self._is_damaged = True
            return
        self._piece += payload[header + 1 :]
        if len(self._piece) > MOST_BYTES:
            raise SnapshotError("too_large", "a unit of the video never ends")
        if mark & 0x40:
            self._add(bytes(self._piece))
            self._piece = None

    def _add(self, unit: bytes) -> None:
        if not unit:
            return
        kind = self._kind(unit)
        if kind in _PARAMETERS[self._codec]:
            self._keep(unit)
            return
        if kind in _KEY[self._codec]:
            self._is_key = True
            self._n_bytes += len(unit)
            if self._n_bytes > MOST_BYTES:
                raise SnapshotError("too_large", "a picture of the video never ends")
            self._units.append(unit)

    def _keep(self, unit: bytes) -> None:
        self._sets[self._kind(unit)] = unit

    def _finish(self) -> bytes | None:
        whole = self._is_key and not self._is_damaged and self._piece is None
        whole = whole and all(kind in self._sets for kind in _PARAMETERS[self._codec])
        units = [*(self._sets[kind] for kind in _PARAMETERS[self._codec]), *self._units] if whole else []
        self._units, self._n_bytes, self._piece = [], 0, None
        self._is_key = self._is_damaged = False
        return b"".join(_START_CODE + unit for unit in units) or None

    def _kind(self, unit: bytes) -> int:
        return unit[0] & 0x1F if self._codec == "h264" else (unit[0] >> 1) & 0x3F


def _payload(packet: bytes) -> bytes:
    """Leave out sources, extension and padding."""
    start = _HEADER + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= start + 4:
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4])
    stop = len(packet) - packet[-1] if packet[0] & 0x20 else len(packet)
    return packet[start:stop]
