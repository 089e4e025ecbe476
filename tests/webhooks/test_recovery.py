"""What a partner does who missed something: reads events in order, replays some, tests an endpoint, looks close."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.kernel import clock, ids
from app.webhooks import usecases
from app.webhooks.models import WebhookAttempt, WebhookEvent, WebhookMessage, WebhookResult
from tests.factories.partners import Signer, make_partner
from tests.factories.webhooks import SECRET, activate_loan, make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.webhooks.receiver import Receiver, answer, receiving

EVENTS, ENDPOINTS = "/partner/v1/events", "/partner/v1/webhook-endpoints"
START = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)  # long ago, also for the database
RUN_TWICE = {"webhooks.forget_old"}  # called twice below: the worker calls it by the clock


@pytest.fixture
def partner(session: Session) -> Signer:
    with clock.at(START):  # the key is valid from then on
        return make_partner(session)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def told(session: Session, partner: Signer, run_jobs: JobRunner) -> Iterator[Callable[[timedelta], None]]:
    """Three loans are settled, a minute apart; then it is an hour later. Yields how time goes on."""
    with clock.at(START) as later:
        for _ in range(3):
            settle_loan(session, partner.partner_id)
            session.commit()
            run_jobs()
            later(timedelta(minutes=1))
        later(timedelta(hours=1))
        yield later


def read(client: FlaskClient, partner: Signer, query: str = "") -> list[dict[str, Any]]:
    answered = partner.call(client, "GET", f"{EVENTS}{query}")
    assert answered.status_code == 200, answered.json
    items: list[dict[str, Any]] = answered.json["items"]
    return items


def test_events_are_read_on_from_the_last_one(
    client: FlaskClient, partner: Signer, told: Any, session: Session
) -> None:
    first = read(client, partner, "?after=2026-02-02T00:00:00Z&limit=2")
    rest = read(client, partner, f"?after={first[-1]['id']}&limit=2")
    assert [len(first), len(rest), len(read(client, partner, f"?after={rest[-1]['id']}"))] == [2, 1, 0]
    assert [*first, *rest] == read(client, partner)[::-1]
    assert {event["version"] for event in first} == {"2026-11-23"}
    other = make_partner(session)
    assert read(client, other, "?after=2026-02-02T00:00:00Z") == []


def test_the_last_seconds_are_left_out(
    client: FlaskClient, partner: Signer, told: Any, session: Session, run_jobs: JobRunner
) -> None:
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    assert len(read(client, partner, "?after=2026-02-02T00:00:00Z")) == 3
    told(timedelta(seconds=11))
    assert len(read(client, partner, "?after=2026-02-02T00:00:00Z")) == 4


def test_only_some_types_and_only_ninety_days(
    client: FlaskClient, partner: Signer, told: Any, session: Session, run_jobs: JobRunner
) -> None:
    activate_loan(session, partner.partner_id, ids.new_id())
    session.commit()
    run_jobs()
    told(timedelta(minutes=1))
    found = read(client, partner, "?types=loan.activated,disbursement.succeeded")
    assert {event["type"] for event in found} == {"loan.activated", "disbursement.succeeded"}
    assert len(read(client, partner, "?after=2026-02-02T00:00:00Z&types=loan.settled")) == 3
    told(timedelta(days=90))
    assert read(client, partner) == [] and read(client, partner, "?after=2026-02-02T00:00:00Z") == []


@pytest.mark.parametrize("place", ["evt_x", "yesterday", "2026-02-02", "0001-01-01T00:00:00Z", "1"])
def test_no_place_to_read_on_from(client: FlaskClient, partner: Signer, place: str) -> None:
    answered = partner.call(client, "GET", f"{EVENTS}?after={place}")
    assert (answered.status_code, answered.json["code"]) == (404, "webhook.event_unknown")


def replay(client: FlaskClient, partner: Signer, **body: Any) -> Any:
    return partner.call(client, "POST", f"{EVENTS}/replays", body)


def test_a_stretch_is_sent_again_to_one_endpoint(
    client: FlaskClient, partner: Signer, told: Any, session: Session, receiver: Receiver, run_jobs: JobRunner
) -> None:
    endpoint = make_endpoint(session, partner.partner_id, receiver.url)
    make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
    session.commit()
    stretch = {"from": "2026-02-02T08:00:30Z", "to": "2026-02-02T08:02:30Z", "endpoint_id": str(endpoint.id)}
    answered = replay(client, partner, **stretch)
    assert (answered.status_code, answered.json) == (202, {"events": 2, "messages": 2})
    run_jobs()
    assert receiver.ids() == [event["id"] for event in read(client, partner)[1::-1]]
    nothing = replay(client, partner, **{**stretch, "types": ["loan.activated"]})
    assert nothing.json == {"events": 0, "messages": 0}


def test_what_cannot_be_replayed(client: FlaskClient, partner: Signer, told: Any, session: Session) -> None:
    since = {"from": "2026-02-02T00:00:00Z"}
    foreign = make_endpoint(session, make_partner(session).partner_id, "http://127.0.0.1:1/")
    session.commit()
    assert replay(client, partner, **since, endpoint_id=str(foreign.id)).json["code"] == "webhook.endpoint_unknown"
    assert replay(client, partner, **since, types=["x"]).json["code"] == "webhook.event_type_unknown"
    _fill(session, 1000)
    assert replay(client, partner, **since).json["code"] == "webhook.range_too_large"


def _fill(session: Session, count: int) -> None:
    """The first event many times under other types: only their number matters."""
    columns = "partner_id, outbox_event_id, object_kind, object_id, object_status, body, occurred_at, created_at"
    session.execute(
        text(
            f"INSERT INTO webhook_events (id, type, sequence, {columns})"
            " SELECT (left(id::text, 23) || '-' || lpad(n::text, 12, '0'))::uuid, 'x' || n, n + 10,"
            f" {columns} FROM webhook_events, generate_series(1, :count) n WHERE sequence = 1"
            " AND id = (SELECT id FROM webhook_events ORDER BY id LIMIT 1)"
        ),
        {"count": count},
    )
    session.commit()


def test_a_test_reaches_its_endpoint_only(
    client: FlaskClient, partner: Signer, session: Session, receiver: Receiver, run_jobs: JobRunner
) -> None:
    with receiving() as other:
        make_endpoint(session, partner.partner_id, other.url)
        endpoint = make_endpoint(session, partner.partner_id, receiver.url, ["loan.settled"])
        session.commit()
        assert partner.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/test").status_code == 202
        run_jobs()
        assert other.took == []
    ((headers, body),) = receiver.took
    assert Webhook(SECRET).verify(body, headers)["type"] == "webhook_endpoint.test"
    partner.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/disabling")
    off = partner.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/test")
    assert (off.status_code, off.json["code"]) == (409, "webhook.endpoint_disabled")


def test_the_log_shows_what_was_sent_and_answered(
    client: FlaskClient, partner: Signer, session: Session, receiver: Receiver, run_jobs: JobRunner
) -> None:
    receiver.behaviour = answer(500, b"no")
    endpoint = make_endpoint(session, partner.partner_id, receiver.url)
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs()
    log = f"{ENDPOINTS}/{endpoint.id}/attempts"
    (listed,) = partner.call(client, "GET", log).json["items"]
    shown = partner.call(client, "GET", f"{log}/{listed['id']}").json
    headers, body = receiver.took[0]
    assert shown["request"]["url"] == receiver.url and shown["request"]["body"] == body.decode()
    assert {name: headers[name] for name in shown["request"]["headers"]} == shown["request"]["headers"]
    assert "webhook-signature" not in shown["request"]["headers"]
    assert (shown["http_status"], shown["answer_start"]) == (500, "no") and shown["duration_ms"] >= 0
    foreign = make_partner(session).call(client, "GET", f"{log}/{listed['id']}")
    assert (foreign.status_code, foreign.json["code"]) == (404, "webhook.attempt_unknown")


def test_an_endpoint_keeps_its_version(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with receiving() as old, receiving() as new:
        made = [
            partner.call(client, "POST", ENDPOINTS, {"url": old.url, "version": "2026-11-01"}),
            partner.call(client, "POST", ENDPOINTS, {"url": new.url}),
            partner.call(client, "POST", ENDPOINTS, {"url": new.url, "version": "2020-01-01"}),
        ]
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
    assert made[2].json["code"] == "partner.version_unknown"
    first, second = json.loads(old.took[0][1]), json.loads(new.took[0][1])
    assert "version" not in first and second.pop("version") == "2026-11-23" == made[1].json["endpoint"]["version"]
    assert first == second


def counts(session: Session) -> list[int]:
    models = (WebhookEvent, WebhookMessage, WebhookAttempt, WebhookResult)
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_old_events_are_forgotten_but_the_sequence_goes_on(
    partner: Signer, session: Session, receiver: Receiver, run_jobs: JobRunner
) -> None:
    with clock.at(START) as later:
        make_endpoint(session, partner.partner_id, receiver.url)
        loan_id = ids.new_id()
        activate_loan(session, partner.partner_id, loan_id)
        settle_loan(session, partner.partner_id, loan_id)
        session.commit()
        run_jobs()
        assert counts(session) == [3, 3, 3, 3]
        later(timedelta(days=89))
        assert usecases.forget_old(session) == 0
        later(timedelta(days=2))
        assert [usecases.forget_old(session), usecases.forget_old(session)] == [1, 0]
        assert counts(session) == [2, 2, 2, 2], "the last word about each object stays"
        settle_loan(session, partner.partner_id, loan_id)
        session.commit()
        run_jobs()
    assert json.loads(receiver.took[-1][1])["data"]["sequence"] == 3


def test_what_is_still_to_be_delivered_is_not_forgotten(
    partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with clock.at(START) as later:
        make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
        loan_id = ids.new_id()
        for _ in range(2):
            settle_loan(session, partner.partner_id, loan_id)
        session.commit()
        run_jobs()
        later(timedelta(days=100))
        assert usecases.forget_old(session) == 0
