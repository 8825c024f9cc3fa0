"""Fetch a camera layer from a city geoportal: a GeoJSON address, or a WFS asked page by page.

Only hosts that the administrator has listed are asked, over https unless listed otherwise. All addresses that a name
stands for are checked and the connection goes to a checked one, so that the name cannot change its meaning in between.
No redirect is followed, nothing is unpacked, and the whole answer has a cap and one deadline.

WFS: OGC 09-025r2 (WFS 2.0), GetFeature with ``count`` and ``startIndex``. GeoJSON: RFC 7946, longitude first; a WFS 2.0
server may still give latitude first for EPSG:4326 (OGC 09-048r3), which is noticed here and put right row by row, as a
guess, when the list is read.
"""

import asyncio
import json
import socket
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpx

from cctv.errors import ImportProblemsError
from cctv.importers.cameras.guard import LARGEST_BYTES
from cctv.importers.wfs import capabilities_query, collection_of, feature_query, is_wfs, layer_in, layers_of

DEADLINE_S, READ_S = 60.0, 10.0
PAGE_FEATURES, MOST_FEATURES = 1_000, 50_000
#: Where longitude and latitude of Indonesia lie [deg].
_LON, _LAT = (94.0, 142.0), (-12.0, 7.0)
_PORTS = {"https": 443, "http": 80}
Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Rules:
    """What may be asked.

    Attributes
    ----------
    hosts : tuple of str
        Hosts as the administrator wrote them: ``host``, ``host:port``, or with ``http://`` in front.
    networks : tuple of network
        Networks of the city that a listed name may lie in besides the open internet.
    most_bytes : int
        Cap on all answers together.
    deadline_s : float
        For everything together [s].
    """

    hosts: tuple[str, ...]
    networks: tuple[Network, ...] = ()
    most_bytes: int = LARGEST_BYTES
    deadline_s: float = DEADLINE_S


@dataclass
class Layer:
    """What a geoportal gave.

    Attributes
    ----------
    source : str
        Address without its query.
    layer : str
        WFS layer; empty for a GeoJSON address.
    features : list of dict
        GeoJSON features, each once.
    pages : int
        Answers it took.
    has_lat_first : bool
        Whether most positions stand in Indonesia only the other way round.
    """

    source: str
    layer: str = ""
    features: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pages: int = 0
    has_lat_first: bool = False

    def as_geojson(self) -> bytes:
        """Write the features as one file.

        Returns
        -------
        bytes
            GeoJSON, positions as they came.
        """
        return json.dumps({"type": "FeatureCollection", "features": self.features}, ensure_ascii=False).encode()


def fetch_layer(url: str, layer: str, rules: Rules) -> Layer:
    """Fetch all features of a layer; not to be called inside a running event loop.

    Parameters
    ----------
    url : str
        A GeoJSON address or a WFS.
    layer : str
        Which layer of a WFS; empty takes the only one.
    rules : Rules
        What may be asked.

    Returns
    -------
    Layer
        All features.

    Raises
    ------
    ImportProblemsError
        ``geoportal_address`` if it may not be asked, ``geoportal_unreachable``, ``geoportal_slow``,
        ``geoportal_too_big``, ``geoportal_answer``, ``geoportal_format``, ``geoportal_layer`` if a layer must be
        chosen, or ``geoportal_paging`` if a server does not give all features.
    """
    return asyncio.run(_within(url, layer, rules))


async def _within(url: str, layer: str, rules: Rules) -> Layer:
    try:
        async with asyncio.timeout(rules.deadline_s):
            return await _fetched(url, layer, rules)
    except TimeoutError as error:
        params: dict[str, object] = {"seconds": round(rules.deadline_s)}
        raise ImportProblemsError("geoportal_slow", url[:200], params) from error


async def _fetched(url: str, layer: str, rules: Rules) -> Layer:
    asked = _Asked(await _checked(url, rules), rules.most_bytes)
    found = Layer(str(asked.shown), layer)
    async with httpx.AsyncClient(trust_env=False, timeout=READ_S, follow_redirects=False) as client:
        if is_wfs(asked.url):
            found.layer = layer or layer_in(asked.url) or await _only_layer(client, asked)
            await _all_pages(client, asked, found)
        else:
            found.features, found.pages = collection_of(await asked.get(client, asked.url.params))["features"], 1
    positions = [spot for one in found.features if (spot := _first_spot(one.get("geometry"))) is not None]
    flipped = sum(_is_flipped(*spot) for spot in positions)
    found.has_lat_first = bool(positions) and 2 * flipped > len(positions)
    return found


@dataclass(frozen=True)
class _Target:
    """An address that may be asked, and the checked network address behind its name."""

    url: httpx.URL
    address: _Address


