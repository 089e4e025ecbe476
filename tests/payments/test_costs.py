"""What one notice costs: a new one at most eight statements and one commit, a copy at most half of that."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.kernel import db, ids
from app.payments.usecases import OrderRequest, open_order
from tests.attacks.forged import PATH, Forger, Order
from tests.cost import counting
from tests.payments.conftest import NOON


@pytest.fixture
def forger(sandbox):
    return Forger(SimpleNamespace(sandbox=sandbox, web_url="http://bank.example"))


@pytest.fixture
def order(app, committed):
    """An order of a repayment that waits for its money."""
    appid = app.config["DUKOU"].channels["wechat_login"]["mini"]["appid"]
    with db.transaction() as session:
        made = open_order(
            session,
            request=OrderRequest(
                order_id=ids.new_id(),
                purpose="loan_repayment",
                reference_id=ids.new_id(),
                customer_id=ids.new_id(),
                appid=appid,
                payer_openid="o" + "p" * 27,
                description="还款",
                amount_fen=110_852,
                expires_at=NOON,
            ),
        )
    return Order(made.out_trade_no, appid, made.amount_fen, made.payer_openid)


def test_a_notice_costs_two_statements_and_a_copy_half(app, committed, forger, order):
    client, costs = app.test_client(), {}
    body = forger.envelope(forger.paid(order))
    for kind in ("new", "copy"):
        with counting(committed.kw["bind"]) as cost:
            assert client.post(PATH, data=body, headers=forger.signed(body)).status_code == 204
        costs[kind] = cost
        print(f"{kind} notice: {cost}")
    assert len(costs["new"].statements) == 2, costs["new"].statements  # eight would be allowed
    assert len(costs["copy"].statements) == 1, "half of it at most"
    assert (costs["new"].commits, costs["copy"].commits) == (1, 1)


def test_a_refused_notice_costs_one_row(app, committed, forger, order):
    body = forger.envelope(forger.paid(order))
    with counting(committed.kw["bind"]) as cost:
        assert app.test_client().post(PATH, data=body, headers={}).status_code == 401
    print(f"refused notice: {cost}")
    assert (len(cost.statements), cost.commits) == (1, 1)
