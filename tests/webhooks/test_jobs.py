"""Events on their way to partners: told once, delivered under one id, tried again, given up, replayed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.kernel import clock, ids
from app.webhooks import queries, usecases
from app.webhooks.domain import retries
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookMessage, WebhookResult
from tests.factories.orders import make_order
from tests.factories.partners import Signer, make_partner
from tests.factories.webhooks import SECRET, activate_loan, make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.webhooks.receiver import Receiver, answer, receiving


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def endpoint(session: Session, partner: Signer, receiver: Receiver) -> UUID:
    made = make_endpoint(session, partner.partner_id, receiver.url)
    session.commit()
    return made.id


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in receiver.took]


def fresh(session: Session, model: Any) -> list[Any]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(model).order_by(model.id if hasattr(model, "id") else model.attempt_id)))


def test_an_event_reaches_the_partner_once(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    order = make_order(session, partner.partner_id)
    loan_id = ids.new_id()
    application_id = activate_loan(session, partner.partner_id, loan_id, order.id)
    session.commit()
    run_jobs()
    told = {body["type"]: body["data"] for body in bodies(receiver)}
    assert set(told) == {"disbursement.succeeded", "loan.activated", "order.financed"}
    assert told["loan.activated"] == {
        "object": "loan", "id": str(loan_id), "status": "active", "previous_status": None, "sequence": 1,
        "order_ref": order.order_ref, "application_id": str(application_id), "amount_fen": 1_299_900,
    }  # fmt: skip
    for headers, body in receiver.took:
        assert Webhook(SECRET).verify(body, headers)
    run_jobs.again("webhooks.fan_out")
    run_jobs.again("webhooks.deliver")
    run_jobs()
    assert len(receiver.took) == 3


def test_messages_about_one_object_are_numbered(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    loan_id = ids.new_id()
    activate_loan(session, partner.partner_id, loan_id)
    settle_loan(session, partner.partner_id, loan_id)
    session.commit()
    run_jobs()
    of_loan = [body["data"] for body in bodies(receiver) if body["data"]["object"] == "loan"]
    assert [(data["sequence"], data["previous_status"], data["status"]) for data in of_loan] == [
        (1, None, "active"),
        (2, "active", "settled"),
    ]


def test_only_the_partner_concerned_hears_of_it(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    other = make_partner(session)
    settle_loan(session, other.partner_id)
    settle_loan(session, None)
    session.commit()
    run_jobs()
    assert receiver.took == []
    assert [event.partner_id for event in fresh(session, WebhookEvent)] == [other.partner_id]


def test_subscriptions_are_kept(session: Session, partner: Signer, receiver: Receiver, run_jobs: JobRunner) -> None:
    make_endpoint(session, partner.partner_id, receiver.url, ["loan.activated"])
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    assert receiver.took == []
    assert len(fresh(session, WebhookEvent)) == 1


def test_ten_tries_under_one_id_then_no_more(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    receiver.behaviour = answer(500, b"no")
    settle_loan(session, partner.partner_id)
    session.commit()
    with clock.at(datetime.now(UTC)) as move:
        run_jobs()
        for number, wait in enumerate(retries.WAITS, start=1):
            move(wait * 0.99)
            run_jobs()
            assert len(receiver.took) == number
            move(wait * 0.12)
            run_jobs()
        move(timedelta(hours=40))
        run_jobs()
    assert len(receiver.took) == 10
    assert len(set(receiver.ids())) == 1
    (message,) = fresh(session, WebhookMessage)
    assert message.given_up_reason == "tries_used_up"
    assert [attempt.number for attempt in fresh(session, WebhookAttempt)] == list(range(1, 11))
    assert {(result.http_status, result.answer_start) for result in fresh(session, WebhookResult)} == {(500, "no")}


def test_retry_after_is_honoured(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    receiver.behaviour = answer(429, Retry_After="600")
    settle_loan(session, partner.partner_id)
    session.commit()
    with clock.at(datetime.now(UTC)) as move:
        run_jobs()
        settle_loan(session, partner.partner_id)  # news do not press an endpoint that asked for quiet
        session.commit()
        move(timedelta(seconds=599))
        run_jobs()
        assert len(receiver.took) == 1
        receiver.behaviour = answer(204)
        move(timedelta(seconds=61))
        run_jobs()
    assert len(set(receiver.ids())) == 2


def test_410_switches_the_endpoint_off_and_tells_the_others(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    receiver.behaviour = answer(410)
    with receiving() as other:
        make_endpoint(session, partner.partner_id, other.url)
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
    row = session.get_one(WebhookEndpoint, endpoint, populate_existing=True)
    assert (row.status, row.disabled_reason, len(receiver.took)) == ("disabled", "gone", 1)
    kinds = [body["type"] for body in bodies(other)]
    assert kinds == ["loan.settled", "webhook_endpoint.disabled", "loan.settled"]


def test_five_days_of_failures_switch_the_endpoint_off(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    receiver.behaviour = answer(500)
    with clock.at(datetime.now(UTC)) as move:
        for day in range(6):
            settle_loan(session, partner.partner_id)
            session.commit()
            run_jobs()
            row = session.get_one(WebhookEndpoint, endpoint, populate_existing=True)
            assert row.status == ("active" if day < 5 else "disabled")
            move(timedelta(days=1))
    assert row.disabled_reason == "failing"
    run_jobs()
    assert {message.given_up_reason for message in fresh(session, WebhookMessage)} <= {"endpoint_disabled", None}
    usecases.enable_endpoint(session, partner_id=partner.partner_id, endpoint_id=endpoint)
    assert session.get_one(WebhookEndpoint, endpoint).failing_since is None


def test_replay_sends_the_same_bytes_under_the_same_id(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    (event,) = fresh(session, WebhookEvent)
    assert usecases.replay(session, partner_id=partner.partner_id, event_id=event.id) == 1
    session.commit()
    run_jobs()
    assert len(receiver.took) == 2
    assert len(set(receiver.ids())) == 1
    assert receiver.took[0][1] == receiver.took[1][1]
    with pytest.raises(queries.EventUnknown):
        usecases.replay(session, partner_id=ids.new_id(), event_id=event.id)


def test_both_secrets_sign_during_a_rotation(
    session: Session,
    partner: Signer,
    endpoint: UUID,
    receiver: Receiver,
    run_jobs: JobRunner,
    clock_at: Callable[[datetime], None],
) -> None:
    rotated = usecases.rotate_secret(session, partner_id=partner.partner_id, endpoint_id=endpoint)
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    headers, body = receiver.took[0]
    for secret in (SECRET, rotated.secret):
        assert Webhook(secret).verify(body, headers)
    clock_at(datetime.now(UTC) + timedelta(hours=25))
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    assert len(receiver.took[1][0]["webhook-signature"].split(" ")) == 2  # v1 by the new secret, v1a


def test_a_message_without_a_job_is_found_again(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    session.execute(text("DELETE FROM procrastinate_jobs"))
    session.commit()
    with clock.at(datetime.now(UTC)) as move:
        assert usecases.wake_waiting(session) == 0
        move(timedelta(minutes=6))
        assert usecases.wake_waiting(session) == 1
        assert usecases.wake_waiting(session) == 0
        session.commit()
        run_jobs()
    assert len(receiver.took) == 1


def test_a_try_that_died_with_its_process_is_made_again_under_the_same_id(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    (message,) = fresh(session, WebhookMessage)
    with clock.at(datetime.now(UTC)) as move:
        died = usecases.open_attempt(session, message_id=message.id)
        assert died is not None
        session.commit()
        run_jobs()  # too early to know that it died: parked
        assert receiver.took == []
        move(timedelta(seconds=31))
        usecases.wake_waiting(session)
        session.commit()
        run_jobs()
    assert receiver.ids() == [died.headers["webhook-id"]]
    assert [attempt.number for attempt in fresh(session, WebhookAttempt)] == [1, 2]


def test_after_a_time_out_news_wait_and_repeats_do_not(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    """The pause is for new messages; each message's own schedule goes on."""
    for _ in range(5):
        settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    messages = fresh(session, WebhookMessage)
    with clock.at(datetime.now(UTC)) as move:
        first = usecases.open_attempt(session, message_id=messages[0].id)
        assert first is not None
        settle(session, first.attempt_id, outcome="timeout")
        session.commit()
        run_jobs()
        assert (receiver.took, parked(session)) == ([], 4)
        move(timedelta(seconds=6))
        run_jobs()  # the repeat is taken, so the endpoint is well again, and each success wakes the next
        assert len(set(receiver.ids())) == 5
        assert parked(session) == 0


