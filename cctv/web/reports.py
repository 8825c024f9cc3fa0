"""Reports to take away: one file for somebody who may have it and says for what."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import reporting
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking


async def give_coverage(request: Request) -> Response:
    """Answer ``GET /unduh/cakupan/{form}?keperluan=...``.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says for what the report is taken.

    Returns
    -------
    Response
        The file to be saved, never cached; 400, 403 or 404 as JSON.
    """
    file = await run_blocking(
        reporting.coverage_file, get_runtime(), request.state.account, request.path_params["form"],
        request.query_params.get("keperluan", ""),
    )  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.body, media_type=file.media_type, headers=headers)
