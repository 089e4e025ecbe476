"""Recognise a partner's server by its request signature; `docs/partner-api.md` writes the scheme down for partners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audience import PartnerPrincipal
from app.kernel.errors import Unauthenticated
from app.partners.domain import algorithms, digests, keys, signatures
from app.partners.domain.agreements import PartnerSuspended, ScopeMissing
from app.partners.domain.versions import check_version
from app.partners.models import Partner, PartnerKey, PartnerNonce
from app.partners.queries import in_force

NONCE_KEPT = timedelta(minutes=15)  # longer than any signature with it is fresh: created may lie 300 s ahead


class KeyUnknown(Unauthenticated):
    code = "partner.signature_key_unknown"


class KeyExpired(Unauthenticated):
    """Not valid yet, not valid any more, or revoked."""

    code = "partner.signature_key_expired"


class NonceReused(Unauthenticated):
    """This key has signed a request with this nonce before: a repeat needs a new signature."""

    code = "partner.signature_nonce_reused"


def authenticate(
    session: Session,
    *,
    method: str,
    authority: str,
    path: str,
    query: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    public_url: str,
    address: str | None = None,
    mode: str = keys.TEST,
) -> PartnerPrincipal:
    """The partner whose key signed this very request (RFC 9421), once.

    `path` and `query` are raw, `authority` is the Host header; `public_url` is ours, so that no other Host will do.
    `address` is the caller's, `mode` the deployment's. The nonce is burned in the caller's transaction: give it one of
    its own, which commits before the work begins.
    Raises subclasses of Unauthenticated, PartnerSuspended, AddressNotAllowed and VersionUnknown.
    """
    ours = urlsplit(public_url)
    named = signatures.canonical_authority(authority, ours.scheme)
    request = signatures.SignedRequest(method, named, path, query, signatures.combine(headers), body)
    stated = signatures.read_signature(request.headers)
    signatures.check_fresh(stated.created, clock.machine())
    if named != signatures.canonical_authority(ours.netloc, ours.scheme):
        raise signatures.SignatureInvalid("The request was sent to a host name that is not ours.")
    key, partner = _key(session, stated.key_id)
    _verify(key, stated, request)
    keys.check_mode(key.mode, mode)
    keys.check_address(address, key.networks)
    if not in_force(partner):
        raise PartnerSuspended("The agreement with this partner is not in force.")
    version = check_version(request.headers.get("dukou-version", key.version))
    _burn(session, stated)
    return PartnerPrincipal(partner.id, key.key_id, frozenset(key.scopes) & frozenset(partner.scopes), version)


def _key(session: Session, key_id: str) -> tuple[PartnerKey, Partner]:
    query = select(PartnerKey, Partner).join(Partner).where(PartnerKey.key_id == key_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise KeyUnknown("No key has this keyid.")
    if not is_valid(row.PartnerKey, clock.now()):
        raise KeyExpired("The key is not valid now.")
    return row.PartnerKey, row.Partner


def is_valid(key: PartnerKey, now: datetime) -> bool:
    """Begun, not ended, not taken back."""
    return key.revoked_at is None and key.not_before <= now < key.not_after


def _verify(key: PartnerKey, stated: signatures.StatedSignature, request: signatures.SignedRequest) -> None:
    if stated.algorithm not in (None, key.algorithm):
        raise signatures.SignatureInvalid("alg is not the algorithm of this key.", algorithm=key.algorithm)
    signatures.check_coverage(stated, request)
    if "content-digest" in request.headers:
        digests.check_digest(request.headers["content-digest"], request.body)
    public_key = _verifier(key)
    if not algorithms.is_signed(public_key, stated.signature, signatures.signature_base(stated, request)):
        raise signatures.SignatureInvalid("The signature does not fit the request; compare the signature base.")


def _verifier(key: PartnerKey) -> algorithms.PublicKey | bytes:
    if key.secret is not None:
        return key.secret.encode()
    if key.public_key_pem is None:
        raise signatures.SignatureInvalid("This key fetches tokens; it does not sign.", algorithm=key.algorithm)
    return algorithms.load_public_key(key.algorithm, key.public_key_pem)


def _burn(session: Session, stated: signatures.StatedSignature) -> None:
    """Two requests with one nonce meet at the primary key: the later one waits for the first, then finds it used."""
    row = {"key_id": stated.key_id, "nonce": stated.nonce, "expires_at": clock.machine() + NONCE_KEPT}
    burned = insert(PartnerNonce).values(row).on_conflict_do_nothing().returning(PartnerNonce.nonce)
    if session.execute(burned).first() is None:
        raise NonceReused("This nonce was used before; sign each request anew.")


def require_scope(principal: PartnerPrincipal, scope: str) -> None:
    """Raises ScopeMissing when the key that signed does not have this right."""
    if scope not in principal.scopes:
        raise ScopeMissing("The key that signed this request does not have this scope.", scope=scope)


def purge_nonces(session: Session) -> int:
    """Forget nonces whose signatures are stale anyway; answers how many."""
    result = session.execute(delete(PartnerNonce).where(PartnerNonce.expires_at < clock.machine()))
    return int(result.rowcount)  # type: ignore[attr-defined]
