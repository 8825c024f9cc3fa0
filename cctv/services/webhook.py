"""Alerts for another system: one signed message each, to an address that was set, inside networks that were listed."""

import hashlib
import hmac
import json
import logging
import queue
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx

from cctv.settings import Settings

log = logging.getLogger(__name__)

SIGNATURE = "X-Cctv-Signature"
TIMEOUT_S = 5.0
#: Pauses before the second and later tries; after the last one the message is given up.
PAUSES_S = (1.0, 5.0, 25.0)
MOST_WAITING = 1000
_PORTS = {"http": 80, "https": 443}


class Webhook:
    """Sends messages one after another from a thread of its own; nobody ever waits for it.

    Parameters
    ----------
    settings : Settings
        Address, networks and key.
    pauses_s : tuple of float
        Pauses between tries [s].
    """

    def __init__(self, settings: Settings, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        self._url, self._networks = settings.alert_url, settings.alert_networks
        self._key, self._pauses_s = settings.alert_key.encode(), pauses_s
        self._waiting: queue.Queue[bytes] = queue.Queue(MOST_WAITING)
        self.given_up = 0

    @property
    def is_on(self) -> bool:
        """Whether an address is set."""
        return bool(self._url)

    def send(self, event: Mapping[str, object]) -> None:
        """Put a message in the queue; with a full queue or no address it is dropped.

        Parameters
        ----------
        event : mapping
            What happened; must not hold anything secret.
        """
        if not self.is_on:
            return
        body = json.dumps(event, ensure_ascii=False, sort_keys=True).encode()
        try:
            self._waiting.put_nowait(body)
        except queue.Full:
            self.given_up += 1
            log.warning("the receiver of alerts is too slow: a message was dropped")

    def run(self, ending: threading.Event) -> None:
        """Send what waits until it is over.

        Parameters
        ----------
        ending : Event
            Set when the app stops.
        """
        while not ending.is_set():
            with suppress(queue.Empty):
                body = self._waiting.get(timeout=0.5)
                self.deliver(body, ending)

    def deliver(self, body: bytes, ending: threading.Event) -> bool:
        """Send one message, with a bounded number of tries.

        Parameters
        ----------
        body : bytes
            JSON.
        ending : Event
            Ends the pauses.

        Returns
        -------
        bool
            Whether the receiver took it.
        """
        for pause_s in (*self._pauses_s, None):
            problem = self._try(body)
            if not problem:
                return True
            log.warning("an alert was not taken: %s", problem)
            if pause_s is None or ending.wait(pause_s):
                break
        self.given_up += 1
        return False

    def _try(self, body: bytes) -> str:
        """Send once; give what went wrong, without the address: it may hold a key of the receiver."""
        try:
            url = httpx.URL(self._url)
            address = self._checked(url.host, url.port or _PORTS[url.scheme])
            if address is None:
                return "the receiver is outside the allowed networks"
            sent_at = str(int(datetime.now(UTC).timestamp()))
            mark = hmac.new(self._key, sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers = {
                "Host": url.netloc.decode("ascii"), "Content-Type": "application/json",
                SIGNATURE: f"t={sent_at},v1={mark}",
            }  # fmt: skip
            with httpx.Client(trust_env=False, timeout=TIMEOUT_S, follow_redirects=False) as client:
                request = client.build_request(
                    "POST", url.copy_with(host=str(address)), content=body, headers=headers,
                    extensions={"sni_hostname": url.host},
                )  # fmt: skip
                answer = client.send(request, stream=True)
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, KeyError) as error:
            return type(error).__name__
        return "" if answer.is_success else f"status {answer.status_code}"

    def _checked(self, host: str, port: int) -> IPv4Address | IPv6Address | None:
        """Resolve the host once; every address must lie in a listed network, and the first is the one connected to."""
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = [ip_address(str(answer[4][0])) for answer in answers]
        plain = [one.ipv4_mapped or one if isinstance(one, IPv6Address) else one for one in found]
        listed = all(any(one.version == net.version and one in net for net in self._networks) for one in plain)
        barred = any(one.is_link_local or one.is_multicast or one.is_unspecified for one in plain)
        return plain[0] if plain and listed and not barred else None
