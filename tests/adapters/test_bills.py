"""Bills and statements: fetched from the running sandbox; broken, foreign and endless files are refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.adapters import channels
from app.adapters.core_bank import StatementNotReady
from app.adapters.wechat_pay import BillBroken, BillNotReady, NoBill, PayOrder, PayUnavailable, RefundOrder
from app.adapters.wechat_pay.bills import Unpacked
from app.adapters.wechat_pay.client import PayClient
from app.kernel import clock
from tests.adapters.pay_platform import APPID, NOW, PayPlatform
from tests.adapters.vendor import Asked, Told, Vendor
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("empty_cache")
DAY = date(2026, 11, 22)


@pytest.fixture
def client(sections: dict[str, Any], sandbox: SandboxProcess) -> PayClient:
    sandbox.reset()
    sandbox.post("/sandbox/api/pay/settings", {"bills": "ready"})
    return PayClient(sections["wechat_pay"], sections["wechat_login"]["mini"]["appid"])


def paid(client: PayClient, sandbox: SandboxProcess) -> PayOrder:
    order = PayOrder(
        out_trade_no=f"R{secrets.token_hex(12).upper()}",
        description="还款，第1期,含逗号",
        amount_fen=123_45,
        openid=sandbox.persona("good")["wechat"]["mini_openid"],
        appid=client.appid,
        notify_url="http://127.0.0.1:9/callbacks/wechat/pay",
        expires_at=datetime.now(UTC) + timedelta(minutes=30),
    )
    params = client.client_parameters(client.prepay(order), order.appid)
    assert sandbox.post("/sandbox/api/wechat/request-payment", {"persona": "good", "params": params})["paid"]
    return order


def test_a_bill_is_fetched_whole_and_proved(client: PayClient, sandbox: SandboxProcess) -> None:
    with pytest.raises(NoBill):
        client.fetch_bill("trade", clock.today(), io.BytesIO())
    order, into = paid(client, sandbox), io.BytesIO()
    sha1 = client.fetch_bill("trade", clock.today(), into)
    assert order.out_trade_no in into.getvalue().decode() and hashlib.sha1(into.getvalue()).hexdigest() == sha1
    assert client.fetch_bill("fund_flow", clock.today(), io.BytesIO()) != sha1
    sandbox.post("/sandbox/api/pay/settings", {"bills": "daily"})
    with pytest.raises(Exception, match="PARAM_ERROR"):
        client.fetch_bill("trade", clock.today(), io.BytesIO())


def test_one_of_two_payments_is_refunded_by_its_own_number(client: PayClient, sandbox: SandboxProcess) -> None:
    order = paid(client, sandbox)
    number = client.query(order.out_trade_no).transaction_id
    asked = RefundOrder(
        f"F{secrets.token_hex(8)}", order.out_trade_no, 45, order.amount_fen, "多付", order.notify_url, number
    )
    told = client.refund(asked)
    assert (told.transaction_id, told.status) == (number, "PROCESSING") and told.created_at is not None


def own(platform: PayPlatform, vendor: Vendor) -> PayClient:
    return PayClient(platform.section(vendor.origin), APPID, wall=lambda: NOW)


def signed(platform: PayPlatform, document: dict[str, str], status: int = 200) -> Told:
    body = json.dumps(document).encode()
    return Told(status, body, platform.headers(body))


class Files:
    """A platform that answers a bill's place and then whatever file a test wants."""

    def __init__(self, platform: PayPlatform, vendor: Vendor, content: bytes, **place: str) -> None:
        told = {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(b"true").hexdigest(),
            "download_url": f"{vendor.origin}/v3/billdownload/file?token=t",
        } | place

        def script(asked: Asked, number: int) -> Told:
            if asked.target.startswith("/v3/billdownload/"):
                return Told(200, content)
            return signed(platform, told)

        vendor.script = script


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (gzip.compress(b"true"), None),
        (gzip.compress(b"false"), BillBroken),
        (gzip.compress(b"true")[:-4], BillBroken),
        (b"true", BillBroken),
        (b"", BillBroken),
    ],
)
def test_only_the_file_that_the_hash_is_of_is_taken(
    platform: PayPlatform, vendor: Vendor, content: bytes, error: type[Exception] | None
) -> None:
    Files(platform, vendor, content)
    into = io.BytesIO()
    if error is None:
        own(platform, vendor).fetch_bill("trade", DAY, into)
        assert into.getvalue() == b"true"
        return
    with pytest.raises(error):
        own(platform, vendor).fetch_bill("trade", DAY, into)


def test_an_address_elsewhere_is_not_followed(platform: PayPlatform, vendor: Vendor) -> None:
    Files(platform, vendor, gzip.compress(b"true"), download_url="http://127.0.0.1:9/v3/billdownload/file?token=t")
    with pytest.raises(PayUnavailable):
        own(platform, vendor).fetch_bill("trade", DAY, io.BytesIO())
    assert [asked.target.split("?")[0] for asked in vendor.asked] == ["/v3/bill/tradebill"]


def test_a_bill_in_the_making_is_asked_for_again_later(platform: PayPlatform, vendor: Vendor) -> None:
    vendor.script = lambda asked, number: signed(platform, {"code": "STATEMENT_CREATING", "message": ""}, 400)
    with pytest.raises(BillNotReady):
        own(platform, vendor).fetch_bill("trade", DAY, io.BytesIO())


def test_a_file_is_unpacked_in_pieces() -> None:
    into = io.BytesIO()
    unpacked = Unpacked(into)
    plain = b"0" * 5_000_000
    for byte in gzip.compress(plain):
        unpacked.take(bytes([byte]))
    assert unpacked.sha1() == hashlib.sha1(plain).hexdigest() and into.getvalue() == plain


def test_the_statement_comes_in_pages(app: object, sandbox: SandboxProcess) -> None:
    sandbox.reset()
    with pytest.raises(StatementNotReady):
        channels().core_bank.statement_page(clock.today(), None)
    sandbox.post("/sandbox/api/core-bank/statements/settings", {"now": True})
    page = channels().core_bank.statement_page(clock.today(), None)
    assert (page.entries, page.next_after, page.count) == ((), None, 0)
    sandbox.reset()
