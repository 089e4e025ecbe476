"""Staff accounts: made with a password and a TOTP secret, ended at once when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.console import domain
from app.console.models import Staff, StaffSession
from app.kernel import audit, clock, crypto, ids


def create_staff(session: Session, *, email: str, name: str, password: str, roles: Iterable[str]) -> str:
    """A new member of staff; answers the TOTP secret, which is shown this once.

    Raises StaffMalformed, StaffExists.
    """
    wanted = sorted(set(roles))
    email = domain.check_staff(email, password, wanted)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("staff.number", 0))))
    email_index = crypto.blind_index(email, "staff.email")
    if session.scalar(select(Staff.id).where(Staff.email_index == email_index)):
        raise domain.StaffExists("There is an account with this address of mail.")
    secret = pyotp.random_base32()
    row = Staff(
        id=ids.new_id(),
        number=f"{int(session.scalar(select(func.count()).select_from(Staff)) or 0) + 1:04d}",
        email=email,
        email_index=email_index,
        name=name,
        password_hash=PasswordHasher().hash(password),
        totp_secret=secret,
        totp_used_step=0,
        roles=wanted,
        status="active",
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _record(session, "staff.created", row.id, {"roles": wanted})
    return secret


def dismiss(session: Session, *, staff_id: UUID) -> None:
    """End an account and all its sessions."""
    session.get_one(Staff, staff_id).status = "left"
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    _record(session, "staff.dismissed", staff_id, {})


def _record(session: Session, action: str, staff_id: UUID, facts: dict[str, object]) -> None:
    audit.record(
        session,
        actor_kind="system",
        actor_id="console",
        action=action,
        subject_kind="staff",
        subject_id=staff_id,
        facts=facts,
    )
