"""private_key_jwt (RFC 7523 §2.2): a partner's server proves itself by a short JWT under one of its keys, used once."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey, RSAKey
from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock, crypto
from app.kernel.errors import Unauthenticated
from app.partners.domain import algorithms
from app.partners.models import Partner, PartnerKey, PartnerNonce
from app.partners.usecases.authentication import is_valid

LONGEST = 4_000
LIFE = timedelta(seconds=300)
SKEW = timedelta(seconds=60)
JTI_LENGTHS = range(16, 101)
# the algorithm is the key's, whatever the header claims; `Ed25519` is the name of RFC 9864, `EdDSA` that of RFC 8037
NAMES = {algorithms.ED25519: ("EdDSA", "Ed25519"), algorithms.RSA_PSS_SHA512: ("PS512",)}
REGISTRY = jws.JWSRegistry(algorithms=[name for names in NAMES.values() for name in names])


class AssertionRefused(Unauthenticated):
    """The client assertion is no JWT of our form, not for us, too old, used before, or not by a key of that client.

    `context.reason`: malformed, claims, audience, expired, reused or client.
    """

    code = "partner.assertion_refused"


def client_of(session: Session, *, assertion: str, audiences: Collection[str]) -> Row[PartnerKey, Partner]:
    """The key that signed this assertion and its partner; its `jti` is used up in the caller's transaction.

    `iss` and `sub` are the client: the key's id, or the partner's code with the key's id as `kid`. Raises
    AssertionRefused.
    """
    if len(assertion) > LONGEST:
        _refuse("malformed", "The assertion is too long.")
    try:
        found = jws.extract_compact(assertion.encode(), registry=REGISTRY)
        header, claims = found.headers(), json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        _refuse("malformed", "The assertion is a compact JWT, signed with EdDSA or PS512.")
    if not isinstance(claims, dict):
        _refuse("malformed", "The assertion's payload is one JSON object.")
    _check_claims(claims, audiences)
    row = _key(session, claims["sub"], header.get("kid"))
    if header.get("alg") not in NAMES[row.PartnerKey.algorithm] or not _is_signed(found, row.PartnerKey):
        _refuse("client", "No key of this client signed the assertion.")
    _burn(session, row.PartnerKey.key_id, claims)
    return row


def _refuse(reason: str, detail: str) -> NoReturn:
    raise AssertionRefused(detail, reason=reason)


def _check_claims(claims: dict[str, Any], audiences: Collection[str]) -> None:
    """RFC 7523 §3, and stricter: one audience, a `jti`, no life beyond five minutes."""
    sub, jti, exp = claims.get("sub"), claims.get("jti"), claims.get("exp")
    if not isinstance(sub, str) or claims.get("iss") != sub or "\0" in sub:
        _refuse("claims", "iss and sub are both the client.")
    if not isinstance(jti, str) or len(jti) not in JTI_LENGTHS or not (jti.isascii() and jti.isprintable()):
        _refuse("claims", "jti has 16 to 100 printable characters.")
    if claims.get("aud") not in [*audiences, *([one] for one in audiences)]:
        _refuse("audience", "aud is our token endpoint or our address, and nothing else.")
    begins = [claims[name] for name in ("iat", "nbf") if name in claims]
    if any(type(instant) is not int for instant in (exp, *begins)):
        _refuse("claims", "exp is an integer, and iat and nbf are if they are there.")
    now, life, skew = clock.now().timestamp(), LIFE.total_seconds(), SKEW.total_seconds()
    ends_well = now < int(str(exp)) <= now + life + skew
    if not ends_well or any(not now - life - skew <= begin <= now + skew for begin in begins):
        _refuse("expired", "The assertion is for at most 300 s from now.")


def _key(session: Session, client: str, kid: Any) -> Row[PartnerKey, Partner]:
    query = select(PartnerKey, Partner).join(Partner).where(PartnerKey.algorithm.in_(NAMES))
    named = PartnerKey.key_id == client
    if isinstance(kid, str) and "\0" not in kid:
        named = or_(named, Partner.code == client) & (PartnerKey.key_id == kid)
    row: Row[PartnerKey, Partner] | None = session.execute(query.where(named)).one_or_none()
    if row is None or not is_valid(row.PartnerKey, clock.now()):
        _refuse("client", "No key of this client signed the assertion.")
    return row


def _is_signed(found: jws.CompactSignature, key: PartnerKey) -> bool:
    kind = OKPKey if key.algorithm == algorithms.ED25519 else RSAKey
    return jws.validate_compact(found, kind.import_key(key.public_key_pem or ""), registry=REGISTRY)


def _burn(session: Session, key_id: str, claims: dict[str, Any]) -> None:
    """Of two requests with one assertion the later waits at the primary key, then finds it used."""
    nonce = f"jwt:{crypto.token_hash(claims['jti'])}"
    row = {"key_id": key_id, "nonce": nonce, "expires_at": clock.now() + LIFE + 2 * SKEW}
    burned = insert(PartnerNonce).values(row).on_conflict_do_nothing().returning(PartnerNonce.nonce)
    if session.execute(burned).first() is None:
        _refuse("reused", "This assertion was used before; make one for each token.")
