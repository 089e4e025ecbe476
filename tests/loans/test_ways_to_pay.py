"""Repaying outside WeChat: in a phone's browser and by a code on a screen, with the same order, rules and doubts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock
from app.loans.models import Loan, Repayment
from app.payments.models import PaymentOrder, PaymentTransaction
from tests.factories import loans
from tests.factories.customers import SignedInCustomer
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/130"}
WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}


@pytest.fixture(autouse=True)
def lost(sandbox: SandboxProcess) -> Iterator[None]:
    """Nobody tells of a payment: it is found by asking."""
    sandbox.post("/sandbox/api/pay/settings", {"notices": "lost"})
    yield
    sandbox.reset()


@pytest.fixture
def borrower(client: FlaskClient, session: Session) -> SignedInCustomer:
    return loans.make_borrower(session)


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer) -> Loan:
    return loans.active_loan(session, borrower)


def ask(client: FlaskClient, borrower: SignedInCustomer, loan: Loan, agent: dict[str, str] = PHONE, **body: Any) -> Any:
    path = f"/customer/v1/loans/{loan.id}/repayments"
    return client.post(path, json={"kind": "payoff", **body}, headers={**borrower.writing(), **agent})


def scan(sandbox: SandboxProcess, code_url: str, persona: str = "good") -> None:
    asked = {"persona": persona, "code_url": code_url, "outcome": "ok"}
    assert sandbox.post("/sandbox/api/wechat/scan-payment", asked)["paid"]


def at_wechat(sandbox: SandboxProcess, session: Session) -> dict[str, Any]:
    number = session.scalars(select(PaymentOrder)).one().out_trade_no
    return next(one for one in sandbox.get("/sandbox/api/pay/orders")["orders"] if one["out_trade_no"] == number)


def settle(run_jobs: JobRunner, clock_at: Any, session: Session) -> str:
    """Ask WeChat Pay and run what follows; answers how the repayment ended."""
    clock_at(clock.now() + timedelta(minutes=2))
    run_jobs(only="payments.query_order", limit=3)
    run_jobs(only="loans.apply_payment")
    session.expire_all()
    return session.scalars(select(Repayment.status)).one()


def test_a_code_on_the_screen_is_paid_by_anybody(client, sandbox, session, borrower, loan, run_jobs, clock_at):
    opened = ask(client, borrower, loan, pay_by="native").json
    assert opened["code_url"].startswith("weixin://") and opened["code_picture"]["path"].startswith("M0 0")
    assert (opened["payment"], opened["h5_url"], opened["pay_by"]) == (None, None, "native")
    scan(sandbox, opened["code_url"], persona="thin_file")
    assert settle(run_jobs, clock_at, session) == "applied"
    assert session.scalars(select(PaymentTransaction.disposition)).one() == "credited"


def test_the_h5_cashier_is_opened_from_our_page_and_pays(
    client, sandbox, session, borrower, loan, run_jobs, clock_at
):
    opened = ask(client, borrower, loan, pay_by="h5").json
    assert at_wechat(sandbox, session)["trade_type"] == "MWEB"
    back = f"{sandbox.bank_url}/embed/v1/page"
    url = f"{opened['h5_url']}&redirect_url={back}"
    assert httpx.get(url, trust_env=False).status_code == 400, "an empty Referer is refused"
    referer = {"Referer": f"{sandbox.bank_url}/"}
    assert httpx.get(url, headers=referer, trust_env=False).status_code == 200
    done = httpx.post(url, data={"persona": "good", "outcome": "ok"}, headers=referer, trust_env=False)
    assert (done.status_code, done.headers["Location"]) == (302, back)
    assert settle(run_jobs, clock_at, session) == "applied"


@pytest.mark.parametrize("pay_by", ["h5", "native"])
def test_continuing_enters_the_same_order_again(client, sandbox, session, borrower, loan, pay_by):
    first = ask(client, borrower, loan, pay_by=pay_by).json
    path = f"/customer/v1/repayments/{first['repayment']['id']}/payment"
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}  # the order keeps the address it was placed from
    again = client.post(path, headers=borrower.writing(), **elsewhere).json
    field = {"h5": "h5_url", "native": "code_url"}[pay_by]
    assert again[field] and again[field] != first[field]
    assert session.scalars(select(PaymentOrder)).one().pay_by == pay_by


def test_giving_up_closes_the_order_and_nobody_can_pay_it(client, sandbox, session, borrower, loan):
    opened = ask(client, borrower, loan, pay_by="native").json
    path = f"/customer/v1/repayments/{opened['repayment']['id']}/cancellation"
    assert client.post(path, headers=borrower.writing()).json["status"] == "closed"
    asked = {"persona": "good", "code_url": opened["code_url"], "outcome": "ok"}
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.post("/sandbox/api/wechat/scan-payment", asked)
    assert ask(client, borrower, loan, pay_by="native").status_code == 201


@pytest.mark.parametrize("fault", ["system_error_after", "system_error"])
def test_after_a_doubt_the_same_key_places_the_same_number(client, sandbox, session, borrower, loan, fault):
    sandbox.post("/sandbox/api/pay/faults", {"api": "prepay", "fault": fault, "times": 3})
    headers = {**borrower.writing(), **PHONE}
    path, body = f"/customer/v1/loans/{loan.id}/repayments", {"kind": "payoff", "pay_by": "native"}
    assert client.post(path, json=body, headers=headers).status_code == 503
    assert client.post(path, json=body, headers=headers).status_code == 201
    assert len(session.scalars(select(PaymentOrder)).all()) == 1


def test_only_the_phones_address_is_told_and_it_is_sealed(client, sandbox, session, borrower, loan):
    ask(client, borrower, loan, pay_by="h5")
    order = session.scalars(select(PaymentOrder)).one()
    assert (order.payer_openid, order.payer_address) == (None, "127.0.0.1")
    raw = session.connection().exec_driver_sql("SELECT payer_address FROM payment_orders").scalar_one()
    assert "127.0.0.1" not in raw


def test_in_wechat_the_h5_cashier_is_refused(client, session, borrower, loan):
    told = ask(client, borrower, loan, WECHAT, pay_by="h5")
    assert (told.status_code, told.json["code"]) == (422, "repayment.h5_inside_wechat")
    assert session.scalars(select(PaymentOrder)).all() == []


@pytest.mark.parametrize(
    "body",
    [{}, {"pay_by": "jsapi"}, {"pay_by": "h5", "app": "h5"}, {"pay_by": "cash"}, {"pay_by": "h5", "x": 1}],
)
def test_what_does_not_fit_is_refused(client, borrower, loan, body):
    told = ask(client, borrower, loan, **body)
    assert (told.status_code, told.json["code"]) == (422, "request.invalid")


def test_a_request_without_pay_by_is_of_jsapi(client, session, borrower, loan):
    told = ask(client, borrower, loan, app="mini")
    assert told.json["code"] == "wechat_pay.merchant_not_ready", "this borrower's app is none of the sandbox's"
    assert session.scalars(select(PaymentOrder)).one().pay_by == "jsapi"


def test_the_database_wants_a_payer_exactly_for_jsapi(client, session, borrower, loan):
    ask(client, borrower, loan, pay_by="native")
    with pytest.raises(IntegrityError, match="ck_payment_orders_payer"):
        session.connection().exec_driver_sql("UPDATE payment_orders SET pay_by = 'jsapi'")


def test_the_address_names_one_code(client, borrower, loan):
    opened = ask(client, borrower, loan, pay_by="native").json
    assert parse_qs(urlsplit(opened["code_url"]).query)["pr"][0].startswith("wx")
