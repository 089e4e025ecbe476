"""OAuth 2 client credentials (RFC 6749 §4.4), by a secret or a signed assertion: opaque tokens of fifteen minutes."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app.kernel import clock, crypto, ids
from app.kernel.audience import PartnerPrincipal
from app.kernel.errors import Malformed, Unauthenticated
from app.partners.domain import algorithms, keys
from app.partners.domain.agreements import PartnerSuspended
from app.partners.domain.versions import check_version
from app.partners.models import Partner, PartnerKey, PartnerToken
from app.partners.queries import in_force
from app.partners.usecases.assertions import AssertionRefused, client_of
from app.partners.usecases.authentication import is_valid


class ClientRefused(Unauthenticated):
    """No such client, another secret, or a key that is for signing; which of them is not told."""

    code = "partner.client_refused"


class TokenRefused(Unauthenticated):
    """Unknown or older than fifteen minutes: fetch a new one."""

    code = "partner.token_refused"


class TokenScopeRefused(Malformed):
    """`scope` asks for more than the key has."""

    code = "partner.token_scope_refused"


@dataclass(frozen=True)
class NewToken:
    """A bearer token and what it opens; only its hash is stored."""

    token: str = field(repr=False)
    scopes: tuple[str, ...]


def issue_token(
    session: Session, *, client_id: str, client_secret: str, scope: str | None, address: str | None, mode: str
) -> NewToken:
    """A token for the key named `client_id`, with the scopes that are asked for, by default all of the key's.

    Raises ClientRefused, KeyOfOtherMode, AddressNotAllowed, PartnerSuspended, TokenScopeRefused.
    """
    row = session.execute(select(PartnerKey, Partner).join(Partner).where(PartnerKey.key_id == client_id)).one_or_none()
    known = row.PartnerKey.secret_hash if row and row.PartnerKey.algorithm == algorithms.CLIENT_SECRET else None
    same = hmac.compare_digest(crypto.token_hash(client_secret), known or "0" * 64)
    if row is None or not known or not same or not is_valid(row.PartnerKey, clock.now()):
        raise ClientRefused("The client or its secret is not known.")
    return _issue(session, row, scope=scope, address=address, mode=mode)


def issue_token_by_assertion(
    session: Session,
    *,
    assertion: str,
    client_id: str | None,
    audiences: Collection[str],
    scope: str | None,
    address: str | None,
    mode: str,
) -> NewToken:
    """A token for the key that signed `assertion` (`client_of`); a `client_id` beside it must be the same client.

    Raises AssertionRefused, KeyOfOtherMode, AddressNotAllowed, PartnerSuspended, TokenScopeRefused.
    """
    row = client_of(session, assertion=assertion, audiences=audiences)
    if client_id not in (None, row.PartnerKey.key_id, row.Partner.code):
        raise AssertionRefused("client_id is not the assertion's client.", reason="client")
    return _issue(session, row, scope=scope, address=address, mode=mode)


def _issue(
    session: Session, row: Row[PartnerKey, Partner], *, scope: str | None, address: str | None, mode: str
) -> NewToken:
    _check(row.PartnerKey, row.Partner, address, mode)
    allowed = frozenset(row.PartnerKey.scopes) & frozenset(row.Partner.scopes)
    wanted = frozenset(scope.split()) if scope else allowed
    if more := sorted(wanted - allowed):
        raise TokenScopeRefused("The key does not have these scopes.", scopes=more)
    token, now = ids.new_token(f"pat_{mode}"), clock.now()
    session.add(
        PartnerToken(
            token_hash=crypto.token_hash(token),
            partner_key_id=row.PartnerKey.id,
            scopes=sorted(wanted),
            expires_at=now + keys.TOKEN_LIFE,
            created_at=now,
        )
    )
    return NewToken(token, tuple(sorted(wanted)))


def authenticate_token(
    session: Session, *, token: str, address: str | None, mode: str, version: str | None = None
) -> PartnerPrincipal:
    """The partner who holds this token; its key must still be valid.

    Raises TokenRefused, KeyOfOtherMode, AddressNotAllowed, PartnerSuspended, VersionUnknown.
    """
    query = select(PartnerToken, PartnerKey, Partner).join(PartnerKey, PartnerKey.id == PartnerToken.partner_key_id)
    query = query.join(Partner, Partner.id == PartnerKey.partner_id)
    row = session.execute(query.where(PartnerToken.token_hash == crypto.token_hash(token))).one_or_none()
    now = clock.now()
    if row is None or row.PartnerToken.expires_at <= now or not is_valid(row.PartnerKey, now):
        raise TokenRefused("Fetch a new token.")
    _check(row.PartnerKey, row.Partner, address, mode)
    pinned = check_version(version or row.PartnerKey.version)
    scopes = frozenset(row.PartnerToken.scopes) & frozenset(row.Partner.scopes)
    return PartnerPrincipal(row.Partner.id, row.PartnerKey.key_id, scopes, pinned)


def _check(key: PartnerKey, partner: Partner, address: str | None, mode: str) -> None:
    keys.check_mode(key.mode, mode)
    keys.check_address(address, key.networks)
    if not in_force(partner):
        raise PartnerSuspended("The agreement with this partner is not in force.")


def purge_tokens(session: Session) -> int:
    """Forget tokens that open nothing any more; answers how many."""
    result = session.execute(delete(PartnerToken).where(PartnerToken.expires_at < clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]
