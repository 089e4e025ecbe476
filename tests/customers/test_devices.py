"""Devices: what the list says, that an ended one is told so, and that WeChat's word alone does not bring it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.customers import usecases
from app.customers.domain.sessions import coarse_address
from app.customers.models import Customer, CustomerSession, WechatIdentity
from app.customers.usecases.sessions import open_session
from app.kernel import clock
from tests.customers.test_routes import persona, sign_in, write
from tests.factories import customers as make
from tests.sandbox_process import SandboxProcess

SESSIONS = "/customer/v1/sessions"


def in_wechat(session: Session, customer: Customer, identity: WechatIdentity) -> make.SignedInCustomer:
    opened = open_session(
        session, customer_id=customer.id, wechat_identity_id=identity.id, channel="mini", device="WeChat · iPhone"
    )
    session.commit()
    return make.SignedInCustomer(customer.id, opened.session_id, opened.token)


def listed(client: FlaskClient, who: make.SignedInCustomer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(SESSIONS, headers=who.headers).get_json()["items"]
    return found


def test_the_list_marks_this_device_and_says_where_and_when(client: FlaskClient, session: Session) -> None:
    customer = make.make_customer(session)
    there = in_wechat(session, customer, make.make_identity(session, customer=customer))
    here = make.sign_in(session, customer)
    session.commit()
    mine, other = listed(client, here)
    assert (mine["current"], mine["seen_from"], mine["channel"]) == (True, "127.0.0.*", "web")
    assert (other["current"], other["seen_from"], other["id"]) == (False, None, str(there.session_id))
    raw = session.connection().exec_driver_sql("SELECT seen_from FROM customer_sessions").scalars().all()
    assert "127.0.0" not in str(raw), "sealed like everything that is about a person"


@pytest.mark.parametrize(
    ("address", "told"),
    [("203.0.113.9", "203.0.113.*"), ("2001:db8:1:2::9", "2001:db8:1::/48"), ("", ""), ("nonsense", "")],
)
def test_an_address_is_told_coarsely(address: str, told: str) -> None:
    assert coarse_address(address) == told


def test_a_device_that_sleeps_is_listed_while_wechat_can_wake_it(client: FlaskClient, session: Session) -> None:
    customer = make.make_customer(session)
    asleep = in_wechat(session, customer, make.make_identity(session, customer=customer))
    make.sign_in(session, customer)  # a browser: once over it is over
    session.commit()
    with clock.at(clock.now() + timedelta(hours=3)):
        here = make.sign_in(session, customer)
        session.commit()
        found = listed(client, here)
        assert [(one["id"], one["live"]) for one in found] == [
            (str(here.session_id), True),
            (str(asleep.session_id), False),
        ]
        assert client.delete(f"{SESSIONS}/{asleep.session_id}", headers=here.writing()).status_code == 200
        assert [one["current"] for one in listed(client, here)] == [True]


def test_an_ended_device_is_told_that_it_was_ended(client: FlaskClient, session: Session) -> None:
    customer = make.make_customer(session)
    here, there = make.sign_in(session, customer), make.sign_in(session, customer)
    session.commit()
    ended = client.delete(f"{SESSIONS}/{there.session_id}", headers=here.writing()).get_json()
    assert (ended["live"], ended["current"], bool(ended["revoked_at"])) == (False, False, True)
    told = client.get("/customer/v1/me", headers=there.headers)
    assert (told.status_code, told.get_json()["code"]) == (401, "auth.session_invalid")
    assert told.get_json()["context"] == {"why": "elsewhere"}
    assert client.delete("/customer/v1/session", headers=here.writing()).status_code == 200
    assert client.get("/customer/v1/me", headers=here.headers).get_json()["context"] == {"why": "signed_out"}


def test_time_ends_a_session_otherwise(client: FlaskClient, session: Session) -> None:
    who = make.sign_in(session, make.make_customer(session))
    session.commit()
    with clock.at(clock.now() + timedelta(hours=1)):
        assert client.get("/customer/v1/me", headers=who.headers).get_json()["context"] == {"why": "expired"}
    nobody = {"Authorization": "Bearer cs_nobody"}
    assert client.get("/customer/v1/me", headers=nobody).get_json()["context"] == {"why": "unknown"}


def test_all_others_are_ended_at_once_and_nobody_elses(client: FlaskClient, session: Session) -> None:
    customer = make.make_customer(session)
    identity = make.make_identity(session, customer=customer)
    others = [make.sign_in(session, customer), in_wechat(session, customer, identity)]
    here, stranger = make.sign_in(session, customer), make.sign_in(session, make.make_customer(session))
    session.commit()
    key = here.writing()
    for _ in range(2):
        assert client.delete(SESSIONS, headers=key).get_json() == {"ended_count": 2}
    assert client.delete(SESSIONS, headers=here.writing()).get_json() == {"ended_count": 0}
    for one in others:
        assert client.get("/customer/v1/me", headers=one.headers).status_code == 401
    for one in (here, stranger):
        assert client.get("/customer/v1/me", headers=one.headers).status_code == 200


def mini(client: FlaskClient, sandbox: SandboxProcess, code: str) -> Any:
    """Open the mini-program as this persona: wx.login and our answer to it."""
    login = sandbox.post("/sandbox/api/wechat/login-codes", {"persona": code, "app": "mini"})["code"]
    return client.post("/customer/v1/sign-in/mini-program", json={"login_code": login}).get_json()


def test_wechat_alone_does_not_bring_an_ended_device_back(
    client: FlaskClient, sandbox: SandboxProcess, session: Session
) -> None:
    who = persona(sandbox, "good")
    phone = who["person"]["phone"]
    first = mini(client, sandbox, "good")
    there = bind(client, sandbox, first["token"], "good")
    assert mini(client, sandbox, "good")["phone_needed"] is False, "silent while nobody has ended it"
    here = sign_in(client, sandbox, phone)
    ended = client.delete(SESSIONS, headers={"Authorization": f"Bearer {here}", "Idempotency-Key": "all"})
    assert ended.get_json()["ended_count"] == 2
    assert client.get("/customer/v1/me", headers=bearer(there)).get_json()["context"] == {"why": "elsewhere"}
    again = mini(client, sandbox, "good")
    assert (again["phone_needed"], again["ended_elsewhere"], again["customer"]) == (True, True, None)
    assert client.get("/customer/v1/me", headers=bearer(again["token"])).get_json()["code"] == "auth.phone_needed"
    session.execute(text("UPDATE phone_codes SET created_at = created_at - interval '2 minutes'"))
    session.commit()
    with_code = bind(client, sandbox, again["token"], "good", code_needed=True)
    assert client.get("/customer/v1/me", headers=bearer(with_code)).status_code == 200
    assert mini(client, sandbox, "good")["phone_needed"] is False, "the code has opened it again"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def bind(client: FlaskClient, sandbox: SandboxProcess, token: str, code: str, *, code_needed: bool = False) -> str:
    """The phone from WeChat's button; a code to it where that is not enough."""
    phone_code = sandbox.post("/sandbox/api/wechat/phone-codes", {"persona": code})["code"]
    told = write(client, "/sign-in/mini-program/phone", {"phone_code": phone_code}, token)
    assert told.status_code == (409 if code_needed else 201), told.get_json()
    if not code_needed:
        return str(told.get_json()["token"])
    code_id = told.get_json()["context"]["code_id"]
    sent = sandbox.get("/sandbox/api/sms", phone=persona(sandbox, code)["person"]["phone"])["messages"][0]
    done = write(client, "/sign-in/phone", {"code_id": code_id, "code": sent["params"]["code"]}, token)
    return str(done.get_json()["token"])


def test_a_shut_account_stays_shut_for_its_owner_only(session: Session) -> None:
    customer = make.make_customer(session)
    identity, sister = (make.make_identity(session, customer=customer, app=app) for app in ("mini", "h5"))
    there, here = in_wechat(session, customer, identity), make.sign_in(session, customer)
    usecases.revoke_session(session, customer_id=customer.id, session_id=there.session_id, asking_id=here.session_id)
    session.flush()
    shut = {row.app: row.shut_at is not None for row in session.scalars(select(WechatIdentity))}
    assert shut == {"mini": True, "h5": False}
    assert sister.customer_id == customer.id
    assert session.get_one(CustomerSession, here.session_id).revoked_at is None
