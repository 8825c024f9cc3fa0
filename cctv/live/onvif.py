"""Ask a camera that speaks ONVIF where its still picture is (Media service: GetProfiles, then GetSnapshotUri).

In the register: ``onvif+http://name:password@10.20.0.9/onvif/media_service``. The service gets no password but a digest
(OASIS Web Services Security UsernameToken Profile 1.0). Where the picture is said to be passes the same checks as any
other address, and the login goes along to the same host alone.
"""

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

import httpx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cctv.errors import SnapshotError

PREFIX = "onvif+"
#: What the service is told that a question is.
CONTENT_TYPE = "application/soap+xml; charset=utf-8"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_MEDIA = "http://www.onvif.org/ver10/media/wsdl"
_SCHEMA = "http://www.onvif.org/ver10/schema"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_DIGEST = f"{_WSS}username-token-profile-1.0#PasswordDigest"
_BASE64 = f"{_WSS}soap-message-security-1.0#Base64Binary"

Post = Callable[[bytes], Awaitable[bytes]]


def digest(nonce: bytes, created: str, password: str) -> str:
    """Give the password as the camera wants it.

    Parameters
    ----------
    nonce : bytes
        Never used twice.
    created : str
        Moment of the request, as it stands in it.
    password : str
        Of the camera.

    Returns
    -------
    str
        Base64 of SHA-1 of the three, one after the other.
    """
    return base64.b64encode(hashlib.sha1(nonce + (created + password).encode()).digest()).decode()  # noqa: S324 - fixed


async def snapshot_address(service: str, post: Post) -> str:
    """Ask where the picture of the first profile is.

    Parameters
    ----------
    service : str
        Address of the media service, with the login.
    post : callable
        Sends a request there and gives the answer.

    Returns
    -------
    str
        Address of the picture, unchecked; with the login if it is on the same host.

    Raises
    ------
    SnapshotError
        ``login_refused`` or ``garbage``; whatever sending raises.
    """
    url = httpx.URL(service)
    login = (url.username, url.password) if url.userinfo else None
    profiles = _read(await post(_envelope(f'<GetProfiles xmlns="{_MEDIA}"/>', login)))
    profile = profiles.find(f".//{{{_MEDIA}}}Profiles")
    token = profile.get("token") if profile is not None else None
    if not token:
        raise SnapshotError("garbage", "ONVIF names no profile")
    ask = f'<GetSnapshotUri xmlns="{_MEDIA}"><ProfileToken>{escape(token)}</ProfileToken></GetSnapshotUri>'
    found = _read(await post(_envelope(ask, login))).findtext(f".//{{{_SCHEMA}}}Uri", "").strip()
    try:
        picture = httpx.URL(found)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise SnapshotError("garbage", "ONVIF names no address") from error
    if not found.startswith(("http://", "https://")):
        raise SnapshotError("garbage", "ONVIF names no address")
    bare = picture.copy_with(userinfo=url.userinfo if picture.host == url.host else b"")
    return str(bare) if not bare.userinfo else f"{bare.scheme}://{bare.userinfo.decode()}@{_after_login(bare)}"


def _after_login(url: httpx.URL) -> str:
    return url.netloc.decode("ascii") + url.raw_path.decode("ascii")


def _envelope(body: str, login: tuple[str, str] | None) -> bytes:
    header = ""
    if login is not None:
        nonce, created = secrets.token_bytes(16), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        header = (
            f'<s:Header><Security s:mustUnderstand="1" xmlns="{_WSS}wssecurity-secext-1.0.xsd"><UsernameToken>'
            f"<Username>{escape(login[0])}</Username>"
            f"<Password Type={quoteattr(_DIGEST)}>{digest(nonce, created, login[1])}</Password>"
            f"<Nonce EncodingType={quoteattr(_BASE64)}>{base64.b64encode(nonce).decode()}</Nonce>"
            f'<Created xmlns="{_WSS}wssecurity-utility-1.0.xsd">{created}</Created>'
            "</UsernameToken></Security></s:Header>"
        )
    return f'<s:Envelope xmlns:s="{_SOAP}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def _read(answer: bytes) -> Element:
    """Read an answer; entities and document types are refused, they can be made to fill the memory."""
    if b"NotAuthorized" in answer:
        raise SnapshotError("login_refused", "ONVIF: not authorised")
    try:
        return fromstring(answer, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SnapshotError("garbage", "no ONVIF answer") from error
