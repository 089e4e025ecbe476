"""A mandate: named, checked, agreed to with a second factor, replaced with a rest, revoked; bad input has no effect."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.customers.models import Consent
from app.debits.models import DebitMandate
from tests.debits.conftest import MANDATES, account_no
from tests.factories import loans
from tests.factories.customers import show_second_factor


def test_an_account_is_named_checked_confirmed_and_shown_masked(payer, session):
    number = account_no()
    named = payer.name_account(number)
    assert (named.status_code, named.json["status"], named.json["account"]) == (201, "checked", f"尾号 {number[-4:]}")
    assert payer.confirm(named.json["id"]).json["code"] == "auth.step_up_needed"
    show_second_factor(session, payer.who, purpose="direct_debit", subject_id=UUID(named.json["id"]))
    done = payer.confirm(named.json["id"]).json
    assert done["status"] == "active" and done["usable_from"] == done["confirmed_at"]
    assert [one["id"] for one in payer.client.get(MANDATES, headers=payer.who.headers).json["items"]] == [done["id"]]
    assert session.scalars(select(Consent.kind).where(Consent.kind == "direct_debit")).all() == ["direct_debit"]


def test_the_account_is_sealed_at_rest(payer, session):
    number = account_no()
    payer.name_account(number)
    raw = session.execute(text("SELECT account_no || account_name FROM debit_mandates")).scalar_one()
    assert number not in raw


@pytest.mark.parametrize(("ending", "result"), [("31", "unknown"), ("32", "mismatch"), ("33", "closed")])
def test_an_account_that_is_not_theirs_is_refused(payer, session, ending, result):
    told = payer.name_account(account_no(ending))
    assert (told.status_code, told.json["code"]) == (422, "debit_mandate.account_unfit")
    assert told.json["context"] == {"result": result}
    assert payer.mandate().status == "refused"
    assert payer.client.get(MANDATES, headers=payer.who.headers).json["items"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_no": "1234567"},
        {"account_no": "62179912|34567"},
        {"account_no": "６２１７９９１２３４５６"},
        {"bank_code": "1023"},
        {"text_sha256": "0" * 63},
        {"amount_fen": 1},
    ],
)
def test_what_is_no_account_is_refused_and_nothing_is_kept(payer, session, wrong):
    told = payer.name_account(account_no(), **wrong)
    assert (told.status_code, told.json["code"]) == (422, "request.invalid")
    assert session.scalars(select(DebitMandate)).all() == []


def test_only_the_text_in_force_is_agreed_to(payer, session):
    told = payer.name_account(account_no(), text_sha256="0" * 64)
    assert (told.status_code, told.json["code"]) == (409, "consent.text_changed")
    assert session.scalars(select(DebitMandate)).all() == []


def test_accounts_cannot_be_tried_without_end(payer):
    answers = [payer.name_account(account_no("31")).json["code"] for _ in range(6)]
    assert answers == ["debit_mandate.account_unfit"] * 5 + ["debit_mandate.too_many_checks"]


def test_another_account_replaces_the_first_and_rests(payer, session, at_noon):
    first = payer.allow()
    at_noon(0, 1)
    payer.who = loans.sign_in_again(session, payer.who)
    second = payer.allow()
    rows = {str(row.id): row for row in session.scalars(select(DebitMandate))}
    assert (rows[first].status, rows[second].status) == ("replaced", "active")
    assert rows[second].usable_from - rows[second].confirmed_at == timedelta(hours=24)
    assert payer.repay().json["code"] == "debit_mandate.none_usable"
    at_noon(1, 1)
    payer.who = loans.sign_in_again(session, payer.who)
    assert payer.repay().status_code == 201


def test_revoking_needs_no_code_and_ends_the_consent(payer, session):
    mandate_id = payer.allow()
    for _ in range(2):
        told = payer.client.delete(f"{MANDATES}/{mandate_id}", headers=payer.who.writing())
        assert (told.status_code, told.json["status"]) == (200, "revoked")
    session.expire_all()
    assert session.scalars(select(Consent).where(Consent.kind == "direct_debit")).one().withdrawn_at is not None
    assert payer.repay().json["code"] == "debit_mandate.none_usable"
    assert payer.confirm(mandate_id).json["code"] == "debit_mandate.over"


def test_withdrawing_the_consent_ends_the_mandate_once(payer, session, run_jobs):
    payer.allow()
    consent = session.scalars(select(Consent).where(Consent.kind == "direct_debit")).one()
    path = f"/customer/v1/consents/{consent.id}"
    assert payer.client.delete(path, headers=payer.who.writing()).status_code == 200
    run_jobs(only="debits.end_with_consent")
    run_jobs.again("debits.end_with_consent")
    assert (payer.mandate().status, payer.mandate().ended_by) == ("revoked", "consent_withdrawn")


def test_the_consent_alone_is_not_given_by_itself(payer, session):
    body = {"kind": "direct_debit", "text_version": "2026-11", "text_sha256": "0" * 64}
    told = payer.client.post("/customer/v1/consents", json=body, headers=payer.who.writing())
    assert (told.status_code, told.json["code"]) == (422, "request.invalid")
