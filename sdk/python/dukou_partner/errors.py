"""What can go wrong with a call: the bank refused, or no answer came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin


class NoAnswer(Exception):
    """No answer came, after all tries. A write may have been done: repeat it with `idempotency_key`."""

    def __init__(self, reason: str, idempotency_key: str | None) -> None:
        super().__init__(reason)
        self.idempotency_key = idempotency_key


class DukouError(Exception):
    """The bank refused (RFC 9457). Branch on `code` only; `doc_url` explains it; quote `request_id` when you ask."""

    def __init__(self, status: int, problem: Mapping[str, Any], base_url: str, request_id: str | None) -> None:
        self.status = status
        self.code = str(problem.get("code") or f"http.{status}")
        self.detail = str(problem.get("detail") or problem.get("title") or "")
        self.errors: list[dict[str, str]] = list(problem.get("errors") or [])
        self.context: dict[str, Any] = dict(problem.get("context") or {})
        self.request_id = problem.get("request_id") or request_id
        self.doc_url = urljoin(f"{base_url}/", str(problem.get("type") or f"/docs/errors/{self.code}"))
        super().__init__(f"{status} {self.code}: {self.detail} ({self.doc_url}, request {self.request_id})")
