"""Put pictures together from RTP packets: H.264 (RFC 6184) and H.265 (RFC 7798); key frames, or all while watched."""

import struct
from dataclasses import dataclass
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
_PLAIN = {"h264": {1}, "hevc": set(range(10))}
_UNIT_HEADER = {"h264": 1, "hevc": 2}


@dataclass(frozen=True)
class Coded:
    """A picture as it was coded.

    Attributes
    ----------
    data : bytes
        With start codes; empty if a part of it was lost.
    is_key : bool
        Whether it needs no picture before it; then the parameter sets stand before it.
    """

    data: bytes
    is_key: bool


class CodedPictures:
    """Keeps the newest parameter sets and gives each whole key frame with them before it.

    Parameters
    ----------
    codec : {"h264", "hevc"}
        What the stream carries.
    parameter_sets : list of bytes
        Units announced in the session description.

    Attributes
    ----------
    everything : bool
        Whether to give the pictures between key frames too; may be changed at any time.
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
        self.everything = False

    def feed(self, packet: bytes) -> Coded | None:
        """Take one RTP packet.

        Parameters
        ----------
        packet : bytes
            Header and payload (RFC 3550).

        Returns
        -------
        Coded or None
            A picture, once its last packet is here.

        Raises
        ------
        SnapshotError
            ``garbage`` if it is no RTP packet, ``too_large`` if the picture never ends.
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
        is_key = kind in _KEY[self._codec]
        if is_key or (self.everything and kind in _PLAIN[self._codec]):
            self._is_key = self._is_key or is_key
            self._n_bytes += len(unit)
            if self._n_bytes > MOST_BYTES:
                raise SnapshotError("too_large", "a picture of the video never ends")
            self._units.append(unit)

    def _keep(self, unit: bytes) -> None:
        self._sets[self._kind(unit)] = unit

    def _finish(self) -> Coded | None:
        is_whole = not self._is_damaged and self._piece is None
        units, is_key, wanted = self._units, self._is_key, self.everything
        self._units, self._n_bytes, self._piece = [], 0, None
        self._is_key = self._is_damaged = False
        names = _PARAMETERS[self._codec]
        if is_key and is_whole and all(kind in self._sets for kind in names):
            units = [*(self._sets[kind] for kind in names), *units]
        elif is_key or not is_whole or not units:
            return None if (is_whole and not is_key) or not wanted else Coded(b"", is_key=False)
        return Coded(b"".join(_START_CODE + unit for unit in units), is_key)

    def _kind(self, unit: bytes) -> int:
        return unit[0] & 0x1F if self._codec == "h264" else (unit[0] >> 1) & 0x3F


def _payload(packet: bytes) -> bytes:
    """Leave out sources, extension and padding."""
    start = _HEADER + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= start + 4:
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4])
    stop = len(packet) - packet[-1] if packet[0] & 0x20 else len(packet)
    return packet[start:stop]
