"""The first call of an integration, over HTTP."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.partners import make_partner


def test_a_signer_learns_who_it_is(client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    answer = partner.call(client, "GET", "/partner/v1/whoami")
    assert answer.status_code == 200, answer.json
    assert answer.json["key_id"] == partner.key_id
    assert answer.json["origins"] == [partner.origin]


def test_nobody_is_told_how_to_sign(client: FlaskClient) -> None:
    answer = client.get("/partner/v1/whoami")
    assert (answer.status_code, answer.json["code"]) == (401, "partner.signature_missing")


def test_the_host_header_cannot_be_chosen(client: FlaskClient, session: Session) -> None:
    partner = make_partner(session)
    headers = partner.headers("GET", "http://evil.example/partner/v1/whoami")
    answer = client.get("/partner/v1/whoami", headers=headers, base_url="http://evil.example")
    assert (answer.status_code, answer.json["code"]) == (401, "partner.signature_invalid")


def test_hostile_signature_headers_are_refused_plainly(client: FlaskClient) -> None:
    for value in ("(" * 5000, "a=" + "(" * 5000, "x" * 6000, 'a=("@method");created=99999999999999999999', "a=:::"):
        headers = {"Signature-Input": value, "Signature": value}
        answer = client.get("/partner/v1/whoami", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "partner.signature_malformed")
