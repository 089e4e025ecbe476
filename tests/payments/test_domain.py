"""What a transaction must match before it is credited, as a table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.payments import domain
from tests.payments.conftest import NOON

EXPECTED = domain.Expected("DK1", "wxmini", 100, "payer", "prepaid")
RECEIVED = domain.Received("DK1", "m1", "wxmini", "SUCCESS", 100, "CNY", "payer")


@pytest.mark.parametrize(
    ("received", "expected", "verdict"),
    [
        ({}, {}, ("credited", "matched")),
        ({}, {"status": "created"}, ("credited", "matched")),
        ({"mchid": "m2"}, {}, ("ignored", "other_merchant")),
        ({"trade_state": "REFUND"}, {}, ("suspense", "refunded")),
        ({"trade_state": "USERPAYING"}, {}, ("ignored", "not_success")),
        ({"currency": "HKD"}, {}, ("ignored", "other_currency")),
        ({"appid": "wxother"}, {}, ("suspense", "other_app")),
        ({"amount_fen": 99}, {}, ("suspense", "amount_differs")),
        ({"amount_fen": 101}, {}, ("suspense", "amount_differs")),
        ({"payer_total_fen": 100}, {}, ("credited", "matched")),
        ({"payer_total_fen": 99}, {}, ("suspense", "payer_paid_less")),
        ({"payer_openid": "somebody"}, {}, ("suspense", "other_payer")),
        ({"payer_openid": None}, {}, ("suspense", "other_payer")),
        ({}, {"status": "closed"}, ("suspense", "paid_after_close")),
        ({}, {"status": "paid"}, ("suspense", "paid_twice")),
    ],
)
def test_judgement(received, expected, verdict):
    assert domain.judge(replace(RECEIVED, **received), replace(EXPECTED, **expected), "m1") == verdict


def test_money_for_an_order_we_do_not_know_is_kept_in_suspense():
    assert domain.judge(RECEIVED, None, "m1") == ("suspense", "order_unknown")


def test_the_query_plan_and_the_close():
    assert [domain.query_wait(step).seconds for step in range(8)] == [1, 2, 4, 8, 15, 30, 60, 60]
    assert not domain.must_close(NOON, NOON + timedelta(minutes=4, seconds=59))
    assert domain.must_close(NOON, NOON + timedelta(minutes=5))
    assert domain.transfer_wait(99).seconds == 600
