"""Our own pages: one self-contained HTML answer each, with style, font and mark inside and no other request."""

import base64
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from cctv.i18n import LANGUAGES, current_language, t
from cctv.palette import DARK, LIGHT
from cctv.settings import ROOT
from cctv.web.policy import page_policy

FONT_WEIGHTS = (400, 600, 700)
_FONTS = ROOT / "static" / "fonts"


@cache
def _environment() -> Environment:
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shared: dict[str, Any] = {
        "t": t,
        "light": vars(LIGHT),
        "dark": vars(DARK),
        "fonts": {weight: _font(weight) for weight in FONT_WEIGHTS},
        "languages": LANGUAGES,
    }
    environment.globals.update(shared)
    return environment


def _font(weight: int) -> str:
    return base64.b64encode((_FONTS / f"plus-jakarta-sans-latin-{weight}-normal.woff2").read_bytes()).decode()


def render(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Draw a page in the current language.

    Parameters
    ----------
    template : str
        File in ``templates``.
    status : int
        HTTP status.
    **values : object
        What the template asks for.

    Returns
    -------
    HTMLResponse
        The page with the policy that lets it load nothing; never cached.
    """
    nonce = secrets.token_urlsafe(16)
    text = _environment().get_template(template).render(nonce=nonce, language=current_language(), **values)
    return HTMLResponse(text, status, {"Content-Security-Policy": page_policy(nonce), "Cache-Control": "no-store"})
