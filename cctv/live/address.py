"""Decide whether a camera address may be contacted, and at which checked network address."""

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from cctv.errors import SnapshotError

Network = IPv4Network | IPv6Network
SIMULATED = "simulasi:"
#: Follows it where the simulated camera speaks RTSP.
SIMULATED_VIDEO = "rtsp/"
_HOST = re.compile(r"[\w.:-]+", re.ASCII)
_PORTS = {"http": 80, "https": 443, "rtsp": 554}
#: Ports that cameras, recorders and relays use as they come; anything else has to be allowed by the administrator.
USUAL_PORTS = frozenset({80, 81, 88, 443, 554, 1984, 5000, 7080, 7447, 8000, 8080, 8081, 8090, 8443, 8554, 8888, 8971})


@dataclass(frozen=True)
class Target:
    """Where to connect: the address itself, so that a name cannot change its meaning after the check.

    Attributes
    ----------
    url : httpx.URL
        With the checked numeric address as host and without user and password.
    host : str
        Host header.
    server_name : str
        Name the certificate has to be for.
    login : tuple of str or None
        User and password.
    """

    url: httpx.URL
    host: str
    server_name: str
    login: tuple[str, str] | None

    @property
    def port(self) -> int:
        """Where to connect to."""
        return _PORTS[self.url.scheme] if self.url.port is None else self.url.port


async def checked_target(
    address: str, networks: tuple[Network, ...], simulator_url: str, ports: frozenset[int] = USUAL_PORTS
) -> Target:
    """Check an address against the rules.

    Parameters
    ----------
    address : str
        What stands in the register.
    networks : tuple of network
        Where cameras may be; everything else is refused.
    simulator_url : str
        Base address of our own simulator, empty if there is none; the only loopback address allowed.
    ports : frozenset of int
        Ports that may be contacted.

    Returns
    -------
    Target
        Where to connect.

    Raises
    ------
    SnapshotError
        ``blocked_by_policy`` if the scheme, port, host or any address of the host is not allowed, ``dead`` if the host
        has no address.
    """
    url = _parsed(address)
    if simulator_url and address.startswith(simulator_url + "/"):
        return Target(url, url.netloc.decode("ascii"), url.host, None)
    if not networks:
        raise _blocked("no camera network is allowed")
    port = _PORTS[url.scheme] if url.port is None else url.port
    if port not in ports:
        raise _blocked(f"port {port} is not allowed")
    found = await _addresses(url.host, port)
    for one in found:
        if not is_allowed(one, networks):
            raise _blocked(f"{one} is outside the allowed networks")
    login = (url.username, url.password) if url.userinfo else None
    bare = url.copy_with(userinfo=b"")
    return Target(bare.copy_with(host=str(found[0])), bare.netloc.decode("ascii"), url.host, login)


def is_allowed(address: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    """Tell whether a numeric address lies in an allowed network.

    Parameters
    ----------
    address : IPv4Address or IPv6Address
        Where a connection would go.
    networks : tuple of network
        Where cameras may be.

    Returns
    -------
    bool
        False for loopback, link-local, multicast and unspecified addresses, whatever the networks say.
    """
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    if plain.is_loopback or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    return any(plain in network for network in networks if network.version == plain.version)


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _blocked("not an address") from error
    if url.scheme not in _PORTS or not _HOST.fullmatch(url.host):
        raise _blocked(f"scheme {url.scheme[:12]!r}, expected http, https or rtsp with a host")
    return url


async def _addresses(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """Resolve a host the way the system does; that also unmasks 2130706433, 0x7f.1 and the like."""
    with suppress(ValueError):  # plain numbers need no name server and no thread
        return [ip_address(host)]
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ip_address(str(answer[4][0])) for answer in answers]
    except (OSError, UnicodeError, ValueError) as error:
        raise SnapshotError("dead", "the host name has no address") from error


def _blocked(why: str) -> SnapshotError:
    return SnapshotError("blocked_by_policy", why)
