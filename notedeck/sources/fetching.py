"""An address on the net -> the picture that lies there, from public places alone and within limits.

Notes are written by anybody, so an address may lead anywhere: into this computer, into its network, to a server that never ends
or lies. A name is resolved here and the connection goes to the number that it gave, which must be public; so again after each
redirect. What comes is a picture by its bytes or nothing, and takes no more bytes and seconds than the limits say.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from notedeck.machine.mediatypes import picture_kind

LARGEST = 10 << 20
"""Bytes of a picture."""
BUDGET = 500 << 20
"""Bytes of all pictures of a run."""
SECONDS = 30.0
"""For a picture, with all redirects."""
PAUSES = (0.5, 2.0)
"""Seconds before each further try of what failed in a way that may pass."""
_TOGETHER = 4
_REDIRECTS = 5
_PIECE = 1 << 16
_MOVED = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, *range(500, 600)})
_HEADERS = {"User-Agent": "notedeck", "Accept": "image/*", "Accept-Encoding": "identity", "Connection": "close"}
_SAFE = "/%:=&?~#+!$,;'@()*[]"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Sequence[str]]
"""A host and a port -> the numbers that the name has. Raises OSError."""
Connect = Callable[[str, int, float], socket.socket]
"""A number, a port and seconds -> an open connection. Raises OSError."""
Tell = Callable[[int, int], None]
"""Called with how many addresses are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture."""

    data: bytes = field(repr=False)
    suffix: str
    """By its bytes."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is none: the code of what the author is told, and what stands behind the address there."""

    code: str
    why: str = ""


class _RefusedError(Exception):
    def __init__(self, code: str, why: str, may_pass: bool = False) -> None:
        super().__init__(code, why)
        self.refusal = Refusal(code, why)
        self.may_pass = may_pass


def resolved(host: str, port: int) -> Sequence[str]:
    """The numbers of a name, by this computer's resolver. Raises OSError."""
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connected(number: str, port: int, seconds: float) -> socket.socket:
    """A connection to a number. Raises OSError."""
    return socket.create_connection((number, port), seconds)


