"""Following the log of requests: none is told twice, none is missed for having been written in the same millisecond."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dukou_partner.tailing import tail_calls

FIRST, SECOND, LATER = "2026-11-24T03:00:00.001+00:00", "2026-11-24T03:00:00.002+00:00", "2026-11-24T03:00:07+00:00"


class Log:
    """A bank that answers from a growing list, after an instant, oldest first and so many at a time."""

    base_url = "http://bank.invalid"

    def __init__(self, page: int = 100) -> None:
        self.calls: list[dict[str, Any]] = []
        self.page = page

    def write(self, request_id: str, at: str) -> None:
        told = {"method": "GET", "route": "/orders", "status": 200, "code": "", "duration_ms": 1}
        self.calls.append({**told, "request_id": request_id, "at": at})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        if path == "/whoami":
            return {"server_time": "2026-11-24T03:00:00Z"}
        after = datetime.fromisoformat(query["after"])
        later = [call for call in self.calls if datetime.fromisoformat(call["at"]) > after]
        return {"items": sorted(later, key=lambda call: str(call["at"]))[: self.page]}


def test_a_line_of_the_same_millisecond_and_one_that_came_late_are_told_once() -> None:
    log, said = Log(), list[str]()
    log.write("r1", SECOND)
    rounds = [("r2", SECOND), ("r3", FIRST), ("r4", LATER)]

    def sleep(_: float) -> None:
        log.write(*rounds.pop(0))

    assert tail_calls(log, count=4, say=said.append, sleep=sleep) == 4  # type: ignore[arg-type]
    assert [line.split()[-1] for line in said] == ["r1", "r2", "r3", "r4"]


def test_more_than_a_page_within_the_overlap_does_not_stand_still() -> None:
    log, said = Log(page=3), list[str]()
    for number in range(10):
        log.write(f"r{number}", f"2026-11-24T03:00:01.{number:03}+00:00")

    def sleep(_: float) -> None:
        log.write("last", LATER)

    assert tail_calls(log, count=11, say=said.append, sleep=sleep) == 11  # type: ignore[arg-type]
    assert [line.split()[-1] for line in said] == [*(f"r{number}" for number in range(10)), "last"]
