"""The customer's loans: read, repay, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from app.adapters import channels
from app.adapters.wechat_pay import OrderUnknown, PayOrder
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.web import idempotent
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.polling import polled
from app.kernel.web.principal import customer
from app.kernel.web.routing import Routes
from app.loans import domain, queries, usecases, views
from app.loans.domain.told_changes import told
from app.loans.queries.changes import changes_of
from app.loans.routes import by_account
from app.loans.schemas import papers
from app.loans.schemas import servicing as schemas
from app.payments import queries as payment_queries
from app.payments import usecases as payments
from config.settings import current

loans = Routes("loans", __name__, description="Loans and repayments of the signed-in customer")


@loans.route("/loans", methods=["GET"])
@loans.arguments(PageIn, location="query")
@loans.response(200, schemas.LoanPageOut)
def list_loans(query: dict[str, Any]) -> dict[str, Any]:
    """Your loans, newest first."""
    with transaction() as session:
        page = queries.loans_of(session, customer().customer_id, page_request(query, "loans"))
        today = clock.today()
        items = [views.loan(loan, queries.instalments(session, loan.id), today) for loan in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@loans.route("/loans/<uuid:loan_id>", methods=["GET"])
@loans.response(200, schemas.LoanDetailOut)
def get_loan(loan_id: UUID) -> Response:
    """One loan with its schedule; poll with If-None-Match."""
    with transaction() as session:
        loan = queries.own_loan(session, customer_id=customer().customer_id, loan_id=loan_id)
        view = views.loan(loan, queries.instalments(session, loan.id), clock.today())
        view["repricing"] = views.repricing(loan)
        view["changes"] = [told(made) for made in changes_of(session, loan.id)]
    return polled(schemas.LoanDetailOut, view)


@loans.route("/loans/<uuid:loan_id>/repayments", methods=["GET"])
@loans.arguments(PageIn, location="query")
@loans.response(200, schemas.RepaymentPageOut)
def list_repayments(query: dict[str, Any], loan_id: UUID) -> Any:
    """The repayments of one loan, newest first."""
    with transaction() as session:
        queries.own_loan(session, customer_id=customer().customer_id, loan_id=loan_id)
        return queries.repayments_page(session, loan_id, page_request(query, f"repayments:{loan_id}"))


@dataclass(frozen=True)
class _Opened:
    repayment_id: UUID
    order_id: UUID
    order: PayOrder


@loans.route("/loans/<uuid:loan_id>/repayments", methods=["POST"])
@loans.arguments(schemas.RepaymentIn)
@loans.response(201, schemas.OpenedRepaymentOut)
def create_repayment(body: dict[str, Any], loan_id: UUID) -> Response:
    """Fix an amount and get what WeChat needs to pay it. One repayment of a loan waits for its money at a time.

    With `bank_account` it is taken from the customer's account: 409 `debit_mandate.none_usable`. 422
    `repayment.h5_inside_wechat`: in WeChat's own browser pay as `jsapi`; `prepayment.settles_loan` (with
    `pay_off_fen`), `prepayment.amount_too_small`. A prepayment does what its quote of the same day says.
    """
    who = customer().customer_id
    if body["pay_by"] == "bank_account":
        return by_account.create(who, loan_id, body)

    def open_(session: Session, repayment_id: UUID) -> _Opened:
        way = _way(session, who, body)
        repayment, order = usecases.open_repayment(
            session,
            repayment_id=repayment_id,
            customer_id=who,
            loan_id=loan_id,
            kind=body["kind"],
            way=way,
            amount_fen=body["amount_fen"],
            mode=body["mode"],
        )
        return _Opened(repayment.id, order.order_id, payments.order_request(order, notify_url=_notify_url()))

    return _pay(open_, body, 201)


def _way(session: Session, customer_id: UUID, body: dict[str, Any]) -> usecases.Way:
    """Outside WeChat nobody knows who will pay, only from which address the order came."""
    pay_by = body["pay_by"]
    if pay_by == "jsapi":
        return usecases.inside_wechat(session, customer_id=customer_id, app=body["app"])
    if pay_by == "h5" and "MicroMessenger" in request.headers.get("User-Agent", ""):
        raise domain.NoH5InWechat("In WeChat, pay with WeChat itself.")
    return usecases.Way(pay_by, channels().wechat_pay.appid, address=request.remote_addr)


@loans.route("/repayments/<uuid:repayment_id>/payment", methods=["POST"])
@loans.response(200, schemas.OpenedRepaymentOut)
def continue_repayment(repayment_id: UUID) -> Response:
    """Get fresh parameters for a repayment that still waits for its money: the same order, the same amount."""
    who = customer().customer_id

    def open_(session: Session, _: UUID) -> _Opened:
        repayment = usecases.payable_repayment(session, customer_id=who, repayment_id=repayment_id)
        order = payment_queries.order_of(session, purpose="loan_repayment", reference_id=repayment.id)
        assert order is not None, "a repayment is opened together with its order"
        if order.pay_by == "bank_account":
            raise domain.PaidByAccount("Your bank account pays this repayment; there is nothing to do.")
        return _Opened(repayment.id, order.order_id, payments.order_request(order, notify_url=_notify_url()))

    return _pay(open_, {}, 200)


def _pay(open_: Any, body: dict[str, Any], status: int) -> Response:
    def settle(session: Session, opened: _Opened, answered: str | dict[str, str]) -> dict[str, Any]:
        payments.attach_prepay(session, order_id=opened.order_id)
        repayment = usecases.payment_ready(session, repayment_id=opened.repayment_id)
        return views.payable(repayment, opened.order, answered)

    return idempotent.open_call_settle(
        open_=open_,
        call=lambda opened: _place(opened.order),
        settle=settle,
        schema=schemas.OpenedRepaymentOut,
        status=status,
        body=body,
    )


def _place(order: PayOrder) -> str | dict[str, str]:
    """Place the order in its own way; what the client needs to pay it."""
    pay = channels().wechat_pay
    if order.pay_by == "h5":
        return pay.h5_url(order)
    if order.pay_by == "native":
        return pay.code_url(order)
    return pay.client_parameters(pay.prepay(order), order.appid)


def _notify_url() -> str:
    return f"{current().public_url}/callbacks/wechat/pay"


@loans.route("/repayments/<uuid:repayment_id>", methods=["GET"])
@loans.response(200, schemas.RepaymentOut)
def get_repayment(repayment_id: UUID) -> Response:
    """One repayment; poll with If-None-Match after paying."""
    with transaction() as session:
        found = queries.own_repayment(session, customer_id=customer().customer_id, repayment_id=repayment_id)
        return polled(schemas.RepaymentOut, found)


@loans.route("/repayments/<uuid:repayment_id>/cancellation", methods=["POST"])
@loans.response(200, schemas.RepaymentOut)
def cancel_repayment(repayment_id: UUID) -> Response:
    """Give up a repayment that is not paid: its order is closed at WeChat Pay first."""
    who = customer().customer_id

    if by_account.is_debited(who, repayment_id):
        return by_account.cancel(who, repayment_id)

    def open_(session: Session, _: UUID) -> tuple[UUID, str]:
        usecases.payable_repayment(session, customer_id=who, repayment_id=repayment_id)
        order = payment_queries.order_of(session, purpose="loan_repayment", reference_id=repayment_id)
        assert order is not None, "a repayment is opened together with its order"
        return order.order_id, order.out_trade_no

    def settle(session: Session, opened: tuple[UUID, str], _: None) -> Any:
        usecases.cancel_repayment(session, repayment_id=repayment_id, order_id=opened[0])
        return queries.own_repayment(session, customer_id=who, repayment_id=repayment_id)

    return idempotent.open_call_settle(
        open_=open_,
        call=lambda opened: _close(opened[1]),
        settle=settle,
        schema=schemas.RepaymentOut,
        status=200,
    )


def _close(out_trade_no: str) -> None:
    try:
        channels().wechat_pay.close(out_trade_no)
    except OrderUnknown:
        return  # it never reached WeChat Pay, so nobody can pay it


@loans.route("/repayments/<uuid:repayment_id>/receipt", methods=["GET"])
@loans.response(200, papers.ReceiptOut)
def get_receipt(repayment_id: UUID) -> Any:
    """The receipt of a booked repayment."""
    with transaction() as session:
        repayment = queries.own_repayment(session, customer_id=customer().customer_id, repayment_id=repayment_id)
        loan = queries.own_loan(session, customer_id=customer().customer_id, loan_id=repayment.loan_id)
        return views.receipt(repayment, loan, current().bank.name)
