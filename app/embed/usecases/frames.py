"""A frame redeems the client token its page was given, and is recognised by the frame token it gets for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.embed import domain
from app.embed.models import EmbedSession, FrameSession
from app.embed.usecases.proofs import Presented, ProofOfOtherKey, check_proof
from app.kernel import audit, clock, crypto, ids
from app.kernel.audience import EmbedPrincipal
from app.kernel.errors import Problem
from app.partners import queries as partners
from app.partners.domain.agreements import PartnerSuspended


@dataclass(frozen=True)
class Redemption:
    """What came of a client token: a principal and its frame token, or a refusal that is on record.

    The refusal is not raised here, so that the caller's transaction keeps the record; raise it after the commit.
    """

    refusal: Problem | None = None
    principal: EmbedPrincipal | None = None
    expires_at: datetime | None = None
    frame_token: str = field(default="", repr=False)


def redeem(
    session: Session, *, client_token: str, parent_origin: str | None, presented: Presented, request_id: str = ""
) -> Redemption:
    """Open the frame session of this client token, once, for the key that made the proof. Raises as `check_proof`.

    `parent_origin`: the page that holds the frame, by the frame's own word: a guard against mistakes, not against a
    thief of the token. A token that shows up at a foreign origin has leaked and is burned. None in a page of our own.
    """
    thumbprint = check_proof(session, presented)
    query = (
        update(EmbedSession)
        .where(
            EmbedSession.token_hash == crypto.token_hash(client_token),
            EmbedSession.redeemed_at.is_(None),
            EmbedSession.token_expires_at > clock.now(),
        )
        .values(redeemed_at=clock.now())
        .returning(EmbedSession)
    )
    opened = session.scalars(query).one_or_none()  # of two at once the later waits for the row, then finds it redeemed
    if opened is None:
        return _refuse_token(session, client_token, request_id)
    refusal = _refusal(session, opened, parent_origin)
    if refusal:
        _record(session, opened, refusal, request_id)
        return Redemption(refusal=refusal)
    return open_frame(session, opened, parent_origin or "", thumbprint)


def _refuse_token(session: Session, client_token: str, request_id: str) -> Redemption:
    query = select(EmbedSession).where(EmbedSession.token_hash == crypto.token_hash(client_token))
    known = session.scalar(query)
    if known is None:
        return Redemption(refusal=domain.ClientTokenUnknown("This client token does not exist."))
    refusal: Problem = domain.ClientTokenExpired("This client token is older than ten minutes.")
    if known.redeemed_at is not None:
        refusal = domain.ClientTokenUsed("This client token was used before.")
    _record(session, known, refusal, request_id)
    return Redemption(refusal=refusal)


def _refusal(session: Session, opened: EmbedSession, parent_origin: str | None) -> Problem | None:
    named = parent_origin in opened.origins if opened.mode == "framed" or parent_origin else True
    if not named or (parent_origin and partners.unregistered(session, opened.partner_id, [parent_origin])):
        return domain.OriginNotAllowed("This page may not show the frame of this session.")
    if not partners.partner(session, opened.partner_id).in_force:
        return PartnerSuspended("The agreement with this partner is not in force.")
    return None


def open_frame(session: Session, opened: EmbedSession, origin: str, key_thumbprint: str) -> Redemption:
    """A new frame session; `origin` is the page that holds the frame, empty for a page of our own.

    A phone that takes over gets what is left of the two hours, or frames could hand on to each other for ever.
    """
    token, now = ids.new_token("eft"), clock.now()
    ends_at = (opened.redeemed_at or now) + domain.FRAME_ABSOLUTE
    row = FrameSession(
        embed_session_id=opened.id,
        token_hash=crypto.token_hash(token),
        origin=origin,
        key_thumbprint=key_thumbprint,
        expires_at=min(now + domain.FRAME_IDLE, ends_at),
        ends_at=ends_at,
        created_at=now,
    )
    session.add(row)
    return Redemption(principal=_principal(row, opened), expires_at=row.expires_at, frame_token=token)


def _record(session: Session, opened: EmbedSession, refusal: Problem, request_id: str) -> None:
    audit.record(
        session,
        actor_kind="partner",
        actor_id=str(opened.partner_id),
        action="embed.redemption_refused",
        subject_kind="embed_sessions",
        subject_id=opened.id,
        facts={"code": refusal.code},
        request_id=request_id,
    )


def authenticate(session: Session, *, token: str, presented: Presented) -> EmbedPrincipal:
    """The frame that holds this token and its key; moves its end on, up to two hours from its beginning.

    Raises FrameSessionInvalid, also when the partner gave up the origin, PartnerSuspended, ProofOfOtherKey, and as
    `check_proof`.
    """
    query = select(FrameSession, EmbedSession).join(EmbedSession, EmbedSession.id == FrameSession.embed_session_id)
    row = session.execute(query.where(FrameSession.token_hash == crypto.token_hash(token))).one_or_none()
    now = clock.now()
    if row is None or now >= min(row.FrameSession.expires_at, row.FrameSession.ends_at):
        raise domain.FrameSessionInvalid("Open the frame again.")
    frame, opened = row.FrameSession, row.EmbedSession
    if check_proof(session, presented, token=token) != frame.key_thumbprint:
        raise ProofOfOtherKey("This frame session was opened with another key.")
    if frame.origin and partners.unregistered(session, opened.partner_id, [frame.origin]):
        raise domain.FrameSessionInvalid("This page may not show our frames any more.")
    partners.partner_in_force(session, opened.partner_id)
    _slide(frame, now + domain.FRAME_IDLE, domain.SLIDE_EVERY)
    return _principal(frame, opened)


def _slide(frame: FrameSession, end: datetime, step: timedelta) -> None:
    if end - frame.expires_at >= step:
        frame.expires_at = min(end, frame.ends_at)


def _principal(frame: FrameSession, opened: EmbedSession) -> EmbedPrincipal:
    return EmbedPrincipal(
        embed_session_id=opened.id,
        partner_id=opened.partner_id,
        customer_ref=opened.customer_ref,
        origin=frame.origin,
        components=frozenset(opened.components),
        key_thumbprint=frame.key_thumbprint,
    )
