"""A camera layer of a city geoportal as if it were an uploaded list: who may fetch it, from where; logged before."""

import re
from dataclasses import dataclass

from cctv.importers.geoportal import Layer, Rules, fetch_layer
from cctv.permissions import Permission
from cctv.registry import Registry
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.runtime import Runtime
from cctv.settings import Settings

ACTION = "ambil_geoportal"


@dataclass(frozen=True)
class FetchedList:
    """A layer as a file.

    Attributes
    ----------
    name : str
        Name of the file, made of host and layer.
    data : bytes
        GeoJSON.
    layer : Layer
        Where it comes from, how many features and answers, whether latitude stands first.
    """

    name: str
    data: bytes
    layer: Layer


def fetch_for(runtime: Runtime, account: Account, url: str, layer: str = "") -> FetchedList:
    """Fetch a layer for a signed-in person.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    url : str
        A GeoJSON address or a WFS.
    layer : str
        Which layer of a WFS; empty takes the one in the address, or the only one.

    Returns
    -------
    FetchedList
        For the preview of an import.

    Raises
    ------
    AccessError
        If the role may not edit the register.
    ImportProblemsError
        As for :func:`~cctv.importers.geoportal.fetch_layer`.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    return fetch(runtime.settings, runtime.registry, account.username, url, layer)


def fetch(settings: Settings, registry: Registry | None, actor: str, url: str, layer: str = "") -> FetchedList:
    """Fetch a layer for a named person.

    Parameters
    ----------
    settings : Settings
        Hosts that may be asked, networks of the city.
    registry : Registry or None
        Where the access is logged; None while another process holds it.
    actor : str
        Who asks.
    url : str
        A GeoJSON address or a WFS.
    layer : str
        Which layer of a WFS.

    Returns
    -------
    FetchedList
        For the preview of an import.

    Raises
    ------
    ImportProblemsError
        As for :func:`~cctv.importers.geoportal.fetch_layer`.
    """
    if registry is not None:
        log_access(registry, actor, ACTION, re.sub(r"//[^/@]*@", "//", re.sub(r"[?#].*", "", url))[:200], layer)
    found = fetch_layer(url, layer, Rules(settings.geoportals, settings.camera_networks))
    host = found.source.partition("://")[2].partition("/")[0]
    name = "-".join(part for part in ("geoportal", host, found.layer.rpartition(":")[2]) if part)
    return FetchedList(re.sub(r"[^\w.-]+", "-", name)[:90] + ".geojson", found.as_geojson(), found)
