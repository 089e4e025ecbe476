"""Merchants and orders over HTTP, with the sandbox's core bank checking accounts."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.orders import make_order
from tests.factories.partners import Signer, make_partner
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


@pytest.fixture
def account(sandbox: SandboxProcess) -> dict[str, Any]:
    """The one account that the sandbox's core bank surely knows."""
    given = sandbox.world["partner"]["merchant"]
    return {name: given[name] for name in ("name", "account_no", "account_name", "bank_code")}


def test_a_merchant_is_registered_after_the_core_banks_check(
    client: FlaskClient, partner: Signer, account: dict[str, Any]
) -> None:
    answer = partner.call(client, "PUT", "/partner/v1/merchants/seller-1", account)
    assert answer.status_code == 200, answer.json
    assert answer.json["account_tail"].endswith(account["account_no"][-4:])
    assert account["account_no"] not in answer.text
    again = partner.call(client, "PUT", "/partner/v1/merchants/seller-1", account)
    assert again.status_code == 200


def test_an_account_under_another_name_is_refused(
    client: FlaskClient, partner: Signer, account: dict[str, Any]
) -> None:
    wrong = {**account, "account_name": "别家公司"}
    answer = partner.call(client, "PUT", "/partner/v1/merchants/seller-1", wrong, key="fix-me")
    assert (answer.status_code, answer.json["code"]) == (422, "merchant.account_refused")
    assert account["account_no"] not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"account_no": "123"},
        {"account_no": "６２２２０２００００００１２３４"},
        {"bank_code": "a b"},
        {"extra": 1},
        {"name": ""},
    ],
)
def test_malformed_merchants_are_refused(
    client: FlaskClient, partner: Signer, account: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert partner.call(client, "PUT", "/partner/v1/merchants/seller-1", {**account, **changes}).status_code == 422


def test_malformed_references_are_refused(client: FlaskClient, partner: Signer, account: dict[str, Any]) -> None:
    answer = partner.call(client, "PUT", f"/partner/v1/merchants/{'a' * 65}", account)
    assert (answer.status_code, answer.json["code"]) == (400, "request.ref_malformed")


def test_orders_are_listed_in_pages_and_to_their_partner_only(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    made = [make_order(session, partner.partner_id).order_ref for _ in range(3)]
    other = make_partner(session)
    session.commit()
    first = partner.call(client, "GET", "/partner/v1/orders?limit=2").json
    second = partner.call(client, "GET", f"/partner/v1/orders?limit=2&cursor={first['next_cursor']}").json
    assert [item["order_ref"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    assert other.call(client, "GET", "/partner/v1/orders").json["items"] == []
    stolen = other.call(client, "GET", f"/partner/v1/orders?cursor={first['next_cursor']}")
    assert (stolen.status_code, stolen.json["code"]) == (400, "page.cursor_malformed")
    assert other.call(client, "GET", f"/partner/v1/orders/{made[0]}").status_code == 404


@pytest.mark.parametrize("query", ["limit=1000000000", "limit=-1", "limit=x", "cursor=forged", "sort=(select%201)"])
def test_hostile_page_requests_are_refused(client: FlaskClient, partner: Signer, query: str) -> None:
    assert partner.call(client, "GET", f"/partner/v1/orders?{query}").status_code in (400, 422)


@pytest.mark.parametrize("ref", ["' OR 1=1 --", "%25_", "../orders", "a" * 5000, "密"])
def test_hostile_references_are_literal(client: FlaskClient, partner: Signer, ref: str) -> None:
    from urllib.parse import quote

    assert partner.call(client, "GET", f"/partner/v1/orders/{quote(ref, safe='')}").status_code == 404


def test_scopes_are_checked(client: FlaskClient, session: Session, account: dict[str, Any]) -> None:
    reader = make_partner(session, scopes=frozenset({"orders:read"}))
    order = make_order(session, reader.partner_id)
    session.commit()
    for method, path, body in (
        ("PUT", "/partner/v1/merchants/seller-1", account),
        ("POST", f"/partner/v1/orders/{order.order_ref}/cancellation", None),
        ("GET", "/partner/v1/events", None),
        ("POST", "/partner/v1/webhook-endpoints", {"url": "http://127.0.0.1:1/"}),
    ):
        answer = reader.call(client, method, path, body)
        assert (answer.status_code, answer.json["code"]) == (403, "partner.scope_missing")


def test_an_order_is_cancelled_once_whatever_is_repeated(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    order = make_order(session, partner.partner_id)
    session.commit()
    path = f"/partner/v1/orders/{order.order_ref}/cancellation"
    answers = [partner.call(client, "POST", path, key="c-1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert answers[0].json["status"] == "cancelled"
