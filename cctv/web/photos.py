"""Photos from the site: for somebody who may see them, never from an open address."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services.photos import photo_for
from cctv.services.registration_review import photo_of
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking


async def show_photo(request: Request) -> Response:
    """Answer ``GET /foto/{photo_id}.jpg``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        JPEG, never cached; 403 or 404 as JSON.
    """
    jpeg = await run_blocking(photo_for, get_runtime(), request.state.account, request.path_params["photo_id"])
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


async def show_registration_photo(request: Request) -> Response:
    """Answer ``GET /foto-pendaftaran/{registration_id}/{place}.jpg``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        JPEG, never cached; 403 or 404 as JSON.
    """
    path = request.path_params
    jpeg = await run_blocking(photo_of, get_runtime(), request.state.account, path["registration_id"], path["place"])
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
