"""The world around a test deployment: vendors that keep the same time, and customers that act when they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from app.kernel.errors import Unavailable


class TestWorldUnavailable(Unavailable):
    """The sandbox did not answer, or this deployment has none."""

    __test__ = False  # no test, whatever pytest makes of the name
    code = "simulation.world_unavailable"


@dataclass(frozen=True)
class Acted:
    """How far an act of a simulated customer came: `state` is doing, done or failed; `detail` says where it failed."""

    state: str
    detail: str
    facts: Mapping[str, Any]


class TestWorld(Protocol):
    """What a test deployment may ask of the world around it."""

    def keep_time(self, ahead: timedelta) -> None:
        """Vendors are so far ahead of the machines; saying it again changes nothing. Raises TestWorldUnavailable."""

    def act(self, play_no: str, act: str, told: Mapping[str, Any]) -> Acted:
        """Have the customer of a play do one thing; asked again it answers how far that came. Raises as above."""


class NoTestWorld:
    """Where there is none: production, and deployments against other people's test systems."""

    def keep_time(self, ahead: timedelta) -> None:
        raise TestWorldUnavailable("This deployment has no world of its own.")

    def act(self, play_no: str, act: str, told: Mapping[str, Any]) -> Acted:
        raise TestWorldUnavailable("This deployment has no world of its own.")
