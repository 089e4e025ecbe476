"""The world around a test deployment: vendors that keep the same time."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from app.kernel.errors import Unavailable


class TestWorldUnavailable(Unavailable):
    """The sandbox did not answer, or this deployment has none."""

    __test__ = False  # no test, whatever pytest makes of the name
    code = "simulation.world_unavailable"


class TestWorld(Protocol):
    """What a test deployment may ask of the world around it."""

    def keep_time(self, ahead: timedelta) -> None:
        """Vendors are so far ahead of the machines; saying it again changes nothing. Raises TestWorldUnavailable."""


class NoTestWorld:
    """Where there is none: production, and deployments against other people's test systems."""

    def keep_time(self, ahead: timedelta) -> None:
        raise TestWorldUnavailable("This deployment has no world of its own.")
