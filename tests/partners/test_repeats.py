"""A partner repeats a request: the same bytes for thirty days, kept sealed; anything else is refused or done anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock, housekeeping
from tests.factories.partners import Signer, add_key, make_partner

KEYS, BODY = "/partner/v1/keys", {"algorithm": "hmac-sha256", "scopes": ["orders:read"]}


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


def ask(client: FlaskClient, partner: Signer, key: str = "k-1", **changes: Any) -> Any:
    return partner.call(client, "POST", KEYS, {**BODY, **changes}, key=key)


def test_the_same_bytes_for_thirty_days_and_not_longer(client: FlaskClient, partner: Signer) -> None:
    with clock.at(datetime.now(UTC)) as later:
        first = ask(client, partner)
        for _ in range(2):
            later(timedelta(days=14, hours=23))
            housekeeping.purge_traces()
            again = ask(client, partner)
            assert (again.status_code, again.data, again.mimetype) == (201, first.data, first.mimetype)
        later(timedelta(hours=3))
        housekeeping.purge_traces()
        assert ask(client, partner).json["secret"] != first.json["secret"], "a new intention by then"


def test_what_is_kept_is_sealed(client: FlaskClient, partner: Signer, session: Session) -> None:
    secret = ask(client, partner).json["secret"]
    kept = session.execute(text("SELECT * FROM idempotency_keys")).mappings().one()
    assert kept["sealed_body"] and secret not in str(dict(kept))


def test_another_body_another_key_of_the_partner_another_partner(
    client: FlaskClient, partner: Signer, session: Session
) -> None:
    first = ask(client, partner)
    other_body = ask(client, partner, scopes=["events:read"])
    assert (other_body.status_code, other_body.json["code"]) == (422, "idempotency.key_reused")
    assert ask(client, add_key(session, partner)).data == first.data, "keys of one partner are one caller"
    assert ask(client, make_partner(session)).json["secret"] != first.json["secret"]


def test_a_key_out_of_bounds_is_refused(client: FlaskClient, partner: Signer) -> None:
    answer = ask(client, partner, "x" * 256)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency.key_malformed")
