"""The sandbox as the world around a test deployment: JSON over HTTP, unsigned because nothing is real."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.adapters.answers import AnswerMalformed, Fields, read_object
from app.adapters.outbound import Outbound, OutboundFailed, Request
from app.adapters.test_world import TestWorldUnavailable


class SandboxWorld:
    """The `TestWorld` protocol over the sandbox's own interface."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self._out = Outbound("test_world", section["base_url"])

    def keep_time(self, ahead: timedelta) -> None:
        """See the protocol."""
        self._ask("keep_time", "/sandbox/api/clock", {"ahead_s": int(ahead.total_seconds())})

    def _ask(self, operation: str, path: str, told: Mapping[str, Any]) -> Fields:
        content, headers = json.dumps(told).encode(), {"Content-Type": "application/json"}
        try:
            answer = self._out.call(operation, lambda: Request("POST", path, headers, content), idempotent=True)
            if answer.status != 200:
                raise TestWorldUnavailable("The sandbox refused.", status=answer.status)
            return read_object(answer.content)
        except (OutboundFailed, AnswerMalformed) as failure:
            raise TestWorldUnavailable("The sandbox did not answer.") from failure
