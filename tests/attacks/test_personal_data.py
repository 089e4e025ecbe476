"""Canaries through every field, with faults forced on the way: nothing personal leaves the places made for it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import redis

from tests.attacks.forged import Forger
from tests.stack import Stack
from tests.story import Story

# Free text that a caller may put anywhere; long enough to be found, shaped like nothing.
CANARY = "KANARIENVOGEL"


@pytest.fixture(scope="module")
def errors() -> list[str]:
    """Every answer that a fault got."""
    return []


@pytest.fixture(scope="module")
def canaries(stack: Stack, borrower: Story, stranger: Story) -> dict[str, str]:
    """What must not be found, by name."""
    person, wechat = borrower.persona["person"], borrower.persona["wechat"]
    world = stack.sandbox.world
    secrets_of_the_bank = json.loads((stack.folder / "secrets.json").read_text())
    found = {
        "name": person["name"],
        "id number": person["id_no"],
        "phone": person["phone"],
        "stranger's phone": stranger.persona["person"]["phone"],
        "mini openid": wechat["mini_openid"],
        "h5 openid": wechat["h5_openid"],
        "unionid": wechat["unionid"],
        "customer token": borrower.token,
        "client token": borrower.facts["client_token"],
        "frame token": borrower.facts["frame_token"],
        "merchant's account": world["partner"]["merchant"]["account_no"],
        "API v3 key": world["wechat_pay"]["api_v3_key"],
        "app secret": world["wechat"]["mini"]["secret"],
        "port secret": world["ports"]["core_bank"]["secret"],
        "webhook secret": world["partner"]["webhook_secret"].removeprefix("whsec_"),
        "data key": next(iter(secrets_of_the_bank["data_keys"].values())),
        "token key": secrets_of_the_bank["token_key"],
        "free text": CANARY,
    }
    assert all(len(value) >= 3 for value in found.values())
    return found


def ask(story: Story, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {story.token}", "Idempotency-Key": secrets.token_hex(8), **headers}
    return story.http.request(method, path, json=body, headers=sent)


@pytest.fixture(scope="module", autouse=True)
def faults(stack: Stack, borrower: Story, stranger: Story, errors: list[str]) -> Iterator[None]:
    """Play every kind of fault, with personal data in the requests."""
    person, token = borrower.persona["person"], borrower.facts["client_token"]
    identity, me = "/customer/v1/me/identity", "/customer/v1/me"
    wrong_no = {"name": person["name"], "id_no": person["id_no"][:-1] + "0"}
    refused = [
        ask(borrower, "POST", "/customer/v1/sign-in/phone-codes", {"phone": person["phone"], "name": CANARY}),
        ask(borrower, "POST", "/customer/v1/sign-in/phone-codes", {"phone": person["phone"] + "9"}),
        ask(stranger, "POST", identity, wrong_no),
        ask(stranger, "POST", identity, wrong_no | {"id_no": person["id_no"]}),
        ask(stranger, "POST", "/customer/v1/enterprises", {"uscc": borrower.persona["enterprise"]["uscc"]}),
        ask(borrower, "POST", "/embed/v1/frame-sessions", {"client_token": token, "parent_origin": CANARY}),
        ask(borrower, "GET", f"/customer/v1/loans/{CANARY}"),
        ask(borrower, "GET", f"/customer/v1/loans?cursor={CANARY}&phone={person['phone']}"),
        ask(borrower, "POST", f"/customer/v1/{CANARY}", {"id_no": person["id_no"]}),
        ask(borrower, "GET", "/customer/v1/loans", None, **{"X-Request-Id": person["phone"]}),
        ask(borrower, "GET", f"{me}/{CANARY}", None, **{"User-Agent": f"{CANARY} {person['id_no']}"}),
        ask(borrower, "GET", me, None, Authorization=f"Bearer {CANARY} {person['id_no']}"),
        ask(borrower, "POST", "/customer/v1/sign-in/mini-program", {"login_code": CANARY}),
        ask(borrower, "GET", f"/callbacks/wechat/oauth?code={CANARY}&state={person['phone']}"),
    ]
    errors += [answer.text for answer in refused if answer.status_code >= 400]
    assert len(errors) >= 10
    _forged_notices(stack, borrower, errors)
    _sources_down(stack, stranger, errors)
    _broken_database(stack, borrower, errors)
    yield


def _forged_notices(stack: Stack, borrower: Story, errors: list[str]) -> None:
    forger = Forger(stack)
    body = json.dumps({"id": CANARY, "payer": borrower.persona["wechat"]}).encode()
    errors += [forger.post(body, headers).text for headers in ({}, forger.signed(body), {"Wechatpay-Serial": CANARY})]


def _sources_down(stack: Stack, stranger: Story, errors: list[str]) -> None:
    """The bureau is silent while somebody gives their name and number: 503 with personal data at hand."""
    person = stranger.persona["person"]
    stack.sandbox.post("/sandbox/api/personas/thin_file", {"sources_down": ["bureau", "tax"]})
    texts = {text["kind"]: text for text in stranger.ask("GET", "/customer/v1/consent-texts?locale=zh-CN")["items"]}
    for kind in ("privacy_terms", "identity_check"):
        text = texts[kind]
        granted = {"kind": kind, "text_version": text["version"], "text_sha256": text["sha256"]}
        stranger.ask("POST", "/customer/v1/consents", granted, expect=201)
    answer = ask(stranger, "POST", "/customer/v1/me/identity", {"name": person["name"], "id_no": person["id_no"]})
    errors.append(answer.text)
    stack.sandbox.post("/sandbox/api/personas/thin_file", {"sources_down": []})
    assert answer.status_code == 503, answer.text


def _broken_database(stack: Stack, borrower: Story, errors: list[str]) -> None:
    """Tables and rights are missing for a moment: what psycopg and SQLAlchemy say must not reach anybody."""
    person = borrower.persona["person"]
    for table in ("loans", "customers", "phone_codes", "payment_notices", "customer_sessions"):
        stack.change(f"ALTER TABLE {table} RENAME TO away_{table}")
        try:
            broken = [
                ask(borrower, "GET", "/customer/v1/loans"),
                ask(borrower, "GET", "/customer/v1/me"),
                ask(borrower, "POST", "/customer/v1/sign-in/phone-codes", {"phone": person["phone"]}),
                Forger(stack).post(CANARY.encode(), {}),
            ]
        finally:
            stack.change(f"ALTER TABLE away_{table} RENAME TO {table}")
        assert 500 in {answer.status_code for answer in broken}, table
        errors += [answer.text for answer in broken if answer.status_code >= 400]


def found_in(text: str, canaries: dict[str, str]) -> list[str]:
    return [name for name, value in canaries.items() if value in text]


def test_errors_say_what_is_wrong_and_nothing_else(errors, canaries):
    for text in errors:
        problem = json.loads(text)
        assert found_in(text, {name: value for name, value in canaries.items() if name != "free text"}) == [], text
        assert set(problem) <= {"type", "title", "status", "code", "detail", "errors", "context", "request_id"}
        for word in ("Traceback", "psycopg", "sqlalchemy", "SELECT ", "INSERT ", ".py", "/work", "relation"):
            assert word not in text, text


def test_a_fault_of_ours_is_told_in_one_fixed_shape(errors):
    faults = [json.loads(text) for text in errors if json.loads(text)["status"] == 500]
    assert faults
    assert {problem["code"] for problem in faults} == {"internal"}


def test_the_logs_hold_nothing_personal(stack, canaries):
    logs = stack.logs().replace((stack.folder / "sandbox.log").read_text(), "")
    assert '"status": 500' in logs and '"status": 503' in logs, "the faults are in the logs"
    assert found_in(logs, canaries) == []


def test_each_refusal_is_one_line_with_its_reason(stack):
    lines = [json.loads(line) for line in (stack.folder / "web.log").read_text().splitlines() if line[:1] == "{"]
    refused = [line for line in lines if line["event"] == "refused"]
    assert refused
    assert all(line["problem"] and line["request_id"] and line["status"] for line in refused)


def test_redis_holds_nothing_personal(stack, canaries):
    store = redis.Redis.from_url(stack.redis_url)
    held = []
    for key in store.scan_iter():
        kind = store.type(key)
        value = store.get(key) if kind == b"string" else store.hgetall(key) if kind == b"hash" else b""
        held.append(f"{key!r} {value!r}")
    assert found_in("\n".join(held), canaries) == []


def test_no_column_of_any_table_holds_it_in_the_clear(stack, canaries):
    """The whole database, row by row as text: what is personal is sealed or hashed, wherever it stands."""
    allowed: dict[str, set[str]] = {}
    tables = [str(row[0]) for row in stack.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert len(tables) >= 40
    found = {}
    for table in tables:
        rows = "\n".join(str(row[0]) for row in stack.query(f'SELECT t::text FROM "{table}" t'))
        names = set(found_in(rows, canaries)) - allowed.get(table, set())
        if names:
            found[table] = sorted(names)
    assert found == {}


def test_the_search_finds_what_is_there(stack, borrower):
    """The same search finds a text that does stand in the clear."""
    rows = stack.query("SELECT t::text FROM enterprises t")
    assert borrower.persona["enterprise"]["uscc"] in str(rows)
