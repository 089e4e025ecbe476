"""Every call to the outside: time limits, few retries with jitter, a breaker, one log line and metrics a try."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import structlog
from prometheus_client import Counter, Gauge, Histogram

from app.adapters.breaker import Breaker

CALLS = Counter("dukou_outbound_calls", "Tries of calls to vendors", ["channel", "operation", "outcome"])
SECONDS = Histogram("dukou_outbound_seconds", "Duration of one try", ["channel", "operation"])
OPEN = Gauge("dukou_outbound_breaker_open", "1 while calls are refused at once", ["channel"], multiprocess_mode="max")

Sink = Callable[[bytes], object]

log = structlog.get_logger("outbound")
# httpx logs whole URLs at INFO, and WeChat wants secrets and tokens in the query.
logging.getLogger("httpx").setLevel(logging.WARNING)


class OutboundFailed(Exception):
    """No usable answer; `reason` is breaker_open, connect, timeout, broken or too_large, and never holds the URL."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """Seconds for connecting, for one try and for all tries with their pauses; tries; the largest answer in bytes."""

    connect_s: float = 2.5
    try_s: float = 6.0
    call_s: float = 14.0
    tries: int = 3
    first_pause_s: float = 0.2
    answer_bytes: int = 2 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One try as it goes out. `target` is the path with its query, already encoded."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back, with the raw bytes that signatures cover."""

    status: int
    headers: httpx.Headers
    content: bytes


def broken_server(answer: Answer) -> bool:
    """The ordinary sign of a vendor that is unwell."""
    return answer.status >= 500


class Outbound:
    """The way to one vendor. `unwell` tells which answers count against the vendor and are worth another try.

    The time of a try covers connecting, sending and the body; a head that drips in is cut by its size (100 kB) only.
    """

    def __init__(
        self,
        channel: str,
        origin: str,
        *,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        unwell: Callable[[Answer], bool] = broken_server,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.channel = channel
        self.origin = origin.rstrip("/")
        self.limits = limits or Limits()
        self.breaker = breaker or Breaker()
        self._unwell = unwell
        self._pause = pause
        self._client = httpx.Client(
            timeout=httpx.Timeout(self.limits.try_s, connect=self.limits.connect_s),
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=10),
            trust_env=False,
            headers={"User-Agent": "dukou/1", "Accept-Encoding": "identity"},
        )

    def call(self, operation: str, prepare: Callable[[], Request], *, idempotent: bool) -> Answer:
        """Send what `prepare` makes, anew for each try so that nonces and time stamps are fresh.

        Only an idempotent call is tried again. Answers whatever the vendor said; raises OutboundFailed for no answer.
        """
        ends_at = time.monotonic() + self.limits.call_s
        tries = self.limits.tries if idempotent else 1
        for number in range(1, tries + 1):
            last = number == tries
            try:
                answer = self._try(operation, prepare(), ends_at)
                if last or not self._unwell(answer):
                    return answer
            except OutboundFailed as failure:
                if last or failure.reason == "breaker_open":
                    raise
            pause_s = self.limits.first_pause_s * 2 ** (number - 1) * random.uniform(0.5, 1.5)  # noqa: S311  jitter
            if time.monotonic() + pause_s >= ends_at:
                raise OutboundFailed("timeout")
            self._pause(pause_s)
        raise AssertionError("unreachable")

    def download(self, operation: str, request: Request, sink: Sink) -> Answer:
        """One try of a large answer: of a 200 each chunk goes to `sink` and none is kept. Raises OutboundFailed."""
        return self._try(operation, request, time.monotonic() + self.limits.call_s, sink)

    def _try(self, operation: str, request: Request, ends_at: float, sink: Sink | None = None) -> Answer:
        if not self.breaker.admit():
            self._tell(operation, "breaker_open", None, 0.0)
            raise OutboundFailed("breaker_open")
        began, well, outcome, answer = time.monotonic(), False, "failed", None
        try:
            answer = self._exchange(request, min(began + self.limits.try_s, ends_at), sink)
            well, outcome = not self._unwell(answer), f"{answer.status // 100}xx"
        except OutboundFailed as failure:
            outcome = failure.reason
            raise
        finally:
            self.breaker.note(well)
            self._tell(operation, outcome, answer, time.monotonic() - began)
        return answer

    def _exchange(self, request: Request, ends_at: float, sink: Sink | None) -> Answer:
        url = self.origin + request.target
        left_s = max(0.05, ends_at - time.monotonic())
        limits = httpx.Timeout(left_s, connect=min(left_s, self.limits.connect_s))
        try:
            with self._client.stream(
                request.method, url, content=request.content or None, headers=request.headers, timeout=limits
            ) as response:
                whole = bytearray()
                self._read(response, ends_at, sink if sink and response.status_code == 200 else whole.extend)
                return Answer(response.status_code, response.headers, bytes(whole))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise OutboundFailed("connect") from None
        except httpx.TimeoutException:
            raise OutboundFailed("timeout") from None
        except httpx.HTTPError:  # its text and its request would carry the URL
            raise OutboundFailed("broken") from None

    def _read(self, response: httpx.Response, ends_at: float, sink: Sink) -> None:
        """Read within the time of the whole try and within the size: a drip of bytes resets httpx's own clock."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise OutboundFailed("broken")
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > self.limits.answer_bytes:
                raise OutboundFailed("too_large")
            if time.monotonic() > ends_at:
                raise OutboundFailed("timeout")
            sink(chunk)

    def _tell(self, operation: str, outcome: str, answer: Answer | None, seconds: float) -> None:
        CALLS.labels(self.channel, operation, outcome).inc()
        if outcome != "breaker_open":
            SECONDS.labels(self.channel, operation).observe(seconds)
        OPEN.labels(self.channel).set(0 if self.breaker.closed else 1)
        log.info(
            "outbound",
            channel=self.channel,
            operation=operation,
            outcome=outcome,
            status=answer.status if answer else None,
            vendor_request=answer.headers.get("Request-ID") if answer else None,
            duration_ms=round(seconds * 1000, 1),
        )
