"""Rows of embed sessions and the frame sessions they open."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, Instant, Ref


class EmbedSession(Base):
    """What a partner's server allows one of its customers in one place; opened by one client token, once."""

    __tablename__ = "embed_sessions"

    id: Mapped[Id]
    partner_id: Mapped[Ref] = mapped_column(Uuid, index=True)
    customer_ref: Mapped[str] = mapped_column(String(128))
    customer_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    order_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    origins: Mapped[list[str]] = mapped_column(JSON)
    components: Mapped[dict[str, Any]] = mapped_column(JSON)
    mode: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[Instant]
    redeemed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Instant]


class PageCode(Base):
    """A way into a page of our own or, from a desktop, into the mini-program, once.

    It stands in a URL's fragment or in a mini-program code's scene, where a client token must not stand. `scanned_at`:
    when a mini-program first looked at it; `customer_id`: who took it over there; `stopped_at`: it was refused there.
    """

    __tablename__ = "embed_page_codes"

    id: Mapped[Id]
    embed_session_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("embed_sessions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    match_number: Mapped[str | None] = mapped_column(String(2))
    return_to: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[Instant]
    scanned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    customer_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    created_at: Mapped[Instant]


class FrameSession(Base):
    """One open frame. `expires_at` moves with use, `ends_at` does not; `key_thumbprint`: of its browser's key."""

    __tablename__ = "frame_sessions"

    id: Mapped[Id]
    embed_session_id: Mapped[Ref] = mapped_column(Uuid, ForeignKey("embed_sessions.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(String(255))
    key_thumbprint: Mapped[str] = mapped_column(String(43))
    expires_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    created_at: Mapped[Instant]


class FrameProof(Base):
    """A proof that was used; kept longer than any proof is fresh."""

    __tablename__ = "frame_proofs"
    __table_args__ = (Index(None, "expires_at"),)

    key_thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    jti: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[Instant]
