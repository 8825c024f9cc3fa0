"""Guarded pictures: stills and moving ones for somebody who may see them, always an image and always with its age."""

from collections.abc import AsyncGenerator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cctv.errors import CctvError
from cctv.live.pictures import PictureAnswer
from cctv.services import liveview, warming
from cctv.services.accounts import COOKIE_NAME
from cctv.services.moving import Viewing
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking, run_waiting, run_watching

_BOUNDARY = "bingkai"

SMALLEST_PX, LARGEST_PX, USUAL_PX = 160, 1920, 800


async def show_picture(request: Request) -> Response:
    """Answer ``GET /gambar/{camera_id}.jpg?lebar=800``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        JPEG with ``X-Picture-State``, ``-Age``, ``-Reason`` and ``-Since``; 403 or 404 as JSON.
    """
    camera_id = request.path_params["camera_id"]
    wanted = request.query_params.get("lebar", "")
    width = min(max(int(wanted), SMALLEST_PX), LARGEST_PX) if wanted.isdecimal() else USUAL_PX
    answer = await run_waiting(liveview.picture, get_runtime(), request.state.account, camera_id, width)
    headers = {"Cache-Control": "no-store", **_said(answer)}
    return Response(answer.jpeg, media_type="image/jpeg", headers=headers)


async def show_moving(request: Request) -> Response:
    """Answer ``GET /gambar/{camera_id}.mjpg``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        Motion JPEG, each picture with the headers of a still; it ends with an empty part with ``X-Picture-Ended``, a
        code. 403, 404 or 503 as JSON.
    """
    cookie = request.cookies.get(COOKIE_NAME, "")
    viewing = await run_blocking(
        Viewing, get_runtime(), request.state.account, cookie, request.path_params["camera_id"]
    )  # fmt: skip
    kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
    # JPEGs do not get smaller: "identity" keeps the compression of Streamlit's server away from them
    headers = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
    return StreamingResponse(_parts(viewing), media_type=kind, headers=headers)


async def point_at(request: Request) -> Response:
    """Answer ``GET /gambar/{camera_id}/siaga``: somebody will probably look at this camera next.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        204; 403 or 404 as JSON.
    """
    await run_blocking(warming.point_at, get_runtime(), request.state.account, request.path_params["camera_id"])
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def _parts(viewing: Viewing) -> AsyncGenerator[bytes]:
    """Give the pictures as they come, until the person leaves or may not watch any longer."""
    try:
        with viewing:
            while True:
                answer = await run_watching(viewing.next_picture)
                if answer is not None:
                    yield _part(answer.jpeg, _said(answer))
    except CctvError as error:
        yield _part(b"", {"X-Picture-Ended": error.code})


def _part(body: bytes, said: dict[str, str]) -> bytes:
    headers = {"Content-Type": "image/jpeg", "Content-Length": str(len(body)), **said}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"--{_BOUNDARY}\r\n{lines}\r\n".encode("ascii") + body + b"\r\n"


def _said(answer: PictureAnswer) -> dict[str, str]:
    """Say in headers what is to be said about a picture."""
    headers = {"X-Picture-State": answer.state}
    if answer.age_s is not None:
        headers["X-Picture-Age"] = f"{answer.age_s:.1f}"
    if answer.reason:
        headers["X-Picture-Reason"] = answer.reason
    if answer.since is not None:
        headers["X-Picture-Since"] = answer.since.isoformat()
    return headers
