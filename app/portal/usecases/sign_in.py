"""Signing in as a developer: the try is counted, the password is proved outside any transaction, then it opens.

Every step is taken also for names that nobody has, so neither answer nor time tells which exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import audit, clock, crypto, ids
from app.kernel.audience import PortalPrincipal
from app.partners.queries import partner_in_force
from app.portal import domain
from app.portal.models import PortalMember, PortalSession, PortalSignInTry

HASHER = PasswordHasher()


@dataclass(frozen=True)
class Candidate:
    """Somebody who says they are a developer; `member_id` None when nobody has this name."""

    try_id: UUID
    member_id: UUID | None
    password_hash: str = field(repr=False)


@dataclass(frozen=True)
class OpenedSession:
    """A new session; the token goes into the cookie, only its hash is stored."""

    session_id: UUID
    token: str = field(repr=False)


@cache
def _nobodys_hash() -> str:
    """Of a random password that nobody knows, with the parameters of real ones: it takes the same time."""
    return HASHER.hash(ids.new_token("none"))


def begin(session: Session, *, login: str) -> Candidate:
    """Count the try before it is looked at; commit it whatever comes after. Raises SignInLocked."""
    login = login.strip().lower()[:40]
    index = crypto.blind_index(login, "portal.login")
    _check_tries(session, index)
    row = PortalSignInTry(id=ids.new_id(), login_index=index, tried_at=clock.machine())
    session.add(row)
    query = select(PortalMember).where(PortalMember.login == login, PortalMember.removed_at.is_(None))
    found = session.scalar(query) if login.isascii() and login.isprintable() else None
    return Candidate(row.id, found.id if found else None, found.password_hash if found else _nobodys_hash())


def prove(candidate: Candidate, *, password: str) -> bool:
    """Whether the password is right. Slow on purpose: no transaction around it."""
    try:
        HASHER.verify(candidate.password_hash, password[: domain.MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return candidate.member_id is not None


def finish(session: Session, *, candidate: Candidate, proven: bool) -> OpenedSession:
    """Open a session under a new id. Raises SignInRefused."""
    wanted = candidate.member_id if proven else None
    member = session.get(PortalMember, wanted, with_for_update=True) if wanted else None
    if member is None or member.removed_at:
        raise domain.SignInRefused("Name or password are not right.")
    session.get_one(PortalSignInTry, candidate.try_id).succeeded_at = clock.machine()
    return open_session(session, member)


def open_session(session: Session, member: PortalMember) -> OpenedSession:
    """The member has just proved who they are, or has just signed up."""
    now, token = clock.machine(), ids.new_token("ps")
    row = PortalSession(
        id=ids.new_id(),
        member_id=member.id,
        token_hash=crypto.token_hash(token),
        created_at=now,
        seen_at=now,
        ends_at=now + domain.ABSOLUTE,
    )
    session.add(row)
    record(session, "portal.signed_in", member)
    session.flush()
    return OpenedSession(row.id, token)


def authenticate(session: Session, *, token: str) -> PortalPrincipal:
    """Whose browser this is, looked up on every request: leaving and the kill switch take effect at once.

    Raises PortalSessionOver, PartnerSuspended.
    """
    now = clock.machine()
    found = session.execute(
        select(PortalSession, PortalMember)
        .join(PortalMember, PortalMember.id == PortalSession.member_id)
        .where(PortalSession.token_hash == crypto.token_hash(token))
    ).one_or_none()
    if found is None:
        raise domain.PortalSessionOver("Sign in.")
    row, member = found
    if row.revoked_at or member.removed_at or now >= min(row.seen_at + domain.IDLE, row.ends_at):
        raise domain.PortalSessionOver("Sign in again.")
    partner_in_force(session, member.partner_id)
    if (now - row.seen_at).total_seconds() >= 60:  # reading must not write each time
        row.seen_at = now
    return PortalPrincipal(member.id, row.id, member.partner_id, member.role)


def sign_out(session: Session, *, asking: PortalPrincipal) -> None:
    """End this session; twice is the same."""
    row = session.get_one(PortalSession, asking.session_id)
    row.revoked_at = row.revoked_at or clock.machine()
    record(session, "portal.signed_out", session.get_one(PortalMember, asking.member_id))


def record(session: Session, action: str, member: PortalMember, actor: PortalMember | None = None) -> None:
    """Into the audit trail, as an act of the partner."""
    audit.record(
        session,
        actor_kind="partner",
        actor_id=f"portal:{(actor or member).login}",
        action=action,
        subject_kind="partners",
        subject_id=member.partner_id,
        facts={"member_id": str(member.id), "role": member.role},
    )


def _check_tries(session: Session, index: str) -> None:
    """Wrong tries within the window, since the last right one. Tries for one name come one after another."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"portal:{index}", 0))))
    now = clock.machine()
    mine = PortalSignInTry.login_index == index
    last_right = select(func.max(PortalSignInTry.succeeded_at)).where(mine).scalar_subquery()
    wrong, oldest = session.execute(
        select(func.count(), func.min(PortalSignInTry.tried_at)).where(
            mine,
            PortalSignInTry.tried_at > now - domain.TRIES_WINDOW,
            PortalSignInTry.tried_at > func.coalesce(last_right, now - domain.TRIES_WINDOW),
            PortalSignInTry.succeeded_at.is_(None),
        )
    ).one()
    if wrong >= domain.TRIES:
        wait_s = int((oldest + domain.TRIES_WINDOW - now).total_seconds()) + 1
        raise domain.SignInLocked("Too many wrong tries; wait and try again.", retry_after_s=wait_s)
