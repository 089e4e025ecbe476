"""Drawing on a line: the limit is reserved, the payee is paid by entrusted payment, then the loan note begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.core_bank import Payee
from app.credit import queries as credit_queries
from app.credit import usecases as credit
from app.credit.queries import AgreedTerms, ApplicationView
from app.engine.asset_classes import AssetClass
from app.engine.positions import own_interests
from app.engine.schedules import Schedule, schedule
from app.kernel import clock, ids
from app.kernel.outbox import emit
from app.kernel.states import transition
from app.ledger.usecases import post
from app.loans import domain, queries
from app.loans.domain.repricing import floating
from app.loans.events import DrawdownFailed, LoanActivated
from app.loans.models import Drawdown, Loan
from app.loans.usecases.drawing_up import drawn_up
from app.payments.usecases import TransferRequest, open_transfer

PURPOSE = "drawdown"
REMARK = "订单货款（受托支付）"
NOTHING_EARNED = {
    "interest_before_fen": 0,
    "period_carried": Decimal(0),
    "accrued_interest_fen": 0,
    "paid_interest_fen": 0,
    "accrued_penalty_fen": 0,
    "paid_penalty_fen": 0,
    "accruing": True,
    "asset_class": AssetClass.NORMAL,
}
NOTHING_LOST: dict[str, bool | int | None] = {
    **dict.fromkeys(("written_off_on", "booked_interest_fen", "booked_penalty_fen")),
    **dict.fromkeys(("keeps_accruing", "keeps_line"), True),
    **dict.fromkeys(("lost_principal_fen", "lost_interest_fen", "lost_penalty_fen"), 0),
}


def open_drawdown(session: Session, *, application_id: UUID, payer_account_no: str) -> Drawdown:
    """Reserve the limit and order the payment to the merchant; get-or-create by application.

    Raises TermsMissing, and what `credit.usecases.reserve` raises when the line does not hold the amount.
    """
    known = session.scalar(select(Drawdown).where(Drawdown.application_id == application_id))
    if known:
        return known
    application = credit_queries.application(session, application_id)
    terms = credit_queries.agreed_terms(session, application_id)
    if terms is None or application.payee is None:
        raise domain.TermsMissing("The application has no signed terms or no payee.")
    credit.reserve(
        session, line_id=terms.credit_line_id, amount_fen=terms.principal_fen, application_id=application_id
    )
    drawdown = _new_drawdown(session, application, terms, "paying")
    payee = application.payee
    open_transfer(
        session,
        request=TransferRequest(
            transfer_id=ids.new_id(),
            purpose=PURPOSE,
            reference_id=drawdown.id,
            amount_fen=drawdown.amount_fen,
            payer_account_no=payer_account_no,
            payee=Payee(payee.account_no, payee.account_name, payee.bank_code),
            remark=REMARK,
            product_code=application.product_code,
            partner_id=application.partner_id,
        ),
    )
    return drawdown


def _new_drawdown(session: Session, application: ApplicationView, terms: AgreedTerms, status: str) -> Drawdown:
    drawdown = Drawdown(
        id=ids.new_id(),
        application_id=application.application_id,
        contract_id=terms.contract_id,
        credit_line_id=terms.credit_line_id,
        customer_id=application.customer_id,
        partner_id=application.partner_id,
        order_id=application.order_id,
        amount_fen=terms.principal_fen,
        status=status,
        opened_at=clock.now(),
    )
    session.add(drawdown)
    session.flush()
    return drawdown


def refuse_drawdown(session: Session, *, application_id: UUID, fail_code: str) -> None:
    """The line no longer holds the amount: nothing is reserved or paid; the refusal is kept and told; once."""
    if session.scalar(select(Drawdown.id).where(Drawdown.application_id == application_id)):
        return
    application = credit_queries.application(session, application_id)
    terms = credit_queries.agreed_terms(session, application_id)
    if terms is None:
        raise domain.TermsMissing("The application has no signed terms.")
    drawdown = _new_drawdown(session, application, terms, "failed")
    _tell_failure(session, drawdown, fail_code)


def activate(session: Session, *, drawdown_id: UUID, completed_at: datetime) -> Loan:
    """The payee is paid: fix the schedule from that day on, book the loan, tell upwards; once a drawdown."""
    drawdown = session.get_one(Drawdown, drawdown_id, with_for_update=True)
    known = session.scalar(select(Loan).where(Loan.drawdown_id == drawdown_id))
    if known:
        return known
    transition(session, drawdown, domain.DRAWDOWN_STATES, "disbursed")
    make_instalments(session, loan := _make_loan(session, drawdown, completed_at))
    credit.use_reserved(
        session,
        line_id=drawdown.credit_line_id,
        amount_fen=drawdown.amount_fen,
        application_id=drawdown.application_id,
    )
    credit.mark_drawn(session, application_id=drawdown.application_id)
    post(
        session,
        key=f"loan_disbursed:{loan.id}",
        template="loan_disbursed",
        amounts_fen={"amount": loan.principal_fen},
        subject_id=loan.id,
        business_on=loan.start_on,
        product_code=loan.product_code,
        partner_id=loan.partner_id,
    )
    emit(
        session,
        LoanActivated(
            subject_id=loan.id,
            application_id=loan.application_id,
            customer_id=loan.customer_id,
            partner_id=loan.partner_id,
            order_id=loan.order_id,
            principal_fen=loan.principal_fen,
        ),
    )
    return loan


def _make_loan(session: Session, drawdown: Drawdown, completed_at: datetime) -> Loan:
    application = credit_queries.application(session, drawdown.application_id)
    terms = credit_queries.agreed_terms(session, drawdown.application_id)
    assert terms is not None, "a drawdown was opened from agreed terms"
    product = credit_queries.product_version(session, application.product_version_id).terms
    start_on = clock.local_day(completed_at)
    loan_id = ids.new_id()
    return Loan(
        id=loan_id,
        loan_no=ids.outside_number("JK", loan_id),
        drawdown_id=drawdown.id,
        application_id=drawdown.application_id,
        contract_id=drawdown.contract_id,
        credit_line_id=drawdown.credit_line_id,
        customer_id=drawdown.customer_id,
        enterprise_id=application.enterprise_id,
        partner_id=drawdown.partner_id,
        order_id=drawdown.order_id,
        product_code=application.product_code,
        principal_fen=drawdown.amount_fen,
        outstanding_principal_fen=drawdown.amount_fen,
        credit_fen=0,
        annual_rate=terms.annual_rate,
        all_in_annual_rate=terms.all_in_annual_rate,
        method=terms.method,
        term_months=terms.term_months,
        start_on=start_on,
        status="active",
        activated_at=clock.now(),
        day_count=product.plan.day_count,
        plan_options=product.plan.as_json() or None,
        penalty_rate=terms.overdue_rate,
        grace_days=terms.grace_days,
        compound_penalty=product.body["penalty"].get("compound", False),
        **NOTHING_EARNED,
        **NOTHING_LOST,
        **floating(terms.repricing, start_on),
        accrued_through_on=start_on - timedelta(days=1),
    )


def make_instalments(session: Session, loan: Loan) -> None:
    """The schedule of a new loan, and its first interest period on the loan itself."""
    plan = schedule(queries.terms(loan))
    first_period(loan, plan)
    session.add(loan)
    session.flush()
    session.add_all(drawn_up(loan, plan))


def first_period(loan: Loan, plan: Schedule) -> None:
    """The interest period with which a loan begins, and what it owes first."""
    rows = plan.instalments
    loan.next_due_on = next(row.due_on for row in rows if row.principal_fen + row.interest_fen)
    loan.period_start_on, loan.period_end_on = loan.start_on, rows[0].due_on
    loan.period_principal_fen, loan.period_interest_fen = loan.principal_fen, own_interests(plan)[0]


def fail_drawdown(session: Session, *, drawdown_id: UUID, fail_code: str) -> None:
    """The core bank could not pay: the reserved limit is free again, nothing is owed; once a drawdown."""
    drawdown = session.get_one(Drawdown, drawdown_id, with_for_update=True)
    if drawdown.status != "paying":
        return
    transition(session, drawdown, domain.DRAWDOWN_STATES, "failed", facts={"fail_code": fail_code})
    credit.release_reserved(
        session,
        line_id=drawdown.credit_line_id,
        amount_fen=drawdown.amount_fen,
        application_id=drawdown.application_id,
    )
    _tell_failure(session, drawdown, fail_code)


def _tell_failure(session: Session, drawdown: Drawdown, fail_code: str) -> None:
    drawdown.fail_code = fail_code
    credit.mark_draw_failed(session, application_id=drawdown.application_id)
    emit(
        session,
        DrawdownFailed(
            subject_id=drawdown.id,
            application_id=drawdown.application_id,
            customer_id=drawdown.customer_id,
            partner_id=drawdown.partner_id,
            order_id=drawdown.order_id,
            fail_code=fail_code,
        ),
    )
