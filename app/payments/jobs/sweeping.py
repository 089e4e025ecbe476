"""Each minute: what is open and lost its job gets another one."""

from __future__ import annotations

import structlog

from app.kernel.db import transaction
from app.kernel.jobs import task
from app.payments import usecases

log = structlog.get_logger(__name__)


@task("payments.take_up", cron="* * * * *")
def take_up() -> None:
    """What is open and lost its job gets another one."""
    with transaction() as session:
        taken = usecases.take_up(session)
    if taken:
        log.error("open payments had no job", count=taken)