@dataclass
class _Asked:
    """A checked server: where to connect, and how much it may still send."""

    target: _Target
    left: int

    @property
    def url(self) -> httpx.URL:
        return self.target.url

    @property
    def shown(self) -> httpx.URL:
        return self.url.copy_with(query=None, fragment=None)

    async def get(self, client: httpx.AsyncClient, params: httpx.QueryParams) -> bytes:
        """Ask once; the body is counted as it comes."""
        numeric = self.url.copy_with(host=str(self.target.address), params=params, fragment=None)
        headers = {"Host": self.url.netloc.decode("ascii"), "Accept-Encoding": "identity", "Accept": "*/*"}
        body = bytearray()
        try:
            request = client.build_request("GET", numeric, headers=headers, extensions={"sni_hostname": self.url.host})
            answer = await client.send(request, stream=True)
            try:
                is_plain = answer.headers.get("content-encoding", "identity") == "identity"
                if answer.status_code != HTTPStatus.OK or not is_plain:
                    raise _refused("geoportal_answer", f"{answer.status_code}", status=answer.status_code)
                async for chunk in answer.aiter_raw():
                    body += chunk
                    if len(body) > self.left:
                        raise _refused("geoportal_too_big", f"> {self.left}", mb=LARGEST_BYTES // 1_000_000)
            finally:
                await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _refused("geoportal_unreachable", str(error), host=self.url.host) from error
        self.left -= len(body)
        return bytes(body)


async def _checked(url: str, rules: Rules) -> _Target:
    """Check an address against the list of the administrator, and every network address that its name stands for."""
    try:
        asked = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused("geoportal_address", str(error), why="url") from error
    if asked.scheme not in _PORTS or not asked.host or asked.userinfo:
        raise _refused("geoportal_address", url[:200], why="scheme")
    port = asked.port or _PORTS[asked.scheme]
    if (asked.scheme, asked.host.lower(), port) not in {_listed(entry) for entry in rules.hosts}:
        raise _refused("geoportal_address", asked.host, why="host", host=asked.host)
    try:
        found: list[_Address] = [ip_address(asked.host)]
    except ValueError:
        found = await _addresses(asked.host, port)
        for one in found:
            if not _may_be(one, rules.networks):
                raise _refused("geoportal_address", f"{asked.host} is {one}", why="network", host=asked.host) from None
    return _Target(asked, found[0])


def _listed(entry: str) -> tuple[str, str, int]:
    """Read an entry of the list: scheme, host and port."""
    scheme, _, rest = entry.rpartition("://")
    host, _, port = rest.partition(":")
    scheme = scheme or "https"
    return scheme, host.lower(), int(port or _PORTS[scheme])


def _may_be(address: _Address, networks: tuple[Network, ...]) -> bool:
    """Tell whether a listed name may lead to an address: the open internet, or a network of the city."""
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    if plain.is_loopback or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    return plain.is_global or any(plain in network for network in networks if network.version == plain.version)


async def _addresses(host: str, port: int) -> list[_Address]:
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ip_address(str(answer[4][0])) for answer in answers]
    except (OSError, UnicodeError, ValueError) as error:
        raise _refused("geoportal_unreachable", str(error), host=host) from error


async def _only_layer(client: httpx.AsyncClient, asked: _Asked) -> str:
    names = layers_of(await asked.get(client, capabilities_query(asked.url)))
    if len(names) != 1:
        raise _refused("geoportal_layer", f"{len(names)} layers", known=", ".join(names[:40]) or "-")
    return names[0]


async def _all_pages(client: httpx.AsyncClient, asked: _Asked, found: Layer) -> None:
    """Ask page by page until the server has no more; a server that does not turn pages is noticed."""
    seen: set[str] = set()
    matched, start = -1, 0
    while True:
        page = collection_of(await asked.get(client, feature_query(asked.url, found.layer, start, PAGE_FEATURES)))
        given: list[dict[str, Any]] = page["features"]
        found.pages, start = found.pages + 1, start + len(given)
        if isinstance(total := page.get("numberMatched", page.get("totalFeatures")), int):
            matched = total
        fresh = {mark: one for one in given if (mark := _mark(one)) not in seen}
        seen.update(fresh)
        found.features += fresh.values()
        if len(found.features) > MOST_FEATURES:
            raise _refused("geoportal_too_big", f"> {MOST_FEATURES} features", mb=LARGEST_BYTES // 1_000_000)
        if not fresh or 0 <= matched <= len(found.features):
            break
    is_cut_off = matched < 0 and len(given) >= PAGE_FEATURES  # the same full page again: it does not turn pages
    if is_cut_off or matched > len(found.features):
        total = "?" if matched < 0 else matched
        raise _refused("geoportal_paging", f"{len(found.features)} of {total}", n=len(found.features), all=total)


def _mark(feature: dict[str, Any]) -> str:
    """Tell a feature from others: by its id, else by all it says."""
    return str(feature["id"]) if feature.get("id") not in (None, "") else json.dumps(feature, sort_keys=True)


def _first_spot(geometry: object) -> tuple[float, float] | None:
    inside = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(inside, list) and inside and isinstance(inside[0], list):
        inside = inside[0]
    if isinstance(inside, list) and len(inside) > 1 and all(isinstance(value, int | float) for value in inside[:2]):
        return float(inside[0]), float(inside[1])
    return None


def _is_flipped(first: float, second: float) -> bool:
    return _LAT[0] <= first <= _LAT[1] and _LON[0] <= second <= _LON[1]


def _refused(code: str, message: str, **params: object) -> ImportProblemsError:
    return ImportProblemsError(code, message, params)
