"""Attack set C over HTTP: notices that must not be believed, copies of one that must, and money that does not fit."""

from __future__ import annotations

import gzip
import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

from tests.attacks.forged import PATH, Forger, Order, effects, last_notice
from tests.stack import Stack
from tests.story import Story

NO_NEWS = {"outbox_events": 0, "journals": 0, "payment_transactions": 0}


@pytest.fixture(scope="module")
def forger(stack: Stack, borrower: Story) -> Iterator[Forger]:
    """The sandbox's own notices are held, so that every notice here is one of ours."""
    stack.until(lambda: "order.financed" in borrower.webhook_types(), "the loan's events are told")
    stack.sandbox.post("/sandbox/api/pay/settings", {"notices": "held"})
    yield Forger(stack)
    stack.sandbox.post("/sandbox/api/pay/settings", {"notices": "normal"})


def order_of(story: Story, opened: dict[str, Any]) -> Order:
    rows = story.stack.query(
        "SELECT out_trade_no, appid, amount_fen FROM payment_orders WHERE reference_id = %(id)s",
        {"id": opened["repayment"]["id"]},
    )
    number, appid, amount_fen = rows[0]
    return Order(str(number), str(appid), int(str(amount_fen)), story.persona["wechat"]["mini_openid"])


@pytest.fixture(scope="module")
def opened(borrower: Story) -> dict[str, Any]:
    return borrower.open_repayment("instalment")


@pytest.fixture(scope="module")
def order(borrower: Story, opened: dict[str, Any]) -> Order:
    """An order that waits for its money."""
    return order_of(borrower, opened)


@pytest.fixture
def change(stack: Stack) -> Callable[[], dict[str, int]]:
    """What came about since the test began."""
    before = effects(stack)
    return lambda: {table: count - before[table] for table, count in effects(stack).items()}


def without(name: str) -> Callable[[Forger, bytes], Any]:
    return lambda forger, body: {key: value for key, value in forger.signed(body).items() if key != name}


def picked(headers: dict[str, str], name: str) -> dict[str, str]:
    return {name: headers[name]}


