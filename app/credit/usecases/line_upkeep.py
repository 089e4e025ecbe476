"""Credit lines between draws: frozen and freed by staff, reviewed once a year, ended when their time is over."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.credit.domain.lines import FREEZE_REASONS, LINE_STATES, FreezeReasonUnknown, LineUnknown, OwnFreeze
from app.credit.models import CreditLine
from app.credit.usecases.lines import next_review
from app.kernel import audit
from app.kernel.states import transition, transition_all


def expire_lines(session: Session, *, on: date) -> int:
    """End every line whose last day was before `on`; answers how many. Run again, it finds nothing.

    What is drawn stays owed and is repaid as agreed; only drawing ends. Frozen lines stay frozen.
    """
    return transition_all(session, CreditLine, LINE_STATES, "expire", CreditLine.valid_until < on)


def freeze_line(session: Session, *, line_id: UUID, reason: str, actor: str) -> None:
    """Nothing is drawn any more, for a reason the customer is told. Freezing again for the same reason is the same.

    `actor`: who does it, such as `staff:<id>` or `system`. Raises FreezeReasonUnknown, LineUnknown, NotAllowedNow.
    """
    if reason not in FREEZE_REASONS:
        raise FreezeReasonUnknown("Choose one of the reasons.", reasons=sorted(FREEZE_REASONS))
    row = _hold(session, line_id)
    if (row.status, row.frozen_reason) == ("frozen", reason):
        return
    transition(session, row, LINE_STATES, "freeze", actor=actor, facts={"reason": reason})
    row.frozen_reason, row.frozen_by = reason, actor
    _record(session, row, actor, "credit_line.frozen", reason)


def unfreeze_line(session: Session, *, line_id: UUID, actor: str, note: str) -> None:
    """Lift a freeze: by another person than who froze. A line whose time is over ends at the next end of day.

    Raises OwnFreeze, LineUnknown, NotAllowedNow.
    """
    row = _hold(session, line_id)
    if row.frozen_by == actor and actor != "system":
        raise OwnFreeze("Another person must lift this freeze.")
    transition(session, row, LINE_STATES, "unfreeze", actor=actor, facts={"reason": row.frozen_reason})
    row.frozen_reason = row.frozen_by = None
    _record(session, row, actor, "credit_line.unfrozen", note)


def review_line(session: Session, *, line_id: UUID, actor: str, passed: bool, note: str) -> date:
    """The yearly review: passed, the next one is due in a year; failed, the line is frozen. Answers the next day.

    Raises LineUnknown, NotAllowedNow.
    """
    row = _hold(session, line_id)
    row.review_on = next_review()
    _record(session, row, actor, "credit_line.reviewed", note, passed=passed)
    if not passed and row.status == "active":
        freeze_line(session, line_id=line_id, reason="review_failed", actor=actor)
    return row.review_on


def _hold(session: Session, line_id: UUID) -> CreditLine:
    session.flush()
    row = session.get(CreditLine, line_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise LineUnknown("There is no such credit line.")
    return row


def _record(session: Session, row: CreditLine, actor: str, action: str, reason: str, **facts: object) -> None:
    kind, _, name = actor.partition(":")
    audit.record(
        session,
        actor_kind=kind,
        actor_id=name or kind,
        action=action,
        subject_kind="credit_line",
        subject_id=row.id,
        reason=reason,
        facts=dict(facts),
    )
    session.flush()
