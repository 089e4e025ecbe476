"""Automatic repayment: what is due is debited by itself, and what comes back is taken off again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from app.debits import usecases as debits
from app.kernel import crash_points
from app.kernel.db import retrying, transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
from app.loans.domain.reversals import PaymentNotBooked
from app.loans.usecases import by_account

log = structlog.get_logger(__name__)


@task("loans.collect_due", cron="*/10 * * * *")
def collect_due() -> None:
    """Every ten minutes: each loan that owes something, by the rules for tries; what is being paid is left alone."""
    with transaction() as session:
        found = by_account.loans_to_collect(session)
    for loan_id in found:
        try:
            _collect(loan_id)
        except Problem as problem:
            log.info("nothing is debited", loan=str(loan_id), reason=problem.code)
        crash_points.reach("collect_due.loan")


def _collect(loan_id: UUID) -> None:
    retrying(lambda session: by_account.collect_due(session, loan_id=loan_id))


@task("loans.reverse_returned")
def reverse_returned(*, event_id: str, event: dict[str, Any]) -> None:
    """The money of a debit was taken back: its repayment comes off the loan, once.

    A return that is told together with the payment may be heard first: the job then fails and is tried again.
    """
    _reverse(UUID(event["reference_id"]))


@task("loans.reverse_returns", cron="*/10 * * * *")
def reverse_returns() -> None:
    """What could not come off its loan is tried again: a day is closed by then, a credit is there again."""
    with transaction() as session:
        found = by_account.returns_to_book(session)
    for repayment_id in found:
        _reverse(repayment_id)


def _reverse(repayment_id: UUID) -> None:
    try:
        retrying(lambda session: by_account.book_return(session, repayment_id=repayment_id))
    except PaymentNotBooked:
        raise
    except Problem as refusal:
        log.error("a returned debit stands on its loan", repayment=str(repayment_id), reason=refusal.code)
        with transaction() as session:
            debits.note_unbooked_return(session, reference_id=repayment_id)
