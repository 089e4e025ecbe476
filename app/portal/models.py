"""Tables of partners' developers, their sessions and their tries to sign in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant, Ref

HASH = String(64)


class PortalMember(Base):
    """One developer of one partner; who was removed keeps the row, so that the audit trail has a name."""

    __tablename__ = "portal_members"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partners.id"), index=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    removed_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class PortalSession(Base):
    """One signed-in browser: ends an hour after its last use and twelve hours after sign-in."""

    __tablename__ = "portal_sessions"

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("portal_members.id"), index=True)
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]


class PortalSignInTry(Base):
    """One try to sign in, counted before it is looked at; also for names that nobody has."""

    __tablename__ = "portal_sign_in_tries"
    __table_args__ = (Index(None, "login_index", "tried_at"),)

    id: Mapped[Id]
    login_index: Mapped[str] = mapped_column(HASH)
    tried_at: Mapped[Instant]
    succeeded_at: Mapped[Instant | None]
