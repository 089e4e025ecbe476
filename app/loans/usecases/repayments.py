"""Repaying: an amount is fixed and waits for its money at WeChat Pay, until it is paid or given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers import queries as customer_queries
from app.engine.prepayment import Mode
from app.kernel import clock, ids
from app.kernel.states import transition
from app.loans import domain, queries
from app.loans.models import Loan, Repayment
from app.payments.domain import OrderWay
from app.payments.queries import OrderView
from app.payments.usecases import OrderRequest, close_order, open_order

PURPOSE = "loan_repayment"


@dataclass(frozen=True)
class Way:
    """How the customer pays: the app the order belongs to, and who pays (JSAPI) or from which address."""

    pay_by: OrderWay
    appid: str
    openid: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


def inside_wechat(session: Session, *, customer_id: UUID, app: str) -> Way:
    """As the WeChat user that the customer is in `app`, mini or h5. Raises PayerUnknown."""
    payer = customer_queries.payer_openid(session, customer_id=customer_id, app=app)
    if payer is None:
        raise domain.PayerUnknown("Sign in with WeChat in the app you pay from first.", app=app)
    return Way("jsapi", *payer)


def open_repayment(
    session: Session,
    *,
    repayment_id: UUID,
    customer_id: UUID,
    loan_id: UUID,
    kind: str,
    way: Way,
    amount_fen: int | None = None,
    mode: Mode | None = None,
) -> tuple[Repayment, OrderView]:
    """Fix the amount of an instalment, of what is due or of a pay-off today and open its payment order; get-or-create
    by id. `amount_fen` pays a part of what is due (kind `due`), or a part of the principal early (`prepayment`, with
    `mode` for what becomes of the rest); the other kinds have one amount each.

    Raises LoanUnknown, LoanNotPayable, NothingDue, AmountOutOfRange, RepaymentOpen, RepaymentOver, and for a prepayment
    what `engine.prepayment` refuses.
    """
    repayment = session.get(Repayment, repayment_id)
    if repayment is None:
        loan = queries.own_loan(session, customer_id=customer_id, loan_id=loan_id, lock=True)
        repayment = _new_repayment(session, loan, repayment_id, kind, amount_fen, mode)
    _check_live(repayment)
    order = open_order(
        session,
        request=OrderRequest(
            order_id=ids.new_id(),
            purpose=PURPOSE,
            reference_id=repayment.id,
            customer_id=customer_id,
            appid=way.appid,
            pay_by=way.pay_by,
            payer_openid=way.openid,
            payer_address=way.address,
            description=f"还款 {repayment.receipt_no}",
            amount_fen=repayment.amount_fen,
            expires_at=domain.payment_deadline(repayment.opened_at, by_account=way.pay_by == "bank_account"),
        ),
    )
    return repayment, order


def _new_repayment(
    session: Session, loan: Loan, repayment_id: UUID, kind: str, wanted_fen: int | None, mode: Mode | None
) -> Repayment:
    if loan.status not in domain.OWING:
        raise domain.LoanNotPayable("The loan is settled; nothing is owed.")
    opened_at = clock.now()  # one look at the clock: a quote is a day's quote
    quoted_on = clock.local_day(opened_at)
    number, amount_fen = _due(session, loan, kind, quoted_on, wanted_fen, mode)
    if amount_fen <= 0:
        raise domain.LoanNotPayable("What was paid ahead covers what is owed today; the bank settles it with you.")
    repayment = Repayment(
        id=repayment_id,
        receipt_no=ids.outside_number("HK", repayment_id),
        loan_id=loan.id,
        customer_id=loan.customer_id,
        kind=kind,
        mode=mode,
        instalment_number=number,
        quoted_on=quoted_on,
        amount_fen=amount_fen,
        status="opened",
        opened_at=opened_at,
    )
    try:
        with session.begin_nested():
            session.add(repayment)
    except IntegrityError as error:
        live = session.scalar(
            select(Repayment.id).where(Repayment.loan_id == loan.id, Repayment.status.in_(domain.LIVE_REPAYMENT))
        )
        raise domain.RepaymentOpen("Another repayment of this loan waits for its money.", repayment_id=live) from error
    return repayment


def _due(
    session: Session, loan: Loan, kind: str, on: date, wanted_fen: int | None, mode: Mode | None
) -> tuple[int | None, int]:
    if kind == "payoff":
        return None, queries.pay_off_quote(session, loan, on).total_fen
    if kind == "prepayment":
        quote = queries.early_repayment(session, loan, on=on, amount_fen=wanted_fen or 0, mode=mode)
        return None, quote.amount_fen
    rows = queries.rows(session, loan, on)
    if kind == "due":
        return None, _part_of_due(sum(row.total_fen for row in domain.due_rows(rows, on)), wanted_fen)
    row = domain.next_row(rows)
    if row is None:
        raise domain.LoanNotPayable("No instalment is left to pay.")
    return row.number, row.total_fen


def _part_of_due(due_fen: int, wanted_fen: int | None) -> int:
    if not due_fen:
        raise domain.NothingDue("Nothing is due today.")
    if wanted_fen is not None and wanted_fen > due_fen:
        raise domain.AmountOutOfRange("That is more than what is due today.", due_now_fen=due_fen)
    return due_fen if wanted_fen is None else wanted_fen


def payment_ready(session: Session, *, repayment_id: UUID) -> Repayment:
    """WeChat Pay took the order: the customer may pay now. Raises RepaymentOver: nobody may pay for what is over."""
    repayment = session.get_one(Repayment, repayment_id, with_for_update=True)
    _check_live(repayment)
    if repayment.status == "opened":
        transition(session, repayment, domain.REPAYMENT_STATES, "payment_ready")
    return repayment


def payable_repayment(session: Session, *, customer_id: UUID, repayment_id: UUID) -> Repayment:
    """The customer's repayment that still waits for its money. Raises RepaymentUnknown, RepaymentOver."""
    repayment = queries.own_repayment(session, customer_id=customer_id, repayment_id=repayment_id)
    _check_live(repayment)
    return repayment


def _check_live(repayment: Repayment) -> None:
    if repayment.status not in domain.LIVE_REPAYMENT:
        raise domain.RepaymentOver("This repayment is paid or closed.", status=repayment.status)


def cancel_repayment(session: Session, *, repayment_id: UUID, order_id: UUID) -> None:
    """WeChat Pay has closed the order. Raises RepaymentOver when the money came first: then it will be booked."""
    if not close_order(session, order_id=order_id):
        raise domain.RepaymentOver("This repayment is paid.", status="paid")
    close_repayment(session, repayment_id=repayment_id)


def close_repayment(session: Session, *, repayment_id: UUID) -> None:
    """Its payment order ended unpaid; nothing happens to one that is booked or closed already."""
    repayment = session.get_one(Repayment, repayment_id, with_for_update=True)
    if repayment.status in domain.LIVE_REPAYMENT:
        transition(session, repayment, domain.REPAYMENT_STATES, "closed")
