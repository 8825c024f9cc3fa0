"""Guarded pictures: one frame of a camera for somebody who may see it, always an image and always with its age."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import liveview
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_waiting

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
    headers = {"Cache-Control": "no-store", "X-Picture-State": answer.state}
    if answer.age_s is not None:
        headers["X-Picture-Age"] = f"{answer.age_s:.1f}"
    if answer.reason:
        headers["X-Picture-Reason"] = answer.reason
    if answer.since is not None:
        headers["X-Picture-Since"] = answer.since.isoformat()
    return Response(answer.jpeg, media_type="image/jpeg", headers=headers)
