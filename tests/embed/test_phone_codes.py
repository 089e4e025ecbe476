"""A phone code asked for in a frame: proven, counted for the partner and the browser's key, read as any other."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.domain import phone_codes as rules
from app.customers.models import PhoneCode
from app.embed.models import EmbedSession
from tests.embed.test_proofs import Browser, browser, partner
from tests.factories.customers import invented_phone
from tests.sandbox_process import SandboxProcess

__all__ = ["browser", "partner"]
CODES = "/embed/v1/phone-codes"


def ask(browser: Browser, phone: str, **headers: str) -> Any:
    proof = browser.key.proof("POST", browser.origin + CODES, browser.token)
    proven = {"Authorization": f"DPoP {browser.token}", "DPoP": proof}
    return browser.client.post(CODES, json={"phone": phone}, headers=proven | headers)


def test_it_is_counted_where_it_was_asked_for(
    client: FlaskClient, session: Session, browser: Browser, sandbox: SandboxProcess
) -> None:
    phone = invented_phone()
    asked = ask(browser, phone)
    assert asked.status_code == 202, asked.get_json()
    row = session.scalars(select(PhoneCode)).one()
    assert row.partner_id == session.scalars(select(EmbedSession.partner_id)).one() and row.device_index
    code = sandbox.get("/sandbox/api/sms", phone=phone)["messages"][0]["params"]["code"]
    told = {"code_id": asked.get_json()["code_id"], "phone": phone, "code": code}
    assert client.post("/customer/v1/sign-in/phone", json=told).status_code == 201


def test_without_the_frames_key_there_is_no_code(session: Session, browser: Browser) -> None:
    assert ask(browser, invented_phone(), DPoP="").status_code == 401
    assert session.scalars(select(PhoneCode)).all() == []


def test_a_partners_pages_and_a_browser_have_their_limits(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for column in ("partner_id", "device_index"):
        with monkeypatch.context() as held:
            held.setitem(rules.LIMITS, column, (rules.Limit(rules.HOUR, 0),))
            refused = ask(browser, invented_phone())
        assert (refused.status_code, refused.get_json()["code"]) == (429, "phone_code.too_many")
        assert int(refused.headers["Retry-After"]) > 0
