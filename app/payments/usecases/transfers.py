"""Transfers out: one number for life, sent until the core bank answers, final only by the bank's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.core_bank import Payee, TransferOrder, TransferState
from app.kernel import clock, ids, jobs
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.payments import domain
from app.payments.events import TransferFailed, TransferSucceeded
from app.payments.models import Transfer

SEND, QUERY = "payments.send_transfer", "payments.query_transfer"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TransferRequest:
    """Money to send out for one thing (`reference_id`); one transfer each."""

    transfer_id: UUID
    purpose: str
    reference_id: UUID
    amount_fen: int
    payer_account_no: str
    payee: Payee
    remark: str
    product_code: str | None = None
    partner_id: UUID | None = None


def open_transfer(session: Session, *, request: TransferRequest) -> Transfer:
    """Get or create the transfer of `request.reference_id` and enqueue its sending."""
    known = session.scalar(
        select(Transfer).where(Transfer.purpose == request.purpose, Transfer.reference_id == request.reference_id)
    )
    if known:
        return known
    transfer = Transfer(
        id=request.transfer_id,
        purpose=request.purpose,
        reference_id=request.reference_id,
        transfer_no=ids.outside_number("DKT", request.transfer_id),
        amount_fen=request.amount_fen,
        payer_account_no=request.payer_account_no,
        payee_account_no=request.payee.account_no,
        payee_name=request.payee.account_name,
        payee_bank_code=request.payee.bank_code,
        remark=request.remark,
        product_code=request.product_code,
        partner_id=request.partner_id,
        status="requested",
        requested_at=clock.now(),
    )
    session.add(transfer)
    session.flush()
    jobs.enqueue(session, SEND, once=f"{SEND}:{transfer.id}", transfer_id=transfer.id, step=0)
    return transfer


def go_on(session: Session, *, transfer_id: UUID, step: int) -> None:
    """Enqueue what an open transfer needs next: to be sent until the core bank takes it, then to be asked about."""
    status = session.get_one(Transfer, transfer_id).status
    if status in domain.OPEN_TRANSFER:
        name = SEND if status == "requested" else QUERY
        after = domain.transfer_wait(step)
        jobs.enqueue(session, name, once=f"{name}:{transfer_id}", after=after, transfer_id=transfer_id, step=step)


def transfer_order(transfer: Transfer) -> TransferOrder:
    """What the core bank is told: the same values on every repeat."""
    return TransferOrder(
        transfer_no=transfer.transfer_no,
        amount_fen=transfer.amount_fen,
        payer_account_no=transfer.payer_account_no,
        payee=Payee(transfer.payee_account_no, transfer.payee_name, transfer.payee_bank_code),
        purpose=transfer.remark,
        loan_ref=str(transfer.reference_id),
    )


def record_transfer(session: Session, *, transfer_id: UUID, state: TransferState) -> bool:
    """Book what the core bank says of a transfer; answers whether it is final now. Saying it again changes nothing."""
    transfer = session.get_one(Transfer, transfer_id, with_for_update=True)
    if state.amount_fen != transfer.amount_fen or state.transfer_no != transfer.transfer_no:
        log.error("the core bank tells of another transfer", transfer=str(transfer_id))
        _hold(session, transfer)
        return transfer.status not in domain.OPEN_TRANSFER
    if transfer.status == "requested":
        transition(session, transfer, domain.TRANSFER_STATES, "accepted")
        transfer.bank_serial = state.bank_serial
        _post(session, transfer, "transfer_sent", state.completed_at)
    if state.final and transfer.status == "sent":
        _finish(session, transfer, state)
    return transfer.status not in domain.OPEN_TRANSFER


def _finish(session: Session, transfer: Transfer, state: TransferState) -> None:
    transition(session, transfer, domain.TRANSFER_STATES, state.state)
    transfer.completed_at = state.completed_at or clock.now()
    if state.state == "succeeded":
        emit(
            session,
            TransferSucceeded(
                subject_id=transfer.id,
                purpose=transfer.purpose,
                reference_id=transfer.reference_id,
                amount_fen=transfer.amount_fen,
                completed_at=transfer.completed_at,
            ),
        )
        return
    transfer.fail_text = state.fail_text
    _post(session, transfer, "transfer_returned", state.completed_at)
    _tell_failure(session, transfer, state.fail_code or "unknown")


def refuse_transfer(session: Session, *, transfer_id: UUID, fail_code: str) -> None:
    """The core bank refused the order and knows no such transfer: no money moved, and none will under this number."""
    transfer = session.get_one(Transfer, transfer_id, with_for_update=True)
    if transfer.status == "requested":
        transition(session, transfer, domain.TRANSFER_STATES, "refused")
        transfer.completed_at = clock.now()
        log.error("the core bank refuses a transfer", transfer=str(transfer_id), fail_code=fail_code)
        _tell_failure(session, transfer, fail_code)


def _tell_failure(session: Session, transfer: Transfer, fail_code: str) -> None:
    transfer.fail_code = fail_code[:64]
    emit(
        session,
        TransferFailed(
            subject_id=transfer.id,
            purpose=transfer.purpose,
            reference_id=transfer.reference_id,
            fail_code=transfer.fail_code,
        ),
    )


def _post(session: Session, transfer: Transfer, template: str, completed_at: datetime | None) -> None:
    """Book on the bank's day where it tells one: we may hear of a transfer only after midnight."""
    post(
        session,
        key=f"{template}:{transfer.id}",
        template=template,
        amounts_fen={"amount": transfer.amount_fen},
        subject_id=transfer.reference_id,
        business_on=clock.local_day(completed_at or clock.now()),
        product_code=transfer.product_code,
        partner_id=transfer.partner_id,
    )


