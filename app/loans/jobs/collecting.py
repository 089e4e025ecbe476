"""Automatic repayment: what is due is debited by itself, and what comes back is taken off again."""

from __future__ import annotations

from uuid import UUID

import structlog

from app.kernel import crash_points
from app.kernel.db import retrying, transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
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
