"""WeChat's pushes over HTTP: stored once, answered at once, worked on later; grants and deliveries follow."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import clock, retention
from app.messages import housekeeping, usecases
from app.messages.domain import delivery
from app.messages.models import MessageAttempt, MessageCredit, MessagePush
from sandbox.wechat import push_sealing, pushes
from tests.cost import counting
from tests.factories import messages as factory
from tests.sandbox_process import SandboxProcess

PATH = "/callbacks/wechat/messages"
RUN_TWICE = {"messages.handle_push"}  # test_copies_count_once


class Pusher:
    """WeChat, holding the keys of the sandbox's world."""

    def __init__(self, client: FlaskClient, sandbox: SandboxProcess) -> None:
        self.client = client
        self.app = sandbox.world["wechat"]["mini"]
        self.openid = sandbox.persona("good")["wechat"]["mini_openid"]

    def event(self, name: str, *listed: dict[str, Any], at: int | None = None) -> dict[str, Any]:
        content = {"ToUserName": "gh", "FromUserName": self.openid, "CreateTime": at or int(time.time())}
        return {**content, "MsgType": "event", "Event": name, "List": list(listed)}

    def popup(self, kind: str, status: str = "accept", name: str = "subscribe_msg_popup_event") -> dict[str, Any]:
        return self.event(name, {"TemplateId": self.app["templates"][kind]["id"], "SubscribeStatusString": status})

    def signed(self, content: dict[str, Any], form: str = "json", **changes: str) -> tuple[dict[str, str], bytes]:
        nonce, stamp = secrets.token_hex(5), str(int(time.time()))
        cipher = push_sealing.encrypt(self.app["encoding_aes_key"], pushes.written(content, form), self.app["appid"])
        proof = push_sealing.signature(self.app["message_token"], stamp, nonce, cipher)
        query = {"timestamp": stamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": proof}
        return query | changes, pushes.written({"ToUserName": "gh", "Encrypt": cipher}, form)

    def push(self, content: dict[str, Any], form: str = "json", **changes: str) -> Any:
        query, body = self.signed(content, form, **changes)
        return self.client.post(PATH, query_string=query, data=body)


@pytest.fixture
def pusher(client: FlaskClient, wechat: SandboxProcess) -> Pusher:
    return Pusher(client, wechat)


def credit(session: Session) -> tuple[int, int, int]:
    session.expire_all()
    row = session.scalars(select(MessageCredit)).one()
    return row.claimed, row.confirmed, row.spent


def left(session: Session) -> int:
    return delivery.left(*credit(session))


def outcomes(session: Session) -> list[str | None]:
    session.expire_all()
    return list(session.scalars(select(MessagePush.outcome).order_by(MessagePush.id)))


def test_wechat_checks_our_address(client, wechat, pusher):
    stamp = str(int(time.time()))
    proof = push_sealing.signature(pusher.app["message_token"], stamp, "n")
    query = {"signature": proof, "timestamp": stamp, "nonce": "n", "echostr": "4375120948345356249"}
    told = client.get(PATH, query_string=query)
    assert (told.status_code, told.text, told.mimetype) == (200, "4375120948345356249", "text/plain")
    told = client.get(PATH, query_string=query | {"signature": "0" * 40})
    assert (told.status_code, told.json["code"]) == (401, "wechat_push.signature")
    assert client.get(PATH).status_code == 401


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_confirmed_tap_is_counted(session, pusher, reader, run_jobs, form):
    assert pusher.push(pusher.popup("paid"), form).text == "success"
    assert run_jobs() == ["messages.handle_push"]
    assert (credit(session), outcomes(session)) == ((0, 1, 0), ["done_1"])


def test_a_tap_that_both_sides_tell_is_one(session, pusher, reader, run_jobs):
    factory.allow(session, reader, "paid")
    pusher.push(pusher.popup("paid"))
    run_jobs()
    assert (credit(session), left(session)) == ((1, 1, 0), 1)


def test_copies_count_once(session, pusher, reader, run_jobs):
    content = pusher.popup("paid")
    assert [pusher.push(content).status_code for _ in range(3)] == [200, 200, 200]
    run_jobs()
    run_jobs.again("messages.handle_push")
    assert (credit(session), outcomes(session)) == ((0, 1, 0), ["done_1"])


def test_a_refusal_in_the_settings_ends_what_was_granted(session, pusher, reader, run_jobs):
    factory.allow(session, reader, "paid", times=3)
    pusher.push(pusher.popup("paid", "reject", "subscribe_msg_change_event"))
    run_jobs()
    assert left(session) == 0
    pusher.push(pusher.popup("paid", "accept", "subscribe_msg_change_event"))
    run_jobs()
    row = session.scalars(select(MessageCredit)).one()
    assert (left(session), row.refused_at) == (0, None), "taking the refusal back grants no message yet"


def test_a_refusal_in_the_popup_leaves_what_was_granted(session, pusher, reader, run_jobs):
    factory.allow(session, reader, "paid", times=2)
    pusher.push(pusher.popup("paid", "reject"))
    run_jobs()
    assert left(session) == 2
    assert session.scalars(select(MessageCredit)).one().refused_at is not None


def sent_event(pusher: Pusher, number: str, errcode: str = "0", kind: str = "disbursed") -> dict[str, Any]:
    item = {"TemplateId": pusher.app["templates"][kind]["id"], "MsgID": number, "ErrorCode": errcode}
    return pusher.event("subscribe_msg_sent_event", item)


@pytest.fixture
def sent(session, wechat, pusher, reader, run_jobs):
    """A message that WeChat took, with WeChat's number."""
    template_id = pusher.app["templates"]["disbursed"]["id"]
    wechat.post("/sandbox/api/wechat/grants", {"persona": "good", "template_id": template_id})
    factory.allow(session, reader, "disbursed")
    message = factory.open_one(session, reader)
    run_jobs()
    return message, wechat.get("/sandbox/api/wechat/messages", persona="good")["messages"][0]["msgid"]


def test_wechat_tells_that_it_arrived(session, pusher, run_jobs, sent):
    message, number = sent
    pusher.push(sent_event(pusher, number))
    run_jobs()
    session.expire_all()
    assert session.scalars(select(MessageAttempt)).one().delivered_at is not None
    assert factory.one(session, message.id).status == "sent"


def test_what_did_not_arrive_goes_by_sms(session, wechat, pusher, reader, run_jobs, sent):
    message, number = sent
    pusher.push(sent_event(pusher, number, errcode="3"))
    run_jobs()
    assert len(wechat.get("/sandbox/api/sms", phone=reader.phone)["messages"]) == 1
    run_jobs.again("messages.handle_push")
    run_jobs()
    assert len(wechat.get("/sandbox/api/sms", phone=reader.phone)["messages"]) == 1
    assert factory.one(session, message.id).status == "sent"


@pytest.mark.parametrize(("errcode", "status", "by_sms"), [("0", "sent", 0), ("3", "sent", 1)])
def test_wechats_word_clears_a_doubt(session, wechat, pusher, reader, run_jobs, errcode, status, by_sms):
    factory.allow(session, reader, "disbursed")
    message = factory.open_one(session, reader)
    kinds = frozenset(pusher.app["templates"])
    usecases.next_step(session, message_id=message.id, wechat_kinds=kinds, appid=pusher.app["appid"])
    session.commit()
    run_jobs()
    assert factory.one(session, message.id).status == "doubt"
    pusher.push(sent_event(pusher, "990", errcode))
    run_jobs()
    assert factory.one(session, message.id).status == status
    assert len(wechat.get("/sandbox/api/sms", phone=reader.phone)["messages"]) == by_sms


def test_events_of_strangers_and_of_other_kinds_do_nothing(session, pusher, wechat, run_jobs):
    pusher.push(pusher.popup("paid"))  # nobody with this openid has signed in here
    pusher.push(pusher.event("user_enter_tempsession"))
    run_jobs()
    assert outcomes(session) == ["unknown_user", "other_event"]
    assert session.scalar(select(func.count()).select_from(MessageCredit)) == 0


@pytest.mark.parametrize("listed", [[{"TemplateId": "unknown"}], [{}], ["x"], []])
def test_lists_of_nothing_we_know(session, pusher, reader, run_jobs, listed):
    pusher.push(pusher.event("subscribe_msg_popup_event", *listed))
    run_jobs()
    assert outcomes(session) == ["done_0"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"msg_signature": "0" * 40}, "wechat_push.signature"),
        ({"timestamp": "1"}, "wechat_push.timestamp"),
        ({"nonce": "other"}, "wechat_push.signature"),
        ({"encrypt_type": ""}, "wechat_push.query"),
    ],
)
def test_what_proves_nothing_is_not_kept(session, pusher, reader, changes, code):
    told = pusher.push(pusher.popup("paid"), **changes)
    assert (told.status_code, told.json["code"]) == (401, code)
    assert session.scalar(select(func.count()).select_from(MessagePush)) == 0


