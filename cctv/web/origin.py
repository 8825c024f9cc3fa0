"""Where a request comes from, and where a person may be sent on to."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

_OWN_SITES = frozenset({"same-origin", "none"})
_HOME = "/"
_NO_TARGETS = frozenset({"/masuk", "/keluar", "/siapkan", "/sehat"})


def is_cross_origin(headers: Headers) -> bool:
    """Tell whether another web site made the browser send this request.

    Parameters
    ----------
    headers : Headers
        Headers of the request or of the websocket handshake.

    Returns
    -------
    bool
        True for another origin. A program that is no browser sends neither header and is not refused for that.

    Notes
    -----
    ``Sec-Fetch-Site`` cannot be set by scripts and holds behind a proxy that rewrites the host, so it goes first.
    Browsers send it only over https and on loopback; elsewhere ``Origin`` is compared with ``Host``.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OWN_SITES
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def safe_target(wanted: str) -> str:
    """Keep a wanted page only if it lies in this app.

    Parameters
    ----------
    wanted : str
        Path and query as given in an address; anybody can have written it.

    Returns
    -------
    str
        The same text, or ``/`` if it could lead to another site or back to the sign-in page.
    """
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and " " not in wanted
    if not is_plain or not wanted.startswith("/") or wanted.startswith("//"):
        return _HOME
    return _HOME if urlsplit(wanted).path.rstrip("/") in _NO_TARGETS else wanted
