"""The headers that tell a browser what it may do with our answers: no other host, no frame, no shared cache."""

from starlette.datastructures import MutableHeaders

_SELF = "'self'"
#: The one inline script of Streamlit's page, `window.prerenderReady = false`.
_PAGE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"

#: What the screens need: Streamlit writes style elements; Vega compiles expressions; deck.gl and mapbox-gl start
#: workers from blobs and draw images from data addresses. Nothing may come from or go to another host.
SCREEN_POLICY = "; ".join((
    f"default-src {_SELF}",
    f"script-src {_SELF} {_PAGE_SCRIPT} 'unsafe-eval' 'wasm-unsafe-eval' blob:",
    f"style-src {_SELF} 'unsafe-inline'",
    f"img-src {_SELF} data: blob:",
    f"font-src {_SELF} data:",
    f"connect-src {_SELF} data: blob:",
    f"worker-src {_SELF} blob:",
    f"frame-src {_SELF}",
    f"media-src {_SELF} blob:",
    "object-src 'none'",
    f"base-uri {_SELF}",
    f"form-action {_SELF}",
))  # fmt: skip

_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

#: Names of these carry a hash of the content, so a browser may keep them; a shared cache may not.
_KEPT = ("/static/",)
#: Fonts, marks and map code: the same for everybody and changed only with the program.
_OURS = ("/app/static/",)
#: Component frames are shown by our own pages, everything else by nobody.
_FRAMED = ("/component/",)


def page_policy(nonce: str) -> str:
    """Write the policy of a self-contained page of ours: nothing is loaded at all.

    Parameters
    ----------
    nonce : str
        Random text that marks the style and the script of this one answer.

    Returns
    -------
    str
        Value of ``Content-Security-Policy`` without the part about frames.
    """
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; font-src data:; img-src data:; "
        f"base-uri 'none'; form-action {_SELF}"
    )


def apply_headers(path: str, headers: MutableHeaders) -> None:
    """Complete the headers of an answer.

    Parameters
    ----------
    path : str
        Path that was asked for.
    headers : MutableHeaders
        Headers of the answer; changed in place.
    """
    ancestors = _SELF if path.startswith(_FRAMED) else "'none'"
    policy = headers.get("content-security-policy", SCREEN_POLICY)
    headers["content-security-policy"] = f"{policy}; frame-ancestors {ancestors}"
    headers["x-content-type-options"] = "nosniff"
    headers["x-frame-options"] = "DENY" if ancestors == "'none'" else "SAMEORIGIN"
    headers["referrer-policy"] = "same-origin"
    headers["permissions-policy"] = _PERMISSIONS
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"
    for name in ("access-control-allow-origin", "access-control-allow-credentials"):
        del headers[name]
    headers["cache-control"] = _cache_rule(path, headers.get("cache-control", ""))


def _cache_rule(path: str, given: str) -> str:
    if given.startswith(("private", "no-store")):
        return given
    if path.startswith(_OURS):
        return "private, max-age=3600"
    if path.startswith(_KEPT) and given:
        return given.replace("public", "private")
    return "no-store"
