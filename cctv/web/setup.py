"""The first account of a new installation: a page behind a link that is printed once and works once."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cctv.errors import AccessError, RegistryError
from cctv.i18n.messages import error_hint, error_text, problem_text
from cctv.services import accounts
from cctv.web.blocking import run_blocking
from cctv.web.page import render


async def show_setup(request: Request) -> Response:
    """Answer ``GET /siapkan?token=...``.

    Parameters
    ----------
    request : Request
        Carries the token of the printed link.

    Returns
    -------
    Response
        The form, or 403 if the link is not (or no longer) valid.
    """
    token = request.query_params.get("token", "")
    try:
        accounts.check_setup_token(token)
    except AccessError as error:
        return render("pesan.html", 403, title=error_text(error), text=error_hint(error))
    return _form(token)


async def take_setup(request: Request) -> Response:
    """Answer ``POST /siapkan``: create the first administrator and use up the link.

    Parameters
    ----------
    request : Request
        Form with ``token``, ``username``, ``display_name``, ``password``, ``repeated``.

    Returns
    -------
    Response
        303 to the sign-in page; the form again (400) with what is wrong; 403 for a wrong link.
    """
    form = await request.form(max_files=0, max_fields=8)
    fields = {name: str(form.get(name, "")) for name in ("token", "username", "display_name", "password", "repeated")}
    try:
        await run_blocking(accounts.create_first_admin, **fields)
    except AccessError as error:
        return render("pesan.html", 403, title=error_text(error), text=error_hint(error))
    except RegistryError as error:
        problems = tuple(problem_text(problem) for problem in error.problems) or (error_text(error),)
        return _form(fields["token"], fields["username"], fields["display_name"], problems, 400)
    return RedirectResponse("/masuk?sebab=siap", 303)


def _form(
    token: str, username: str = "admin", display_name: str = "", problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    return render(
        "siapkan.html",
        status,
        token=token,
        username=username,
        display_name=display_name,
        problems=problems,
        shortest=accounts.SHORTEST_PASSWORD,
    )
