"""One POST to an address that a stranger chose: to public hosts only, briefly, never redirected.

The name is resolved once, every address it has is judged, and the connection goes to the address
that was judged, so that a second answer of the name server changes nothing.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

STEP_SECONDS = 5.0  # to connect, and between two pieces of the answer
WHOLE_SECONDS = 10.0  # for the whole exchange, however the answer drips in
NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address behind a translator


@dataclass(frozen=True)
class Answer:
    """What came of a POST. `status` is None where no answer came; `error` says why."""

    status: int | None
    error: str
    seconds: float

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class AddressRefused(OSError):
    """The host has an address that the internet cannot reach."""


def is_public(address: str) -> bool:
    """Whether `address` is one of the internet, in whatever form IPv6 wraps an IPv4 address."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour or ip.teredo or ip in NAT64 or int(ip) < 2**32:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int, *, private_hosts: Sequence[str]) -> str:
    """The address to connect to.  Raises: AddressRefused if any is private; OSError if none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(row[4][0]) for row in found]
    if host not in private_hosts and not all(is_public(address) for address in addresses):
        raise AddressRefused(f"{host} has an address that is not public")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to `address`, which speaks to `host`; with a context, over TLS."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS)
        self.default_port = 443 if context else 80  # so that Host leaves it out
        self.address, self.context = address, context

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), STEP_SECONDS)
        if self.context is not None:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """End the exchange from another thread."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended by itself
                return


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], private_hosts: Sequence[str] = ()
) -> Answer:
    """POST `body` to `url` and read the status of the answer alone; never raises for the network.

    private_hosts: names that may have private addresses.
    """
    began = time.monotonic()
    status, error = None, ""
    try:
        status = _exchange(url, body, headers, private_hosts)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    return Answer(status=status, error=error, seconds=time.monotonic() - began)


def _exchange(
    url: str, body: bytes, headers: Mapping[str, str], private_hosts: Sequence[str]
) -> int:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http address")
    context = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if context else 80)
    address = resolve(parts.hostname, port, private_hosts=private_hosts)
    connection = _Pinned(parts.hostname, port, address, context)
    deadline = threading.Timer(WHOLE_SECONDS, connection.abort)
    deadline.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        deadline.cancel()
        connection.close()
