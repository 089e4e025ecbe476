"""What a partner's server may have happen in a test deployment; these routes do not exist in production."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app
from sqlalchemy.orm import Session

from app.kernel.audience import PartnerPrincipal
from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.idempotent import once
from app.kernel.web.routing import Routes
from app.partners.usecases import require_scope
from app.simulation import queries, usecases
from app.simulation.domain import SimulationOff
from app.simulation.schemas import AdvanceIn, AdvanceOut, ClockOut

partner_simulation = Routes(
    "partner_simulation", __name__, description="Test deployments: the clock and simulated customers"
)


@partner_simulation.get("/test/clock")
@partner_simulation.response(200, ClockOut)
def get_clock() -> queries.ClockView:
    """What time it is in this test deployment (scope `events:read`). 403 `simulation.off`."""
    _asking("events:read")
    with transaction() as session:
        return queries.clock_view(session)


@partner_simulation.post("/test/clock/advances")
@partner_simulation.arguments(AdvanceIn)
@partner_simulation.response(202, AdvanceOut)
def advance_clock(body: dict[str, Any]) -> Response:
    """Move the clock on, for all partners of this test deployment (scope `webhooks:write`); it never goes back.

    The business days in between are closed one by one: things fall due, go overdue, expire, and you are told of it.
    403 `simulation.off`; 409 `simulation.clock_moving`; 422 `simulation.clock_too_far`.
    """
    asking = _asking("webhooks:write")

    def work(session: Session, new_id: UUID) -> queries.AdvanceView:
        return usecases.begin_advance(
            session,
            advance_id=new_id,
            partner_id=asking.partner_id,
            actor=f"partner:{asking.key_id}",
            step=timedelta(**body),
        )

    return once(work, schema=AdvanceOut, status=202, body=body)


@partner_simulation.get("/test/clock/advances/<uuid:advance_id>")
@partner_simulation.response(200, AdvanceOut)
def get_advance(advance_id: UUID) -> queries.AdvanceView:
    """How far the clock is on its way (scope `events:read`)."""
    asking = _asking("events:read")
    with transaction() as session:
        return queries.advance(session, partner_id=asking.partner_id, advance_id=advance_id)


def _asking(scope: str) -> PartnerPrincipal:
    asking = principal.partner()
    require_scope(asking, scope)
    if not current_app.config["DUKOU"].test_clock:
        raise SimulationOff("This deployment simulates nothing.")
    return asking
