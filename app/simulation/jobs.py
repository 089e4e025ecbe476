"""Jobs of the simulation: one for the clock's way, called again until it has arrived."""

from __future__ import annotations

from uuid import UUID

from app.adapters import channels
from app.kernel import jobs, test_clock
from app.kernel.db import retrying, transaction
from app.kernel.jobs import task
from app.simulation import usecases


@task(usecases.ADVANCE)
def advance(*, advance_id: str) -> None:
    """One look at the clock's way: on to the next stop when nothing is left to do at this one."""
    by_day = [one.name for one in jobs.TASKS.values() if one.cron]
    retrying(lambda session: usecases.go_on(session, advance_id=UUID(advance_id), by_day=by_day))
    test_clock.look_again()
    with transaction() as session:
        ahead = test_clock.ahead(session)
    channels().test_world.keep_time(ahead)  # said at each look: whoever was away hears it
