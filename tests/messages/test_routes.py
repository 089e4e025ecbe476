"""The inbox and the grants over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.kernel import clock, ids
from tests.factories import customers
from tests.factories import messages as factory
from tests.factories.customers import SignedInCustomer
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def signed_in(client: FlaskClient, session: Session, reader: Customer) -> SignedInCustomer:
    found = customers.sign_in(session, reader, channel="mini")
    session.commit()
    return found


def inbox(client: FlaskClient, who: SignedInCustomer, **query: Any) -> Any:
    return client.get("/customer/v1/messages", query_string=query, headers=who.headers).json


def test_the_inbox_has_pages_words_and_a_count(client, session, reader, signed_in):
    for kind, values in (("approved", {"amount_fen": 1_000_000}), ("declined", {"amount_fen": 1})):
        factory.open_one(session, reader, kind, **values)
    factory.open_one(session, reader, "overdue", amount_fen=85_606, due_on="2026-12-05")
    first = inbox(client, signed_in, limit=2)
    assert [one["kind"] for one in first["items"]] == ["overdue", "declined"]
    assert (first["unread_count"], first["items"][0]["title"]) == (3, "逾期提醒")
    assert "2026年12月5日" in first["items"][0]["text"] and "856.06 元" in first["items"][0]["text"]
    second = inbox(client, signed_in, limit=2, cursor=first["next_cursor"], locale="en")
    assert [(one["kind"], one["title"]) for one in second["items"]] == [("approved", "Approved")]
    assert "¥10,000.00" in second["items"][0]["text"]
    assert second["next_cursor"] is None


def test_reading_counts_once(client, session, reader, signed_in):
    message = factory.open_one(session, reader)
    path = f"/customer/v1/messages/{message.id}/read"
    first = client.post(path, headers=signed_in.writing())
    assert first.status_code == 200 and first.json["read_at"]
    with clock.at(clock.now() + timedelta(minutes=1)):
        again = client.post(path, headers=signed_in.writing())
    assert again.json["read_at"] == first.json["read_at"]
    assert inbox(client, signed_in)["unread_count"] == 0


def test_nobody_reaches_messages_of_others(client, session, reader, signed_in):
    stranger = customers.sign_in(session, customers.make_customer(session))
    message = factory.open_one(session, reader)
    assert inbox(client, stranger)["items"] == []
    told = client.post(f"/customer/v1/messages/{message.id}/read", headers=stranger.writing())
    assert (told.status_code, told.json["code"]) == (404, "message.not_found")
    cursor = inbox(client, signed_in, limit=1)["next_cursor"]
    assert cursor is None
    factory.open_one(session, reader)
    cursor = inbox(client, signed_in, limit=1)["next_cursor"]
    told = client.get("/customer/v1/messages", query_string={"cursor": cursor}, headers=stranger.headers)
    assert told.json["code"] == "page.cursor_malformed"


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"locale": "fr"}, {"x": 1}, {"cursor": "!"}])
def test_wrong_questions(client, signed_in, query):
    told = client.get("/customer/v1/messages", query_string=query, headers=signed_in.headers)
    assert told.status_code in (400, 422)


def test_without_a_session_there_is_nothing(client):
    for method, path in (("get", "messages"), ("post", f"messages/{ids.new_id()}/read"), ("post", "message-grants")):
        assert getattr(client, method)(f"/customer/v1/{path}").status_code == 401


# -- grants ---------------------------------------------------------------------------------------------------------


def grant(client: FlaskClient, who: SignedInCustomer, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post("/customer/v1/message-grants", json=body, headers=headers or who.writing())


def left(told: Any) -> dict[str, int]:
    return {one["kind"]: one["left"] for one in told.json["items"] if one["left"]}


def test_each_tap_is_worth_one_message(client, wechat: SandboxProcess, signed_in):
    templates = {kind: one["id"] for kind, one in wechat.world["wechat"]["mini"]["templates"].items()}
    shown = client.get("/customer/v1/message-templates", headers=signed_in.headers)
    assert {one["kind"]: one["template_id"] for one in shown.json["items"]} == templates
    headers = signed_in.writing()
    body = {"accepted": [templates["due_soon"], templates["overdue"]], "rejected": [templates["paid"]]}
    assert left(grant(client, signed_in, headers, **body)) == {"due_soon": 1, "overdue": 1}
    assert left(grant(client, signed_in, headers, **body)) == {"due_soon": 1, "overdue": 1}, "a repeat"
    assert left(grant(client, signed_in, accepted=[templates["due_soon"]])) == {"due_soon": 2, "overdue": 1}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"accepted": ["unknown"]}, "message_grant.template_unknown"),
        ({"accepted": ["a", "b", "c", "d"]}, "request.invalid"),
        ({"accepted": [""]}, "request.invalid"),
        ({"accepted": "a"}, "request.invalid"),
        ({"granted": []}, "request.invalid"),
    ],
)
def test_wrong_grants(client, signed_in, body, code):
    told = grant(client, signed_in, **body)
    assert (told.status_code, told.json["code"]) == (422, code)


def test_only_the_mini_program_can_ask(client, session, wechat, reader):
    web = customers.sign_in(session, reader, channel="web")
    template_id = wechat.world["wechat"]["mini"]["templates"]["paid"]["id"]
    told = grant(client, web, accepted=[template_id])
    assert (told.status_code, told.json["code"]) == (422, "message_grant.not_in_mini_program")
