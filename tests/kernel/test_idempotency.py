"""A key is used once: replayed byte for byte, refused for another request, taken up after a crash."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.kernel import db, idempotency
from app.kernel.idempotency import Claim, KeyInUse, KeyMalformed, KeyMissing, KeyReused, Replay

PRINT = "f" * 64


def claim(session, key="k", scope="partner:1", request_fingerprint=PRINT):
    return idempotency.claim(session, scope=scope, key=key, request_fingerprint=request_fingerprint)


def test_the_answer_is_replayed_byte_for_byte(session):
    first = claim(session)
    assert isinstance(first, Claim)
    idempotency.finish(session, first.row_id, 201, '{"名":1}'.encode())
    session.flush()
    assert claim(session) == Replay(201, '{"名":1}'.encode())
    stored = session.execute(text("SELECT sealed_body FROM idempotency_keys")).scalar_one()
    assert "名" not in stored


def test_another_request_with_the_same_key_is_refused(session):
    claim(session)
    with pytest.raises(KeyReused):
        claim(session, request_fingerprint=idempotency.fingerprint("POST /x", {"a": 2}))


def test_keys_of_two_callers_do_not_meet(session):
    assert isinstance(claim(session, scope="partner:1"), Claim)
    assert isinstance(claim(session, scope="partner:2"), Claim)


def test_a_key_in_work_is_refused_until_its_lease_ends_then_taken_up_with_the_same_object(session, clock_at):
    began = datetime(2026, 11, 23, tzinfo=UTC)
    clock_at(began)
    first = claim(session)
    with pytest.raises(KeyInUse):
        claim(session)
    clock_at(began + idempotency.LEASE + timedelta(seconds=1))
    assert claim(session) == first


@pytest.mark.parametrize("key", [None, ""])
def test_a_key_is_needed(session, key):
    with pytest.raises(KeyMissing):
        claim(session, key=key)


@pytest.mark.parametrize("key", ["x" * 256, "ключ", "a\nb"])
def test_a_key_is_printable_and_short(session, key):
    with pytest.raises(KeyMalformed):
        claim(session, key=key)


def test_fifty_at_once_do_the_work_once(committed):
    found, barrier = [], threading.Barrier(20)

    def ask():
        barrier.wait()
        with db.transaction() as session:
            try:
                got = claim(session)
                if isinstance(got, Claim):
                    idempotency.finish(session, got.row_id, 200, b"done")
                found.append(type(got).__name__)
            except KeyInUse:
                found.append("KeyInUse")

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("Claim") == 1
    assert len(found) == 20
