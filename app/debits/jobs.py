"""Files out and results in: open – call – settle, every call under the number it began with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from app.adapters import channels
from app.adapters.core_bank import (
    BankUnavailable,
    DebitFile,
    DebitFileBroken,
    DebitFileConflict,
    DebitFileUnknown,
    DebitResultsNotReady,
    TransferRefused,
)
from app.debits import domain, queries, usecases
from app.debits.models import DebitBatch
from app.kernel import crash_points, jobs
from app.kernel.db import transaction
from app.kernel.jobs import task

log = structlog.get_logger(__name__)


@task("debits.make_batch", cron="* * * * *")
def make_batch() -> None:
    """Put what waits into a file, and take up files that lost their job."""
    with transaction() as session:
        usecases.make_batch(session)
    crash_points.reach("debits.made")
    with transaction() as session:
        usecases.take_up(session)


@task("debits.send_batch")
def send_batch(*, batch_id: str, step: int) -> None:
    """Send a file. After an unknown result the same bytes are sent again under the same number, however long."""
    number = UUID(batch_id)
    with transaction() as session:
        batch = session.get_one(DebitBatch, number)
        if batch.status != "made":
            return
        batch_no, made_on, orders = batch.batch_no, batch.made_on, usecases.lines_of(session, batch_id=number)
    written = channels().core_bank.debit_file(batch_no, made_on, orders)
    with transaction() as session:
        file = DebitFile(batch_no, usecases.keep_file(session, batch_id=number, text=written.text))
    crash_points.reach("send_debits.opened")
    try:
        channels().core_bank.send_debit_file(file)
    except (DebitFileConflict, TransferRefused) as refusal:
        with transaction() as session:
            usecases.hold_batch(session, batch_id=number, why=refusal.code)
        return
    except BankUnavailable:
        with transaction() as session:
            usecases.go_on(session, batch_id=number, step=step + 1)
        return
    crash_points.reach("send_debits.called")
    with transaction() as session:
        usecases.settle_sent(session, batch_id=number)
    crash_points.reach("send_debits.settled")


@task("debits.fetch_results")
def fetch_results(*, batch_id: str, step: int) -> None:
    """Ask for the results of a file until each of its debits has one. An unproven file has no effect."""
    number = UUID(batch_id)
    with transaction() as session:
        batch = session.get_one(DebitBatch, number)
        batch_no, wanted = batch.batch_no, batch.status in ("sent", "done")
    if not wanted:
        return
    crash_points.reach("fetch_debits.opened")
    results = None
    try:
        results = channels().core_bank.debit_results(batch_no)
    except (DebitFileUnknown, DebitFileBroken) as fault:
        log.error("results of debits cannot be read", batch=batch_id, reason=fault.code)
    except (DebitResultsNotReady, BankUnavailable, TransferRefused):
        pass
    crash_points.reach("fetch_debits.called")
    with transaction() as session:
        if results is not None:
            usecases.record_results(session, batch_id=number, results=results)
        usecases.go_on(session, batch_id=number, step=step + 1)
    crash_points.reach("fetch_debits.settled")


@task("debits.look_for_returns", cron="10 * * * *")
def look_for_returns() -> None:
    """Debits come back after days: files that are done are read again while their time runs."""
    with transaction() as session:
        for batch_id in queries.batches_that_may_return(session):
            jobs.enqueue(
                session,
                "debits.fetch_results",
                once=f"debits.fetch_results:{batch_id}",
                batch_id=batch_id,
                step=0,
            )


@task("debits.end_with_consent")
def end_with_consent(*, event_id: str, event: dict[str, Any]) -> None:
    """A consent was withdrawn: if it is the one behind a mandate, the mandate ends."""
    if event["kind"] == domain.PURPOSE:
        with transaction() as session:
            usecases.end_with_consent(session, customer_id=UUID(event["customer_id"]))
