"""DPoP (RFC 9449): each request of a frame proves that it comes from the browser that redeemed the client token.

The key pair is made in the browser and cannot be taken out of it, so a stolen frame token is worth nothing elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.embed.models import FrameProof
from app.kernel import clock
from app.kernel.errors import Unauthenticated

WINDOW = timedelta(seconds=60)  # either way; a browser whose clock is wrong learns ours from the refusal
KEPT = timedelta(minutes=5)  # longer than any proof is fresh
ALGORITHM = "ES256"
LONGEST = 2000
JTI_LENGTHS = range(16, 65)


class ProofMissing(Unauthenticated):
    """Frames send a DPoP header (RFC 9449) with every request."""

    code = "embed.proof_missing"


class ProofInvalid(Unauthenticated):
    """Not a proof of the one form we take, about another request or token, or not signed by its key."""

    code = "embed.proof_invalid"


class ProofStale(Unauthenticated):
    """`iat` is more than 60 s away from our clock, which `context.server_time` tells."""

    code = "embed.proof_stale"


class ProofReused(Unauthenticated):
    """A proof is good once."""

    code = "embed.proof_reused"


class ProofOfOtherKey(Unauthenticated):
    """Another key than the one with which this frame session was opened."""

    code = "embed.proof_other_key"


@dataclass(frozen=True)
class Presented:
    """A DPoP header as it came, the request's method, and the addresses under which we serve its path."""

    proof: str | None = field(repr=False)
    method: str
    urls: Collection[str]


def check_proof(session: Session, presented: Presented, *, token: str | None = None) -> str:
    """The thumbprint (RFC 7638) of the key that made this proof, good once; `token`: which it must go with.

    Raises ProofMissing, ProofInvalid, ProofStale, ProofReused.
    """
    if not presented.proof:
        raise ProofMissing("Send a DPoP header.")
    key, claims = _read(presented.proof)
    _check_claims(claims, presented, token)
    thumbprint = key.thumbprint()
    _burn(session, thumbprint, claims["jti"])
    return thumbprint


def _read(proof: str) -> tuple[ECKey, dict[str, Any]]:
    """RFC 9449 §4.3, 2 to 6: the header carries the public key, and the signature is by it."""
    if len(proof) > LONGEST:
        raise ProofInvalid("The proof is too long.")
    try:
        found = jws.extract_compact(proof.encode())
        header = found.headers()
        key = _public_key(header.get("jwk"))
        if header.get("typ") != "dpop+jwt" or header.get("alg") != ALGORITHM:
            raise ProofInvalid(f"typ is dpop+jwt, alg is {ALGORITHM}.")
        if not jws.validate_compact(found, key, algorithms=[ALGORITHM]):
            raise ProofInvalid("The proof is not signed by its key.")
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProofInvalid("The proof cannot be read.") from error
    if not isinstance(claims, dict):
        raise ProofInvalid("The proof cannot be read.")
    return key, claims


def _public_key(jwk: Any) -> ECKey:
    if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256") or "d" in jwk:
        raise ProofInvalid("jwk is the public key on P-256.")
    return ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})


def _check_claims(claims: dict[str, Any], presented: Presented, token: str | None) -> None:
    jti, iat = claims.get("jti"), claims.get("iat")
    if not isinstance(jti, str) or len(jti) not in JTI_LENGTHS or not jti.isascii() or not jti.isprintable():
        raise ProofInvalid("jti has 16 to 64 characters.")
    if claims.get("htm") != presented.method or claims.get("htu") not in presented.urls:
        raise ProofInvalid("The proof is about another request.")
    if token is not None and not hmac.compare_digest(str(claims.get("ath", "")), token_hash(token)):
        raise ProofInvalid("The proof goes with another token.")
    now = clock.machine().timestamp()
    if type(iat) is not int or abs(iat - now) > WINDOW.total_seconds():
        raise ProofStale("iat is more than 60 s away from our clock.", server_time=int(now))


def token_hash(token: str) -> str:
    """`ath`: base64url of the token's SHA-256."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")


def _burn(session: Session, thumbprint: str, jti: str) -> None:
    """Of two requests with one proof the later waits at the primary key, then finds it used."""
    row = {"key_thumbprint": thumbprint, "jti": jti, "expires_at": clock.machine() + KEPT}
    burned = insert(FrameProof).values(row).on_conflict_do_nothing().returning(FrameProof.jti)
    if session.execute(burned).first() is None:
        raise ProofReused("This proof was used before; make one for each request.")


def purge_proofs(session: Session) -> int:
    """Forget proofs that are stale anyway; answers how many."""
    result = session.execute(delete(FrameProof).where(FrameProof.expires_at < clock.machine()))
    return int(result.rowcount)  # type: ignore[attr-defined]
