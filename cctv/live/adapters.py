"""Addresses of relays: a city that outgrows one machine points us at its go2rtc, Frigate or another relay.

========================================  ============================================================
in the register                           asked for
========================================  ============================================================
``go2rtc+http://10.20.0.5:1984/gerbang``  ``http://10.20.0.5:1984/api/frame.jpeg?src=gerbang``
``frigate+http://10.20.0.5:5000/pasar``   ``http://10.20.0.5:5000/api/pasar/latest.jpg?h=720``
``relai:simpang-lima``                    the template of the settings with ``{nama}`` filled in
========================================  ============================================================

The address that comes out passes the same checks as any other.
"""

from urllib.parse import quote, unquote

import httpx

from cctv.errors import SnapshotError

_PATHS = {"go2rtc": "/api/frame.jpeg?src={name}", "frigate": "/api/{name}/latest.jpg?h=720"}
RELAY = "relai:"
PLACE = "{nama}"


def expanded(address: str, relay_template: str) -> str:
    """Turn the address of a camera on a relay into the address of its picture.

    Parameters
    ----------
    address : str
        What stands in the register.
    relay_template : str
        From the settings, with ``{nama}``; empty if there is no relay.

    Returns
    -------
    str
        Address of a picture or video; any other address as it was.

    Raises
    ------
    SnapshotError
        ``blocked_by_policy`` if the address of a relay cannot be used.
    """
    if address.startswith(RELAY):
        if not relay_template:
            raise SnapshotError("blocked_by_policy", "no relay in the settings")
        return relay_template.replace(PLACE, _part(address.removeprefix(RELAY)))
    kind, plus, rest = address.partition("+")
    if not plus or kind not in _PATHS:
        return address
    try:
        url = httpx.URL(rest)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise SnapshotError("blocked_by_policy", "not an address") from error
    if url.scheme not in ("http", "https"):
        raise SnapshotError("blocked_by_policy", "a relay speaks http or https")
    login = f"{url.userinfo.decode('ascii')}@" if url.userinfo else ""
    return f"{url.scheme}://{login}{url.netloc.decode('ascii')}{_PATHS[kind].format(name=_part(url.path.strip('/')))}"


def _part(name: str) -> str:
    """Make the name of a camera one part of a path, whatever it contains."""
    if not name or name in (".", ".."):
        raise SnapshotError("blocked_by_policy", "a relay without the name of a camera")
    return quote(unquote(name), safe="")
