"""Reports to take away: one file for somebody who may have it and says for what."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import incident_files, maintenance_files, plan_files, register_export, reporting
from cctv.services.picture_file import picture_file
from cctv.services.plan_maps import plan_layer
from cctv.services.plan_pictures import point_picture
from cctv.services.runtime import get_runtime
from cctv.web.answers import saved_file
from cctv.web.blocking import run_blocking, run_waiting


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
    return saved_file(file)


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
    return saved_file(file)


async def give_tickets(request: Request) -> Response:
    """Answer ``GET /unduh/pemeliharaan/{form}?keperluan=...&pemelihara=...``.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says for what the tickets are taken, and whose.

    Returns
    -------
    Response
        The file to be saved, never cached; 400, 403 or 404 as JSON.
    """
    file = await run_blocking(
        maintenance_files.tickets_file, get_runtime(), request.state.account, request.path_params["form"],
        request.query_params.get("keperluan", ""), request.query_params.get("pemelihara", ""),
    )  # fmt: skip
    return saved_file(file)


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
    return saved_file(file)


async def give_picture(request: Request) -> Response:
    """Answer ``GET /unduh/gambar/{camera_id}?keperluan=...``.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says for what the picture is taken.

    Returns
    -------
    Response
        The stamped JPEG to be saved, never cached; 400, 403, 404 or 503 as JSON.
    """
    file = await run_waiting(
        picture_file, get_runtime(), request.state.account, request.path_params["camera_id"],
        request.query_params.get("keperluan", ""),
    )  # fmt: skip
    return saved_file(file)


async def give_incident(request: Request) -> Response:
    """Answer ``GET /unduh/insiden/{incident_id}/{form}?keperluan=...``.

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
        incident_files.incident_file, get_runtime(), request.state.account, request.path_params["incident_id"],
        request.path_params["form"], request.query_params.get("keperluan", ""),
    )  # fmt: skip
    return saved_file(file)


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
