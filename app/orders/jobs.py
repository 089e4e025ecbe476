"""Orders hear of what became of the application and of the money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.kernel.db import transaction
from app.kernel.jobs import task
from app.kernel.outbox import OutboxEvent
from app.orders import usecases

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
