"""A customer whose requests are cut off and who asks again with the same key, and a keeper who restarts what died."""

from __future__ import annotations

import random
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.stack import Stack
from tests.story import Story, _named

# What a minute of waiting does, so that a short drill need not wait: leases end, silent workers count as dead.
AGEING = (
    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'",
    "UPDATE webhook_attempts SET opened_at = opened_at - interval '1 minute' WHERE id NOT IN"
    " (SELECT attempt_id FROM webhook_results)",
)
LEASES_END = "UPDATE idempotency_keys SET leased_until = now() - interval '1 second' WHERE status IS NULL"


@dataclass
class Keeper:
    """Starts a dead worker or web server again, as the launcher does; counts how often it had to.

    `patient`: leases and heart-beats run out by themselves, else they are aged by SQL.
    """

    stack: Stack
    points: Path
    patient: bool = False
    restarts: dict[str, int] = field(default_factory=lambda: {"web": 0, "worker": 0})

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Keeper:
        self.points.mkdir(exist_ok=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def arm(self, *names: str) -> None:
        """The next process that passes such a point dies there."""
        for name in names:
            (self.points / name).touch()

    def disarm(self) -> None:
        """Nobody dies at a point that is left over."""
        for name in self.armed():
            (self.points / name).unlink(missing_ok=True)

    def armed(self) -> list[str]:
        """Points that nobody passed yet."""
        return sorted(path.name for path in self.points.iterdir())

    def kill(self, name: str) -> None:
        """kill -9 of a whole server, started again at once."""
        with self._lock:
            self.stack.kill(name, signal.SIGKILL)
            self._start(name)

    def leases_end(self) -> None:
        """After a request was cut off: its half-done work may be taken up."""
        if not self.patient:
            self.stack.change(LEASES_END)

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            with self._lock:
                for name, process in list(self.stack.processes.items()):
                    if process.poll() is not None:
                        self.stack.kill(name, signal.SIGKILL)  # what it left of its group
                        self._start(name)

    def _start(self, name: str) -> None:
        self.restarts[name] += 1
        if name == "worker":
            for statement in () if self.patient else AGEING:
                self.stack.change(statement)
            self.stack.start_worker()
        else:
            self.stack.start_web()


@dataclass
class PatientStory(Story):
    """Repeats a request that got no answer, or "in progress", under the same idempotency key."""

    keeper: Keeper | None = None
    repeats: int = 0
    before: Callable[[str], object] = field(default=lambda path: None)  # told the path of each request

    def ask(self, method: str, path: str, json: Any = None, *, expect: int | None = None, **headers: str) -> Any:
        self.before(path)
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {"Idempotency-Key": secrets.token_hex(16)} if method != "GET" else {}
        response = self._until_answered(method, path, json, sent | _named(headers))
        if expect is not None:
            assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content and "json" in response.headers["content-type"] else response

    def wait_loan(self) -> dict[str, Any]:
        """Of this application: the customer may have earlier loans."""
        self.wait_application("drawn")
        newest = self.ask("GET", "/customer/v1/loans", expect=200)["items"][0]
        self.facts["loan_id"] = newest["id"]
        return self.loan()

    def _until_answered(self, method: str, path: str, json: Any, headers: dict[str, str]) -> httpx.Response:
        deadline = time.monotonic() + self.stack.patience_s
        while True:
            with suppress(httpx.TransportError):
                response = self.http.request(method, path, json=json, headers=headers)
                busy = response.status_code == 409 and response.json()["code"] == "idempotency.in_progress"
                if not busy:
                    assert response.status_code < 500, f"{method} {path}: {response.status_code} {response.text}"
                    return response
            assert time.monotonic() < deadline, f"no answer to {method} {path}\n{self.stack.tail()}"
            self.repeats += 1
            time.sleep(0.3)
            if self.keeper and method != "GET":
                self.keeper.leases_end()


def like_the_good_one(stack: Stack, code: str) -> None:
    """Give a persona the reports of `good`: another customer whose loan has the same figures."""
    good = stack.sandbox.persona("good")
    same = ("status", "established_on", "industry_code", "region_code")
    change = {
        "enterprise": {name: good["enterprise"][name] for name in same},
        "bureau": good["bureau"],
        "invoices": good["tax"]["invoices"],
        "tax": good["tax"]["tax"],
        "flows": good["tax"]["flows"],
        "sources_down": [],
    }
    stack.sandbox.post(f"/sandbox/api/personas/{code}", change)


class RandomKills(threading.Thread):
    """kill -9 of web or worker at moments drawn from `seed`, until `stop()`."""

    def __init__(self, keeper: Keeper, seed: int, least_s: float, most_s: float, at_most: int) -> None:
        super().__init__()
        self._keeper, self._draw, self._at_most = keeper, random.Random(seed), at_most
        self._least_s, self._most_s, self._over = least_s, most_s, threading.Event()
        self.killed: list[str] = []

    def run(self) -> None:
        while len(self.killed) < self._at_most and not self._over.wait(
            self._draw.uniform(self._least_s, self._most_s)
        ):
            name = self._draw.choice(("web", "worker"))
            self._keeper.kill(name)
            self.killed.append(name)

    def stop(self) -> None:
        """No more kills; what was killed is running again."""
        self._over.set()
        self.join()
