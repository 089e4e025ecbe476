"""Files of debits: one number for life, the same bytes on every repeat, never a new number before the old is final."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.core_bank import DebitOrder, Payee
from app.debits import domain, queries
from app.debits.models import Debit, DebitBatch
from app.debits.usecases.debiting import mandate_of
from app.kernel import clock, ids, jobs
from app.kernel.states import transition
from app.payments.usecases import close_order

SEND, FETCH = "debits.send_batch", "debits.fetch_results"
log = structlog.get_logger(__name__)


def make_batch(session: Session) -> UUID | None:
    """Put what is asked for into one new file; None when nothing waits. What another worker takes is left to it."""
    waiting = session.scalars(
        select(Debit)
        .where(Debit.status == "requested")
        .order_by(Debit.id)
        .limit(domain.MOST_LINES)
        .with_for_update(skip_locked=True)
    ).all()
    taken = [debit for debit in waiting if _still_allowed(session, debit)]
    if not taken:
        return None
    batch = DebitBatch(
        id=ids.new_id(),
        batch_no="",
        status="made",
        made_on=clock.today(),
        line_count=len(taken),
        total_fen=sum(debit.amount_fen for debit in taken),
        made_at=clock.now(),
    )
    batch.batch_no = ids.outside_number("DKD", batch.id)
    session.add(batch)
    session.flush()
    for debit in taken:
        debit.batch_id = batch.id
        transition(session, debit, domain.DEBIT_STATES, "filed")
    go_on(session, batch_id=batch.id, step=None)
    return batch.id


def _still_allowed(session: Session, debit: Debit) -> bool:
    """A mandate that ended since is not used: the debit ends unpaid."""
    if mandate_of(session, debit.mandate_id).status == "active":
        return True
    transition(session, debit, domain.DEBIT_STATES, "withdrawn")
    debit.completed_at = clock.now()
    close_order(session, order_id=debit.order_id)
    return False


def go_on(session: Session, *, batch_id: UUID, step: int | None) -> None:
    """Enqueue what an open batch needs next: to be sent until the core bank takes it, then to be asked about."""
    status = session.get_one(DebitBatch, batch_id).status
    if status not in domain.OPEN_BATCH:
        return
    name = SEND if status == "made" else FETCH
    after = None if step is None else domain.wait(step)
    jobs.enqueue(session, name, once=f"{name}:{batch_id}", after=after, batch_id=batch_id, step=step or 0)


def take_up(session: Session) -> int:
    """Enqueue the next step of each open batch; one that waits already stays as it is. Answers how many are open."""
    batches = queries.batches_to_send(session)
    for batch in batches:
        go_on(session, batch_id=batch.id, step=0)
    return len(batches)


def lines_of(session: Session, *, batch_id: UUID) -> list[DebitOrder]:
    """What stands in a batch, in one order for ever."""
    debits = session.scalars(select(Debit).where(Debit.batch_id == batch_id).order_by(Debit.id))
    return [_line(session, debit) for debit in debits]


def _line(session: Session, debit: Debit) -> DebitOrder:
    mandate = mandate_of(session, debit.mandate_id)
    return DebitOrder(
        debit_no=debit.debit_no,
        account=Payee(mandate.account_no, mandate.account_name, mandate.bank_code),
        amount_fen=debit.amount_fen,
        part_allowed=debit.part_allowed,
        mandate_ref=ids.outside_number("DKM", mandate.id),
    )


def keep_file(session: Session, *, batch_id: UUID, text: str) -> str:
    """Keep a batch's file before it is sent; the first text stands, whoever writes another one."""
    batch = session.get_one(DebitBatch, batch_id, with_for_update=True)
    batch.file = batch.file or text
    return batch.file


def settle_sent(session: Session, *, batch_id: UUID) -> None:
    """The core bank has the file; from now on it is asked for results."""
    batch = session.get_one(DebitBatch, batch_id, with_for_update=True)
    if batch.status == "made":
        transition(session, batch, domain.BATCH_STATES, "sent")
        batch.sent_at = clock.now()
    go_on(session, batch_id=batch_id, step=0)


def hold_batch(session: Session, *, batch_id: UUID, why: str) -> None:
    """The core bank has another file under this number, or refuses it: nothing is sent again, a person must look."""
    batch = session.get_one(DebitBatch, batch_id, with_for_update=True)
    if batch.status == "made":
        transition(session, batch, domain.BATCH_STATES, "conflict")
        log.error("a file of debits is held for a person", batch=str(batch_id), why=why)
