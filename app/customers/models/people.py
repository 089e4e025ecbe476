"""Tables of people, their WeChat identities, sessions, codes, enterprises and consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.crypto import SealedText
from app.kernel.db import Base, Id, Instant, Ref

HASH = String(64)


class Customer(Base):
    """One person with one phone; `level` rises from phone to identified."""

    __tablename__ = "customers"

    id: Mapped[Id]
    status: Mapped[str] = mapped_column(String(16))  # active, closed
    level: Mapped[str] = mapped_column(String(16))  # phone, identified
    phone: Mapped[str] = mapped_column(SealedText("customers.phone"))
    phone_index: Mapped[str] = mapped_column(HASH, unique=True)
    name: Mapped[str | None] = mapped_column(SealedText("customers.name"))
    id_no: Mapped[str | None] = mapped_column(SealedText("customers.id_no"))
    id_no_index: Mapped[str | None] = mapped_column(HASH, unique=True)
    identified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Instant]


class WechatIdentity(Base):
    """One person as one of our WeChat apps knows them; without a customer until a phone is verified."""

    __tablename__ = "wechat_identities"
    __table_args__ = (UniqueConstraint("appid", "openid_index"),)

    id: Mapped[Id]
    customer_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("customers.id"), index=True)
    app: Mapped[str] = mapped_column(String(8))  # mini, h5
    appid: Mapped[str] = mapped_column(String(32))
    openid: Mapped[str] = mapped_column(SealedText("wechat_identities.openid"))
    openid_index: Mapped[str] = mapped_column(HASH)
    unionid_index: Mapped[str | None] = mapped_column(HASH, index=True)
    session_key: Mapped[str | None] = mapped_column(SealedText("wechat_identities.session_key"))
    shut_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # since then WeChat's word is not enough
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]


class CustomerSession(Base):
    """One signed-in device; without a customer while only WeChat's identity is known."""

    __tablename__ = "customer_sessions"

    id: Mapped[Id]
    customer_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("customers.id"), index=True)
    wechat_identity_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("wechat_identities.id"), index=True)
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    channel: Mapped[str] = mapped_column(String(8))  # mini, h5, web
    device: Mapped[str] = mapped_column(String(64))  # family of the browser, for the list of devices
    seen_from: Mapped[str | None] = mapped_column(SealedText("customer_sessions.seen_from"))  # the coarse address
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    stepped_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(String(16))  # why, beside revoked_at: domain.sessions.ENDINGS


class PhoneCode(Base):
    """One code sent to one number for one purpose. The code itself stands nowhere (see domain.phone_codes)."""

    __tablename__ = "phone_codes"
    __table_args__ = (
        CheckConstraint("tries BETWEEN 0 AND 5", "tries"),
        Index(None, "phone_index", "created_at"),
        Index(None, "address_index", "created_at"),
        Index(None, "device_index", "created_at"),
        Index(None, "partner_id", "created_at"),
    )

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(32))  # sign_in, or what a second factor is for
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    session_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("customer_sessions.id"))
    phone: Mapped[str] = mapped_column(SealedText("phone_codes.phone"))
    phone_index: Mapped[str] = mapped_column(HASH)
    address_index: Mapped[str] = mapped_column(HASH)
    device_index: Mapped[str | None] = mapped_column(HASH)
    partner_id: Mapped[UUID | None] = mapped_column(Uuid)  # on whose pages it was asked for
    tries: Mapped[int]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class StepUp(Base):
    """A second factor shown in a session for one step on one thing; good once, for five minutes."""

    __tablename__ = "step_ups"
    __table_args__ = (Index(None, "session_id", "purpose", "subject_id"),)

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customer_sessions.id"))
    phone_code_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("phone_codes.id"), unique=True)
    purpose: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[Ref]
    granted_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OauthState(Base):
    """One trip to WeChat's consent page: bound to one browser, good once; then one code to fetch the session."""

    __tablename__ = "oauth_states"

    id: Mapped[Id]
    state_hash: Mapped[str] = mapped_column(HASH, unique=True)
    browser_hash: Mapped[str] = mapped_column(HASH)
    origin: Mapped[str] = mapped_column(String(255))
    return_path: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    wechat_identity_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("wechat_identities.id"))
    one_time_code_hash: Mapped[str | None] = mapped_column(HASH, unique=True)
    one_time_code_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    redeemed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class IdentityCheck(Base):
    """One question to the bureau whether name and number belong together; the number of rows is limited a day."""

    __tablename__ = "identity_checks"
    __table_args__ = (Index(None, "customer_id", "created_at"),)

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    created_at: Mapped[Instant]
    outcome: Mapped[str | None] = mapped_column(String(16))  # match; null: refused or not answered


class Enterprise(Base):
    """A business as the registry described it when it was last asked."""

    __tablename__ = "enterprises"

    id: Mapped[Id]
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(SealedText("enterprises.name"))  # of one-person businesses it names the person
    registry_status: Mapped[str] = mapped_column(String(16))
    industry_code: Mapped[str] = mapped_column(String(8))
    region_code: Mapped[str] = mapped_column(String(6))
    established_on: Mapped[date]
    legal_rep_name: Mapped[str] = mapped_column(SealedText("enterprises.legal_rep_name"))
    registry_snapshot: Mapped[str] = mapped_column(SealedText("enterprises.registry_snapshot"))  # JSON as answered
    checked_at: Mapped[Instant]
    created_at: Mapped[Instant]


class Membership(Base):
    """What a customer is to an enterprise."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("customer_id", "enterprise_id"),)

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"))
    enterprise_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("enterprises.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))  # legal_rep, handler
    status: Mapped[str] = mapped_column(String(16))  # active, ended
    created_at: Mapped[Instant]


class ConsentText(Base):
    """What people are asked to agree to, by version; the newest in force counts. Never changed, only followed."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("kind", "version", "locale"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    # the same in few words, for the list of consents; what is agreed to is `text`
    purpose: Mapped[str] = mapped_column(String(200), server_default="")
    recipient: Mapped[str] = mapped_column(String(200), server_default="")
    period: Mapped[str] = mapped_column(String(200), server_default="")
    withdrawal: Mapped[str] = mapped_column(String(300), server_default="")
    sha256: Mapped[str] = mapped_column(HASH)
    effective_from: Mapped[date]


class Consent(Base):
    """One consent of one person to one text; ended, never deleted."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_live",
            "customer_id",
            "enterprise_id",
            "kind",
            "partner_id",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("(kind = 'partner_sharing') = (partner_id IS NOT NULL)", name="partner_named"),
    )

    id: Mapped[Id]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("customers.id"), index=True)
    enterprise_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("enterprises.id"))
    partner_id: Mapped[UUID | None]  # the one that may be told
    kind: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str] = mapped_column(String(16))
    text_locale: Mapped[str] = mapped_column(String(8))
    text_sha256: Mapped[str] = mapped_column(HASH)
    granted_at: Mapped[Instant]
    granted_facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # request id, channel, session
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(String(16))  # customer, newer_text
