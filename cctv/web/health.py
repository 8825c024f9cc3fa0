"""Health: whether the app can work, for monitoring; open to anybody, so it says no more than that."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from cctv.errors import CctvError
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking


def _register_is_ok() -> bool:
    try:
        with get_runtime().registry.cursor() as cursor:
            return cursor.execute("SELECT 1").fetchone() == (1,)
    except CctvError:
        return False


def _pictures_state() -> str:
    try:
        state = get_runtime().pictures.health().state
    except CctvError:
        return "stopped"
    return "ok" if state == "running" else state


async def show_health(_request: Request) -> JSONResponse:
    """Answer ``GET /sehat``.

    Parameters
    ----------
    _request : Request
        Not looked at.

    Returns
    -------
    JSONResponse
        200 with ``{"status": "ok", "register": "ok", "pictures": "ok"}``, or 503 with ``not ok``. Pictures that are
        being started again do not make the app unwell.
    """
    is_ok = await run_blocking(_register_is_ok)
    word = "ok" if is_ok else "not ok"
    pictures = await run_blocking(_pictures_state)
    return JSONResponse(
        {"status": word, "register": word, "pictures": pictures}, 200 if is_ok else 503, {"Cache-Control": "no-store"}
    )
