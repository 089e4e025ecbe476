"""Rows of partners."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant, Ref


class Partner(Base):
    """A company that shows our loans to its customers; the agreement is in force from and to, both days included."""

    __tablename__ = "partners"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[Instant]


class PartnerKey(Base):
    """A public key by which the partner's server signs; several may be valid at once, so that keys can be changed."""

    __tablename__ = "partner_keys"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partners.id"), index=True)
    key_id: Mapped[str] = mapped_column(String(64), unique=True)
    algorithm: Mapped[str] = mapped_column(String(32))
    public_key_pem: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    not_before: Mapped[Instant]
    not_after: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class PublishableKey(Base):
    """The name of a partner in its own pages: no secret, opens public terms only."""

    __tablename__ = "publishable_keys"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partners.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class PartnerOrigin(Base):
    """A web origin on which the partner may show our frames."""

    __tablename__ = "partner_origins"
    __table_args__ = (UniqueConstraint("partner_id", "origin"),)

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partners.id"))
    origin: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[Instant]


class PartnerNonce(Base):
    """A nonce that was used; kept longer than any signature with it can be fresh."""

    __tablename__ = "partner_nonces"
    __table_args__ = (Index(None, "expires_at"),)

    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(128), primary_key=True)
    expires_at: Mapped[Instant]
