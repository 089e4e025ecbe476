"""Whatever order the words about one payment come in: the money is in one place, and one relation decides in which."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.wechat_pay import Notice, Refund
from app.kernel import invariants
from app.ledger.queries import trial_balance
from app.payments import usecases
from app.payments.queries import OrderView
from tests.payments.conftest import MCHID, NOON, new_order, paid

NUMBER = "42000000012026112300000001"
OUTSIDE = {"transaction_id": NUMBER, "out_refund_no": "CONSOLE1", "refund_id": "503", "amount_fen": 852}


def notice(session: Session, order: OrderView, **changes: Any) -> None:
    found = Notice("n", "TRANSACTION.SUCCESS", NOON, paid(order, **changes), None)
    usecases.settle_notice(session, notice=found, raw=b"{}", our_mchid=MCHID)


def refund_notice(session: Session, order: OrderView) -> None:
    """Somebody gave 8.52 yuan back on WeChat Pay's own pages."""
    told = Refund("CONSOLE1", "503", order.out_trade_no, NUMBER, "SUCCESS", 852, order.amount_fen, NOON, MCHID)
    usecases.settle_notice(
        session, notice=Notice("r", "REFUND.SUCCESS", NOON, None, told), raw=b"{}", our_mchid=MCHID
    )


EVENTS: dict[str, Callable[[Session, OrderView], object]] = {
    "prepay": lambda session, order: usecases.attach_prepay(session, order_id=order.order_id),
    "success": notice,
    "copy": notice,
    "answer": lambda session, order: usecases.confirm(session, transaction=paid(order), our_mchid=MCHID),
    "close": lambda session, order: usecases.close_order(session, order_id=order.order_id),
    "refund told": refund_notice,
    "answer after refund": lambda session, order: usecases.confirm(
        session, transaction=paid(order, trade_state="REFUND"), our_mchid=MCHID
    ),
    "other payment": lambda session, order: notice(session, order, transaction_id=f"{NUMBER[:-1]}2"),
}
OF_MONEY = {"success", "copy", "answer", "answer after refund"}
STORIES = {
    "paid and closed": ("prepay", "success", "copy", "answer", "close"),
    "given back elsewhere": ("success", "answer after refund", "refund told", "copy", "close"),
    "paid twice": ("success", "other payment", "answer", "close"),
}


def orders_of(story: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return itertools.permutations(story)


def expected(heard: tuple[str, ...]) -> tuple[str, dict[str, tuple[str, str]]]:
    """(the order's end, what became of each transaction): by what was heard first, and by nothing else."""
    firsts = [next(event for event in heard if event in OF_MONEY)]
    firsts += [event for event in heard if event == "other payment"]
    ends: dict[str, tuple[str, str]] = {}
    status = "created"
    for event in heard:
        number = f"{NUMBER[:-1]}2" if event == "other payment" else NUMBER
        if event in firsts and number not in ends:
            if event == "answer after refund":
                ends[number] = ("suspense", "refunded")
            elif status in ("created", "prepaid"):
                ends[number], status = ("credited", "matched"), "paid"
            else:
                ends[number] = ("suspense", {"closed": "paid_after_close", "paid": "paid_twice"}[status])
        elif event == "close" and status in ("created", "prepaid"):
            status = "closed"
        elif event == "prepay" and status == "created":
            status = "prepaid"
    return status, ends


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_events_leaves_each_payment_in_one_place(session: Session, story: str) -> None:
    for heard in orders_of(STORIES[story]):
        told = session.begin_nested()
        order = new_order(session)
        for event in heard:
            EVENTS[event](session, order)
            session.flush()
        rows = session.execute(text("SELECT transaction_id, disposition, reason FROM payment_transactions")).all()
        status = session.execute(text("SELECT status FROM payment_orders")).scalar_one()
        found = {row.transaction_id: (row.disposition, row.reason) for row in rows}
        assert (status, found) == expected(heard), heard
        waiting_fen = order.amount_fen * sum(end[0] == "suspense" for end in found.values())
        assert {row.code: -row.balance_fen for row in trial_balance(session)}.get("suspense", 0) == waiting_fen, heard
        heard_of = session.scalar(text("SELECT count(*) FROM outbox_events WHERE name = 'payment.succeeded'"))
        assert heard_of == sum(end[0] == "credited" for end in found.values()), heard
        told.rollback()


def test_the_rules_hold_after_an_order_of_events(session: Session) -> None:
    order = new_order(session)
    for event in ("refund told", "close", "answer after refund", "other payment", "copy", "prepay"):
        EVENTS[event](session, order)
    assert usecases.record_outside_refund(session, **OUTSIDE)
    session.commit()
    books = {"I1", "I2", "I5", "I6"}
    assert [v for v in invariants.verify(session) if not v.holds and v.invariant.code in books] == []
