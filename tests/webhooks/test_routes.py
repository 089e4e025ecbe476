"""Endpoints, events and the delivery log over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from app.kernel import ids
from app.webhooks.domain import told
from app.webhooks.usecases import trigger
from app.webhooks.usecases.triggering import TriggeredInTestOnly
from tests.factories.partners import Signer, make_partner
from tests.factories.webhooks import make_endpoint, settle_loan
from tests.job_runner import JobRunner
from tests.webhooks.receiver import answer, receiving

ENDPOINTS = "/partner/v1/webhook-endpoints"


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


def test_the_secret_is_shown_once_and_signs(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with receiving() as receiver:
        made = partner.call(client, "POST", ENDPOINTS, {"url": receiver.url})
        assert made.status_code == 201, made.json
        secret = made.json["secret"]
        assert made.json["public_key"].startswith("whpk_")
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
    headers, body = receiver.took[0]
    assert Webhook(secret).verify(body, headers)
    listed = partner.call(client, "GET", ENDPOINTS)
    assert [item["id"] for item in listed.json["items"]] == [made.json["endpoint"]["id"]]
    assert secret.removeprefix("whsec_") not in listed.text


def test_events_are_read_and_sent_again(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with receiving(answer(500, b"<script>alert(1)</script>")) as receiver:
        endpoint = make_endpoint(session, partner.partner_id, receiver.url)
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
        (event,) = partner.call(client, "GET", "/partner/v1/events").json["items"]
        assert (event["id"], event["type"]) == (receiver.ids()[0], "loan.settled")
        log = partner.call(client, "GET", f"{ENDPOINTS}/{endpoint.id}/attempts").json["items"]
        assert (log[0]["http_status"], log[0]["answer_start"]) == (500, "<script>alert(1)</script>")
        repeated = partner.call(client, "POST", f"/partner/v1/events/{event['id']}/replay")
        assert (repeated.status_code, repeated.json) == (202, {"event_id": event["id"], "endpoints": 1})


def test_an_invented_event_is_sent_as_a_real_one_and_says_so(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with receiving() as receiver:
        make_endpoint(session, partner.partner_id, receiver.url)
        session.commit()
        for kind in sorted(told.SAMPLES):
            assert partner.call(client, "POST", "/partner/v1/test/events", {"type": kind}).status_code == 202
        refused = partner.call(client, "POST", "/partner/v1/test/events", {"type": "webhook_endpoint.test"})
        run_jobs()
    bodies = [json.loads(body) for _, body in receiver.took]
    assert sorted(body["type"] for body in bodies) == sorted(told.SAMPLES)
    assert all(body["data"]["triggered"] is True for body in bodies)
    assert (refused.status_code, refused.json["code"]) == (422, "webhook.event_type_unknown")


def test_events_are_invented_in_test_deployments_only(session: Session, partner: Signer) -> None:
    with pytest.raises(TriggeredInTestOnly):
        trigger(session, new_id=ids.new_id(), partner_id=partner.partner_id, message_type="order.financed", mode="live")


def test_others_see_and_touch_nothing(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    endpoint = make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
    settle_loan(session, partner.partner_id)
    session.commit()
    run_jobs(only="webhooks.fan_out")
    other = make_partner(session)
    (event,) = partner.call(client, "GET", "/partner/v1/events").json["items"]
    assert other.call(client, "GET", "/partner/v1/events").json["items"] == []
    assert other.call(client, "GET", ENDPOINTS).json["items"] == []
    assert other.call(client, "GET", f"{ENDPOINTS}/{endpoint.id}/attempts").json["items"] == []
    for path in (f"/partner/v1/events/{event['id']}/replay", f"{ENDPOINTS}/{endpoint.id}/secret-rotations"):
        assert other.call(client, "POST", path).status_code == 404
    for act in ("disabling", "enabling"):
        assert other.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/{act}").status_code == 404


@pytest.mark.parametrize("event_id", ["evt_x", "x", "evt_" + "0" * 32, "0" * 32, "evt_" + "a" * 3000])
def test_unknown_events_are_not_found(client: FlaskClient, partner: Signer, event_id: str) -> None:
    assert partner.call(client, "POST", f"/partner/v1/events/{event_id}/replay").status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "https://10.0.0.1/hook"}, "webhook.url_refused"),
        ({"url": "ftp://hook.example/"}, "webhook.url_refused"),
        ({"url": "https://user:pass@hook.example/"}, "webhook.url_refused"),
        ({"url": "https://hook.example/", "event_types": ["ledger.posted"]}, "webhook.event_type_unknown"),
        ({"url": "https://hook.example/", "event_types": []}, "request.invalid"),
        ({"url": "https://hook.example/", "secret": "whsec_mine"}, "request.invalid"),
        ({}, "request.invalid"),
    ],
)
def test_endpoints_that_are_refused(client: FlaskClient, partner: Signer, body: dict[str, Any], code: str) -> None:
    answered = partner.call(client, "POST", ENDPOINTS, body)
    assert (answered.status_code, answered.json["code"]) == (422, code)


def test_an_endpoint_is_switched_off_and_on(
    client: FlaskClient, partner: Signer, session: Session, run_jobs: JobRunner
) -> None:
    with receiving() as receiver:
        endpoint = make_endpoint(session, partner.partner_id, receiver.url)
        session.commit()
        off = partner.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/disabling")
        assert (off.json["status"], off.json["disabled_reason"]) == ("disabled", "by_partner")
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
        assert receiver.took == []
        assert partner.call(client, "POST", f"{ENDPOINTS}/{endpoint.id}/enabling").json["status"] == "active"
        settle_loan(session, partner.partner_id)
        session.commit()
        run_jobs()
    assert [headers["webhook-id"][:4] for headers, _ in receiver.took] == ["evt_"]


def test_a_rotated_secret_is_new(client: FlaskClient, partner: Signer, session: Session) -> None:
    endpoint = make_endpoint(session, partner.partner_id, "http://127.0.0.1:1/")
    session.commit()
    path = f"{ENDPOINTS}/{endpoint.id}/secret-rotations"
    first, again = (partner.call(client, "POST", path, key="r-1") for _ in range(2))
    assert (first.status_code, first.data) == (201, again.data)
    assert partner.call(client, "POST", path).json["secret"] != first.json["secret"]
