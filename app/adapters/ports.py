"""The Dukou ports: one HTTP client for the core bank, bureau, tax and SMS vendors, signed both ways (docs/ports.md)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog

from app.adapters.answers import AnswerMalformed, Fields, read_object
from app.adapters.outbound import Answer, Outbound, OutboundFailed, Request, broken_server
from app.kernel.errors import Unavailable, Unprocessable

WINDOW_S = 300
CLIENT, TIMESTAMP, NONCE, SIGNATURE = "X-Port-Client", "X-Port-Timestamp", "X-Port-Nonce", "X-Port-Signature"
log = structlog.get_logger(__name__)


class PortRefused(Unprocessable):
    """The vendor refused the content of a call; `vendor_code` in the context. Not to be repeated unchanged."""

    code = "port.refused"


class SignatureWrong(Exception):
    """A message without the proof that its sender holds the port's secret; the message says what is wrong."""


@dataclass(frozen=True)
class PortAnswer:
    """A verified answer that the channel knows what to do with."""

    status: int
    fields: Fields

    @property
    def code(self) -> str:
        """The stable code of a refusal; empty for a success."""
        found = self.fields.values.get("code")
        return found if self.status >= 400 and isinstance(found, str) else ""


def request_signature(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """hex(HMAC-SHA256(secret, METHOD ⏎ path?query ⏎ timestamp ⏎ nonce ⏎ sha256hex(body)))."""
    return _hmac(secret, method.upper(), target, timestamp, nonce, hashlib.sha256(body).hexdigest())


def answer_signature(secret: str, timestamp: str, status: int, body: bytes) -> str:
    """hex(HMAC-SHA256(secret, timestamp ⏎ status ⏎ sha256hex(body)))."""
    return _hmac(secret, timestamp, str(status), hashlib.sha256(body).hexdigest())


def _hmac(secret: str, *lines: str) -> str:
    return hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def check_push(headers: Mapping[str, str], raw: bytes, *, target: str, client_id: str, secret: str, now: float) -> None:
    """Refuse a POST that the port's client did not sign within 300 s. Repeats are the caller's to bear.

    Raises SignatureWrong.
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce = given.get(TIMESTAMP.lower(), ""), given.get(NONCE.lower(), "")
    if not _same(given.get(CLIENT.lower(), ""), client_id):
        raise SignatureWrong("client")
    if not _fresh(timestamp, now):
        raise SignatureWrong("timestamp")
    if not 1 <= len(nonce) <= 32:
        raise SignatureWrong("nonce")
    if not _same(given.get(SIGNATURE.lower(), ""), request_signature(secret, "POST", target, timestamp, nonce, raw)):
        raise SignatureWrong("signature")


def _fresh(timestamp: str, now: float) -> bool:
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return digits and abs(now - int(timestamp)) <= WINDOW_S


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


class PortClient:
    """Calls of one port. Every call carries a number of ours, so a repeat is harmless and every call is retried.

    `down` makes the channel's own error for "no answer that can be trusted". Codes in `expected` are handed to the
    channel; other refusals raise PortRefused.
    """

    def __init__(
        self,
        channel: str,
        section: Mapping[str, Any],
        down: Callable[[str], Unavailable],
        *,
        outbound: Outbound | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        address = urlsplit(section["base_url"])
        self._prefix = address.path.rstrip("/")
        self.client_id: str = section["client_id"]
        self.secret: str = section["secret"]
        self._channel = channel
        self._down = down
        self._wall = wall
        self._outbound = outbound or Outbound(channel, f"{address.scheme}://{address.netloc}", unwell=_unwell)

    def call(
        self, operation: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, expected: str = ""
    ) -> PortAnswer:
        """One signed call whose answer has been verified. Raises the channel's error, PortRefused."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            answer = self._outbound.call(
                operation, lambda: self._signed(method, self._prefix + path, content), idempotent=True
            )
            self._verify(answer)
            found = PortAnswer(answer.status, read_object(answer.content))
        except OutboundFailed as failure:
            raise self._down(failure.reason) from None
        except (SignatureWrong, AnswerMalformed) as fault:
            log.error("port_answer_refused", channel=self._channel, operation=operation, fault=str(fault))
            raise self._down("answer") from None
        return self._settled(operation, found, expected)

    def malformed(self, operation: str, fault: AnswerMalformed) -> Unavailable:
        """The channel's error for a verified answer that lacks what was agreed."""
        log.error("port_answer_malformed", channel=self._channel, operation=operation, field=str(fault))
        return self._down("answer")

    def _settled(self, operation: str, found: PortAnswer, expected: str) -> PortAnswer:
        if found.status < 300 or found.code in expected.split():
            return found
        log.warning("port_refusal", channel=self._channel, operation=operation, vendor_code=found.code)
        if found.status >= 500 or found.status in (401, 403, 429):
            raise self._down(found.code or "answer")
        raise PortRefused("The vendor refused the request.", channel=self._channel, vendor_code=found.code)

    def _signed(self, method: str, target: str, content: bytes) -> Request:
        timestamp, nonce = str(int(self._wall())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            CLIENT: self.client_id,
            TIMESTAMP: timestamp,
            NONCE: nonce,
            SIGNATURE: request_signature(self.secret, method, target, timestamp, nonce, content),
        }
        return Request(method, target, headers, content)

    def _verify(self, answer: Answer) -> None:
        timestamp = answer.headers.get(TIMESTAMP, "")
        if not _fresh(timestamp, self._wall()):
            raise SignatureWrong("timestamp")
        expected = answer_signature(self.secret, timestamp, answer.status, answer.content)
        if not _same(answer.headers.get(SIGNATURE, ""), expected):
            raise SignatureWrong("signature")


def _unwell(answer: Answer) -> bool:
    """A gateway that says "source.down" is itself alive: other questions may well be answered."""
    return broken_server(answer) and b'"source.down"' not in answer.content