def hold_transfer(session: Session, *, transfer_id: UUID) -> None:
    """The core bank knows our number with other content: a person must look; nothing more is sent."""
    _hold(session, session.get_one(Transfer, transfer_id, with_for_update=True))


def _hold(session: Session, transfer: Transfer) -> None:
    if transfer.status == "requested":
        transition(session, transfer, domain.TRANSFER_STATES, "conflict")
        log.error("transfer held for a person", transfer=str(transfer.id))


def release_transfer(session: Session, *, transfer_id: UUID) -> None:
    """A held transfer is sent once more under the same number, after two people said so. Raises NotAllowedNow."""
    transfer = held(session, transfer_id)
    transition(session, transfer, domain.TRANSFER_STATES, "released")
    session.flush()
    jobs.enqueue(session, SEND, once=f"{SEND}:{transfer.id}", transfer_id=transfer.id, step=0)


def give_up_transfer(session: Session, *, transfer_id: UUID) -> None:
    """A held transfer ends unpaid, after two people made sure that no money moved. Raises NotAllowedNow."""
    transfer = held(session, transfer_id)
    transition(session, transfer, domain.TRANSFER_STATES, "given_up")
    transfer.completed_at = clock.now()
    _tell_failure(session, transfer, "given_up")


def held(session: Session, transfer_id: UUID) -> Transfer:
    """The transfer, locked. Raises TransferUnknownHere."""
    transfer = session.get(Transfer, transfer_id, with_for_update=True)
    if transfer is None:
        raise domain.TransferUnknownHere("There is no such transfer.")
    return transfer


def hint_transfer(session: Session, *, transfer_no: str) -> None:
    """A push said that something happened: ask the core bank now instead of later."""
    transfer_id = session.scalar(select(Transfer.id).where(Transfer.transfer_no == transfer_no))
    if transfer_id is not None:
        jobs.enqueue(
            session,
            QUERY,
            once=f"{QUERY}:now:{transfer_id}",
            transfer_id=transfer_id,
            step=None,
        )
