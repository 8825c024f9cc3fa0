"""The questions of a WFS 2.0 (OGC 09-025r2) and what its list of layers says."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from cctv.errors import ImportProblemsError
from cctv.importers.cameras.guard import check_xml

#: Parameters that we set ourselves; others (a key, a filter) are passed on as they are.
_OURS = frozenset({
    "service", "version", "request", "typenames", "typename", "outputformat", "srsname", "count", "maxfeatures",
    "startindex", "resulttype",
})  # fmt: skip
LARGEST_LIST_BYTES = 4_000_000


def is_wfs(url: httpx.URL) -> bool:
    """Tell a WFS from an address that gives GeoJSON.

    Parameters
    ----------
    url : URL
        Address.

    Returns
    -------
    bool
        True if it says so in its query, or its path ends in ``wfs`` or ``ows``.
    """
    said = {name.lower(): value.lower() for name, value in url.params.items()}
    return said.get("service") == "wfs" or url.path.rstrip("/").lower().endswith(("/wfs", "/ows"))


def layer_in(url: httpx.URL) -> str:
    """Give the layer that an address names.

    Parameters
    ----------
    url : URL
        Address of a WFS.

    Returns
    -------
    str
        Empty if it names none.
    """
    said = {name.lower(): value for name, value in url.params.items()}
    return said.get("typenames") or said.get("typename") or ""


def capabilities_query(url: httpx.URL) -> httpx.QueryParams:
    """Ask for the list of layers.

    Parameters
    ----------
    url : URL
        Address of the WFS.

    Returns
    -------
    QueryParams
        Query of the request.
    """
    return _query(url, request="GetCapabilities")


def feature_query(url: httpx.URL, layer: str, start: int, count: int) -> httpx.QueryParams:
    """Ask for one page of features as GeoJSON in longitude and latitude.

    Parameters
    ----------
    url : URL
        Address of the WFS.
    layer : str
        Which layer.
    start, count : int
        First feature, from 0, and how many.

    Returns
    -------
    QueryParams
        Query of the request.
    """
    return _query(
        url, request="GetFeature", typeNames=layer, outputFormat="application/json", srsName="EPSG:4326",
        count=str(count), startIndex=str(start),
    )  # fmt: skip


def layers_of(document: bytes) -> list[str]:
    """Read the names of the layers.

    Parameters
    ----------
    document : bytes
        Answer to ``GetCapabilities``.

    Returns
    -------
    list of str
        In the order of the server.

    Raises
    ------
    ImportProblemsError
        If it is no list of layers, or XML that is made to hurt.
    """
    if len(document) > LARGEST_LIST_BYTES:
        raise ImportProblemsError("geoportal_format", f"{len(document)} bytes", {"said": "GetCapabilities"})
    check_xml(document, b"wfs_capabilities", "GetCapabilities")
    try:
        root = ET.fromstring(document)  # noqa: S314 - declarations, and with them entities, are refused above
    except ET.ParseError as error:
        raise ImportProblemsError("geoportal_format", str(error), {"said": said_by(document)}) from error
    names = (one.findtext("{*}Name") for one in root.iterfind(".//{*}FeatureType"))
    return [name.strip() for name in names if name and name.strip()]


def said_by(document: bytes) -> str:
    """Give what a server says instead of features, in one short line.

    Parameters
    ----------
    document : bytes
        Its answer.

    Returns
    -------
    str
        Without markup; a report of exceptions of OWS or of JSON.
    """
    text = re.sub(r"<[^>]*>", " ", document[:4_000].decode("utf-8", errors="replace"))
    return " ".join(text.split())[:160]


def _query(url: httpx.URL, **own: str) -> httpx.QueryParams:
    kept = [(name, value) for name, value in url.params.multi_items() if name.lower() not in _OURS]
    return httpx.QueryParams([*kept, ("service", "WFS"), ("version", "2.0.0"), *own.items()])


def collection_of(document: bytes) -> dict[str, Any]:
    """Read a GeoJSON collection.

    Parameters
    ----------
    document : bytes
        Answer of the server.

    Returns
    -------
    dict
        The collection.

    Raises
    ------
    ImportProblemsError
        ``geoportal_format`` if it is anything else.
    """
    try:
        content = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise ImportProblemsError("geoportal_format", str(error)[:100], {"said": said_by(document)}) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise ImportProblemsError("geoportal_format", "no features", {"said": said_by(document)})
    return content
