"""Reports to take away: one file for somebody who may have it and says for what."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import plan_files, register_export, reporting
from cctv.services.plan_maps import plan_layer
from cctv.services.plan_pictures import point_picture
from cctv.services.reporting import ReportFile
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
    return _saved(file)


async def give_register(request: Request) -> Response:
    """Answer ``GET /unduh/register/{form}?keperluan=...``.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says for what the register is taken.

    Returns
    -------
    Response
        The file to be saved, never cached; 400, 403 or 404 as JSON.
    """
    file = await run_blocking(
        register_export.register_file, get_runtime(), request.state.account, request.path_params["form"],
        request.query_params.get("keperluan", ""),
    )  # fmt: skip
    return _saved(file)


async def give_plan(request: Request) -> Response:
    """Answer ``GET /unduh/rencana/{plan_id}/{form}?keperluan=...``.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says for what the file is taken.

    Returns
    -------
    Response
        The file to be saved, never cached; 400, 403 or 404 as JSON.
    """
    file = await run_blocking(
        plan_files.plan_file, get_runtime(), request.state.account, request.path_params["plan_id"],
        request.path_params["form"], request.query_params.get("keperluan", ""),
    )  # fmt: skip
    return _saved(file)


async def show_plan(request: Request) -> Response:
    """Answer ``GET /peta/rencana/{plan_id}.geojson``: what the points of a kept plan would see.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        GeoJSON for this person alone; 403 or 404 as JSON.
    """
    body = await run_blocking(plan_layer, get_runtime(), request.state.account, request.path_params["plan_id"])
    return Response(body, media_type="application/geo+json", headers={"Cache-Control": "private, max-age=60"})


async def show_point(request: Request) -> Response:
    """Answer ``GET /peta/rencana/{plan_id}/{rank}/{name}.png``: map without or with a point, or its camera's picture.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        PNG for this person alone; 403 or 404 as JSON.
    """
    path = request.path_params
    body = await run_blocking(
        point_picture, get_runtime(), request.state.account, path["plan_id"], path["rank"], path["name"]
    )
    return Response(body, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


def _saved(file: ReportFile) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.body, media_type=file.media_type, headers=headers)
