"""Codes to a phone: open one within the limits, count each try before looking at it, use it once.

All counting is in PostgreSQL rows, so the loss of Redis changes nothing. Nothing here depends on whether a number
belongs to a customer: known and unknown numbers get the same answers by the same work.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.customers.domain import phone_codes as rules
from app.customers.domain.phone_codes import CodeExpired, CodeSpent, CodeWrong, TooManyCodes, TooManyTries
from app.customers.domain.sessions import SIGN_IN_TEMPLATE, Visit
from app.customers.models import PhoneCode
from app.kernel import clock, crypto, ids

SIGN_IN = "sign_in"


@dataclass(frozen=True)
class CodeToSend:
    """An open code on its way out; the code is not in the repr."""

    code_id: UUID
    message_no: str
    expires_at: datetime
    template: str
    phone: str = field(repr=False)
    code: str = field(repr=False)
    resend_after_s: int = int(rules.RESEND_AFTER.total_seconds())


def open_code(
    session: Session,
    *,
    code_id: UUID,
    phone: str,
    purpose: str,
    template: str,
    visit: Visit,
    session_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> CodeToSend:
    """Get or create the code with this id: the same id always gives the same message. Raises TooManyCodes."""
    row = session.get(PhoneCode, code_id)
    if row is None:
        now = clock.now()
        row = PhoneCode(
            id=code_id,
            purpose=purpose,
            subject_id=subject_id,
            session_id=session_id,
            phone=phone,
            phone_index=phone_index(phone),
            address_index=crypto.blind_index(rules.network_of(visit.address), "phone_codes.address"),
            device_index=visit.device_id and crypto.blind_index(visit.device_id, "phone_codes.device"),
            partner_id=visit.partner_id,
            tries=0,
            created_at=now,
            expires_at=now + rules.LIFETIME,
        )
        _check_limits(session, row, now)
        session.add(row)
        session.flush()
    return CodeToSend(
        code_id=row.id,
        message_no=ids.outside_number("SM", row.id),
        expires_at=row.expires_at,
        template=template,
        phone=row.phone,
        code=_code_of(row),
    )


def open_sign_in_code(session: Session, *, phone: str, visit: Visit, session_id: UUID | None = None) -> CodeToSend:
    """A new code for signing in, or (with `session_id`) for binding the WeChat account of a session that waits."""
    return open_code(
        session,
        code_id=ids.new_id(),
        phone=phone,
        purpose=SIGN_IN,
        template=SIGN_IN_TEMPLATE,
        visit=visit,
        session_id=session_id,
    )


def phone_index(phone: str) -> str:
    """Under which codes of a number are found."""
    return crypto.blind_index(phone, "phone_codes.phone")


def settle_sent(session: Session, *, code_id: UUID) -> None:
    """The vendor took the message."""
    session.get_one(PhoneCode, code_id).sent_at = clock.now()


def settle_failed(session: Session, *, code_id: UUID) -> None:
    """The vendor did not take it: the code is void and does not count against the limits."""
    row = session.get_one(PhoneCode, code_id)
    row.failed_at = row.expires_at = clock.now()


def count_try(
    session: Session, *, code_id: UUID, purpose: str | None, session_id: UUID | None = None, phone: str | None = None
) -> None:
    """Count one try before the code is looked at; commit it whatever comes after.

    `purpose` None means any second factor. Without `phone` the code must have been sent within `session_id`.
    Raises CodeWrong (also for a code of another phone, purpose or session), CodeExpired, CodeSpent, TooManyTries.
    """
    row = session.get(PhoneCode, code_id, with_for_update=True)
    if row is None or not _belongs(row, purpose, session_id, phone):
        raise CodeWrong("This is not the code.")
    if row.used_at or row.expires_at <= clock.now():
        raise CodeExpired("The code is no longer good; ask for a new one.")
    if row.tries >= rules.TRIES:
        raise CodeSpent("Five wrong tries; ask for a new code.")
    _lock(session, f"tries:{row.phone_index}")
    if _wrong_tries(session, row) >= rules.TRIES:
        wait_s = int(rules.TRIES_WINDOW.total_seconds())
        raise TooManyTries("Too many wrong codes for this number; try again later.", retry_after_s=wait_s)
    row.tries += 1


def use_code(session: Session, *, code_id: UUID, code: str) -> PhoneCode:
    """Compare in constant time and use the code up; a try must have been counted. Raises CodeWrong, CodeExpired."""
    row = session.get_one(PhoneCode, code_id, with_for_update=True, populate_existing=True)
    if row.used_at or row.expires_at <= clock.now():
        raise CodeExpired("The code is no longer good; ask for a new one.")
    if not hmac.compare_digest(_code_of(row).encode(), code.encode()):
        raise CodeWrong("This is not the code.", tries_left=rules.TRIES - row.tries)
    row.used_at = clock.now()
    return row


def _belongs(row: PhoneCode, purpose: str | None, session_id: UUID | None, phone: str | None) -> bool:
    if (row.purpose == SIGN_IN) if purpose is None else (row.purpose != purpose):
        return False
    if phone is None:
        return session_id is not None and row.session_id == session_id
    return hmac.compare_digest(row.phone_index, phone_index(phone))


def _code_of(row: PhoneCode) -> str:
    return rules.make_code(crypto.derive("customers.phone_code"), row.id)


def _wrong_tries(session: Session, row: PhoneCode) -> int:
    wrong = PhoneCode.tries - case((PhoneCode.used_at.is_not(None), 1), else_=0)
    query = select(func.coalesce(func.sum(wrong), 0)).where(
        PhoneCode.phone_index == row.phone_index, PhoneCode.created_at > clock.now() - rules.TRIES_WINDOW
    )
    return int(session.scalar(query) or 0)


def _check_limits(session: Session, wanted: PhoneCode, now: datetime) -> None:
    for column, limits in rules.LIMITS.items():  # always in this order: the locks below cannot form a ring
        value = getattr(wanted, column)
        if value is None:
            continue
        _lock(session, f"{column}:{value}")
        for limit in limits:
            count, oldest = _count(session, wanted, column, now - limit.window)
            if count >= limit.most:
                raise TooManyCodes("Too many codes were asked for.", retry_after_s=_wait_s(oldest, limit.window, now))


def _count(session: Session, wanted: PhoneCode, column: str, since: datetime) -> tuple[int, datetime | None]:
    query = select(func.count(), func.min(PhoneCode.created_at)).where(
        getattr(PhoneCode, column) == getattr(wanted, column),
        PhoneCode.created_at > since,
        PhoneCode.failed_at.is_(None),
    )
    if column == "phone_index":
        query = query.where(PhoneCode.purpose == wanted.purpose)
    count, oldest = session.execute(query).one()
    return count, oldest


def _wait_s(oldest: datetime | None, window: timedelta, now: datetime) -> int:
    return max(1, int(((oldest or now) + window - now).total_seconds()) + 1)


def _lock(session: Session, name: str) -> None:
    """Let requests on one number, address or device count one after another."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"phone_codes:{name}", 0))))
