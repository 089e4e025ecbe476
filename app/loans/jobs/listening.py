"""What loans do when something happened to an application, a transfer or a payment; each job is once by its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from app.kernel.db import retrying, transaction
from app.kernel.errors import Problem
from app.kernel.jobs import task
from app.loans import usecases
from app.loans.usecases import drawdowns, repayments
from config.settings import current

log = structlog.get_logger(__name__)


@task("loans.open_drawdown")
def open_drawdown(*, event_id: str, event: dict[str, Any]) -> None:
    """The contract is in force: draw. A line that no longer holds the amount ends the application, with the reason."""
    application_id = UUID(event["subject_id"])
    account_no = current().bank.disbursement_account_no
    try:
        retrying(
            lambda session: usecases.open_drawdown(
                session, application_id=application_id, payer_account_no=account_no
            )
        )
    except Problem as problem:
        log.error("drawdown refused", problem=problem.code, application=str(application_id))
        with transaction() as session:
            usecases.refuse_drawdown(session, application_id=application_id, fail_code=problem.code)


@task("loans.activate")
def activate(*, event_id: str, event: dict[str, Any]) -> None:
    """The core bank paid the merchant: the loan begins."""
    if event["purpose"] == drawdowns.PURPOSE:
        retrying(
            lambda session: usecases.activate(
                session,
                drawdown_id=UUID(event["reference_id"]),
                completed_at=datetime.fromisoformat(event["completed_at"]),
            )
        )


@task("loans.fail_drawdown")
def fail_drawdown(*, event_id: str, event: dict[str, Any]) -> None:
    """The core bank could not pay the merchant."""
    if event["purpose"] == drawdowns.PURPOSE:
        retrying(
            lambda session: usecases.fail_drawdown(
                session, drawdown_id=UUID(event["reference_id"]), fail_code=event["fail_code"]
            )
        )


@task("loans.apply_payment")
def apply_payment(*, event_id: str, event: dict[str, Any]) -> None:
    """WeChat Pay has the money: book it on the loan."""
    if event["purpose"] == repayments.PURPOSE:
        retrying(
            lambda session: usecases.apply_payment(
                session,
                repayment_id=UUID(event["reference_id"]),
                amount_fen=event["amount_fen"],
                paid_at=datetime.fromisoformat(event["paid_at"]),
            )
        )


@task("loans.close_repayment")
def close_repayment(*, event_id: str, event: dict[str, Any]) -> None:
    """The payment order ended unpaid."""
    if event["purpose"] == repayments.PURPOSE:
        with transaction() as session:
            usecases.close_repayment(session, repayment_id=UUID(event["reference_id"]))