def fetch_all(
    addresses: Sequence[str],
    *,
    resolve: Resolve = resolved,
    connect: Connect = connected,
    tell: Tell = lambda done, total: None,
    pauses: Sequence[float] = PAUSES,
    seconds: float = SECONDS,
    budget: int = BUDGET,
) -> Iterator[tuple[str, Fetched | Refusal]]:
    """Fetch the pictures of some addresses, a few at a time, each as soon as it is there."""
    fetcher = _Fetcher(resolve, connect, pauses, seconds, _Budget(budget))
    with ThreadPoolExecutor(_TOGETHER) as pool:
        waiting = {pool.submit(fetcher.fetch, address): address for address in addresses}
        try:
            for done, future in enumerate(as_completed(waiting), 1):
                tell(done, len(waiting))
                yield waiting[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Budget:
    """How many bytes are left for all pictures of a run."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.lock = threading.Lock()

    def take(self, size: int) -> None:
        """Count bytes that came. Raises _RefusedError when there are no more."""
        with self.lock:
            self.left -= size
            if self.left < 0:
                raise _RefusedError("net-budget", f"{BUDGET >> 20} MB")


class _Line:
    """A connection that another thread may end: who waits for it gets an error at once."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.is_shut = False

    def secured(self, host: str) -> socket.socket:
        """The same by TLS, with a server that proves to be the host. Raises OSError."""
        secure = ssl.create_default_context().wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
        self.socket = secure
        secure.do_handshake()
        return secure

    def shut(self) -> None:
        """End it."""
        self.is_shut = True
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class _Fetcher:
    resolve: Resolve
    connect: Connect
    pauses: Sequence[float]
    seconds: float
    budget: _Budget

    def fetch(self, address: str) -> Fetched | Refusal:
        """The picture of an address, tried again if what failed may pass."""
        for pause in (*self.pauses, None):
            try:
                return self._try(address)
            except _RefusedError as error:
                if pause is None or not error.may_pass:
                    return error.refusal
            time.sleep(pause)
        raise AssertionError("the last try returns")

    def _try(self, address: str) -> Fetched:
        until = time.monotonic() + self.seconds
        for _ in range(_REDIRECTS + 1):
            found = self._ask(address, until)
            if isinstance(found, bytes):
                return _picture(found)
            address = found
        raise _RefusedError("net-unreached", "redirects")

    def _ask(self, address: str, until: float) -> bytes | str:
        """What lies at an address, or the address to which it was moved."""
        try:
            parts = urlsplit(address)
            port = parts.port or _PORTS.get(parts.scheme, 0)
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except ValueError as error:
            raise _RefusedError("net-unreached", str(error)) from error
        if parts.scheme not in _PORTS or not host or parts.username is not None:
            raise _RefusedError("net-private", parts.scheme or address)
        try:
            return self._talk(address, parts.scheme, host, port, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            words = "timeout" if time.monotonic() >= until or isinstance(error, TimeoutError) else type(error).__name__
            raise _RefusedError("net-unreached", words, may_pass=True) from error

    def _talk(self, address: str, scheme: str, host: str, port: int, until: float) -> bytes | str:
        """Ask one server; when the time is over the connection is shut, whatever it waits for."""
        opened = self.connect(self._public_number(host, port), port, max(until - time.monotonic(), 0.1))
        line = _Line(opened)
        guard = threading.Timer(max(until - time.monotonic(), 0), line.shut)
        guard.daemon = True
        guard.start()
        connection = http.client.HTTPConnection(host, port)
        try:
            connection.sock = line.secured(host) if scheme == "https" else opened
            connection.request("GET", _target(address), headers={**_HEADERS, "Host": _host_header(host, scheme, port)})
            found = self._answer(connection.getresponse(), address)
            if line.is_shut:  # what was read until then looks like an end
                raise TimeoutError
            return found
        finally:
            guard.cancel()
            connection.close()
            line.socket.close()

    def _public_number(self, host: str, port: int) -> str:
        """A number of a host, all of whose numbers are public."""
        numbers = list(self.resolve(host, port))
        if not numbers:
            raise _RefusedError("net-unreached", "no address", may_pass=True)
        for number in numbers:
            if not is_public(number):
                raise _RefusedError("net-private", number)
        return numbers[0]

    def _answer(self, response: http.client.HTTPResponse, address: str) -> bytes | str:
        if response.status in _MOVED and (place := response.headers.get("Location")):
            return urljoin(address, "".join(place.split()))
        if response.status in _PASSING:
            raise _RefusedError("net-unreached", f"HTTP {response.status}", may_pass=True)
        if response.status != http.client.OK:
            raise _RefusedError("net-gone", f"HTTP {response.status}")
        if (response.length or 0) > LARGEST:
            raise _RefusedError("net-heavy", f"{LARGEST >> 20} MB")
        return b"".join(self._pieces(response))

    def _pieces(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        size = 0
        while piece := response.read(_PIECE):
            size += len(piece)
            if size > LARGEST:
                raise _RefusedError("net-heavy", f"{LARGEST >> 20} MB")
            self.budget.take(len(piece))
            yield piece
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)


def is_public(number: str) -> bool:
    """Whether a number on the net belongs to everybody's net: not to this computer, not to its network, not to a group."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if address.teredo or address in _NAT64:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _picture(data: bytes) -> Fetched:
    suffix = picture_kind(data)
    if not suffix:
        raise _RefusedError("net-other", "")
    if not _is_whole(data, suffix):
        raise _RefusedError("net-unreached", "IncompleteRead", may_pass=True)
    return Fetched(data, suffix)


def _is_whole(data: bytes, suffix: str) -> bool:
    """Whether a picture has its end, as far as its kind says: a server may tell a smaller length than it has."""
    ends: Mapping[str, Callable[[], bool]] = {
        ".png": lambda: b"IEND" in data[-64:] or b"IEND" in data,
        ".jpg": lambda: b"\xff\xd9" in data[2:],
        ".gif": lambda: data.rstrip(b"\0").endswith(b";"),
        ".webp": lambda: int.from_bytes(data[4:8], "little") + 8 <= len(data),
        ".svg": lambda: b"</svg" in data[-4096:] or data.rstrip().endswith(b"/>"),
    }
    return ends.get(suffix, lambda: True)()


def _target(address: str) -> str:
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe=_SAFE)
    return f"{path}?{quote(parts.query, safe=_SAFE)}" if parts.query else path


def _host_header(host: str, scheme: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == _PORTS[scheme] else f"{name}:{port}"
