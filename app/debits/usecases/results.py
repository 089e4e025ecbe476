"""What a result file says: each line once, whatever order and however often; what does not fit is kept and shown."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.core_bank import DebitResult, DebitResults
from app.debits import domain
from app.debits.events import DebitFailed, DebitReturned
from app.debits.models import Debit, DebitBatch, DebitFinding
from app.debits.usecases.mandates import suspend_mandate
from app.kernel import clock, ids
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.payments.queries.money import payment_view
from app.payments.usecases import BankMoney, close_order, give_back_to_bank, receive_from_bank

log = structlog.get_logger(__name__)


def record_results(session: Session, *, batch_id: UUID, results: DebitResults) -> bool:
    """Book a result file; answers whether every debit of the batch has its result now.

    A line that is missing keeps its debit open: it is asked for again, and no new debit takes its place.
    """
    batch = session.get_one(DebitBatch, batch_id, with_for_update=True)
    batch.results = results.text
    for line in results.lines:
        _record(session, batch, line)
    session.flush()
    open_count = session.scalar(
        select(func.count()).where(Debit.batch_id == batch_id, Debit.status.in_(domain.LIVE_DEBIT))
    )
    if not open_count and batch.status == "sent":
        transition(session, batch, domain.BATCH_STATES, "done")
        batch.done_at = clock.now()
    return batch.status == "done"


def _record(session: Session, batch: DebitBatch, line: DebitResult) -> None:
    debit = session.scalars(
        select(Debit)
        .where(Debit.debit_no == line.debit_no, Debit.batch_id == batch.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if debit is None:
        _unknown(session, batch, line)
    elif line.state == "failed":
        _fail(session, batch, debit, line)
    elif line.state == "returned":
        _return(session, batch, debit, line)
    else:
        _succeed(session, batch, debit, line)


def _unknown(session: Session, batch: DebitBatch, line: DebitResult) -> None:
    """Nobody asked for this debit here. Money it brought is kept for people to match, not credited."""
    _find(session, batch, "unknown_line", line)
    if line.state == "succeeded" and line.amount_fen > 0:
        receive_from_bank(session, money=_money(line, ids.digits(ids.named("debit_line", line.bank_serial).int, 26)))


def _fail(session: Session, batch: DebitBatch, debit: Debit, line: DebitResult) -> None:
    if debit.status != "filed":
        if debit.status != "failed":
            _find(session, batch, "failed_after_success", line)
        return
    transition(session, debit, domain.DEBIT_STATES, "failed")
    debit.completed_at, debit.fail_code = line.completed_at, line.fail_code or "unknown"
    close_order(session, order_id=debit.order_id)
    if debit.fail_code in domain.DEAD_ACCOUNT:
        suspend_mandate(session, mandate_id=debit.mandate_id, why=debit.fail_code)
    emit(
        session,
        DebitFailed(
            subject_id=debit.id,
            customer_id=debit.customer_id,
            owner_id=debit.subject_id,
            fail_code=debit.fail_code,
            amount_fen=debit.amount_fen,
        ),
    )


def _succeed(session: Session, batch: DebitBatch, debit: Debit, line: DebitResult) -> None:
    """Money came. Once by the bank's number; a second booking, another sum or a late one goes to suspense."""
    if line.amount_fen <= 0:
        _find(session, batch, "no_amount", line)
        return
    verdict, reason = receive_from_bank(session, money=_money(line, debit.debit_no, part=debit.part_allowed))
    if verdict == "duplicate":
        return
    if verdict != "credited":
        _find(session, batch, reason, line)
    if debit.status == "filed":
        transition(session, debit, domain.DEBIT_STATES, "succeeded")
        debit.completed_at, debit.bank_serial = line.completed_at, line.bank_serial
        debit.collected_fen = line.amount_fen
        close_order(session, order_id=debit.order_id)  # its number is spent, also when the money did not fit


def _return(session: Session, batch: DebitBatch, debit: Debit, line: DebitResult) -> None:
    """The payer's bank took the money back: told upwards, once. A return of what never came has no effect."""
    if debit.status == "filed":  # both happened before we looked: first it came, then it went
        _succeed(session, batch, debit, line)
        session.flush()
    if debit.status == "succeeded" and _is_credited(session, debit, line):
        transition(session, debit, domain.DEBIT_STATES, "returned")
        debit.returned_at = clock.now()
        log.error("the money of a debit was taken back", debit=str(debit.id))
        emit(
            session,
            DebitReturned(
                subject_id=debit.id,
                customer_id=debit.customer_id,
                reference_id=debit.reference_id,
                amount_fen=line.amount_fen,
                returned_at=line.completed_at,
            ),
        )
        give_back_to_bank(session, bank_serial=line.bank_serial, returned_at=line.completed_at)
    elif debit.status != "returned":
        _find(session, batch, "returned_unknown", line)


def _is_credited(session: Session, debit: Debit, line: DebitResult) -> bool:
    """Only what was credited can be reversed; what is in suspense people give back themselves."""
    if (line.bank_serial, line.amount_fen) != (debit.bank_serial, debit.collected_fen):
        return False
    paid = payment_view(session, f"CB{line.bank_serial}")
    return paid is not None and paid.disposition == "credited"


def _money(line: DebitResult, our_no: str, *, part: bool = False) -> BankMoney:
    return BankMoney(line.bank_serial, our_no, line.amount_fen, line.completed_at, part)


def note_unbooked_return(session: Session, *, reference_id: UUID) -> None:
    """A debit was returned and what it paid could not be taken back: a finding that stays, once a debit."""
    debit = session.scalars(
        select(Debit).where(Debit.reference_id == reference_id, Debit.status == "returned")
    ).one()
    batch_id, serial, amount_fen = debit.batch_id, debit.bank_serial, debit.collected_fen
    assert batch_id and serial and amount_fen, "it stood in a file and brought money"
    _keep(session, batch_id, domain.UNBOOKED_RETURN, debit.debit_no, serial, amount_fen)


def _find(session: Session, batch: DebitBatch, kind: str, line: DebitResult) -> None:
    """Write down what does not fit, once a line."""
    log.error("a result of debits does not fit", batch=str(batch.id), kind=kind)
    _keep(session, batch.id, kind, line.debit_no, line.bank_serial, line.amount_fen)


def _keep(session: Session, batch_id: UUID, kind: str, debit_no: str, bank_serial: str, amount_fen: int) -> None:
    session.execute(
        insert(DebitFinding)
        .values(
            id=ids.new_id(),
            batch_id=batch_id,
            kind=kind[:32],
            debit_no=debit_no,
            bank_serial=bank_serial,
            amount_fen=amount_fen,
            found_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
