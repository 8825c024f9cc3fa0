"""Turn our errors into HTTP answers: a status, a stable code and a sentence in the language of the person."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cctv.errors import AccessError, CctvError, NotFoundError, SnapshotError, StaleEditError
from cctv.i18n.messages import error_hint, error_text
from cctv.services.reporting import ReportFile
from coverage.errors import CoverageError

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (AccessError, 403),
    (NotFoundError, 404),
    (StaleEditError, 409),
    (SnapshotError, 503),
    (ValueError, 400),
)


def status_of(error: Exception) -> int:
    """Choose the HTTP status of an error.

    Parameters
    ----------
    error : Exception
        One of our errors.

    Returns
    -------
    int
        Status; 503 where nothing the person sent is to blame.
    """
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)


def error_answer(error: CctvError | CoverageError, status: int | None = None) -> JSONResponse:
    """Make the answer for an error.

    Parameters
    ----------
    error : CctvError or CoverageError
        What was raised.
    status : int, optional
        HTTP status; by default the one of the class.

    Returns
    -------
    JSONResponse
        ``{"code", "message", "hint"}``, never cached.
    """
    body = {"code": error.code, "message": error_text(error), "hint": error_hint(error)}
    return JSONResponse(body, status or status_of(error), {"Cache-Control": "no-store"})


async def _answer(request: Request, error: Exception) -> Response:
    if not isinstance(error, CctvError | CoverageError):  # the table below names these two alone
        raise error
    log.info("%s %s: %s", request.method, request.url.path, error)
    return error_answer(error)


def exception_handlers() -> dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """Give the table of what answers which error.

    Returns
    -------
    dict
        Error class to handler, as Starlette takes it.
    """
    return {CctvError: _answer, CoverageError: _answer}


def saved_file(file: ReportFile) -> Response:
    """Make the answer that a browser saves as a file.

    Parameters
    ----------
    file : ReportFile
        The file.

    Returns
    -------
    Response
        Never cached.
    """
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.body, media_type=file.media_type, headers=headers)
