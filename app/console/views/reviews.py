"""Reviews of refusals as the page shows them: what waits for a person, the most urgent first, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.console import queries as staff
from app.credit import queries as credit
from app.customers import queries as customers
from app.kernel import clock

ANSWERED_SHOWN = 30
REFUSALS = ("review.answer_needed", "review.not_found", "state.not_allowed_now")


def queue(session: Session) -> dict[str, Any]:
    """Both lists with application, business and the member of staff."""
    return {
        "waiting": _rows(session, credit.review_queue(session)),
        "answered": _rows(session, credit.settled_reviews(session, ANSWERED_SHOWN)),
    }


def of_application(session: Session, application_id: Any) -> dict[str, Any] | None:
    """The review of one application; None when nobody looks at it."""
    found = credit.review_of(session, application_id)
    return _row(session, found) if found else None


def _rows(session: Session, found: Sequence[credit.ReviewView]) -> list[dict[str, Any]]:
    return [_row(session, one) for one in found]


def _row(session: Session, found: credit.ReviewView) -> dict[str, Any]:
    application = credit.application(session, found.application_id)
    return {
        "review": found,
        "application": application,
        "enterprise": customers.enterprise(session, application.enterprise_id).name,
        "claimed_by": staff.actor_name(session, found.claimed_by),
        "decided_by": staff.actor_name(session, found.decided_by),
        "days_left": (found.due_on - clock.today()).days,
    }
