"""One POST to a partner's endpoint: to the checked address only, no redirects, 15 s and 64 kB in all."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any

import httpcore

from app.webhooks import ssrf
from app.webhooks.domain.retries import ANSWER_WITHIN_S

MOST_ANSWER_BYTES = 64 * 1024
KEPT_CHARACTERS = 500
# getaddrinfo knows no time limit: it runs beside, so that a slow name server costs a thread here and not a job
_resolving = ThreadPoolExecutor(max_workers=8, thread_name_prefix="webhook-dns")


@dataclass(frozen=True)
class Answer:
    """What became of one delivery. `outcome`: answered, timeout, unreachable, tls, broken or blocked."""

    outcome: str
    status: int | None
    retry_after: str | None
    start: str  # of the answer, for the log that partners read
    duration_ms: int

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send(
    url: str,
    headers: dict[str, str],
    body: bytes,
    *,
    policy: ssrf.Policy,
    resolve: ssrf.Resolver = ssrf.system_resolver,
    tls: ssl.SSLContext | None = None,
    within_s: float = ANSWER_WITHIN_S,
) -> Answer:
    """Send, and answer what came of it; never raises for what the other side does.

    A 2xx counts as soon as its head is here, whatever the body does. `within_s` is for the whole exchange, name
    resolution and TLS included.
    """
    began = time.monotonic()
    backend = _Guarded(policy, resolve, began + within_s)
    try:
        ssrf.check_url(url, policy)
        found = _exchange(url, headers, body, backend, tls or ssl.create_default_context())
    except ssrf.UrlRefused as refused:
        found = ("blocked", None, None, str(refused.context.get("reason", "")))
    except httpcore.TimeoutException:
        found = ("timeout", None, None, "")
    except _TlsFailed:
        found = ("tls", None, None, "")
    except httpcore.NetworkError:
        found = ("unreachable", None, None, "")
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        found = ("broken", None, None, "")
    return Answer(*found, duration_ms=round((time.monotonic() - began) * 1000))


def _exchange(
    url: str, headers: dict[str, str], body: bytes, backend: _Guarded, tls: ssl.SSLContext
) -> tuple[str, int | None, str | None, str]:
    with (
        httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=backend) as pool,
        pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
    ):
        given = {name.lower(): value for name, value in response.headers}
        retry_after = given.get(b"retry-after", b"").decode("latin-1") or None
        return "answered", response.status, retry_after, _readable(_start(response.iter_stream()))


def _start(stream: Iterable[bytes]) -> bytes:
    """The first 64 kB at most; the connection is closed on the rest. A body that breaks off is no reason to repeat."""
    read = b""
    try:
        for piece in stream:
            read += piece
            if len(read) >= MOST_ANSWER_BYTES:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    return read[:MOST_ANSWER_BYTES]


def _readable(raw: bytes) -> str:
    """Printable characters only, and not many: it will be shown on pages and in terminals."""
    text = raw[: KEPT_CHARACTERS * 4].decode("utf-8", errors="replace")[:KEPT_CHARACTERS]
    return "".join(char if char.isprintable() else " " for char in text)


class _Guarded(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and gives every step only what is left of the time."""

    def __init__(self, policy: ssrf.Policy, resolve: ssrf.Resolver, ends_at: float) -> None:
        self._policy = policy
        self._resolve = resolve
        self._ends_at = ends_at
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        asked = _resolving.submit(ssrf.allowed_addresses, host, port, self._policy, self._resolve)
        try:
            address = asked.result(timeout=self.left(httpcore.ConnectTimeout))[0]
        except FutureTimeout as error:
            raise httpcore.ConnectTimeout("name resolution") from error
        stream = self._plain.connect_tcp(
            address, port, self.left(httpcore.ConnectTimeout), local_address, socket_options
        )
        return _Timed(stream, self.left)

    def left(self, error: type[httpcore.TimeoutException]) -> float:
        """Seconds that are left. Raises `error` when none are."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise error("the time for this delivery is over")
        return seconds


class _TlsFailed(httpcore.ConnectError):
    """No trusted certificate for this name, or no common version of TLS."""


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends with the delivery's time: a byte a second does not keep it open."""

    def __init__(
        self, stream: httpcore.NetworkStream, left: Callable[[type[httpcore.TimeoutException]], float]
    ) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._left(httpcore.ConnectTimeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, left)
        except httpcore.ConnectError as error:
            raise (_TlsFailed() if isinstance(error.__cause__, ssl.SSLError) else error) from error
        return _Timed(stream, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
