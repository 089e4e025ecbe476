"""The client: signs each try, repeats what may be repeated under one Idempotency-Key, reads lists page by page."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import httpx

from dukou_partner.errors import DukouError, NoAnswer
from dukou_partner.signing import Signer, signed_headers

PREFIX = "/partner/v1"
AGAIN = frozenset({429, 500, 502, 503, 504})
IN_PROGRESS = "idempotency.in_progress"
CLOCK_OFF = "partner.signature_stale"
LONGEST_WAIT_S = 60.0
Parameters = Mapping[str, str | int]


class Client:
    """`Client("https://bank.example", Ed25519Signer("key_live_…", pem))`; thread-safe; close it or use `with`.

    `tries` counts all of one call. Paths are those of the API reference without `/partner/v1`.
    """

    def __init__(
        self,
        base_url: str,
        signer: Signer,
        *,
        version: str | None = None,
        tries: int = 4,
        timeout_s: float = 20.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._signer, self._version, self._tries, self._sleep = signer, version, max(1, tries), sleep
        self._now, self._clock_offset_s = now, 0.0
        self._http = httpx.Client(timeout=timeout_s, transport=transport, follow_redirects=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def get(self, path: str, **parameters: str | int) -> Any:
        """Read one object or one page. Raises DukouError, NoAnswer."""
        return self.call("GET", path, parameters=parameters)

    def post(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> Any:
        """Make or change something, once, however often it has to be sent. Raises DukouError, NoAnswer."""
        return self.call("POST", path, body=body, idempotency_key=idempotency_key)

    def put(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> Any:
        """Set something, once, however often it has to be sent. Raises DukouError, NoAnswer."""
        return self.call("PUT", path, body=body, idempotency_key=idempotency_key)

    def pages(self, path: str, **parameters: str | int) -> Iterator[Any]:
        """Every item of a list, asking for page after page as you go. Raises DukouError, NoAnswer."""
        cursor: str | None = None
        while True:
            page = self.get(path, **parameters, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def events_after(self, after: str, **parameters: str | int) -> Iterator[Any]:
        """Every event after an event's id or an instant, oldest first: how to catch up without webhooks."""
        while found := self.get("/events", after=after, **parameters)["items"]:
            yield from found
            after = found[-1]["id"]

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        parameters: Parameters | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """One call, with as many tries as it takes. A write gets an Idempotency-Key if you give none.

        Give one of your own (an order's number) where your process may die and ask again. Answers the body: parsed
        JSON, text for a table, None for none. Raises DukouError, NoAnswer.
        """
        url = f"{self.base_url}{PREFIX}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        key = idempotency_key or (None if method == "GET" else str(uuid.uuid4()))
        for left in reversed(range(self._tries)):
            try:
                answer = self._try(method, url, raw, key)
            except httpx.TransportError as error:
                if not left:
                    raise NoAnswer(f"{method} {path}: {error.__class__.__name__}", key) from error
                self._sleep(self._pause(left, None))
                continue
            if answer.is_success:
                return _content(answer)
            refused = self._refused(answer)
            if not left or not self._may_repeat(refused):
                raise refused
            self._sleep(self._pause(left, answer.headers.get("Retry-After")))
        raise AssertionError("the last try answers or raises")

    def _try(self, method: str, url: str, body: bytes, key: str | None) -> httpx.Response:
        created = int(self._now() + self._clock_offset_s)
        headers = signed_headers(
            self._signer, method, url, body, created=created, idempotency_key=key, version=self._version
        )
        return self._http.request(method, url, content=body, headers=headers)

    def _refused(self, answer: httpx.Response) -> DukouError:
        try:
            problem = answer.json()
        except ValueError:
            problem = None
        told = problem if isinstance(problem, dict) else {}
        return DukouError(answer.status_code, told, self.base_url, answer.headers.get("X-Request-Id"))

    def _may_repeat(self, refused: DukouError) -> bool:
        """Also when our clock is off: the bank's is adopted; a clock that is still refused is not tried for ever."""
        if refused.code == CLOCK_OFF and "server_time" in refused.context:
            offset_s = float(refused.context["server_time"]) - self._now()
            learned = abs(offset_s - self._clock_offset_s) > 1
            self._clock_offset_s = offset_s
            return learned
        return refused.status in AGAIN or refused.code == IN_PROGRESS

    def _pause(self, left: int, retry_after: str | None) -> float:
        """What the bank asks for, else half a second, doubled each time."""
        if retry_after and retry_after.isdigit():
            return min(float(retry_after), LONGEST_WAIT_S)
        return min(0.5 * 2.0 ** (self._tries - 1 - left), LONGEST_WAIT_S)


def _content(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text
