"""The rest after a change of phone: nothing that binds the customer, whoever holds the new phone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from app.customers.domain.phone_changes import CoolingOff
from app.customers.queries.people import cool_off_until
from app.kernel import clock


def require_cooled_off(session: Session, *, customer_id: UUID) -> None:
    """Call it before what moves money or changes where it goes; every second factor does. Raises CoolingOff."""
    until = cool_off_until(session, customer_id)
    if until is not None:
        wait_s = int((until - clock.now()).total_seconds()) + 1
        raise CoolingOff(
            "The phone was changed a short while ago; this is possible later.",
            until=until.isoformat(),
            retry_after_s=wait_s,
        )