REFUSED: dict[str, tuple[Callable[[Forger, bytes], Any], str]] = {
    "no headers at all": (lambda forger, body: {}, "headers"),
    **{
        f"no {name}": (without(f"Wechatpay-{name}"), "headers")
        for name in ("Serial", "Timestamp", "Nonce", "Signature")
    },
    "a day old": (lambda forger, body: forger.signed(body, skew_s=-86_400), "timestamp"),
    "301 s old": (lambda forger, body: forger.signed(body, skew_s=-301), "timestamp"),
    "from the future": (lambda forger, body: forger.signed(body, skew_s=320), "timestamp"),
    "time in words": (lambda forger, body: forger.signed(body) | {"Wechatpay-Timestamp": "now"}, "timestamp"),
    "fresh time, old signature": (
        lambda forger, body: forger.signed(body, skew_s=-9) | picked(forger.signed(body), "Wechatpay-Timestamp"),
        "signature",
    ),
    "fresh nonce, old signature": (
        lambda forger, body: forger.signed(body) | {"Wechatpay-Nonce": "n" * 32},
        "signature",
    ),
    "unknown certificate": (lambda forger, body: forger.signed(body, serial="F" * 40), "serial"),
    "another merchant's key id": (lambda forger, body: forger.signed(body, serial="PUB_KEY_ID_0000000001"), "serial"),
    "serial that is no number": (lambda forger, body: forger.signed(body, serial="zz'; --"), "serial"),
    "serial of 4 kB": (lambda forger, body: forger.signed(body, serial="A" * 4000), "serial"),
    "the other key's serial": (
        lambda forger, body: forger.signed(body, serial=forger.keys["platform_certificate"]["serial"]),
        "serial",  # this bank is past its move to the public key
    ),
    "signed with SHA-1": (lambda forger, body: forger.resigned(body, "sha1"), "signature"),
    "signed with PSS": (lambda forger, body: forger.resigned(body, "pss"), "signature"),
    "HMAC with the public key": (lambda forger, body: forger.resigned(body, "hmac"), "signature"),
    "another signature type": (
        lambda forger, body: forger.signed(body) | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"},
        "headers",
    ),
    "a probe of WeChat Pay": (
        lambda forger, body: forger.signed(body) | {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/AAAA"},
        "signature",
    ),
    "a header twice": (
        lambda forger, body: [*forger.signed(body).items(), ("Wechatpay-Nonce", "second")],
        "signature",
    ),
    "an underscore instead of a dash": (
        lambda forger, body: without("Wechatpay-Serial")(forger, body) | {"Wechatpay_Serial": "x"},
        "headers",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_notice_that_proves_nothing_is_refused_and_recorded(forger, order, change, stack, name):
    make, reason = REFUSED[name]
    body = forger.envelope(forger.paid(order))
    response = forger.post(body, make(forger, body))
    assert response.status_code == 401, response.text
    assert response.json()["code"] == f"wechat_pay.notice_{reason}"
    assert change() == NO_NEWS | {"payment_notices": 1}
    assert last_notice(stack) == ("refused", reason)


TWISTED: dict[str, Callable[[bytes], bytes]] = {
    "one byte changed": lambda body: body.replace(b'"id":"', b'"id":"0', 1),
    "serialised anew": lambda body: json.dumps(json.loads(body)).encode(),
    "a blank at the end": lambda body: body + b" ",
    "empty": lambda body: b"",
}


@pytest.mark.parametrize("name", TWISTED)
def test_the_signature_covers_every_byte(forger, order, change, name):
    body = forger.envelope(forger.paid(order))
    assert forger.post(TWISTED[name](body), forger.signed(body)).status_code == 401
    assert change() == NO_NEWS | {"payment_notices": 1}


SEALED: dict[str, tuple[dict[str, Any], str]] = {
    "no algorithm": ({"algorithm": None}, "decrypt"),
    "algorithm none": ({"algorithm": "none"}, "decrypt"),
    "AES-128": ({"algorithm": "AEAD_AES_128_GCM"}, "decrypt"),
    "nonce of 11": ({"nonce": "n" * 11}, "decrypt"),
    "nonce of 13": ({"nonce": "n" * 13}, "decrypt"),
    "nonce of none": ({"nonce": ""}, "decrypt"),
    "other associated data": ({"associated_data": "refund"}, "decrypt"),
    "tag cut off": ({"ciphertext": "AAAAAAAA"}, "decrypt"),
    "no base64": ({"ciphertext": "***"}, "decrypt"),
}


@pytest.mark.parametrize("name", SEALED)
def test_what_does_not_open_is_refused(forger, order, change, stack, name):
    fields, reason = SEALED[name]
    body = forger.envelope(forger.paid(order), resource=fields)
    assert forger.post(body, forger.signed(body)).status_code == 401
    assert change() == NO_NEWS | {"payment_notices": 1}
    assert last_notice(stack) == ("refused", reason)


SHAPES: dict[str, bytes] = {
    "a list": b"[]",
    "a number": b"1",
    "not JSON": b"{",
    "a key twice": b'{"id":"1","id":"2"}',
    "deep": b"[" * 20_000,
    "NUL": b'{"id":"\\u0000"}',
    "half a surrogate": b'{"id":"\\ud800"}',
    "UTF-16": "{}".encode("utf-16"),
    "XML with an entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>&e;</xml>',
}


@pytest.mark.parametrize("name", SHAPES)
def test_signed_nonsense_is_refused(forger, change, stack, name):
    assert forger.post(SHAPES[name], forger.signed(SHAPES[name])).status_code == 401
    assert change() == NO_NEWS | {"payment_notices": 1}
    assert last_notice(stack) == ("refused", "shape")


# A genuine message about something that is no payment of this order: no money moves, the order waits on.
IGNORED: dict[str, tuple[dict[str, Any], str]] = {
    "another merchant": ({"mchid": "1900000000"}, "other_merchant"),
    **{state: ({"trade_state": state}, "not_success") for state in ("CLOSED", "USERPAYING", "NOTPAY")},
    "no transaction number": ({"transaction_id": None}, "no_transaction"),
    "another currency": ({"amount": {"total": 1, "payer_total": 1, "currency": "USD"}}, "other_currency"),
}


@pytest.mark.parametrize("name", IGNORED)
def test_no_payment_has_no_effect(forger, order, change, stack, name):
    changes, reason = IGNORED[name]
    assert forger.tell(order, **changes).status_code == 204
    assert change() == NO_NEWS | {"payment_notices": 1}
    assert last_notice(stack) == ("ignored", reason)


# Money that came and does not fit: in the book as suspense, never on the order.
SUSPENSE: dict[str, tuple[Callable[[Order], dict[str, Any]], str]] = {
    "a fen short": (lambda order: {"amount": amount(order.amount_fen - 1)}, "amount_differs"),
    "a fen more": (lambda order: {"amount": amount(order.amount_fen + 1)}, "amount_differs"),
    "2^63 - 1 fen": (lambda order: {"amount": amount(2**63 - 1)}, "amount_differs"),
    "paid with a coupon": (
        lambda order: {"amount": amount(order.amount_fen) | {"payer_total": order.amount_fen - 1}},
        "payer_paid_less",
    ),
    "paid and given back": (lambda order: {"trade_state": "REFUND"}, "refunded"),
    "another app": (lambda order: {"appid": "wx0000000000000000"}, "other_app"),
    "another payer": (lambda order: {"payer": {"openid": "o" + "x" * 27}}, "other_payer"),
    "no payer": (lambda order: {"payer": None}, "other_payer"),
    "unknown order": (lambda order: {"out_trade_no": "DK00000000000000000000000000"}, "order_unknown"),
    "hostile order number": (lambda order: {"out_trade_no": "' OR 1=1; --"}, "order_unknown"),
}


def amount(total_fen: int) -> dict[str, Any]:
    return {"total": total_fen, "payer_total": total_fen, "currency": "CNY"}


@pytest.mark.parametrize("name", SUSPENSE)
def test_money_that_does_not_fit_goes_to_suspense(forger, order, change, stack, name):
    make, reason = SUSPENSE[name]
    assert forger.tell(order, **make(order)).status_code == 204
    assert last_notice(stack) == ("suspense", reason)
    assert change() == {"outbox_events": 0, "journals": 1, "payment_transactions": 1, "payment_notices": 1}


# Signed by WeChat Pay and impossible: whatever the answer, it is no 5xx and moves nothing.
ABSURD: dict[str, dict[str, Any]] = {
    "transaction number of 200 letters": {"transaction_id": "4" * 200},
    "order number of 200 letters": {"out_trade_no": "D" * 200},
    "0 fen": {"amount": amount(0)},
    "minus 1 fen": {"amount": amount(-1)},
    "2^63 fen": {"amount": amount(2**63)},
    "a fraction": {"amount": amount(1.5)},  # type: ignore[arg-type]
    "year 9999": {"success_time": "9999-12-31T23:59:59+00:00"},
}


@pytest.mark.parametrize("name", ABSURD)
def test_the_impossible_is_no_fault_of_ours(forger, order, change, name):
    response = forger.tell(order, **ABSURD[name])
    assert response.status_code < 500, response.text
    assert change() == NO_NEWS | {"payment_notices": 1}


def test_bodies_that_are_not_a_notice_are_not_even_read(forger, order, change):
    body = forger.envelope(forger.paid(order))
    bomb = gzip.compress(b"0" * 50_000_000)
    for raw, headers, status in (
        (bomb, {"Content-Encoding": "gzip"}, 415),
        (gzip.compress(body), forger.signed(body) | {"Content-Encoding": "gzip"}, 415),
        (b"0" * 70_000, forger.signed(b"0" * 70_000), 413),
    ):
        assert forger.post(raw, headers).status_code == status
    with suppress(httpx.TransportError):  # closed before all of it was sent
        assert forger.post(b"0" * 10_000_000, {}).status_code == 413
    assert change() == NO_NEWS | {"payment_notices": 0}


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: -1",
        "Content-Length : 5",
        "Wechatpay-Nonce: a\rb",
    ],
)
def test_ambiguous_lengths_and_broken_headers_are_refused_at_the_door(forger, change, stack, head):
    with socket.create_connection(("127.0.0.1", stack.port), timeout=10) as wire:
        wire.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n0\r\n\r\n".encode())
        wire.shutdown(socket.SHUT_WR)
        answer = wire.makefile("rb").readline()
    assert answer == b"" or answer.split()[1] in {b"400", b"401", b"501"}, answer
    assert {key: count for key, count in change().items() if key != "payment_notices"} == NO_NEWS


def test_ten_copies_at_once_credit_once_and_a_day_later_nothing(forger, borrower, opened, order, change, stack):
    told = forger.paid(order)

    def send(_: int) -> int:
        body = forger.envelope(told)  # an id and a nonce of its own, the same transaction
        return forger.post(body, forger.signed(body)).status_code

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(send, range(10))) == [204] * 10
    rows = stack.query("SELECT verdict FROM payment_notices ORDER BY id DESC LIMIT 10")
    assert Counter(str(row[0]) for row in rows) == {"credited": 1, "duplicate": 9}
    booked = borrower.wait_repayment(opened)
    assert booked["amount_fen"] == order.amount_fen
    assert change()["payment_transactions"] == 1
    stack.until(lambda: "repayment.succeeded" in borrower.webhook_types(), "the partner knows of it")
    before = effects(stack)
    body = forger.envelope(told)
    assert forger.post(body, forger.signed(body, skew_s=-86_400)).status_code == 401
    assert send(0) == 204
    assert last_notice(stack) == ("duplicate", "known")
    assert effects(stack) == before | {"payment_notices": before["payment_notices"] + 2}


