"""Loans for tests: drawn and paid out without the core bank, repaid without WeChat Pay; all committed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.core_bank import TransferState
from app.adapters.wechat_pay import Transaction
from app.credit.usecases import owe_again
from app.customers.models import Customer
from app.kernel import clock, crypto, ids
from app.ledger.usecases import post
from app.loans import queries, usecases
from app.loans.models import Drawdown, Loan, Repayment
from app.loans.usecases.drawdowns import NOTHING_EARNED, make_instalments
from app.payments.models import Transfer
from app.payments.queries import OrderView
from app.payments.usecases import record_transfer
from tests.factories import credit, customers
from tests.factories.customers import SignedInCustomer

MCHID = "1900000001"
PAYER_ACCOUNT_NO = "6222009900000001"


def make_borrower(session: Session) -> SignedInCustomer:
    """An applicant who can also pay in the mini-program."""
    applicant = credit.make_applicant(session)
    customers.make_identity(session, customer=session.get_one(Customer, applicant.customer_id))
    session.commit()
    return applicant


def make_sandbox_borrower(session: Session, persona: dict[str, Any], appid: str) -> SignedInCustomer:
    """The persona as an applicant whom the sandbox's WeChat Pay knows in the mini-program."""
    applicant = credit.make_applicant(session, persona)
    identity = customers.make_identity(session, customer=session.get_one(Customer, applicant.customer_id))
    identity.appid, identity.openid = appid, persona["wechat"]["mini_openid"]
    identity.openid_index = crypto.blind_index(identity.openid, "wechat_identities.openid")
    session.commit()
    return applicant


def sign_in_again(session: Session, borrower: SignedInCustomer) -> SignedInCustomer:
    """A new session, for days that the old one does not live to see."""
    signed_in = customers.sign_in(session, session.get_one(Customer, borrower.customer_id))
    session.commit()
    return replace(signed_in, enterprise_id=borrower.enterprise_id)


def open_drawdown(session: Session, borrower: SignedInCustomer, **changes: Any) -> Drawdown:
    """A signed application whose drawdown waits for the core bank."""
    application = credit.effective_application(session, borrower, **changes)
    drawdown = usecases.open_drawdown(
        session, application_id=application.application_id, payer_account_no=PAYER_ACCOUNT_NO
    )
    session.commit()
    return drawdown


def bank_says(transfer: Transfer, state: Any, at: datetime | None = None) -> TransferState:
    """What the core bank tells of a transfer."""
    fail_code = "ACCOUNT_CLOSED" if state == "failed" else None
    return TransferState(transfer.transfer_no, "CB1", transfer.amount_fen, state, fail_code, None, at)


def active_loan(
    session: Session, borrower: SignedInCustomer, *, paid_out_at: datetime | None = None, **changes: Any
) -> Loan:
    """A loan in force, paid out at an instant."""
    drawdown = open_drawdown(session, borrower, **changes)
    at = paid_out_at or clock.now()
    transfer = session.scalars(select(Transfer).where(Transfer.reference_id == drawdown.id)).one()
    record_transfer(session, transfer_id=transfer.id, state=bank_says(transfer, "succeeded", at))
    loan = usecases.activate(session, drawdown_id=drawdown.id, completed_at=at)
    session.commit()
    return loan


def open_repayment(session: Session, loan: Loan, kind: str = "instalment", **more: Any) -> Repayment:
    """A repayment that waits for its money; a prepayment needs its `amount_fen` and `mode`."""
    way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
    which: dict[str, Any] = {"customer_id": loan.customer_id, "loan_id": loan.id, "kind": kind, "way": way}
    repayment, _ = usecases.open_repayment(session, repayment_id=ids.new_id(), **which, **more)
    session.commit()
    return repayment


def repay(session: Session, loan: Loan, kind: str = "instalment", **more: Any) -> Repayment:
    """A repayment whose money came at once."""
    repayment = open_repayment(session, loan, kind, **more)
    applied = usecases.apply_payment(
        session, repayment_id=repayment.id, amount_fen=repayment.amount_fen, paid_at=clock.now()
    )
    session.commit()
    return applied


def paid(order: OrderView, number: str, at: datetime | None = None) -> Transaction:
    """What WeChat Pay tells when the order was paid as agreed."""
    return Transaction(
        out_trade_no=order.out_trade_no,
        transaction_id=number,
        mchid=MCHID,
        appid=order.appid,
        trade_state="SUCCESS",
        amount_fen=order.amount_fen,
        currency="CNY",
        payer_openid=order.payer_openid,
        paid_at=at or clock.now(),
    )


def state_of(session: Session, loan: Loan) -> dict[str, Any]:
    """What a second run of a job must not change."""
    session.expire_all()
    row = session.get_one(Loan, loan.id)
    rows, repayments = queries.instalments(session, row.id), queries.repayments_of(session, row.id)
    return {
        "loan": (row.status, row.outstanding_principal_fen, row.credit_fen),
        "instalments": [(one.number, one.status, one.paid_principal_fen, one.paid_interest_fen) for one in rows],
        "repayments": [(one.kind, one.status, one.overpaid_fen) for one in repayments],
    }


def another(session: Session, model: Loan, **terms: Any) -> Loan:
    """A loan on other terms, paid out today, of the same contract and line as `model`: for many loans in one test."""
    values = {column.key: getattr(model, column.key) for column in Loan.__table__.columns} | NOTHING_EARNED
    loan_id, on = ids.new_id(), clock.today()
    values |= {"credit_fen": 0, "status": "active", "settled_at": None, "asset_class": 1} | terms
    loan = Loan(**values | {
        "id": loan_id, "loan_no": ids.outside_number("JK", loan_id), "drawdown_id": ids.new_id(), "start_on": on,
        "outstanding_principal_fen": values["principal_fen"], "activated_at": clock.now(),
        "accrued_through_on": on - timedelta(days=1),
    })  # fmt: skip
    make_instalments(session, loan)
    owe_again(
        session, line_id=loan.credit_line_id, principal_fen=loan.principal_fen, application_id=loan.application_id
    )
    for template in ("transfer_sent", "loan_disbursed"):
        post(
            session, key=f"{template}:{loan.id}", template=template, amounts_fen={"amount": loan.principal_fen},
            subject_id=loan.id, business_on=on, product_code=loan.product_code, partner_id=loan.partner_id,
        )  # fmt: skip
    session.commit()
    return loan
