"""Pictures of alerts: how the camera used to look, and what was noticed; for somebody who keeps watch."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import alerts
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking


async def show_alert(request: Request) -> Response:
    """Answer ``GET /peringatan/{alert_id}/{which}.jpg`` with ``which`` = ``acuan`` or ``gambar``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        JPEG for this person alone; 403 or 404 as JSON.
    """
    which: Literal["reference", "picture"] = "reference" if request.path_params["which"] == "acuan" else "picture"
    jpeg = await run_blocking(
        alerts.picture, get_runtime(), request.state.account, request.path_params["alert_id"], which
    )
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
