"""A refund that cannot reach the payer's account is sent to a card of the payer's, or to our own, by two people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import CARD_BANKS, Card
from app.kernel import clock, jobs
from app.kernel.states import transition
from app.payments import domain
from app.payments.models import Refund, RefundRedirection

REDIRECT = "payments.redirect_refund"
_ACCOUNT = re.compile(r"[0-9]{12,19}", re.ASCII)
_NAME_LONGEST = 60
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ToSend:
    """What the job asks WeChat Pay for; `card` None: to the merchant's own account."""

    refund_id: str
    out_refund_no: str
    card: Card | None = field(repr=False)


def read_card(bank_type: str, account_no: str, account_name: str) -> Card:
    """What staff typed in as a card. Raises CardImpossible."""
    number, name = "".join(account_no.split()), " ".join(account_name.split())
    if bank_type not in CARD_BANKS or not _ACCOUNT.fullmatch(number) or not 2 <= len(name) <= _NAME_LONGEST:
        raise domain.CardImpossible("Bank, number (12 to 19 digits) and name of a debit card are needed.")
    return Card(bank_type, number, name)


def draft_redirection(session: Session, *, redirection_id: UUID, refund_id: UUID, card: Card | None) -> None:
    """Write down another way for an abnormal refund; nothing moves yet. Raises NotAbnormal."""
    refund = session.get(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund is None or refund.status != "abnormal" or refund.refund_id is None:
        raise domain.NotAbnormal("This refund is not waiting for another way.")
    drafted = RefundRedirection(
        id=redirection_id,
        refund_id=refund_id,
        way="user_card" if card else "merchant",
        bank_type=card.bank_type if card else None,
        account_no=card.account_no if card else None,
        account_name=card.account_name if card else None,
        status="drafted",
        drafted_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(drafted)
    except IntegrityError as error:
        raise domain.NotAbnormal("Another way is under way for this refund.") from error


def drop_redirection(session: Session, *, redirection_id: UUID) -> None:
    """A second person did not agree: the card is forgotten."""
    _end(session, _locked(session, redirection_id), "rejected")


def open_redirection(session: Session, *, redirection_id: UUID) -> None:
    """A second person agreed: WeChat Pay is asked. Raises NotAbnormal when the refund arrived meanwhile."""
    row = _locked(session, redirection_id)
    if row.status != "drafted" or session.get_one(Refund, row.refund_id).status != "abnormal":
        raise domain.NotAbnormal("This refund is not waiting for another way any more.")
    transition(session, row, domain.REDIRECTION_STATES, "approved")
    session.flush()
    go_on_redirection(session, redirection_id=redirection_id, step=None)


def go_on_redirection(session: Session, *, redirection_id: UUID, step: int | None) -> None:
    """Enqueue the asking of a redirection that WeChat Pay has not taken yet; `step` None: at once."""
    if session.get_one(RefundRedirection, redirection_id).status != "requested":
        return
    jobs.enqueue(
        session,
        REDIRECT,
        once=f"{REDIRECT}:{redirection_id}",
        after=None if step is None else domain.refund_wait(step),
        redirection_id=redirection_id,
        step=step or 0,
    )


def to_send(session: Session, *, redirection_id: UUID) -> ToSend | None:
    """What is asked for: the same values on every repeat. None when there is nothing to ask any more."""
    row = session.get_one(RefundRedirection, redirection_id)
    refund = session.get_one(Refund, row.refund_id)
    if row.status != "requested" or refund.status != "abnormal":
        return None
    card = Card(row.bank_type or "", row.account_no or "", row.account_name or "") if row.account_no else None
    return ToSend(refund.refund_id or "", refund.out_refund_no, card)


def take_redirection(session: Session, *, redirection_id: UUID) -> None:
    """WeChat Pay took it: what comes of it is asked about as of any refund."""
    row = _locked(session, redirection_id)
    if row.status == "requested":
        transition(session, row, domain.REDIRECTION_STATES, "taken")
        row.taken_at = clock.now()


def refuse_redirection(session: Session, *, redirection_id: UUID, fail_code: str) -> None:
    """WeChat Pay refused, and the refund is as abnormal as before: another way may be proposed."""
    row = _locked(session, redirection_id)
    if row.status == "requested":
        log.error("wechat pay refuses another way of a refund", refund=str(row.refund_id), fail_code=fail_code)
        row.fail_code = fail_code[:64]
        _end(session, row, "refused")


def still_abnormal(session: Session, *, refund_id: UUID, asked_at: datetime) -> None:
    """A question asked after the other way was taken finds the refund abnormal again: the card took nothing either."""
    row = _open_of(session, refund_id)
    if row and row.status == "taken" and row.taken_at and row.taken_at < asked_at:
        log.error("a refund did not arrive on its other way", refund=str(refund_id))
        row.fail_code = "abnormal_again"
        _end(session, row, "failed")


def end_redirection(session: Session, *, refund_id: UUID) -> None:
    """The refund is over, however it ended: so is its other way, drafted or taken."""
    row = _open_of(session, refund_id)
    if row:
        _end(session, row, "ended")


def _end(session: Session, row: RefundRedirection, event: str) -> None:
    transition(session, row, domain.REDIRECTION_STATES, event)
    row.account_no = row.account_name = None
    session.flush()


def _open_of(session: Session, refund_id: UUID) -> RefundRedirection | None:
    return session.scalar(
        select(RefundRedirection)
        .where(RefundRedirection.refund_id == refund_id, RefundRedirection.status.in_(domain.OPEN_REDIRECTION))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _locked(session: Session, redirection_id: UUID) -> RefundRedirection:
    """The refund's row first, then the redirection's: in the order in which an answer about the refund takes them."""
    row = session.get_one(RefundRedirection, redirection_id)
    session.get_one(Refund, row.refund_id, with_for_update=True, populate_existing=True)
    return session.get_one(RefundRedirection, redirection_id, with_for_update=True, populate_existing=True)
