"""Partners' keys: public ones to verify with, secrets that both sides know; given by the bank or by another key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import audit, clock, crypto, ids
from app.kernel.audience import PartnerPrincipal
from app.partners import queries
from app.partners.domain import agreements, algorithms, keys
from app.partners.domain.versions import NEWEST, check_version
from app.partners.models import PartnerKey


@dataclass(frozen=True)
class NewKey:
    """A key and, if it has one, its secret, which is shown this once."""

    key: queries.KeyView
    secret: str | None = field(repr=False)


def add_key(
    session: Session,
    *,
    partner_id: UUID,
    key_id: str,
    algorithm: str,
    public_key_pem: str | None = None,
    scopes: frozenset[str],
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    networks: Sequence[str] = (),
    mode: str = keys.TEST,
    version: str = NEWEST,
    actor: str = "system",
) -> NewKey:
    """Accept a public key or make a secret; keys of one partner may overlap. Default life: from now, 366 days.

    `mode` is that of the deployment in which the key is to work; `networks`: from where, by default everywhere.
    Raises KeyUnusable, ScopeUnknown, NetworkMalformed, VersionUnknown, KeyIdTaken.
    """
    secret = _secret(algorithm, public_key_pem, mode)
    agreements.check_scopes(scopes)
    starts_at = not_before or clock.now()
    row = PartnerKey(
        id=ids.new_id(),
        partner_id=partner_id,
        key_id=key_id,
        algorithm=algorithm,
        **_proof(algorithm, public_key_pem, secret),
        scopes=sorted(scopes),
        networks=keys.check_networks(networks),
        mode=mode,
        version=check_version(version),
        not_before=starts_at,
        not_after=not_after or starts_at + keys.KEY_LIFE,
        created_at=clock.now(),
    )
    _insert(session, row)
    _record(session, row, "partner.add_key", actor, {"scopes": row.scopes, "algorithm": algorithm})
    return NewKey(queries.key_view(row), secret)


def _insert(session: Session, row: PartnerKey) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise agreements.KeyIdTaken("Another key has this keyid.") from error


def _secret(algorithm: str, public_key_pem: str | None, mode: str) -> str | None:
    """None where the partner keeps its own private key."""
    if algorithm in algorithms.SHARED:
        if public_key_pem is not None:
            raise algorithms.KeyUnusable("We make the secret of such a key; send no public key.")
        return keys.new_secret(mode)
    algorithms.load_public_key(algorithm, public_key_pem or "")
    return None


def _proof(algorithm: str, public_key_pem: str | None, secret: str | None) -> dict[str, str | None]:
    """What is stored to verify with; one of them."""
    if secret is None:
        return {"public_key_pem": public_key_pem}
    return {"secret": secret} if algorithm == algorithms.HMAC_SHA256 else {"secret_hash": crypto.token_hash(secret)}


def add_own_key(
    session: Session,
    *,
    asking: PartnerPrincipal,
    algorithm: str,
    public_key_pem: str | None,
    scopes: frozenset[str],
    networks: Sequence[str],
    version: str | None,
    mode: str,
) -> NewKey:
    """A partner gives itself another key, with no more rights than the asking one. Raises ScopeNotYours; `add_key`."""
    agreements.check_scopes(scopes)
    if more := sorted(scopes - asking.scopes):
        raise keys.ScopeNotYours("The key that asks does not have these scopes itself.", scopes=more)
    return add_key(
        session,
        partner_id=asking.partner_id,
        key_id=keys.new_key_id(mode),
        algorithm=algorithm,
        public_key_pem=public_key_pem,
        scopes=scopes,
        networks=networks,
        mode=mode,
        version=version or asking.version,
        actor=f"partner:{asking.key_id}",
    )


def revoke_own_key(session: Session, *, asking: PartnerPrincipal, key_id: str) -> queries.KeyView:
    """A partner takes one of its keys back; its tokens end with it. Raises PartnerKeyUnknown."""
    row = _locked(session, key_id)
    if row.partner_id != asking.partner_id:
        raise agreements.PartnerKeyUnknown("No key has this keyid.")
    _revoke(session, row, f"partner:{asking.key_id}", None)
    return queries.key_view(row)


def rotate_key(
    session: Session, *, partner_id: UUID, key_id: str, public_key_pem: str | None, overlap: timedelta, actor: str
) -> NewKey:
    """A successor with the same rights; the old key works for `overlap` at most, so that servers can change over.

    Raises PartnerKeyUnknown, also for another partner's and for one that ended; KeyUnusable.
    """
    row, now = _locked(session, key_id), clock.now()
    if row.partner_id != partner_id or row.revoked_at or row.not_after <= now:
        raise agreements.PartnerKeyUnknown("No working key has this keyid.")
    made = add_key(
        session,
        partner_id=partner_id,
        key_id=keys.new_key_id(row.mode),
        algorithm=row.algorithm,
        public_key_pem=public_key_pem,
        scopes=frozenset(row.scopes),
        networks=row.networks,
        mode=row.mode,
        version=row.version,
        actor=actor,
    )
    row.not_after = min(row.not_after, now + overlap)
    _record(session, row, "partner.rotate_key", actor, {"successor": made.key.key_id})
    return made


def take_back_key(session: Session, *, partner_id: UUID, key_id: str, actor: str) -> None:
    """A partner's developer takes one of its keys back. Raises PartnerKeyUnknown, also for another partner's."""
    row = _locked(session, key_id)
    if row.partner_id != partner_id:
        raise agreements.PartnerKeyUnknown("No key has this keyid.")
    _revoke(session, row, actor, None)


def revoke_key(session: Session, *, key_id: str, actor: str = "system", reason: str | None = None) -> None:
    """The key signs nothing from now on. Raises PartnerKeyUnknown."""
    _revoke(session, _locked(session, key_id), actor, reason)


def _locked(session: Session, key_id: str) -> PartnerKey:
    row = session.scalar(select(PartnerKey).where(PartnerKey.key_id == key_id).with_for_update())
    if row is None:
        raise agreements.PartnerKeyUnknown("No key has this keyid.")
    return row


def _revoke(session: Session, row: PartnerKey, actor: str, reason: str | None) -> None:
    row.revoked_at = row.revoked_at or clock.now()
    _record(session, row, "partner.revoke_key", actor, {}, reason)


def _record(
    session: Session, row: PartnerKey, action: str, actor: str, facts: dict[str, object], reason: str | None = None
) -> None:
    kind = "system" if actor == "system" else "partner" if actor.startswith("partner:") else "staff"
    audit.record(
        session,
        actor_kind=kind,
        actor_id=actor.removeprefix("partner:"),
        action=action,
        subject_kind="partners",
        subject_id=row.partner_id,
        reason=reason,
        facts={"key_id": row.key_id, **facts},
    )
