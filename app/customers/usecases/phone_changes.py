"""A new phone: the old one shows a code, then the new one does, in the same session; then nothing binds for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers.domain import phone_changes as rules
from app.customers.domain.masking import mask_phone
from app.customers.domain.sessions import PHONE_CHANGED, Visit
from app.customers.events import PhoneChanged as Event
from app.customers.models import CoolOffRule, Customer, PhoneChange
from app.customers.usecases.cool_off import require_cooled_off
from app.customers.usecases.phone_codes import CodeToSend, count_try, open_code, use_code
from app.customers.usecases.sessions import OpenedSession, end_others, rotate_token
from app.customers.usecases.step_ups import use_step_up
from app.kernel import audit, clock, crypto, ids, jobs, outbox
from app.kernel.states import transition


@dataclass(frozen=True)
class PhoneChangeView:
    """A change as its customer sees it."""

    change_id: UUID
    status: str
    new_phone: str  # masked
    expires_at: datetime
    cool_off_until: datetime | None


@dataclass(frozen=True)
class PhoneChanged:
    """A change that is done, and the session's new token."""

    change: PhoneChangeView
    opened: OpenedSession


@dataclass(frozen=True)
class FarewellToSend:
    """What the old phone is told, under one number."""

    message_no: str
    phone: str = field(repr=False)
    new_phone: str  # masked


def open_phone_change(
    session: Session, *, change_id: UUID, customer_id: UUID, session_id: UUID, new_phone: str
) -> PhoneChangeView:
    """Begin a change; whether the new number is somebody's already is not told yet.

    Raises SamePhone, CoolingOff, TooManyChanges.
    """
    require_cooled_off(session, customer_id=customer_id)
    customer = session.get_one(Customer, customer_id)
    if customer.phone == new_phone:
        raise rules.SamePhone("This is your phone already.")
    now = clock.now()
    _check_daily_limit(session, customer_id, now)
    row = PhoneChange(
        id=change_id,
        customer_id=customer_id,
        session_id=session_id,
        old_phone=customer.phone,
        new_phone=new_phone,
        status="opened",
        opened_at=now,
        expires_at=now + rules.LIFETIME,
    )
    session.add(row)
    session.flush()
    return view(row)


def open_new_phone_code(
    session: Session, *, change_id: UUID, code_id: UUID, customer_id: UUID, session_id: UUID, visit: Visit
) -> CodeToSend:
    """A code to the new phone, once the old one has shown its own for this change, or who the person is was shown.

    Raises PhoneChangeUnknown, PhoneChangeOver, StepUpNeeded, TooManyCodes.
    """
    row = own_change(session, change_id, customer_id, session_id)
    if row.status == "opened":
        use_step_up(session, session_id=session_id, purpose=rules.PURPOSE, subject_id=row.id)
        row.shown_by = "old_phone"
        transition(session, row, rules.STATES, "old_phone_shown", actor=f"customer:{customer_id}")
    return open_code(
        session,
        code_id=code_id,
        phone=row.new_phone,
        purpose=rules.NEW_PHONE,
        template=rules.NEW_PHONE_TEMPLATE,
        visit=visit,
        session_id=session_id,
        subject_id=row.id,
    )


def count_new_phone_try(
    session: Session, *, change_id: UUID, code_id: UUID, customer_id: UUID, session_id: UUID
) -> None:
    """Count one try before the code is looked at; see `count_try`. Raises PhoneChangeUnknown, PhoneChangeOver."""
    own_change(session, change_id, customer_id, session_id)
    count_try(session, code_id=code_id, purpose=rules.NEW_PHONE, session_id=session_id)


def finish_phone_change(
    session: Session, *, change_id: UUID, code_id: UUID, code: str, customer_id: UUID, session_id: UUID
) -> PhoneChanged:
    """The new phone has shown its code: it is the customer's from now on, other devices are signed out, a rest begins.

    Both phones are told; the session that did it goes on under a new token. A try must have been counted.
    Raises CodeWrong, CodeExpired, PhoneTaken, StepUpNeeded.
    """
    row = own_change(session, change_id, customer_id, session_id)
    used = use_code(session, code_id=code_id, code=code)
    if used.subject_id != row.id:
        raise rules.PhoneChangeUnknown("This code belongs to another change.")
    transition(session, row, rules.STATES, "new_phone_shown", actor=f"customer:{customer_id}")
    _take(session, session.get_one(Customer, customer_id, with_for_update=True), row.new_phone)
    now = clock.now()
    row.done_at, row.cool_off_until = now, now + _cool_off(session)
    end_others(session, customer_id=customer_id, session_id=session_id, why=PHONE_CHANGED)
    _tell(session, row)
    return PhoneChanged(view(row), rotate_token(session, session_id=session_id))


def _take(session: Session, customer: Customer, phone: str) -> None:
    try:
        with session.begin_nested():  # the unique key answers the race of two customers
            customer.phone, customer.phone_index = phone, crypto.blind_index(phone, "customers.phone")
            session.flush()
    except IntegrityError as error:
        raise rules.PhoneTaken("Another customer has this phone. Sign in with it, or call the bank.") from error


def _tell(session: Session, row: PhoneChange) -> None:
    outbox.emit(session, Event(subject_id=row.id, customer_id=row.customer_id))
    jobs.enqueue(session, "customers.tell_old_phone", change_id=row.id)
    audit.record(
        session,
        actor_kind="customer",
        actor_id=str(row.customer_id),
        action="phone.changed",
        subject_kind="phone_changes",
        subject_id=row.id,
    )


def _cool_off(session: Session) -> timedelta:
    today = clock.today()
    hours = session.scalar(
        select(CoolOffRule.hours)
        .where(CoolOffRule.name == rules.COOL_OFF, CoolOffRule.effective_from <= today)
        .where(or_(CoolOffRule.effective_to.is_(None), CoolOffRule.effective_to >= today))
        .order_by(CoolOffRule.effective_from.desc())
        .limit(1)
    )
    if hours is None:
        raise RuntimeError("no cool-off rule holds today")
    return timedelta(hours=hours)


def farewell(session: Session, *, change_id: UUID) -> FarewellToSend:
    """What the old phone is told of a change that is done: the same however often it is asked for."""
    row = session.get_one(PhoneChange, change_id)
    return FarewellToSend(ids.outside_number("PC", row.id), row.old_phone, mask_phone(row.new_phone))


def _check_daily_limit(session: Session, customer_id: UUID, now: datetime) -> None:
    day = timedelta(days=1)
    query = select(func.count()).where(PhoneChange.customer_id == customer_id, PhoneChange.opened_at > now - day)
    if (session.scalar(query) or 0) >= rules.OPENED_A_DAY:
        wait_s = int(day.total_seconds())
        raise rules.TooManyChanges("Changes were begun too often today; try again tomorrow.", retry_after_s=wait_s)


def own_change(session: Session, change_id: UUID, customer_id: UUID, session_id: UUID) -> PhoneChange:
    """The change of this customer in this session, locked. Raises PhoneChangeUnknown, PhoneChangeOver."""
    row = session.get(PhoneChange, change_id, with_for_update=True)
    if row is None or row.customer_id != customer_id or row.session_id != session_id:
        raise rules.PhoneChangeUnknown("There is no such change in this session.")
    if row.status == "done" or row.expires_at <= clock.now():
        raise rules.PhoneChangeOver("This change is done or took too long; begin a new one.", status=row.status)
    return row


def view(row: PhoneChange) -> PhoneChangeView:
    """A row as others see it."""
    return PhoneChangeView(row.id, row.status, mask_phone(row.new_phone), row.expires_at, row.cool_off_until)
