"""The form of an owner, outside the sign-in: reached by its link alone, limited in size, with its own name only."""

from collections.abc import Mapping

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cctv.errors import AccessError, CctvError
from cctv.i18n import t
from cctv.i18n.messages import error_hint, error_text, problem_text
from cctv.services import self_registration as service
from cctv.services.photos import LARGEST_BYTES
from cctv.services.runtime import get_runtime
from cctv.web.blocking import run_blocking
from cctv.web.page import render

#: Largest form with all its photos, longest field [bytes].
LARGEST_FORM, LONGEST_FIELD = 25_000_000, 4_000
MOST_FIELDS = 12 + 6 * service.MOST_CAMERAS
_TOO_OFTEN = frozenset({"too_often"})


async def show_form(request: Request) -> Response:
    """Answer ``GET /daftar/{token}``.

    Parameters
    ----------
    request : Request
        Anybody's; the token in its path is all that counts.

    Returns
    -------
    Response
        The form; 404 for a link that does not work, 429 for too many requests.
    """
    try:
        return await _page(request, {}, ())
    except AccessError as error:
        return _refused(error)


async def take_form(request: Request) -> Response:
    """Answer ``POST /daftar/{token}``.

    Parameters
    ----------
    request : Request
        The form as sent; posts from other sites never get here.

    Returns
    -------
    Response
        Thanks; the form again (400) with what is wrong and what was typed; 404, 411, 413 or 429.
    """
    if (refusal := _size_refusal(request)) is not None:
        return refusal
    try:
        async with request.form(
            max_files=service.MOST_CAMERAS, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as form:
            fields, photos = await _read(form)
    except HTTPException:
        return _message("too_large", 413)
    try:
        n = await run_blocking(
            service.take_form, get_runtime(), request.path_params["token"], _address(request), fields, photos
        )
    except AccessError as error:
        return _refused(error)
    except CctvError as error:
        problems = tuple(problem_text(problem) for problem in error.problems) or (error_text(error), error_hint(error))
        try:
            return await _page(request, fields, problems)
        except AccessError as refused:
            return _refused(refused)
    return render("pesan-pemilik.html", title=t("registration.thanks"), text=t("registration.thanks_text", n=n))


async def _read(form: FormData) -> tuple[dict[str, str], dict[int, bytes]]:
    """Take the texts and the photos out of a form; of a photo no more than may be there."""
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    photos: dict[int, bytes] = {}
    for place in range(service.MOST_CAMERAS):
        file = form.get(f"photo_{place}")
        if isinstance(file, UploadFile) and file.filename and (data := await file.read(LARGEST_BYTES + 1)):
            photos[place] = data
    return fields, photos


def _size_refusal(request: Request) -> Response | None:
    """Refuse a body whose size is not said, or too large, before any of it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or "transfer-encoding" in request.headers:
        return _message("no_length", 411)
    return _message("too_large", 413) if int(length) > LARGEST_FORM else None


async def _page(request: Request, fields: Mapping[str, str], problems: tuple[str, ...]) -> Response:
    opened = await run_blocking(service.open_form, get_runtime(), request.path_params["token"], _address(request))
    return render(
        "daftar.html", 400 if problems else 200, owner=opened.owner_name, key=opened.form_key, typed=fields,
        problems=problems, most=service.MOST_CAMERAS, consents=service.CONSENTS,
        direction_options=[("", t("panel.unknown")), *((word, t(f"compass.{word}")) for word in service.DIRECTIONS)],
        type_options=[(word, t(f"camera_type.{word}")) for word in service.TYPES],
        works_options=[(word, t(f"registration.works_{word}")) for word in ("yes", "no")],
    )  # fmt: skip


def _refused(error: AccessError) -> Response:
    status = 429 if error.code in _TOO_OFTEN else 404
    return render("pesan-pemilik.html", status, title=error_text(error), text=error_hint(error))


def _message(name: str, status: int) -> Response:
    title, text = t(f"registration.{name}"), t(f"registration.{name}_hint")
    return render("pesan-pemilik.html", status, title=title, text=text)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
