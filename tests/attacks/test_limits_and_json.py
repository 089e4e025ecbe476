"""Attack sets J and P over HTTP: two readings of one body, pages and keys out of bounds, amounts at the edges."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import idempotency
from tests.factories.orders import make_merchant
from tests.factories.partners import Signer, make_partner
from tests.story import Story

PHONE_CODES = "/customer/v1/sign-in/phone-codes"  # nobody is known yet
SESSIONS = "/partner/v1/embed-sessions"


def send(story: Story, path: str, raw: bytes, content_type: str = "application/json") -> httpx.Response:
    headers = {"Authorization": f"Bearer {story.token}", "Idempotency-Key": secrets.token_hex(16)}
    return story.http.post(path, content=raw, headers=headers | {"Content-Type": content_type})


@pytest.fixture(scope="module")
def routes(borrower: Story) -> dict[str, str]:
    """Real routes that read JSON, of a customer, of nobody yet and of a frame, each with the name of one text field."""
    return {
        PHONE_CODES: "phone",
        "/customer/v1/consents": "kind",
        f"/customer/v1/loans/{borrower.facts['loan_id']}/repayments": "kind",
        f"/customer/v1/applications/{borrower.facts['application_id']}/cost-sheets": "method",
        "/embed/v1/frame-sessions": "client_token",
        "/public/v1/schedules": "method",
    }


MALFORMED = {
    "a key twice": b'{"NAME": "a", "NAME": "b"}',
    "2^53": b'{"amount_fen": 9007199254740992}',
    "2^63": b'{"amount_fen": 9223372036854775808}',
    "4,300 digits": b'{"amount_fen": ' + b"9" * 4300 + b"}",
    "a fraction": b'{"amount_fen": 1.00}',
    "an exponent": b'{"amount_fen": 1e3}',
    "NaN": b'{"amount_fen": NaN}',
    "minus infinity": b'{"amount_fen": -Infinity}',
    "nested 100,000 deep": b'{"NAME": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a byte order mark": b'\xef\xbb\xbf{"NAME": "a"}',
    "UTF-16": '{"NAME": "a"}'.encode("utf-16"),
    "UTF-8 cut off": b'{"NAME": "\xe6\xb5"}',
    "half a surrogate": b'{"NAME": "\\ud800"}',
    "NUL": b'{"NAME": "\\u0000"}',
    "NUL in a key": b'{"\\u0000": "a"}',
    "a comment": b'{"NAME": "a"} // b',
    "two texts": b"{}{}",
    "nothing but blanks": b"   ",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_two_parsers_read_differently_is_refused_by_every_route(borrower, routes, name):
    for path, field in routes.items():
        response = send(borrower, path, MALFORMED[name].replace(b"NAME", field.encode()))
        assert response.status_code == 400, f"{path}: {response.status_code} {response.text[:200]}"
        problem = response.json()
        assert problem["code"] == "request.json_malformed", problem
        assert set(problem) <= {"type", "title", "status", "code", "detail", "errors", "request_id"}


SHAPES: dict[str, Any] = {
    "a list": [],
    "a text": "a",
    "null": None,
    "true": True,
    "empty": {},
    "the prototype": {"__proto__": {"admin": True}, "constructor": 1, "__class__": "x"},
    "an object for a text": {"NAME": {"$ne": ""}},
    "a list for a text": {"NAME": ["a"]},
    "SQL": {"NAME": "'; DROP TABLE loans; --"},
    "a million letters": {"NAME": "a" * 900_000},
    "10^5 combining marks": {"NAME": "a" + "\u0301" * 100_000},
    "the other direction": {"NAME": "\u202egood\u202c"},
    "a template": {"NAME": "{{7*7}}${7*7}"},
}


@pytest.mark.parametrize("name", SHAPES)
def test_another_shape_is_refused_with_the_field_named(borrower, routes, name):
    for path, field in routes.items():
        raw = json.dumps(SHAPES[name], ensure_ascii=False).replace("NAME", field).encode()
        response = send(borrower, path, raw)
        assert response.status_code in (400, 401, 422), f"{path}: {response.status_code} {response.text[:200]}"
        assert "Traceback" not in response.text and "SELECT" not in response.text


@pytest.mark.parametrize(
    ("content_type", "encode"),
    [
        ("text/plain", str.encode),
        ("application/x-www-form-urlencoded", str.encode),
        ("application/json; charset=utf-7", str.encode),
        ("application/json; charset=gbk", str.encode),
        ("multipart/form-data; boundary=x", str.encode),
        ("", str.encode),
    ],
)
def test_only_json_in_utf8_is_read(borrower, routes, content_type, encode):
    for path, field in routes.items():
        response = send(borrower, path, encode(json.dumps({field: "a"})), content_type)
        assert (response.status_code, response.json()["code"]) == (415, "request.media_type"), path


def test_two_megabytes_are_refused_unread(borrower, routes):
    headers = bearer(borrower) | {"Content-Type": "application/json", "Idempotency-Key": "k" * 20}
    for path in routes:
        with httpx.Client(base_url=borrower.stack.web_url, trust_env=False, timeout=30) as once:  # closed afterwards
            try:
                refused = once.post(path, content=b"[" + b" " * 2_000_000 + b"]", headers=headers)
            except httpx.TransportError:
                continue  # closed before all of it was sent
            assert refused.status_code == 413


@pytest.mark.parametrize("query", ["limit=1000000000", "limit=-1", "limit=0", "limit=1.5", "limit=1e2", "limit=x"])
@pytest.mark.parametrize("path", ["loans", "applications", "sessions", "consents"])
def test_a_page_has_one_to_a_hundred_rows(borrower, path, query):
    assert borrower.http.get(f"/customer/v1/{path}?{query}", headers=bearer(borrower)).status_code in (400, 422)


@pytest.mark.parametrize(
    "query",
    ["sort=(select 1)", "cursor=AAAA", "cursor=%00", "cursor=" + "A" * 43, "x=1", "cursor=é", "cursor=" + "A" * 300],
)
@pytest.mark.parametrize("path", ["loans", "applications", "sessions", "consents"])
def test_unknown_parameters_and_forged_cursors_are_refused(borrower, path, query):
    response = borrower.http.get(f"/customer/v1/{path}?{query}", headers=bearer(borrower))
    assert response.status_code in (400, 422), response.text


def test_every_list_has_pages():
    """Read from the published documents; but texts and templates are a handful, months are a loan's life, and a cost
    sheet is one paper."""
    from app.api import describe

    lists = {}
    for document in describe().values():
        spec = document.spec.to_dict()
        for name, schema in spec["components"]["schemas"].items():
            fields = schema.get("properties", {})
            if fields.get("items", {}).get("type") == "array":
                lists[name] = "next_cursor" in fields
    assert len(lists) >= 8
    short = {"ConsentTextsOut", "CostSheetBodyOut", "MessageTemplatesOut", "StatementMonthsOut"}
    short |= {"DebitMandatesOut", "LoanDebitsOut"}  # one in force and a few that ended; the newest twenty
    short |= {"PartnersToldOut"}  # partners that one person agreed to tell
    short |= {"CallsOut"}  # a hundred at a time, and on by the instant of the last
    assert {name for name, paged in lists.items() if not paged} == short


def bearer(story: Story) -> dict[str, str]:
    return {"Authorization": f"Bearer {story.token}"}


@pytest.mark.parametrize("key", ["", "k" * 256, "schlüssel", "键", "a\tb"])
def test_a_key_is_short_printable_ascii(borrower, key):
    headers = {**bearer(borrower), "Idempotency-Key": key.encode()}
    sheets = f"/customer/v1/applications/{borrower.facts['application_id']}/withdrawal"
    response = borrower.http.post(sheets, headers=headers)
    assert response.status_code == 400, response.text
    assert response.json()["code"] in ("idempotency.key_missing", "idempotency.key_malformed", "http.bad_request")


def test_one_repayment_comes_of_twenty_requests_with_one_key(borrower):
    path = f"/customer/v1/loans/{borrower.facts['loan_id']}/repayments"
    headers = {**bearer(borrower), "Idempotency-Key": secrets.token_hex(16)}

    def ask(_: int) -> httpx.Response:
        return borrower.http.post(path, json={"kind": "instalment", "app": "mini"}, headers=headers)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert made
    assert len({answer.content for answer in made}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} <= {"idempotency.in_progress"}
    assert ask(0).content == made[0].content
    other = borrower.http.post(path, json={"kind": "payoff", "app": "mini"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    opened = made[0].json()["repayment"]["id"]
    borrower.ask("POST", f"/customer/v1/repayments/{opened}/cancellation", expect=200)


# -- partners, in this process -------------------------------------------------------------------------------------


@pytest.fixture
def partner(app: Flask, committed: sessionmaker[Session]) -> Signer:
    return new_partner(committed)


def new_partner(committed: sessionmaker[Session]) -> Signer:
    with committed() as session:
        made = make_partner(session)
        make_merchant(session, made.partner_id)
        session.commit()
    return made


def wanted(partner: Signer, **order: Any) -> dict[str, Any]:
    told = {"order_ref": "PO-1", "merchant_ref": "seller-1", "title": "测试订单", "amount_fen": 100_000, **order}
    return {"customer_ref": "buyer-1", "origins": [partner.origin], "components": {"apply": {}}, "order": told}


@pytest.mark.parametrize("amount_fen", [-1, 0, 2**53 - 1, 2**63 - 1, "100.00", 1.5, True, None, [1]])
def test_amounts_out_of_bounds_open_nothing(app, committed, partner, amount_fen):
    answer = partner.call(app.test_client(), "POST", SESSIONS, wanted(partner, amount_fen=amount_fen))
    assert answer.status_code in (400, 422), answer.json
    assert count(committed, "embed_sessions") == count(committed, "financed_orders") == 0


def test_a_currency_cannot_be_chosen(app, partner):
    assert partner.call(app.test_client(), "POST", SESSIONS, wanted(partner, currency="USD")).status_code == 422


def count(committed: sessionmaker[Session], table: str) -> int:
    with committed() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_same_key_gives_the_same_bytes(app, partner):
    client = app.test_client()
    first, second = (partner.call(client, "POST", SESSIONS, wanted(partner), key="one") for _ in range(2))
    assert (first.status_code, first.data, first.content_type) == (second.status_code, second.data, second.content_type)


def test_the_same_key_with_another_body_or_route_is_refused(app, committed, partner):
    client = app.test_client()
    partner.call(client, "POST", SESSIONS, wanted(partner), key="one")
    for path, body in (
        (SESSIONS, wanted(partner, amount_fen=100_001)),
        ("/partner/v1/webhook-endpoints", {"url": "http://127.0.0.1:1/"}),
    ):
        answer = partner.call(client, "POST", path, body, key="one")
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency.key_reused")
    assert count(committed, "embed_sessions") == 1


def test_the_same_key_of_another_partner_is_another_key(app, committed, partner):
    client, other = app.test_client(), new_partner(committed)
    answers = [each.call(client, "POST", SESSIONS, wanted(each), key="one") for each in (partner, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["client_token"] != answers[1].json["client_token"]


def test_a_refused_request_leaves_its_key_for_the_corrected_one(app, partner):
    client = app.test_client()
    assert partner.call(client, "POST", SESSIONS, wanted(partner, amount_fen=-1), key="one").status_code == 422
    assert partner.call(client, "POST", SESSIONS, wanted(partner), key="one").status_code == 201


def test_twenty_at_once_with_one_key_are_one(app, committed, partner):
    def ask(_: int) -> tuple[int, bytes]:
        answer = partner.call(app.test_client(), "POST", SESSIONS, wanted(partner), key="one")
        return answer.status_code, answer.data

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))
    given = {body for status, body in answers if status == 201}
    assert len(given) == 1, "one execution, one answer"
    assert {status for status, _ in answers} <= {201, 409}
    assert count(committed, "embed_sessions") == 1


def test_answers_are_sealed_where_they_are_kept(app, committed, partner):
    token = partner.call(app.test_client(), "POST", SESSIONS, wanted(partner), key="one").json["client_token"]
    with committed() as session:
        row = session.query(idempotency.IdempotencyKey).one()
        assert row.status == 201
        assert token not in str(row.sealed_body)
