"""Rules of the simulation: how far the clock may go, and where it stops on its way."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from app.kernel import clock
from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

MOST_DAYS = 400  # of one advance
MOST_AHEAD = timedelta(days=1_460)  # certificates of the sandbox hold five years
# Of each day: when the day before is closed; when debits, bills, reminders and whatever waits for office hours go out.
STOPS = (time(0, 31), time(10, 31))
CLOSES_DAY = "loans.end_of_day"


class SimulationOff(Forbidden):
    """Only a test deployment with its own sandbox has a clock to move and customers to act."""

    code = "simulation.off"


class ClockMoving(Conflict):
    """Somebody moves the clock right now: there is one for all."""

    code = "simulation.clock_moving"


class ClockTooFar(Unprocessable):
    """The clock goes on only, by one minute to 400 days at a time, and by four years in all."""

    code = "simulation.clock_too_far"


class AdvanceUnknown(NotFound):
    code = "simulation.advance_unknown"


def check_advance(step: timedelta, ahead: timedelta) -> None:
    """Raises ClockTooFar."""
    if not timedelta(minutes=1) <= step <= timedelta(days=MOST_DAYS) or ahead + step > MOST_AHEAD:
        raise ClockTooFar("The clock goes on by a minute to 400 days at a time.", most_days=MOST_DAYS)


def next_stop(after: datetime, until: datetime) -> datetime:
    """The next instant at which something is due in China, at most `until`."""
    day = clock.local_day(after)
    stops = [datetime.combine(on, at, clock.CHINA) for on in (day, day + timedelta(days=1)) for at in STOPS]
    return min(next(stop for stop in stops if stop > after), until).astimezone(UTC)


def is_night(stop: datetime) -> bool:
    """Whether only the day before is closed here."""
    return stop.astimezone(clock.CHINA).time() == STOPS[0]


def days_between(from_at: datetime, to_at: datetime) -> int:
    """How many business days end on the way."""
    return (clock.local_day(to_at) - clock.local_day(from_at)).days
