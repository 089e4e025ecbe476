"""The page of consents: what for, who, how long, the very text; and that withdrawing is as easy as giving."""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers import queries
from app.customers.domain.consents import KINDS, LOCALES
from app.customers.models import ConsentText
from tests.factories import customers as make

CONSENTS = "/customer/v1/consents"
FEW_WORDS = ("title", "purpose", "recipient", "period", "withdrawal")


@pytest.mark.parametrize("locale", LOCALES)
def test_each_is_told_in_few_words_of_the_readers_language(client: FlaskClient, session: Session, locale: str) -> None:
    ready = make.ready_to_apply(session)
    items = client.get(f"{CONSENTS}?locale={locale}", headers=ready.headers).get_json()["items"]
    assert {one["kind"] for one in items} == {
        "privacy_terms",
        "identity_check",
        "bureau_query",
        "tax_data",
        "invoice_data",
    }
    for one in items:
        assert all(one[name] for name in FEW_WORDS), one
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in "".join(str(one) for one in items))
    assert chinese == (locale == "zh-CN")


def test_every_text_in_force_has_its_few_words(session: Session) -> None:
    for row in session.query(ConsentText):
        assert all((row.purpose, row.recipient, row.period, row.withdrawal)), (row.kind, row.locale)
    for locale in LOCALES:
        assert [one.kind for one in queries.current_texts(session, locale=locale)] == list(KINDS)


def test_the_very_text_is_read_again(client: FlaskClient, session: Session) -> None:
    ready, other = make.ready_to_apply(session), make.ready_to_apply(session)
    one = client.get(CONSENTS, headers=ready.headers).get_json()["items"][0]
    told = client.get(f"{CONSENTS}/{one['id']}/text", headers=ready.headers).get_json()
    assert hashlib.sha256(told["text"].encode()).hexdigest() == told["sha256"] == one["text_sha256"]
    assert (told["version"], told["locale"]) == (one["text_version"], one["text_locale"])
    refused = client.get(f"{CONSENTS}/{one['id']}/text", headers=other.headers)
    assert (refused.status_code, refused.get_json()["code"]) == (404, "consent.not_found")


def test_withdrawing_takes_one_call_as_giving_does(client: FlaskClient, session: Session) -> None:
    ready = make.ready_to_apply(session)
    one = client.get(CONSENTS, headers=ready.headers).get_json()["items"][0]
    ended = client.delete(f"{CONSENTS}/{one['id']}", headers=ready.writing())
    assert ended.status_code == 200 and ended.get_json()["withdrawn_at"]
    listed = client.get(CONSENTS, headers=ready.headers).get_json()["items"]
    assert [found["withdrawn_at"] is not None for found in listed if found["id"] == one["id"]] == [True]


def test_without_the_consent_nobody_is_checked_for_a_lost_phone_either(client: FlaskClient, session: Session) -> None:
    customer = make.make_customer(session)
    who = make.sign_in(session, customer)
    session.commit()
    asked = {"new_phone": make.invented_phone()}
    change_id = client.post("/customer/v1/me/phone-changes", json=asked, headers=who.writing()).get_json()["id"]
    body = {"name": customer.name, "id_no": customer.id_no}
    refused = client.post(f"/customer/v1/me/phone-changes/{change_id}/identity", json=body, headers=who.writing())
    assert (refused.status_code, refused.get_json()["code"]) == (403, "consent.missing")
