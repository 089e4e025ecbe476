"""WeChat Pay with the running sandbox: orders, refusals, doubts, refunds, notices, migration of keys."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.adapters.wechat_pay import (
    Card,
    MerchantNotReady,
    NumberUsed,
    OrderAlreadyPaid,
    OrderClosed,
    OrderUnknown,
    PayOrder,
    PayRefused,
    PayUnavailable,
    RefundOrder,
)
from app.adapters.wechat_pay.client import PayClient, plain_text
from app.adapters.wechat_pay.refusals import refusal
from app.kernel.errors import Problem
from tests.adapters.pay_platform import NOW, PayPlatform
from tests.adapters.vendor import Asked, Told, Vendor
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture
def client(sections: dict[str, Any]) -> PayClient:
    return PayClient(sections["wechat_pay"], sections["wechat_login"]["mini"]["appid"])


@pytest.fixture(autouse=True)
def ordinary(sandbox: SandboxProcess) -> Iterator[None]:
    yield
    ordinary_settings = {"key_mode": "both", "notice_key": "public_key", "probe_answers": 0, "probe_notices": 0}
    sandbox.post("/sandbox/api/pay/settings", ordinary_settings)
    for api in ("prepay", "query", "close", "refund", "certificates"):
        sandbox.post("/sandbox/api/pay/faults", {"api": api, "fault": "hang", "times": 0})


@pytest.fixture
def order(client: PayClient, sandbox: SandboxProcess, vendor: Vendor) -> PayOrder:
    return PayOrder(
        out_trade_no=f"R{secrets.token_hex(12).upper()}",
        description="还款 第1期 😀",
        amount_fen=123_45,
        openid=sandbox.persona("good")["wechat"]["mini_openid"],
        appid=client.appid,
        notify_url=f"{vendor.origin}/callbacks/wechat/pay",
        expires_at=datetime.now(UTC) + timedelta(minutes=30),
    )


def pay(client: PayClient, sandbox: SandboxProcess, order: PayOrder) -> None:
    params = client.client_parameters(client.prepay(order), order.appid)
    told = sandbox.post("/sandbox/api/wechat/request-payment", {"persona": "good", "params": params, "outcome": "ok"})
    assert told["paid"]


def notices(vendor: Vendor, count: int) -> list[Asked]:
    for _ in range(400):
        if len(vendor.asked) >= count:
            return vendor.asked[:count]
        time.sleep(0.05)
    raise AssertionError("no notice came")


def test_order_paid_and_told(client: PayClient, sandbox: SandboxProcess, vendor: Vendor, order: PayOrder) -> None:
    assert client.prepay(order).startswith("wx")
    before = client.query(order.out_trade_no)
    assert (before.trade_state, before.transaction_id, before.paid_at) == ("NOTPAY", None, None)
    pay(client, sandbox, order)
    found = client.query(order.out_trade_no)
    assert (found.trade_state, found.amount_fen, found.payer_openid) == ("SUCCESS", order.amount_fen, order.openid)
    (asked,) = notices(vendor, 1)
    notice = client.read_notice(asked.headers, asked.body)
    assert notice.event_type == "TRANSACTION.SUCCESS"
    assert notice.transaction == found
    assert found.payer_openid is not None and found.payer_openid not in repr(found) + repr(notice) + repr(order)


def test_a_repeat_enters_the_same_order_again(client: PayClient, order: PayOrder) -> None:
    assert client.prepay(order) != client.prepay(order)
    with pytest.raises(PayRefused):
        client.prepay(replace(order, amount_fen=1))


def test_numbers_that_are_spent(client: PayClient, sandbox: SandboxProcess, order: PayOrder) -> None:
    pay(client, sandbox, order)
    with pytest.raises(OrderAlreadyPaid):
        client.prepay(order)
    with pytest.raises(OrderAlreadyPaid):
        client.close(order.out_trade_no)
    with pytest.raises(NumberUsed):
        client.prepay(replace(order, amount_fen=1))


def test_closing(client: PayClient, order: PayOrder) -> None:
    client.prepay(order)
    client.close(order.out_trade_no)
    client.close(order.out_trade_no)
    assert client.query(order.out_trade_no).trade_state == "CLOSED"
    with pytest.raises(OrderClosed):
        client.prepay(order)


def test_unknown_orders(client: PayClient) -> None:
    for call in (client.query, client.query_refund):
        with pytest.raises(OrderUnknown):
            call("R0000000000")


@pytest.mark.parametrize("fault", ["system_error", "system_error_after", "bank_error", "frequency"])
def test_a_passing_fault_is_repeated_under_the_same_number(
    client: PayClient, sandbox: SandboxProcess, order: PayOrder, fault: str
) -> None:
    sandbox.post("/sandbox/api/pay/faults", {"api": "prepay", "fault": fault, "times": 2})
    assert client.prepay(order).startswith("wx")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("system_error", PayUnavailable), ("no_auth", MerchantNotReady), ("not_enough", MerchantNotReady)],
)
def test_lasting_faults(
    client: PayClient, sandbox: SandboxProcess, order: PayOrder, fault: str, kind: type[Exception]
) -> None:
    sandbox.post("/sandbox/api/pay/faults", {"api": "prepay", "fault": fault, "times": 3})
    with capture_logs() as lines, pytest.raises(kind):
        client.prepay(order)
    assert any(line["event"] == "wechat_pay_alarm" for line in lines) == (kind is MerchantNotReady)
    assert order.openid not in str(lines)


def test_an_answer_that_does_not_verify_is_not_believed(
    client: PayClient, sandbox: SandboxProcess, order: PayOrder
) -> None:
    """Also what a probe looks like: the state is unknown and the next query tells it."""
    client.prepay(order)
    sandbox.post("/sandbox/api/pay/settings", {"probe_answers": 1})
    with pytest.raises(PayUnavailable):
        client.query(order.out_trade_no)
    assert client.query(order.out_trade_no).trade_state == "NOTPAY"


def test_our_own_signature_refused(sections: dict[str, Any], platform: PayPlatform, order: PayOrder) -> None:
    wrong = sections["wechat_pay"] | {"merchant_serial": "0" * 40}
    with pytest.raises(MerchantNotReady):
        PayClient(wrong, order.appid).prepay(order)


def test_refund(client: PayClient, sandbox: SandboxProcess, vendor: Vendor, order: PayOrder) -> None:
    pay(client, sandbox, order)
    asked = RefundOrder(f"F{order.out_trade_no}", order.out_trade_no, 45, order.amount_fen, "多付", order.notify_url)
    first = client.refund(asked)
    assert (first.amount_fen, first.order_amount_fen, first.status) == (45, order.amount_fen, "PROCESSING")
    assert client.refund(asked).refund_id == first.refund_id
    with pytest.raises(PayRefused):
        client.refund(replace(asked, amount_fen=46))
    notice = client.read_notice(*_split(notices(vendor, 2)[1]))
    assert notice.event_type == "REFUND.SUCCESS" and notice.refund is not None
    assert (notice.refund.out_refund_no, notice.refund.mchid) == (asked.out_refund_no, client.mchid)
    assert client.query_refund(asked.out_refund_no).status == "SUCCESS"


def _split(asked: Asked) -> tuple[dict[str, str], bytes]:
    return asked.headers, asked.body


@pytest.mark.parametrize(
    ("mode", "key_mode", "notice_key"),
    [("certificate", "certificate", "certificate"), ("both", "both", "certificate"), ("both", "both", "public_key")],
)
def test_every_stage_of_a_migration(
    sections: dict[str, Any],
    sandbox: SandboxProcess,
    vendor: Vendor,
    order: PayOrder,
    mode: str,
    key_mode: str,
    notice_key: str,
) -> None:
    sandbox.post("/sandbox/api/pay/settings", {"key_mode": key_mode, "notice_key": notice_key})
    client = PayClient(sections["wechat_pay"] | {"mode": mode}, order.appid)
    pay(client, sandbox, order)
    (asked,) = notices(vendor, 1)
    assert asked.headers["wechatpay-serial"].startswith("PUB_KEY_ID_") == (notice_key == "public_key")
    assert client.read_notice(asked.headers, asked.body).transaction == client.query(order.out_trade_no)


@pytest.mark.parametrize("number", ["short", "R" * 33, "R 0000000", "R0000000😀", "R00000/../x"])
def test_numbers_of_the_wrong_shape_are_our_own_fault(client: PayClient, order: PayOrder, number: str) -> None:
    with pytest.raises(ValueError, match="shape"):
        client.prepay(replace(order, out_trade_no=number))
    with pytest.raises(ValueError, match="shape"):
        client.query(number)


def test_texts_without_emoji_and_control_characters() -> None:
    assert plain_text("还款😀\n\x00第1期" + "长" * 200, 10) == "还款第1期长长长长长"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ORDER_PAID", OrderAlreadyPaid),
        (400, "ORDERPAID", OrderAlreadyPaid),
        (404, "ORDERNOTEXIST", OrderUnknown),
        (403, "OUT_TRADE_NO_USED", NumberUsed),
        (403, "RULE_LIMIT", PayRefused),
        (403, "NOTENOUGH", MerchantNotReady),
        (429, "ANYTHING", PayUnavailable),
        (500, "SYSTEMERROR", PayUnavailable),
        (202, "NEW_ONE", PayUnavailable),
        (500, "OPENID_MISMATCH", PayRefused),
        (418, "<script>", PayRefused),
    ],
)
def test_codes_old_and_new(status: int, code: str, kind: type[Problem]) -> None:
    found = refusal(status, code)
    assert type(found) is kind and "<" not in str(found.context)


@pytest.mark.parametrize(
    "told",
    [
        lambda platform: Told(200, b'{"prepay_id":"x"}'),  # unsigned
        lambda platform: Told(200, b'{"prepay_id":"x"}', platform.headers(b'{"prepay_id":"y"}')),
        lambda platform: Told(200, b"{}", platform.headers(b"{}")),
        lambda platform: Told(200, b'{"prepay_id":"x"}', platform.headers(b'{"prepay_id":"x"}', timestamp=NOW - 301)),
        lambda platform: Told(404, b'{"code":"ORDER_NOT_EXIST"}'),  # an unsigned refusal proves nothing either
    ],
)
def test_answers_from_nobody(vendor: Vendor, platform: PayPlatform, order: PayOrder, told: Any) -> None:
    vendor.script = lambda *_: told(platform)
    client = PayClient(platform.section(vendor.origin), order.appid, wall=lambda: float(NOW))
    with pytest.raises(PayUnavailable):
        client.prepay(order)


@pytest.mark.parametrize("mode", ["public_key", "certificate"])
def test_a_card_travels_encrypted_for_the_key_that_is_named(
    sections: dict[str, Any], client: PayClient, sandbox: SandboxProcess, order: PayOrder, mode: str
) -> None:
    """What the sandbox opens with the key of the serial is the card; nothing of it is on the wire in the clear."""
    number = f"F{secrets.token_hex(8)}"
    prepay_id = client.prepay(order)
    paying = {"persona": "good", "params": client.client_parameters(prepay_id, client.appid)}
    assert sandbox.post("/sandbox/api/wechat/request-payment", paying)["paid"]
    sandbox.post("/sandbox/api/pay/settings", {"refunds": "held"})
    made = client.refund(
        RefundOrder(number, order.out_trade_no, order.amount_fen, order.amount_fen, "退款", order.notify_url)
    )
    with pytest.raises(PayRefused):
        client.redirect_refund(refund_id=made.refund_id, out_refund_no=number, card=None)  # not abnormal yet
    sandbox.post(f"/sandbox/api/pay/refunds/{number}/finish", {"status": "ABNORMAL"})
    sandbox.post("/sandbox/api/pay/settings", {"key_mode": mode})
    other = PayClient(sections["wechat_pay"] | {"mode": mode}, client.appid)
    card = Card("CMB_DEBIT", "6214830000001234", "沈测")
    assert "6214" not in repr(card) and "沈" not in repr(card)
    told = other.redirect_refund(refund_id=made.refund_id, out_refund_no=number, card=card)
    assert (told.status, told.received_by) == ("PROCESSING", "招商银行借记卡1234") and not told.to_merchant
    with pytest.raises(ValueError, match="no refund to cards"):
        other.redirect_refund(refund_id=made.refund_id, out_refund_no=number, card=replace(card, bank_type="X"))
    sandbox.post("/sandbox/api/pay/settings", {"refunds": "auto"})
