"""One-time codes that lead into pages of our own: from a partner's page, or by a phone's browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.embed import domain
from app.embed.models import EmbedSession, PageCode
from app.embed.usecases.frames import Redemption, open_frame
from app.embed.usecases.proofs import Presented, check_proof
from app.kernel import clock, crypto, ids
from app.partners import queries as partners
from app.partners.domain.agreements import PartnerSuspended

PAGE = "page"


@dataclass(frozen=True)
class Arrival:
    """What came of a code: the frame session it opened, or a refusal to raise after the commit."""

    redemption: Redemption
    return_to: str | None = None
    match_number: str | None = None


def add_code(session: Session, opened: EmbedSession, *, return_to: str | None, expires_at: datetime) -> str:
    """A code for the page of this session, in place of its client token. Raises ReturnNotAllowed."""
    return_to = domain.check_return(return_to, opened.origins)
    code = ids.new_token("epc", 18)
    row = PageCode(
        id=ids.new_id(),
        embed_session_id=opened.id,
        kind=PAGE,
        code_hash=crypto.token_hash(code),
        return_to=return_to,
        expires_at=expires_at,
        created_at=clock.now(),
    )
    session.add(row)
    return code


def enter_page(session: Session, *, client_token: str, origin: str, return_to: str | None) -> str:
    """A form posted a client token from `origin`: answers a code of one minute for the page that follows.

    The token itself stays unused until the code is. Raises ClientTokenUnknown, OriginNotAllowed, ReturnNotAllowed.
    """
    query = select(EmbedSession).where(
        EmbedSession.token_hash == crypto.token_hash(client_token),
        EmbedSession.redeemed_at.is_(None),
        EmbedSession.token_expires_at > clock.now(),
    )
    opened = session.scalar(query)
    if opened is None:
        raise domain.ClientTokenUnknown("This client token does not exist, was used, or is older than ten minutes.")
    if origin not in opened.origins:
        raise domain.OriginNotAllowed("This page may not open our page for this session.")
    return add_code(session, opened, return_to=return_to, expires_at=clock.now() + domain.PAGE_CODE_LIFE)


def arrive(session: Session, *, code: str, presented: Presented) -> Arrival:
    """Open the frame session that this code leads to, once, for the key that made the proof.

    Raises PageCodeRefused, PartnerSuspended, and as `check_proof`.
    """
    thumbprint = check_proof(session, presented)
    used = use_code(session, code)
    if used is None:
        raise domain.PageCodeRefused("This code was used before or is too old.")
    opened = session.get_one(EmbedSession, used.embed_session_id, with_for_update=True)
    if not partners.partner(session, opened.partner_id).in_force:
        raise PartnerSuspended("The agreement with this partner is not in force.")
    if used.kind == PAGE:
        _use_session(opened)
    return Arrival(open_frame(session, opened, "", thumbprint), used.return_to, used.match_number)


def use_code(session: Session, code: str, **taken: UUID) -> PageCode | None:
    """Use a code up, by one caller only: of two at once the later finds nothing. `taken`: who took it over."""
    query = (
        update(PageCode)
        .where(
            PageCode.code_hash == crypto.token_hash(code),
            PageCode.used_at.is_(None),
            PageCode.stopped_at.is_(None),
            PageCode.expires_at > clock.now(),
        )
        .values(used_at=clock.now(), **taken)
        .returning(PageCode)
    )
    return session.scalars(query).one_or_none()


def _use_session(opened: EmbedSession) -> None:
    """A page takes the place of the frame: the client token is worth nothing from now on."""
    if opened.redeemed_at is not None:
        raise domain.PageCodeRefused("This session was opened before.")
    opened.redeemed_at = clock.now()
