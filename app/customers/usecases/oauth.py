"""The trip to WeChat's consent page: a state bound to one browser, good once; then a one-time code for the session."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.adapters.wechat_login import WechatIdentity as SeenIdentity
from app.customers.domain.sessions import (
    ONE_TIME_CODE_LIFETIME,
    STATE_LIFETIME,
    OneTimeCodeRefused,
    StateRefused,
    check_return_path,
)
from app.customers.models import CustomerSession, OauthState
from app.customers.usecases.sign_in import SignedIn, open_for_identity, remember_identity
from app.kernel import clock, crypto, ids


@dataclass(frozen=True)
class Trip:
    """A trip that begins: `state` goes to WeChat, `browser` into a cookie of this browser."""

    origin: str
    state: str = field(repr=False)
    browser: str = field(repr=False)


def begin_trip(session: Session, *, origin: str, return_path: str, browser: str | None) -> Trip:
    """Remember where to return to. `browser` is the cookie's value when there is one. Raises ReturnPathRefused."""
    state = ids.new_token("st").replace("_", "").replace("-", "")  # WeChat allows letters and digits only
    browser = browser or ids.new_token("br")
    now = clock.now()
    session.add(
        OauthState(
            state_hash=crypto.token_hash(state),
            browser_hash=crypto.token_hash(browser),
            origin=origin,
            return_path=check_return_path(return_path),
            created_at=now,
            expires_at=now + STATE_LIFETIME,
        )
    )
    return Trip(origin, state, browser)


def take_state(session: Session, *, state: str, browser: str) -> OauthState:
    """Use the state up, before WeChat is asked: whatever comes after, it is spent. Raises StateRefused."""
    row = session.scalars(
        select(OauthState).where(OauthState.state_hash == crypto.token_hash(state)).with_for_update()
    ).one_or_none()
    if row is None or row.used_at or row.expires_at <= clock.now():
        raise StateRefused("Start signing in again.")
    if row.browser_hash != crypto.token_hash(browser):  # keyed hashes: comparing them tells nothing of the value
        raise StateRefused("Start signing in again.")
    row.used_at = clock.now()
    return row


def arrive(session: Session, *, taken: OauthState, identity: SeenIdentity) -> str:
    """Remember who came back and answer the one-time code for this browser. Raises SnapshotUser."""
    row = session.get_one(OauthState, taken.id)
    row.wechat_identity_id = remember_identity(session, identity=identity).id
    code = ids.new_token("otc")
    row.one_time_code_hash = crypto.token_hash(code)
    row.one_time_code_expires_at = clock.now() + ONE_TIME_CODE_LIFETIME
    return code


def end_reused(session: Session, *, one_time_code: str) -> bool:
    """A code that comes again was seen by somebody else: what it opened ends, also what followed it within its minute.

    Apart from `redeem`, whose refusal undoes its transaction (RFC 6749 §4.1.2 asks for the same of codes).
    """
    row = session.scalars(
        select(OauthState).where(OauthState.one_time_code_hash == crypto.token_hash(one_time_code)).with_for_update()
    ).one_or_none()
    if row is None or row.redeemed_at is None:
        return False
    opened = update(CustomerSession).where(
        CustomerSession.wechat_identity_id == row.wechat_identity_id,
        CustomerSession.created_at >= row.redeemed_at,
        CustomerSession.created_at <= row.one_time_code_expires_at,
        CustomerSession.revoked_at.is_(None),
    )
    session.execute(opened.values(revoked_at=clock.now()))
    return True


def redeem(session: Session, *, one_time_code: str, browser: str, device: str) -> SignedIn:
    """The session for a one-time code: once, within a minute, in the same browser. Raises OneTimeCodeRefused."""
    row = session.scalars(
        select(OauthState).where(OauthState.one_time_code_hash == crypto.token_hash(one_time_code)).with_for_update()
    ).one_or_none()
    if (
        row is None
        or row.wechat_identity_id is None
        or row.one_time_code_expires_at is None
        or row.redeemed_at
        or row.one_time_code_expires_at <= clock.now()
        or row.browser_hash != crypto.token_hash(browser)
    ):
        raise OneTimeCodeRefused("Start signing in again.")
    row.redeemed_at = clock.now()
    return open_for_identity(session, identity_id=row.wechat_identity_id, device=device)
