"""Cut the pictures out of a motion JPEG stream (multipart/x-mixed-replace)."""

from collections.abc import AsyncGenerator, AsyncIterator

from cctv.errors import SnapshotError

MOST_BYTES = 8_000_000
_MOST_PART_HEADER = 4096
_MOST_DIGITS = 15  # Python refuses to read numbers of thousands of digits


def boundary_of(parameters: str) -> bytes:
    """Read the boundary between the pictures.

    Parameters
    ----------
    parameters : str
        Parameters of the content type.

    Returns
    -------
    bytes
        With the two dashes before it.

    Raises
    ------
    SnapshotError
        ``garbage`` if there is none.
    """
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "boundary" and value.strip():
            return b"--" + value.strip().strip('"').removeprefix("--").encode("latin-1", "replace")
    raise SnapshotError("garbage", "multipart without a boundary")


async def parts(chunks: AsyncIterator[bytes], boundary: bytes) -> AsyncGenerator[bytes]:
    """Read a motion JPEG stream picture by picture.

    Parameters
    ----------
    chunks : async iterator of bytes
        The body as it comes.
    boundary : bytes
        As :func:`boundary_of` gives it.

    Yields
    ------
    bytes
        A picture, unchecked.

    Raises
    ------
    SnapshotError
        ``unreadable`` when the stream ends, ``garbage`` if it has no parts, ``too_large`` if one never ends.
    """
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        while (found := _part_in(buffer, boundary)) is not None:
            part, stop = found
            del buffer[:stop]
            yield part
        if len(buffer) > MOST_BYTES:
            raise SnapshotError("too_large", f"a picture of more than {MOST_BYTES} bytes")
    raise SnapshotError("unreadable", "the stream ended inside a picture")


def _part_in(buffer: bytearray, boundary: bytes) -> tuple[bytes, int] | None:
    """Find the first part and where it stops."""
    start = buffer.find(boundary)
    head_end = buffer.find(b"\r\n\r\n", max(start, 0))
    if start < 0 or head_end < 0:
        if len(buffer) > _MOST_PART_HEADER + len(boundary):
            raise SnapshotError("garbage", "multipart without a part")
        return None
    body = head_end + 4
    for line in bytes(buffer[start:head_end]).split(b"\r\n"):
        name, _, value = line.partition(b":")
        length = length_of(value.strip())
        if name.strip().lower() == b"content-length" and length is not None:
            stop = body + length
            return (bytes(buffer[body:stop]), stop) if len(buffer) >= stop else None
    stop = buffer.find(b"\r\n" + boundary, body)
    return (bytes(buffer[body:stop]), stop) if stop >= 0 else None


def length_of(text: bytes) -> int | None:
    """Read a length that somebody else wrote.

    Parameters
    ----------
    text : bytes
        Digits.

    Returns
    -------
    int or None
        None if it is no length.
    """
    return int(text) if text.isdigit() and len(text) <= _MOST_DIGITS else None
