"""Ask every camera whether it is there: one connection and one short question, no picture."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from cctv.errors import SnapshotError
from cctv.live.address import Target

#: Longest that one camera may take, and how many are asked at the same time.
POLL_S = 2.0
AT_ONCE = 500
#: If this process itself was held up so long, silence says nothing about a camera: it is asked again, few at a time.
LATE_S, CAREFULLY = 0.3, 50
_LOOK_S = 0.05
_MOST = 64

Check = Callable[[], Awaitable[Target]]


async def poll_all(checks: Mapping[str, Check]) -> dict[str, str]:
    """Ask all cameras.

    Parameters
    ----------
    checks : mapping
        Camera to a function that gives its checked target.

    Returns
    -------
    dict
        Camera to a code of what is wrong; empty if it answered.
    """
    lag = _Lag()
    watching = asyncio.create_task(lag.watch())
    answers = await _asked(checks, AT_ONCE)
    watching.cancel()
    if lag.longest_s < LATE_S:
        return answers
    doubtful = {name: checks[name] for name, reason in answers.items() if reason in ("dead", "silent")}
    return answers | await _asked(doubtful, CAREFULLY)


class _Lag:
    """How long this process was held up at the most, by others on the same machine or by itself."""

    longest_s = 0.0

    async def watch(self) -> None:
        while True:
            due = time.monotonic() + _LOOK_S
            await asyncio.sleep(_LOOK_S)
            self.longest_s = max(self.longest_s, time.monotonic() - due)


async def _asked(checks: Mapping[str, Check], at_once: int) -> dict[str, str]:
    room = asyncio.Semaphore(at_once)

    async def one(check: Check) -> str:
        async with room:
            return await _poll(check)

    names = sorted(checks)
    return dict(zip(names, await asyncio.gather(*(one(checks[name]) for name in names)), strict=True))


async def _poll(check: Check) -> str:
    writer = None
    try:
        async with asyncio.timeout(POLL_S):
            target = await check()
            reader, writer = await asyncio.open_connection(target.url.host, target.port)
            if target.url.scheme == "https":
                return ""  # it listens; the question would need the handshake
            writer.write(_question(target))
            answer = await reader.read(_MOST)
        return "" if answer.startswith((b"HTTP/1.", b"RTSP/1.")) else "garbage" if answer else "dead"
    except SnapshotError as error:
        return error.code
    except TimeoutError:
        return "dead" if writer is None else "silent"
    except OSError:
        return "dead"
    finally:
        if writer is not None:
            writer.close()


def _question(target: Target) -> bytes:
    """Ask what can be asked; no login is sent, a refusal is an answer too."""
    path = target.url.raw_path.decode("ascii")
    if target.url.scheme == "rtsp":
        return f"OPTIONS rtsp://{target.host}{path} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode("ascii", "replace")
    return f"HEAD {path} HTTP/1.1\r\nHost: {target.host}\r\nConnection: close\r\n\r\n".encode("ascii", "replace")
