"""What maps are made of: base-map style, tiles and letters, pins, and the sensitive layers above them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from cctv.palette import PALETTES
from cctv.services import basemap, maplayers
from cctv.services.basemap import MapFile
from cctv.services.pins import pin_svg
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking

NOT_MODIFIED, NOT_FOUND = 304, 404


async def show_start(request: Request) -> Response:
    """Answer ``GET /peta``: the map is the first screen and has no address of its own.

    Parameters
    ----------
    request : Request
        Its query is kept.

    Returns
    -------
    Response
        Sends the browser to ``/``.
    """
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


async def show_style(request: Request) -> Response:
    """Answer ``GET /peta/gaya/{scheme}.json``.

    Parameters
    ----------
    request : Request
        ``?tebakan=1`` also draws the streets whose course is a guess.

    Returns
    -------
    Response
        Map style with addresses of this app alone.
    """
    base_url = str(request.base_url).rstrip("/")
    file = await run_blocking(
        basemap.style, get_runtime().settings, request.path_params["scheme"], base_url,
        show_guess=request.query_params.get("tebakan") == "1",
    )  # fmt: skip
    return _answer(request, file)


async def show_tile(request: Request) -> Response:
    """Answer ``GET /peta/ubin/{z}/{x}/{y}.pbf``.

    Parameters
    ----------
    request : Request
        Zoom, column and row.

    Returns
    -------
    Response
        Vector tile, compressed.
    """
    z, x, y = (request.path_params[name] for name in "zxy")
    return _answer(request, await run_blocking(basemap.tile, get_runtime().settings, z, x, y))


async def show_glyphs(request: Request) -> Response:
    """Answer ``GET /peta/huruf/{fontstack}/{range}.pbf``.

    Parameters
    ----------
    request : Request
        Font and range of characters.

    Returns
    -------
    Response
        Drawn letters.
    """
    fontstack, span = request.path_params["fontstack"], request.path_params["range"]
    return _answer(request, await run_blocking(basemap.glyphs, fontstack, span))


async def show_pin(request: Request) -> Response:
    """Answer ``GET /peta/pin/{scheme}/{name}.svg``.

    Parameters
    ----------
    request : Request
        Colour scheme and name of the pin.

    Returns
    -------
    Response
        SVG picture, or 404.
    """
    scheme = next((known for known in PALETTES if known == request.path_params["scheme"]), None)
    svg = pin_svg(request.path_params["name"], scheme) if scheme else None
    if svg is None:
        return JSONResponse({"code": "not_found"}, NOT_FOUND)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=86400"})


async def show_layer(request: Request) -> Response:
    """Answer ``GET /peta/lapisan/{name}.geojson``: a map of where somebody, or nobody, is watching.

    Parameters
    ----------
    request : Request
        With the account in its state; the query says what to draw.

    Returns
    -------
    Response
        GeoJSON for this person alone; 403 or 404 as JSON.
    """
    body = await run_blocking(
        maplayers.layer, get_runtime(), request.state.account, request.path_params["name"], dict(request.query_params)
    )
    return Response(body, media_type="application/geo+json", headers={"Cache-Control": "private, max-age=300"})


def _answer(request: Request, file: MapFile) -> Response:
    if request.headers.get("if-none-match") == file.headers["ETag"]:
        return Response(status_code=NOT_MODIFIED, headers=file.headers)
    return Response(file.body, media_type=file.media_type, headers=file.headers)