def test_a_second_payment_of_a_paid_order_is_kept_in_suspense(forger, order, stack):
    assert forger.tell(order).status_code == 204
    assert last_notice(stack) == ("suspense", "paid_twice")


def test_copies_of_the_sandbox_with_a_twist_bring_nothing(forger, borrower, stack):
    """WeChat Pay's own notice, delivered late: wrong copies before it, the right one ten times, wrong ones after it."""
    opened = borrower.open_repayment("instalment")
    borrower.pay(opened)
    held = stack.sandbox.get("/sandbox/api/pay/notices")["notices"]
    notice = next(one for one in held if one["state"] == "held")
    for twist in ({"skew_seconds": -86_400}, {"serial": "F" * 40}, {"flip_byte": True}, {"signature": "AAAA"}):
        assert sent(stack, notice["id"], 1, twist=twist) == [401]
    assert sent(stack, notice["id"], 10, new_id=True) == [204] * 10
    booked = borrower.wait_repayment(opened)
    again = sent(stack, notice["id"], 1, twist={"resource": {"amount": {"total": 1, "payer_total": 1}}})
    assert again == [204]
    assert last_notice(stack) == ("duplicate", "known")
    assert borrower.wait_repayment(opened) == booked


def sent(stack: Stack, notice_id: str, copies: int, **options: Any) -> list[int]:
    """Send copies of a notice of the sandbox; what each was answered."""

    def attempts() -> list[dict[str, Any]]:
        notices = stack.sandbox.get("/sandbox/api/pay/notices")["notices"]
        found: list[dict[str, Any]] = next(one for one in notices if one["id"] == notice_id)["attempts"]
        return found

    before = len(attempts())
    stack.sandbox.post(f"/sandbox/api/pay/notices/{notice_id}/resend", {"copies": copies, **options})
    stack.until(lambda: len(attempts()) == before + copies, "the copies are sent")
    return [attempt["status"] for attempt in attempts()[before:]]


def test_a_payment_after_the_cancellation_is_kept_in_suspense(forger, borrower, stack):
    opened = borrower.open_repayment("instalment")
    late = order_of(borrower, opened)
    borrower.ask("POST", f"/customer/v1/repayments/{opened['repayment']['id']}/cancellation", expect=200)
    assert forger.tell(late).status_code == 204
    assert last_notice(stack) == ("suspense", "paid_after_close")


def test_afterwards_every_invariant_holds_and_nothing_was_a_fault(forger, stack):
    assert "BROKEN" not in stack.run("invariants")
    assert '"status": 5' not in (stack.folder / "web.log").read_text()
