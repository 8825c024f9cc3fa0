"""The line between the app and snapd: a line of JSON and some bytes each way, over loopback connections that stay open.

A request over it costs a tenth of one over HTTP, which counts when hundreds of people click at the same time.
"""

import json
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

MOST_BYTES = 16_000_000
#: Whoever connects has to know the secret, and say so within this time.
PROOF_S = 2.0
_MOST_PROOF = 256
#: What can go wrong with a line whose other end is gone or is not ours.
BROKEN = (OSError, EOFError, ValueError, KeyError, TypeError)


class Line:
    """One connection; used by one thread at a time.

    Parameters
    ----------
    end : socket
        Connected; taken over.
    """

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(None)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection: Connection[bytes, bytes] = Connection(end.detach())

    def send(self, about: Mapping[str, object], body: bytes = b"") -> None:
        """Send a message.

        Parameters
        ----------
        about : mapping
            What fits into JSON.
        body : bytes
            What belongs to it.

        Raises
        ------
        OSError
            If the other end is gone.
        """
        self._connection.send_bytes(json.dumps(about).encode() + b"\n" + body)

    def receive(self, limit_s: float | None = None, most: int = MOST_BYTES) -> tuple[dict[str, Any], bytes]:
        """Wait for a message.

        Parameters
        ----------
        limit_s : float, optional
            Longest wait [s]; for ever by default.
        most : int
            Longest message [bytes].

        Returns
        -------
        tuple of dict and bytes
            As it was sent.

        Raises
        ------
        TimeoutError
            If nothing came in time.
        OSError, EOFError, ValueError
            If the other end is gone, or sent something else.
        """
        if not self._connection.poll(limit_s):
            raise TimeoutError("no message in time")
        head, _, body = self._connection.recv_bytes(most).partition(b"\n")
        return json.loads(head), body

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._connection.close()


def call(port: int, secret: str, limit_s: float) -> Line:
    """Connect to snapd.

    Parameters
    ----------
    port : int
        Where it listens on loopback.
    secret : str
        What both ends know.
    limit_s : float
        Longest wait [s].

    Returns
    -------
    Line
        Ready for use.

    Raises
    ------
    OSError
        If nobody listens there.
    """
    line = Line(socket.create_connection(("127.0.0.1", port), timeout=limit_s))
    line.send({"secret": secret})
    return line


def accepted(caller: socket.socket, secret: str) -> Line | None:
    """Let somebody in who knows the secret.

    Parameters
    ----------
    caller : socket
        A new connection; taken over.
    secret : str
        What both ends know.

    Returns
    -------
    Line or None
        None if it did not say it in time; then the connection is closed.
    """
    line = Line(caller)
    try:
        said, _ = line.receive(PROOF_S, _MOST_PROOF)
        if secrets.compare_digest(str(said["secret"]).encode(), secret.encode()):
            return line
    except BROKEN:
        pass
    line.close()
    return None
