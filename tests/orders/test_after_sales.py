"""Shipped, cancelled, given back: what the partner tells of an order later, and the lines that come of it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries as credit
from app.kernel import clock, ids
from app.kernel.db import transaction
from app.orders import queries, usecases
from app.orders.domain import RefundTooLarge
from app.orders.models import OrderRefund, SettlementLine
from tests.embed.test_applications import apply, frame_token, make_applicant
from tests.factories.customers import make_customer
from tests.factories.orders import make_merchant, make_order
from tests.factories.partners import Signer, make_partner
from tests.factories.webhooks import activate_loan
from tests.job_runner import JobRunner

AMOUNT_FEN = 12_000_00


@pytest.fixture
def partner(session: Session) -> Signer:
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


def paid(session: Session, partner: Signer, **facts: Any) -> str:
    """An order that a loan has paid; answers its reference."""
    order = make_order(session, partner.partner_id, amount_fen=AMOUNT_FEN, **facts)
    told = {"order_id": order.id, "application_id": ids.new_id()}
    usecases.apply(session, **told, customer_id=make_customer(session).id)
    usecases.finance(session, **told, loan_id=ids.new_id(), amount_fen=AMOUNT_FEN)
    session.commit()
    return order.order_ref


def act(client: FlaskClient, partner: Signer, order_ref: str, what: str, **body: Any) -> Any:
    sent = body if what != "cancellation" else None
    return partner.call(client, "POST", f"/partner/v1/orders/{order_ref}/{what}", sent)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json.get("code", "")


def test_only_what_is_paid_is_shipped(client: FlaskClient, partner: Signer, session: Session) -> None:
    order_ref, open_ref = paid(session, partner), make_order(session, partner.partner_id).order_ref
    session.commit()
    assert code(act(client, partner, open_ref, "shipment")) == (409, "order.not_paid")
    first = act(client, partner, order_ref, "shipment", carrier="测试速运", tracking_ref="T-1").json
    again = act(client, partner, order_ref, "shipment", tracking_ref="T-2").json
    assert first["carrier"] == "测试速运" and (again["carrier"], again["tracking_ref"]) == (None, "T-2")
    assert first["shipped_at"] == again["shipped_at"] is not None
    hidden = act(client, partner, order_ref, "shipment", carrier="测试\u202e速运")
    assert code(hidden) == (422, "order.text_refused")


def applied(client: FlaskClient, partner: Signer, session: Session) -> Any:
    answer = apply(client, frame_token(client, partner, "PO-9"), make_applicant(session))
    assert answer.status_code == 201, answer.json
    order = queries.partner_order(session, partner_id=partner.partner_id, order_ref="PO-9")
    assert order.status == "applying" and order.application_id
    return order


def test_cancelling_before_the_signature_withdraws_the_application(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    order = applied(client, partner, session)
    assert act(client, partner, "PO-9", "cancellation").json["status"] == "cancelled"
    session.expire_all()
    assert credit.application(session, order.application_id).status == "withdrawn"
    by = session.execute(
        text("SELECT actor FROM state_changes WHERE subject_id = :id ORDER BY occurred_at DESC LIMIT 1"),
        {"id": order.application_id},
    ).scalar_one()
    assert by == f"partner:{partner.partner_id}"
    run_jobs(only="orders.application_changed")
    session.expire_all()
    assert queries.order(session, order.id).status == "cancelled", "and is not offered again"


def test_from_the_signature_on_the_partner_waits(client: FlaskClient, partner: Signer, session: Session) -> None:
    order = applied(client, partner, session)
    session.execute(text("UPDATE applications SET status = 'effective' WHERE id = :id"), {"id": order.application_id})
    session.commit()
    assert code(act(client, partner, "PO-9", "cancellation")) == (409, "order.being_paid")
    assert queries.order(session, order.id).status == "applying"


def test_what_is_paid_is_refunded_not_cancelled(client: FlaskClient, partner: Signer, session: Session) -> None:
    assert code(act(client, partner, paid(session, partner), "cancellation")) == (409, "order.closed")


def refund(client: FlaskClient, partner: Signer, order_ref: str, refund_ref: str, amount_fen: int) -> Any:
    return act(client, partner, order_ref, "refunds", refund_ref=refund_ref, amount_fen=amount_fen)


def test_refunds_add_up_to_the_order_and_no_further(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    order_ref = paid(session, partner)
    assert refund(client, partner, order_ref, "R-1", 2_000_00).json["refunded_fen"] == 2_000_00
    assert refund(client, partner, order_ref, "R-1", 2_000_00).json["refunded_fen"] == 2_000_00, "the same refund"
    assert code(refund(client, partner, order_ref, "R-1", 1)) == (409, "order.refund_differs")
    too_much = refund(client, partner, order_ref, "R-2", 10_000_01)
    assert code(too_much) == (422, "order.refund_too_large") and too_much.json["context"]["left_fen"] == 10_000_00
    last = refund(client, partner, order_ref, "R-2", 10_000_00).json
    assert (last["refunded_fen"], last["status"]) == (AMOUNT_FEN, "financed")
    assert code(refund(client, partner, order_ref, "R-3", 1))[0] == 422
    for amount in (0, -1, 2**53):
        assert refund(client, partner, order_ref, "R-4", amount).status_code in (400, 422)
    run_jobs(only="webhooks.fan_out")
    told = partner.call(client, "GET", "/partner/v1/events?types=order.refund_announced").json["items"]
    assert [event["data"]["amount_fen"] for event in told] == [10_000_00, 2_000_00]


def test_nothing_is_refunded_that_was_not_paid(client: FlaskClient, partner: Signer, session: Session) -> None:
    open_ref = make_order(session, partner.partner_id).order_ref
    session.commit()
    assert code(refund(client, partner, open_ref, "R-1", 1)) == (409, "order.not_paid")
    other = make_partner(session)
    assert code(refund(client, other, paid(session, partner), "R-1", 1)) == (404, "order.unknown")


def test_two_refunds_at_once_are_no_more_than_the_order(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        order_ref = paid(session, partner)
    barrier, found = threading.Barrier(4), []

    def give_back(number: int) -> None:
        barrier.wait()
        try:
            with transaction() as session:
                usecases.refund(
                    session, partner_id=partner.partner_id, order_ref=order_ref, refund_ref=f"R-{number}",
                    amount_fen=AMOUNT_FEN // 2, reason=None,
                )  # fmt: skip
            found.append("done")
        except RefundTooLarge:
            found.append("refused")

    threads = [threading.Thread(target=give_back, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["done", "done", "refused", "refused"]
    with committed() as session:
        assert session.scalar(select(func.sum(OrderRefund.amount_fen))) == AMOUNT_FEN


def test_settlements_are_listed_and_stated(client: FlaskClient, partner: Signer, session: Session) -> None:
    with clock.at(datetime.now(UTC)):
        order_ref = paid(session, partner, title="=1+1")
        refund(client, partner, order_ref, "R-1", 2_000_05)
        month = f"{clock.today():%Y-%m}"
    lines = partner.call(client, "GET", "/partner/v1/settlements").json["items"]
    assert [(line["kind"], line["amount_fen"], line["order_ref"]) for line in lines] == [
        ("refund", 2_000_05, order_ref),
        ("payment", AMOUNT_FEN, order_ref),
    ]
    stated = partner.call(client, "GET", f"/partner/v1/statements/{month}")
    assert stated.mimetype == "text/csv" and stated.headers["Content-Disposition"].startswith("attachment")
    rows = stated.data.decode("utf-8-sig").split("\r\n")
    assert rows[0] == "date,kind,order_ref,merchant_ref,title,amount_yuan"
    assert rows[1].endswith(",'=1+1,12000.00") and rows[2].endswith(",-2000.05"), "no cell is a formula"
    assert rows[3] == "sum,,,,,9999.95"
    empty = partner.call(client, "GET", "/partner/v1/statements/2020-01").data.decode("utf-8-sig")
    assert empty.split("\r\n")[1] == "sum,,,,,0.00"
    for other in ("2026-13", "2026-1", "x"):
        assert partner.call(client, "GET", f"/partner/v1/statements/{other}").status_code in (400, 401)
    stranger = make_partner(session)
    assert stranger.call(client, "GET", "/partner/v1/settlements").json["items"] == []
    assert order_ref not in stranger.call(client, "GET", f"/partner/v1/statements/{month}").text


def test_money_that_was_paid_stands_in_one_line(session: Session, partner: Signer, run_jobs: JobRunner) -> None:
    order = make_order(session, partner.partner_id)
    activate_loan(session, partner.partner_id, ids.new_id(), order.id)
    session.commit()
    run_jobs(only="orders.loan_activated")
    run_jobs.again("orders.loan_activated")
    assert len(session.scalars(select(SettlementLine)).all()) == 1


@pytest.mark.parametrize("table", ["order_refunds", "settlement_lines"])
def test_lines_are_never_changed(session: Session, table: str) -> None:
    for act_ in (f"UPDATE {table} SET amount_fen = 1", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.execute(text(act_))
