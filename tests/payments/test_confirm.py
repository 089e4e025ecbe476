"""A payment is credited once, whoever tells of it and how often; what does not fit goes to suspense."""

import threading

import pytest
from sqlalchemy import text

from app.kernel import db, invariants
from app.ledger.queries import trial_balance
from app.payments import queries, usecases
from tests.payments.conftest import MCHID, new_order, paid


def confirm(session, transaction):
    return usecases.confirm(session, transaction=transaction, our_mchid=MCHID)


def events(session):
    return list(session.execute(text("SELECT name, payload FROM outbox_events ORDER BY id")))


def status(session, order):
    return session.execute(text("SELECT status FROM payment_orders WHERE id = :id"), {"id": order.order_id}).scalar()


def test_the_first_word_counts_and_every_other_is_a_duplicate(session, order):
    assert confirm(session, paid(order)) == ("credited", "matched")
    for _ in range(3):
        assert confirm(session, paid(order)) == ("duplicate", "known")
    assert status(session, order) == "paid"
    [(name, payload)] = events(session)
    assert name == "payment.succeeded"
    assert payload["amount_fen"] == order.amount_fen
    assert "openid" not in str(payload)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount_fen": 1}, "amount_differs"),
        ({"payer_openid": "somebody-else"}, "other_payer"),
        ({"appid": "wxother"}, "other_app"),
        ({"out_trade_no": "DKUNKNOWN"}, "order_unknown"),
    ],
)
def test_money_that_does_not_fit_is_in_the_book_and_not_on_the_order(session, order, changes, reason):
    told = paid(order, **changes)
    assert confirm(session, told) == ("suspense", reason)
    assert confirm(session, told) == ("duplicate", "known")
    assert status(session, order) == "created"
    assert events(session) == []
    balances = {row.code: row.balance_fen for row in trial_balance(session)}
    assert balances["suspense"] == -told.amount_fen
    assert balances["wechat_pay_clearing"] == told.amount_fen


@pytest.mark.parametrize("changes", [{"mchid": "x"}, {"trade_state": "CLOSED"}, {"transaction_id": None}])
def test_what_is_no_money_of_ours_has_no_effect(session, order, changes):
    assert confirm(session, paid(order, **changes))[0] == "ignored"
    assert status(session, order) == "created"
    assert not any(row.balance_fen for row in trial_balance(session))


def test_a_second_payment_of_one_order_goes_to_suspense(session, order):
    confirm(session, paid(order))
    again = paid(order, transaction_id="42000000012026112300000002")
    assert confirm(session, again) == ("suspense", "paid_twice")


def test_a_payment_after_the_close_goes_to_suspense(session, order):
    usecases.close_order(session, order_id=order.order_id)
    assert confirm(session, paid(order)) == ("suspense", "paid_after_close")
    assert [name for name, _ in events(session)] == ["payment.closed"]


def test_closing_a_paid_order_changes_nothing(session, order):
    confirm(session, paid(order))
    usecases.close_order(session, order_id=order.order_id)
    assert status(session, order) == "paid"


def test_the_answer_to_prepay_may_come_after_the_payment(session, order):
    confirm(session, paid(order))
    usecases.attach_prepay(session, order_id=order.order_id)
    assert status(session, order) == "paid"


def test_an_order_is_opened_once_for_one_thing(session, order):
    found = queries.order_of(session, purpose="test", reference_id=order.order_id)
    assert found is None
    request = session.execute(text("SELECT reference_id FROM payment_orders")).scalar_one()
    assert queries.order_of(session, purpose="test", reference_id=request) == order


def test_sixteen_copies_in_parallel_credit_once(committed):
    with db.transaction() as session:
        order = new_order(session)
    found, barrier = [], threading.Barrier(16)

    def tell():
        barrier.wait()
        with db.transaction() as session:
            found.append(confirm(session, paid(order))[0])

    threads = [threading.Thread(target=tell) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["credited"] + ["duplicate"] * 15
    with db.transaction() as session:
        assert len(events(session)) == 1
        assert [v for v in invariants.verify(session) if not v.holds and v.invariant.code in {"I1", "I5"}] == []
