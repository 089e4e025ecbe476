"""Signing in as staff: the try is counted, then password and TOTP are proved outside any transaction, then it opens.

Every step is taken also for addresses of mail that nobody has, so neither answer nor time tells who works here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.console import domain
from app.console.domain import SignInLocked, SignInRefused, StaffSessionOver
from app.console.models import Staff, StaffSession, StaffSignInTry
from app.kernel import audit, clock, crypto, ids
from app.kernel.audience import StaffPrincipal

_HASHER = PasswordHasher()
_NOBODYS_SECRET = "JBSWY3DPEHPK3PXP" * 2


@dataclass(frozen=True)
class Candidate:
    """Somebody who says they are staff; `staff_id` None when nobody has this address of mail."""

    try_id: UUID
    staff_id: UUID | None
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class OpenedStaffSession:
    """A new session; the token goes into the cookie, only its hash is stored."""

    session_id: UUID
    ends_at: datetime
    token: str = field(repr=False)


@cache
def _nobodys_hash() -> str:
    """Of a random password that nobody knows, with the parameters of real ones: it takes the same time."""
    return _HASHER.hash(ids.new_token("none"))


def begin_sign_in(session: Session, *, email: str, address: str) -> Candidate:
    """Count the try before it is looked at; commit it whatever comes after. Raises SignInLocked."""
    email = domain.plain(email).strip().lower()[:255]
    now = clock.machine()
    row = StaffSignInTry(
        id=ids.new_id(),
        email_index=crypto.blind_index(email, "staff.email"),
        address_index=crypto.blind_index(address, "staff.address"),
        tried_at=now,
    )
    _check_tries(session, StaffSignInTry.address_index, row.address_index, domain.ADDRESS_TRIES)
    _check_tries(session, StaffSignInTry.email_index, row.email_index, domain.TRIES)
    session.add(row)
    found = session.scalar(select(Staff).where(Staff.email_index == row.email_index, Staff.status == "active"))
    if found is None:
        return Candidate(row.id, None, _nobodys_hash(), _NOBODYS_SECRET)
    return Candidate(row.id, found.id, found.password_hash, found.totp_secret)


def prove(candidate: Candidate, *, password: str, code: str) -> int | None:
    """The TOTP step when password and code are both right, else None. Slow on purpose: no transaction around it."""
    step = domain.totp_step(candidate.totp_secret, code, clock.machine())
    try:
        _HASHER.verify(candidate.password_hash, password)
    except (VerificationError, InvalidHashError):
        return None
    return step if candidate.staff_id else None


def finish_sign_in(session: Session, *, candidate: Candidate, step: int | None) -> OpenedStaffSession:
    """Open a session under a new id. A TOTP code is good once. Raises SignInRefused."""
    row = session.get(Staff, candidate.staff_id, with_for_update=True) if candidate.staff_id and step else None
    if row is None or step is None or row.status != "active" or step <= row.totp_used_step:
        raise SignInRefused("Address, password or code are not right.")
    row.totp_used_step = step
    now, token = clock.machine(), ids.new_token("ss")
    session.get_one(StaffSignInTry, candidate.try_id).succeeded_at = now
    opened = StaffSession(
        id=ids.new_id(),
        staff_id=row.id,
        token_hash=crypto.token_hash(token),
        created_at=now,
        seen_at=now,
        ends_at=now + domain.ABSOLUTE,
    )
    session.add(opened)
    _record(session, "staff.signed_in", row.id)
    session.flush()
    return OpenedStaffSession(opened.id, opened.ends_at, token)


def authenticate(session: Session, *, token: str) -> StaffPrincipal:
    """Whose browser this is; looked up on every request, so that leaving takes effect at once.

    Raises StaffSessionOver.
    """
    now = clock.machine()
    found = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == crypto.token_hash(token))
    ).one_or_none()
    if found is None:
        raise StaffSessionOver("Sign in.")
    row, member = found
    if row.revoked_at or member.status != "active" or now >= min(row.seen_at + domain.IDLE, row.ends_at):
        raise StaffSessionOver("Sign in again.")
    if (now - row.seen_at).total_seconds() >= 60:  # reading must not write each time
        row.seen_at = now
    return StaffPrincipal(staff_id=member.id, session_id=row.id, roles=frozenset(member.roles))


def sign_out(session: Session, *, session_id: UUID) -> None:
    """End this session; twice is the same."""
    row = session.get_one(StaffSession, session_id)
    row.revoked_at = row.revoked_at or clock.machine()
    _record(session, "staff.signed_out", row.staff_id)


def _check_tries(session: Session, column: InstrumentedAttribute[str], value: str, most: int) -> None:
    """Wrong tries within the window, since the last right one. Tries on one address come one after another."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"staff:{column.key}:{value}", 0))))
    now = clock.machine()
    last_right = select(func.max(StaffSignInTry.succeeded_at)).where(column == value).scalar_subquery()
    wrong, oldest = session.execute(
        select(func.count(), func.min(StaffSignInTry.tried_at)).where(
            column == value,
            StaffSignInTry.tried_at > now - domain.TRIES_WINDOW,
            StaffSignInTry.tried_at > func.coalesce(last_right, now - domain.TRIES_WINDOW),
            StaffSignInTry.succeeded_at.is_(None),
        )
    ).one()
    if wrong >= most:
        wait_s = int((oldest + domain.TRIES_WINDOW - now).total_seconds()) + 1
        raise SignInLocked("Too many wrong tries; wait and try again.", retry_after_s=wait_s)


def _record(session: Session, action: str, staff_id: UUID) -> None:
    audit.record(
        session,
        actor_kind="staff",
        actor_id=str(staff_id),
        action=action,
        subject_kind="staff",
        subject_id=staff_id,
    )