def test_one_proof_serves_one_content(session, pusher, reader):
    """In plain mode the signature covers no byte of the body; the address itself must not be a key for others."""
    first, other = pusher.popup("paid"), pusher.popup("overdue")
    query, body = pusher.signed(first)
    assert pusher.client.post(PATH, query_string=query, data=body).status_code == 200
    cipher = push_sealing.encrypt(pusher.app["encoding_aes_key"], pushes.written(other, "json"), pusher.app["appid"])
    parts = (pusher.app["message_token"], query["timestamp"], query["nonce"], cipher)
    forged = query | {"msg_signature": push_sealing.signature(*parts)}
    told = pusher.client.post(PATH, query_string=forged, data=pushes.written({"Encrypt": cipher}, "json"))
    assert (told.status_code, told.json["code"]) == (401, "wechat_push.reused")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 70_000, {}, 413),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, 415),
        (b"", {}, 400),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml>&x;</xml>", {}, 400),
    ],
)
def test_hostile_bodies(pusher, reader, body, headers, status):
    query, _ = pusher.signed(pusher.popup("paid"))
    assert pusher.client.post(PATH, query_string=query, data=body, headers=headers).status_code == status


def test_a_push_costs_eight_statements_at_most_and_one_commit(app, committed, wechat):
    pusher, costs = Pusher(app.test_client(), wechat), {}
    content = pusher.popup("paid")
    for kind in ("new", "copy"):
        with counting(committed.kw["bind"]) as cost:
            assert pusher.push(content).status_code == 200
        costs[kind] = cost
        print(f"{kind} push: {cost}")
    assert len(costs["new"].statements) <= 8 and len(costs["copy"].statements) <= 8, costs["new"].statements
    assert (costs["new"].commits, costs["copy"].commits) == (1, 1)


def test_nothing_personal_in_clear(session, pusher, reader, run_jobs):
    pusher.push(pusher.popup("paid"))
    raw = str(session.connection().exec_driver_sql("SELECT * FROM message_pushes").all())
    assert pusher.openid not in raw and pusher.openid not in str(run_jobs.waiting())


def test_old_pushes_are_forgotten(session, pusher, reader, run_jobs, clock_at):
    assert housekeeping.register is retention.register
    pusher.push(pusher.popup("paid"))
    run_jobs()
    now = clock.now()
    for days, kept in ((29, 1), (31, 0), (31, 0)):
        clock_at(now + timedelta(days=days))
        retention.purge(session, "message_pushes")
        assert session.scalar(select(func.count()).select_from(MessagePush)) == kept
    assert credit(session) == (0, 1, 0)
