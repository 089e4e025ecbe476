"""One debit for one payment order: asked for, and given up while it stands in no file yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.debits import domain, queries
from app.debits.models import Debit, DebitMandate
from app.kernel import clock, ids, jobs
from app.kernel.states import transition

MAKE = "debits.make_batch"


@dataclass(frozen=True)
class DebitRequest:
    """What is debited: `order_id` and `debit_no` are the payment order's, `reference_id` what it is for (a repayment),
    `subject_id` what that belongs to (a loan)."""

    order_id: UUID
    debit_no: str
    customer_id: UUID
    reference_id: UUID
    subject_id: UUID
    amount_fen: int
    part_wanted: bool
    automatic: bool


def open_debit(session: Session, *, request: DebitRequest) -> Debit:
    """Get or create the debit of an order under the customer's mandate; the next file takes it along.

    Raises NoMandate.
    """
    known = queries.debit_of(session, request.order_id)
    if known:
        return known
    mandate = queries.usable_mandate(session, request.customer_id)
    if mandate is None:
        raise domain.NoMandate("Name a bank account first, or wait until a new one may be used.")
    part = request.part_wanted and queries.rule(session, "part_allowed", clock.today()) == 1
    debit = Debit(
        id=ids.new_id(),
        debit_no=request.debit_no,
        order_id=request.order_id,
        mandate_id=mandate.mandate_id,
        customer_id=request.customer_id,
        reference_id=request.reference_id,
        subject_id=request.subject_id,
        amount_fen=request.amount_fen,
        part_allowed=part,
        automatic=request.automatic,
        status="requested",
        requested_at=clock.now(),
    )
    session.add(debit)
    session.flush()
    jobs.enqueue(session, MAKE, once=MAKE)
    return debit


def withdraw_debit(session: Session, *, order_id: UUID) -> None:
    """Give a debit up. Raises DebitInFlight once it stands in a file."""
    debit = session.scalars(
        select(Debit).where(Debit.order_id == order_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if debit.status == "withdrawn":
        return
    if debit.status != "requested":
        raise domain.DebitInFlight("The debit is with your bank; its result comes by itself.", status=debit.status)
    transition(session, debit, domain.DEBIT_STATES, "withdrawn")
    debit.completed_at = clock.now()


def mandate_of(session: Session, mandate_id: UUID) -> DebitMandate:
    """The mandate under which a debit stands."""
    return session.get_one(DebitMandate, mandate_id)
