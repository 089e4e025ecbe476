"""Rows of partners."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref


class Partner(Base):
    """A company that shows our loans to its customers; the agreement is in force from and to, both days included.

    `scopes`: what the agreement allows; a key of the partner opens no more than that, whatever it was given.
    """

    __tablename__ = "partners"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(16))
    agreement_no: Mapped[str | None] = mapped_column(String(64))
    signed_on: Mapped[date | None] = mapped_column(Date)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[Instant]


class PartnerKey(Base):
    """What the partner's server proves itself by; several may be valid at once, so that keys can be changed.

    One of `public_key_pem`, `secret` (to sign with, so it must be readable) and `secret_hash` (of a client secret).
    """

    __tablename__ = "partner_keys"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partners.id"), index=True)
    key_id: Mapped[str] = mapped_column(String(64), unique=True)
    algorithm: Mapped[str] = mapped_column(String(32))
    public_key_pem: Mapped[str | None] = mapped_column(Text)
    secret: Mapped[str | None] = mapped_column(SealedText("partner_keys.secret"))
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    networks: Mapped[list[str]] = mapped_column(JSON)
    mode: Mapped[str] = mapped_column(String(4))
    version: Mapped[str] = mapped_column(String(10))
    not_before: Mapped[Instant]
    not_after: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class PartnerToken(Base):
    """A bearer token of fifteen minutes; it ends earlier with its key."""

    __tablename__ = "partner_tokens"
    __table_args__ = (Index(None, "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    partner_key_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("partner_keys.id"))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    expires_at: Mapped[Instant]
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
