"""The second factor: a code for one step on one thing, shown in the session, good once within five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.domain.sessions import STEP_UP_LIFETIME, STEP_UP_TEMPLATES, StepUpNeeded, Visit
from app.customers.models import Customer, CustomerSession, StepUp
from app.customers.usecases.cool_off import require_cooled_off
from app.customers.usecases.phone_codes import CodeToSend, count_try, open_code, use_code
from app.kernel import clock, ids


@dataclass(frozen=True)
class StepUpView:
    """A second factor that was shown."""

    step_up_id: UUID
    purpose: str
    subject_id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class StepUpEvidence:
    """What is kept with the step it allowed: which factor, when, in which session."""

    step_up_id: UUID
    phone_code_id: UUID
    session_id: UUID
    granted_at: datetime
    used_at: datetime
    method: str = "phone_code"


def open_step_up_code(
    session: Session,
    *,
    code_id: UUID,
    customer_id: UUID,
    session_id: UUID,
    purpose: str,
    subject_id: UUID,
    visit: Visit,
) -> CodeToSend:
    """A code to the person's own phone, bound to this session, step and thing. Raises TooManyCodes, CoolingOff."""
    require_cooled_off(session, customer_id=customer_id)
    return open_code(
        session,
        code_id=code_id,
        phone=session.get_one(Customer, customer_id).phone,
        purpose=purpose,
        template=STEP_UP_TEMPLATES[purpose],
        visit=visit,
        session_id=session_id,
        subject_id=subject_id,
    )


def count_step_up_try(session: Session, *, code_id: UUID, session_id: UUID) -> None:
    """Count one try of a second factor of this session; see `count_try`."""
    count_try(session, code_id=code_id, purpose=None, session_id=session_id)


def grant_step_up(session: Session, *, code_id: UUID, code: str) -> StepUpView:
    """Use the code and let the session take the step. A try must have been counted. Raises CodeWrong, CodeExpired."""
    used = use_code(session, code_id=code_id, code=code)
    assert used.session_id is not None and used.subject_id is not None
    now = clock.now()
    row = StepUp(
        id=ids.new_id(),
        session_id=used.session_id,
        phone_code_id=used.id,
        purpose=used.purpose,
        subject_id=used.subject_id,
        granted_at=now,
        expires_at=now + STEP_UP_LIFETIME,
    )
    session.add(row)
    session.get_one(CustomerSession, used.session_id).stepped_up_at = now
    session.flush()
    return StepUpView(row.id, row.purpose, row.subject_id, row.expires_at)


def use_step_up(session: Session, *, session_id: UUID, purpose: str, subject_id: UUID) -> StepUpEvidence:
    """Use up the second factor shown in this session for this step on this thing. Raises StepUpNeeded, CoolingOff."""
    row = session.scalars(
        select(StepUp)
        .where(
            StepUp.session_id == session_id,
            StepUp.purpose == purpose,
            StepUp.subject_id == subject_id,
            StepUp.used_at.is_(None),
            StepUp.expires_at > clock.now(),
        )
        .order_by(StepUp.id.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise StepUpNeeded("This step needs a code sent to your phone.", purpose=purpose, subject_id=str(subject_id))
    owner = session.get_one(CustomerSession, session_id).customer_id
    assert owner is not None, "a second factor is shown by somebody known"
    require_cooled_off(session, customer_id=owner)
    row.used_at = clock.now()
    return StepUpEvidence(row.id, row.phone_code_id, row.session_id, row.granted_at, row.used_at)
