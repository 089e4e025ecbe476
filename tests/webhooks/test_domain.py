"""What partners are told, how it is signed, when it is tried again: tables and properties."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from app.webhooks.domain import retries, signing, told

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
OLD, NEW = signing.new_secret(), signing.new_secret()


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert sum(retries.WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert len(retries.WAITS) + 1 == 10
    for failures, wait in enumerate(retries.WAITS, start=1):
        found = retries.next_wait(failures, None)
        assert found is not None
        assert wait <= found <= wait * 1.1
    assert retries.next_wait(10, None) is None


def test_retry_after_can_only_lengthen_the_wait() -> None:
    assert retries.next_wait(1, timedelta(minutes=2)) == timedelta(minutes=2)
    longer = retries.next_wait(9, timedelta(minutes=2))
    assert longer is not None and longer >= timedelta(hours=24)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 02 Nov 2026 08:31:00 GMT", timedelta(seconds=60)),
        ("999999999", timedelta(hours=24)),
        ("Sun, 01 Nov 2026 08:31:00 GMT", None),
        ("0", None), ("-5", None), ("soon", None), ("", None), (None, None), ("9" * 400, None), ("１２", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_with_care(value: str | None, expected: timedelta | None) -> None:
    assert retries.read_retry_after(value, NOW) == expected


@given(st.text(max_size=60))
def test_no_retry_after_breaks_us(value: str) -> None:
    found = retries.read_retry_after(value, NOW)
    assert found is None or timedelta(0) < found <= timedelta(hours=24)


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    seconds = [int(retries.pause(count).total_seconds()) for count in (1, 2, 3, 4, 5, 6, 10_000)]
    assert seconds == [30, 60, 120, 240, 480, 900, 900]


def test_receivers_verify_either_secret_in_rotation() -> None:
    seed, now, body = bytes(range(32)), datetime.now(UTC), '{"名":"值"}'
    headers = signing.sign([NEW, OLD], seed, webhook_id="evt_1", signed_at=now, body=body)
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(body, headers) == {"名": "值"}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(signing.new_secret()).verify(body, headers)


def test_the_bank_signs_with_a_public_key_too() -> None:
    import base64

    seed = bytes(range(32))
    headers = signing.sign([NEW], seed, webhook_id="evt_1", signed_at=NOW, body="{}")
    versions = dict(part.split(",", 1) for part in headers["webhook-signature"].split(" "))
    content = f"evt_1.{headers['webhook-timestamp']}.{{}}".encode()
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    public.verify(base64.b64decode(versions["v1a"]), content)
    assert signing.public_key(seed) == "whpk_" + base64.b64encode(public.public_bytes_raw()).decode()


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "whsec_%%%%", "AAAA" * 12, "whsec_" + "A" * 400])
def test_weak_or_odd_secrets_are_refused(secret: str) -> None:
    with pytest.raises(signing.SecretUnusable):
        signing.check_secret(secret)


PAYLOAD = {
    "subject_id": "s", "application_id": "a", "customer_id": "c", "partner_id": "p", "order_id": "o",
    "principal_fen": 5, "amount_fen": 6, "repayment_id": "r", "loan_id": "l", "fail_code": "payee_closed",
    "order_ref": "PO-1", "reason": "x",
}  # fmt: skip


def body_of(message: told.Told) -> dict[str, Any]:
    written = told.write_body(message, PAYLOAD, occurred_at=NOW, sequence=3, previous_status="before", order_ref="PO-1")
    assert len(written.encode()) < told.MOST_BODY_BYTES
    read: dict[str, Any] = json.loads(written)
    return read


@pytest.mark.parametrize("event", sorted(told.TOLD))
def test_bodies_are_thin(event: str) -> None:
    """Ids, a status, sums of the partner's own order; never the customer, never why, never what is repaid."""
    for message in told.TOLD[event]:
        body = body_of(message)
        assert set(body) == {"type", "timestamp", "data"}
        assert body["timestamp"] == "2026-11-02T08:30:00.000Z"
        allowed = {"object", "id", "status", "previous_status", "sequence", "order_ref", "application_id", "loan_id"}
        assert set(body["data"]) <= allowed | {"amount_fen"}
        assert not {"c", "p", "payee_closed"} & set(map(str, body["data"].values()))
    assert "amount_fen" not in body_of(told.TOLD["repayment.succeeded"][0])["data"]


def test_a_paid_order_is_told_in_full() -> None:
    (message,) = told.TOLD["order.financed"]
    assert body_of(message)["data"] == {
        "object": "order", "id": "s", "status": "financed", "previous_status": "before", "sequence": 3,
        "order_ref": "PO-1", "application_id": "a", "loan_id": "l", "amount_fen": 6,
    }  # fmt: skip


def test_subscriptions() -> None:
    told.check_types(["*", "loan.activated"])
    assert told.wants(["*"], "loan.settled")
    assert not told.wants(["loan.activated"], "loan.settled")
    with pytest.raises(told.EventTypeUnknown):
        told.check_types(["loan.activated", "ledger.posted"])
