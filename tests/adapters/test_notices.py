"""Attack set C as far as the adapter is concerned: what WeChat Pay did not sign for us has no effect and no 500."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.wechat_pay import Notice, NoticeRefused
from app.adapters.wechat_pay.client import PayClient
from tests.adapters.pay_platform import (
    APPID,
    MCHID,
    NOW,
    PUBLIC_KEY_ID,
    PayPlatform,
    envelope,
    new_key,
    public_pem,
    sealed,
    transaction,
)
from tests.adapters.vendor import Told, Vendor

Headers = dict[str, str]


@pytest.fixture(scope="module")
def client(platform: PayPlatform) -> PayClient:
    return PayClient(platform.section("http://127.0.0.1:1"), APPID, wall=lambda: float(NOW))


def body(resource: dict[str, Any] | None = None, **changes: Any) -> bytes:
    return json.dumps(envelope(resource, **changes), ensure_ascii=False).encode()


def refused(client: PayClient, headers: Headers, raw: bytes) -> str:
    with pytest.raises(NoticeRefused) as refusal:
        client.read_notice(headers, raw)
    assert refusal.value.code == f"wechat_pay.notice_{refusal.value.reason}"
    return refusal.value.reason


def test_a_genuine_notice(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    notice = client.read_notice(platform.headers(raw), raw)
    paid_at = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
    assert (notice.id, notice.event_type, notice.refund) == ("EV-2027011516000000000", "TRANSACTION.SUCCESS", None)
    found = notice.transaction
    assert found is not None and (found.mchid, found.appid, found.amount_fen, found.currency) == (
        MCHID,
        APPID,
        100,
        "CNY",
    )
    assert (found.trade_state, found.paid_at, found.payer_total_fen) == ("SUCCESS", paid_at, 100)


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_header_names_in_any_case(client: PayClient, platform: PayPlatform, change: Callable[[str], str]) -> None:
    raw = body()
    headers = {change(name): value for name, value in platform.headers(raw).items()}
    assert isinstance(client.read_notice(headers, raw), Notice)


def test_signature_type_may_be_absent(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    headers = platform.headers(raw)
    del headers["Wechatpay-Signature-Type"]
    assert isinstance(client.read_notice(headers, raw), Notice)


# C1, C13: headers that are missing, twice, odd or endless
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda given: {}, "headers"),
        *[
            (lambda given, gone=name: {k: v for k, v in given.items() if k != f"Wechatpay-{gone}"}, "headers")
            for name in ("Serial", "Timestamp", "Nonce", "Signature")
        ],
        (lambda given: given | {"Wechatpay-Nonce": ""}, "headers"),
        (lambda given: given | {"wechatpay-nonce": "another"}, "headers"),
        (lambda given: given | {"Wechatpay-Nonce": "a\r\nX-Evil: 1"}, "headers"),
        (lambda given: given | {"Wechatpay-Nonce": "n\x00"}, "headers"),
        (lambda given: given | {"Wechatpay-Nonce": "n" * 10_000}, "headers"),
        (lambda given: given | {"Wechatpay-Nonce": "é"}, "headers"),
        (lambda given: given | {"Wechatpay-Signature": "A" * 10_000}, "headers"),
        (lambda given: given | {"Wechatpay-Timestamp": f"{NOW},{NOW}"}, "headers"),  # two headers, joined by the server
        (lambda given: given | {"Wechatpay-Serial": f"{PUBLIC_KEY_ID},{PUBLIC_KEY_ID}"}, "serial"),
    ],
)
def test_broken_headers(
    client: PayClient, platform: PayPlatform, change: Callable[[Headers], Headers], reason: str
) -> None:
    raw = body()
    assert refused(client, change(platform.headers(raw)), raw) in (reason, "headers", "timestamp")


# C2–C7: the bytes and the clock
def test_a_changed_byte(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    changed = raw.replace(b"EV-2027", b"EV-2028")
    assert refused(client, platform.headers(raw), changed) == "signature"


def test_the_same_json_written_anew(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    again = json.dumps(json.loads(raw), sort_keys=True).encode()
    assert refused(client, platform.headers(raw), again) == "signature"


@pytest.mark.parametrize(
    ("timestamp", "genuine"),
    [
        (NOW - 299, True),
        (NOW + 299, True),
        (NOW - 300, False),
        (NOW + 300, False),
        (NOW - 86_400, False),
        ("", False),
        ("-1", False),
        ("1.8e9", False),
        ("１８０００００００００", False),
        ("9" * 12, False),
        ("9" * 5000, False),
    ],
)
def test_window_of_300_seconds(client: PayClient, platform: PayPlatform, timestamp: int | str, genuine: bool) -> None:
    raw = body()
    headers = platform.headers(raw, timestamp=timestamp)
    if genuine:
        assert isinstance(client.read_notice(headers, raw), Notice)
    else:
        assert refused(client, headers, raw) in ("timestamp", "headers")


def test_an_old_signature_under_a_fresh_nonce(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    assert refused(client, platform.headers(raw) | {"Wechatpay-Nonce": "fresh"}, raw) == "signature"
    assert refused(client, platform.headers(raw) | {"Wechatpay-Timestamp": str(NOW + 1)}, raw) == "signature"


# C10, C11: the serial chooses the key and nothing else does
@pytest.mark.parametrize(
    "serial",
    [
        "PUB_KEY_ID_0199999999992026010100000000000009",
        "PUB_KEY_ID_",
        PUBLIC_KEY_ID.lower(),
        "not hex",
        "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "../../etc/passwd",
        "0" * 40,
        "A" * 10_240,
    ],
)
def test_a_serial_that_is_not_ours(client: PayClient, platform: PayPlatform, serial: str) -> None:
    raw = body()
    assert refused(client, platform.headers(raw, serial=serial), raw) == "serial"


# C12: the algorithm belongs to the key
def _pss(key: rsa.RSAPrivateKey, text: bytes) -> bytes:
    return key.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def _hmac_with_public_key(key: rsa.RSAPrivateKey, text: bytes) -> bytes:
    return hmac.new(public_pem(key).encode(), text, hashlib.sha256).digest()


@pytest.mark.parametrize(
    "sign",
    [
        lambda key, text: key.sign(text, padding.PKCS1v15(), hashes.SHA1()),
        lambda key, text: key.sign(text, padding.PKCS1v15(), hashes.SHA512()),
        _pss,
        _hmac_with_public_key,
        lambda key, text: b"",
        lambda key, text: bytes(256),
        lambda key, text: b"\xff" * 256,
    ],
)
@pytest.mark.parametrize("claim", [None, "WECHATPAY2-SM2-WITH-SM3", "none", "HS256"])
def test_other_algorithms(client: PayClient, platform: PayPlatform, sign: Any, claim: str | None) -> None:
    raw = body()
    headers = platform.headers(raw, sign=sign)
    if claim:
        headers["Wechatpay-Signature-Type"] = claim
    assert refused(client, headers, raw) in ("signature", "headers")


def test_the_merchants_own_key_is_not_the_platforms(client: PayClient, platform: PayPlatform) -> None:
    raw = body()
    assert refused(client, platform.headers(raw, key=platform.merchant_key), raw) == "signature"
    assert refused(client, platform.headers(raw, key=new_key()), raw) == "signature"


@pytest.mark.parametrize("signature", ["WECHATPAY/SIGNTEST/abcdefgh", "not base64!", "QUJD", "===="])
def test_probes_and_rubbish_simply_fail(client: PayClient, platform: PayPlatform, signature: str) -> None:
    raw = body()
    assert refused(client, platform.headers(raw) | {"Wechatpay-Signature": signature}, raw) == "signature"


# C14, C15: genuine envelope, resource not as agreed; fail closed
PLAIN = json.dumps(transaction()).encode()


def _ciphertext(cut: int) -> dict[str, str]:
    good = sealed(PLAIN)
    return good | {"ciphertext": base64.b64encode(base64.b64decode(good["ciphertext"])[:cut]).decode()}


@pytest.mark.parametrize(
    "resource",
    [
        *[
            sealed(PLAIN) | {"algorithm": name}
            for name in ("none", "", "AEAD_AES_128_GCM", "aead_aes_256_gcm", 1, None)
        ],
        {key: value for key, value in sealed(PLAIN).items() if key != "algorithm"},
        {key: value for key, value in sealed(PLAIN).items() if key != "nonce"},
        *[sealed(PLAIN, nonce="0123456789abcdef"[:size]) for size in (11, 13, 16)],
        sealed(PLAIN) | {"nonce": ""},
        sealed(PLAIN) | {"nonce": "测测测测测测测测测测测测"},
        sealed(PLAIN) | {"associated_data": "refund"},
        sealed(PLAIN) | {"associated_data": ""},
        {key: value for key, value in sealed(PLAIN).items() if key != "associated_data"},
        _ciphertext(-16),  # tag gone
        _ciphertext(-12),  # tag of four bytes
        _ciphertext(-1),
        _ciphertext(4),
        _ciphertext(0),
        sealed(PLAIN) | {"ciphertext": "not base64!"},
        sealed(PLAIN) | {"ciphertext": 5},
        {},
    ],
)
def test_resources_that_do_not_open(client: PayClient, platform: PayPlatform, resource: dict[str, Any]) -> None:
    raw = json.dumps({**envelope(), "resource": resource}, ensure_ascii=False).encode()
    assert refused(client, platform.headers(raw), raw) == "decrypt"


# genuine signature, odd content: an error of ours or theirs, never a crash
def _without(*names: str) -> bytes:
    return json.dumps({key: value for key, value in transaction().items() if key not in names}).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"a":NaN}',
        b"[" * 100_000,
        b'{"id":' + b"9" * 5000 + b"}",
        json.dumps(envelope() | {"resource": None}).encode(),
        json.dumps(envelope() | {"id": 5}).encode(),
        json.dumps(envelope() | {"create_time": "yesterday"}).encode(),
        json.dumps(envelope() | {"create_time": "2027-01-15T16:00:01"}).encode(),
        b'{"id":"1","id":"2"' + json.dumps(envelope()).encode()[1:].replace(b'"id"', b', "x"', 1),
        body(sealed(b"[]")),
        body(sealed(_without("mchid"))),
        body(sealed(_without("amount"))),
        *[
            body(sealed(json.dumps(transaction(amount={"total": total, "currency": "CNY"})).encode()))
            for total in ("100", 1.0, True, None, 2**63, [])
        ],
        body(sealed(json.dumps(transaction(out_trade_no="a\x00b")).encode())),
        body(sealed(b'{"out_trade_no":"\\ud800"' + PLAIN[1:].replace(b'"out_trade_no"', b', "x"', 1))),
        body(sealed(PLAIN), event_type="REFUND.SUCCESS"),
    ],
)
def test_shapes_that_are_not_agreed(client: PayClient, platform: PayPlatform, raw: bytes) -> None:
    assert refused(client, platform.headers(raw), raw) == "shape"


# C16, C19: told as it is; the caller compares
def test_another_merchants_event_and_other_states_are_told_as_they_are(
    client: PayClient, platform: PayPlatform
) -> None:
    raw = body(sealed(json.dumps(transaction(mchid="1999999999", appid="wxother", trade_state="REFUND")).encode()))
    found = client.read_notice(platform.headers(raw), raw).transaction
    assert found is not None and (found.mchid, found.appid, found.trade_state) == ("1999999999", "wxother", "REFUND")


def test_unknown_events_and_refunds(client: PayClient, platform: PayPlatform) -> None:
    raw = body(event_type="MCHTRANSFER.BILL.FINISHED")
    notice = client.read_notice(platform.headers(raw), raw)
    assert notice == replace(notice, transaction=None, refund=None)
    refund = {
        **{"mchid": MCHID, "out_trade_no": "R0000000001", "transaction_id": "42", "out_refund_no": "F1"},
        **{"refund_id": "50", "refund_status": "SUCCESS", "success_time": "2027-01-15T16:00:00+08:00"},
        "amount": {"total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40},
    }
    raw = body(sealed(json.dumps(refund).encode(), associated_data="refund"), event_type="REFUND.SUCCESS")
    found = client.read_notice(platform.headers(raw), raw).refund
    assert found is not None and (found.amount_fen, found.order_amount_fen, found.mchid) == (40, 100, MCHID)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200), headers=st.dictionaries(st.text(max_size=30), st.text(max_size=50), max_size=6))
def test_nothing_else_is_ever_raised(client: PayClient, platform: PayPlatform, raw: bytes, headers: Headers) -> None:
    with pytest.raises(NoticeRefused):
        client.read_notice(headers, raw)
    with pytest.raises(NoticeRefused):
        client.read_notice(platform.headers(raw) | headers, raw)


def test_a_flood_of_unknown_serials_asks_for_certificates_once(
    vendor: Vendor, platform: PayPlatform, empty_cache: None
) -> None:
    now = [float(NOW)]

    def script(*_: object) -> Told:
        told = platform.certificates()
        return Told(200, told, platform.headers(told, timestamp=int(now[0])))

    vendor.script = script
    client = PayClient(platform.section(vendor.origin, "both"), APPID, wall=lambda: now[0])
    for number in range(50):
        raw = body()
        assert refused(client, platform.headers(raw, serial=f"{number:040X}"), raw) == "serial"
    assert len(vendor.asked) == 1
    raw = body()
    assert isinstance(client.read_notice(platform.headers(raw), raw), Notice)