def test_an_endpoint_has_two_tries_in_flight_and_one_while_it_fails(
    session: Session, partner: Signer, endpoint: UUID, receiver: Receiver, run_jobs: JobRunner
) -> None:
    for _ in range(4):
        settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    messages = [message.id for message in fresh(session, WebhookMessage)]
    session.get_one(WebhookEndpoint, endpoint).proven_at = clock.now()  # before that: one
    opened = [usecases.open_attempt(session, message_id=message_id) for message_id in messages[:3]]
    assert [delivery is not None for delivery in opened] == [True, True, False]
    assert opened[0] is not None
    settle(session, opened[0].attempt_id, outcome="answered", http_status=500)
    assert usecases.open_attempt(session, message_id=messages[3]) is None
    assert parked(session) == 2


def settle(session: Session, attempt_id: UUID, **how: Any) -> None:
    told = {"delivered": False, "http_status": None, "retry_after": None, "answer_start": "", "duration_ms": 1, **how}
    usecases.settle_attempt(session, attempt_id=attempt_id, **told)


def parked(session: Session) -> int:
    return sum(message.parked_at is not None for message in fresh(session, WebhookMessage))


RUN_TWICE = {"webhooks.wake_waiting"}  # proven by the two tests above: what it took up is not found again


def test_the_application_cannot_rewrite_history(session: Session) -> None:
    for table in ("webhook_events", "webhook_attempts", "webhook_results"):
        for act in (
            f"UPDATE {table} SET {'attempt_id = attempt_id' if 'results' in table else 'id = id'}",
            f"DELETE FROM {table}",
        ):
            with pytest.raises(Exception, match="permission denied"), session.begin_nested():
                session.execute(text(act))
