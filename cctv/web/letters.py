"""Letters to private owners as files: for somebody who may send them; logged."""

from starlette.requests import Request
from starlette.responses import Response

from cctv.services import letter_settings, letters
from cctv.services.runtime import get_runtime
from cctv.web.answers import saved_file
from cctv.web.blocking import run_blocking


async def give_letter(request: Request) -> Response:
    """Answer ``GET /unduh/surat/{letter_id}/{name}``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        DOCX or PDF to be saved, never cached; 403, 404 or 503 as JSON.
    """
    path = request.path_params
    file = await run_blocking(
        letters.letter_file, get_runtime(), request.state.account, path["letter_id"], path["name"], _base(request)
    )
    return saved_file(file)


async def give_letters(request: Request) -> Response:
    """Answer ``GET /unduh/surat-kumpulan.zip?surat=S-00001,S-00002``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        ZIP to be saved, never cached; 400, 403, 404 or 503 as JSON.
    """
    wanted = [key for key in request.query_params.get("surat", "").split(",") if key]
    file = await run_blocking(letters.letters_zip, get_runtime(), request.state.account, wanted, _base(request))
    return saved_file(file)


async def give_template(request: Request) -> Response:
    """Answer ``GET /unduh/templat/{template_id}.docx``.

    Parameters
    ----------
    request : Request
        With the account in its state.

    Returns
    -------
    Response
        DOCX to be edited, never cached; 403 or 404 as JSON.
    """
    name = request.path_params["template_id"]
    return saved_file(await run_blocking(letter_settings.template_file, get_runtime(), request.state.account, name))


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
