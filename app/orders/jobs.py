"""Orders hear of what became of the application and of the money."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.db import retrying, transaction
from app.kernel.jobs import task
from app.kernel.outbox import OutboxEvent
from app.orders import usecases
from app.orders.domain import PURPOSE

CAME_TO_NOTHING = ("application.declined", "application.withdrawn", "application.expired")


@task("orders.application_changed")
def application_changed(event_id: str, event: dict[str, Any]) -> None:
    """An application that came to nothing frees its order; running it again changes nothing."""
    with transaction() as session:
        name = session.get_one(OutboxEvent, UUID(event_id)).name
        if event.get("order_id") and name in CAME_TO_NOTHING:
            usecases.reopen(session, order_id=UUID(event["order_id"]), application_id=UUID(event["subject_id"]))


@task("orders.drawdown_failed")
def drawdown_failed(event_id: str, event: dict[str, Any]) -> None:
    """The order of a failed pay-out is failed; running it again changes nothing."""
    if event["order_id"]:
        with transaction() as session:
            usecases.fail(session, order_id=UUID(event["order_id"]), application_id=UUID(event["application_id"]))


@task("orders.loan_activated")
def loan_activated(event_id: str, event: dict[str, Any]) -> None:
    """The order is paid; told once however often this runs."""
    if not event["order_id"]:
        return
    with transaction() as session:
        usecases.finance(
            session,
            order_id=UUID(event["order_id"]),
            application_id=UUID(event["application_id"]),
            loan_id=UUID(event["subject_id"]),
            amount_fen=event["principal_fen"],
        )


@task("orders.book_refund")
def book_refund(event_id: str, event: dict[str, Any]) -> None:
    """A refund was announced: on the loan now, where the partner's rule advances it; once by the claim's status."""
    retrying(lambda session: usecases.book_claims(session, order_id=UUID(event["subject_id"])))


@task("orders.collect_refund")
def collect_refund(event_id: str, event: dict[str, Any]) -> None:
    """The partner's money for a refund has come; once by the claim's status."""
    if event["purpose"] == PURPOSE:
        retrying(
            lambda session: usecases.collect_claim(
                session,
                claim_id=UUID(event["reference_id"]),
                collected_at=datetime.fromisoformat(event["paid_at"]),
            )
        )
