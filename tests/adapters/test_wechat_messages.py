"""Subscribe messages with the running sandbox and with a vendor that answers as told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters import Channels
from app.adapters.outbound import Limits, Outbound
from app.adapters.wechat_login.platform import Platform, busy
from app.adapters.wechat_messages import Sent
from app.adapters.wechat_messages.client import PlatformMessages
from tests.adapters.vendor import Told, Vendor
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.usefixtures("empty_cache")
VALUES = {"amount": "856.06元", "note": "贷款已发放"}


@pytest.fixture
def openid(sandbox: SandboxProcess) -> Iterator[str]:
    sandbox.post("/sandbox/api/wechat/push-settings", {"pushes": "lost"})
    found: str = sandbox.persona("good")["wechat"]["mini_openid"]
    yield found
    sandbox.reset()


def allow(sandbox: SandboxProcess, doors: Channels, kind: str) -> None:
    template_id = doors.wechat_messages.templates[kind].template_id
    sandbox.post("/sandbox/api/wechat/grants", {"persona": "good", "template_id": template_id})


def test_a_grant_sends_one_message(sandbox: SandboxProcess, doors: Channels, openid: str) -> None:
    allow(sandbox, doors, "disbursed")
    page = "loans/loan/loan?id=1"
    sent = doors.wechat_messages.send(openid=openid, kind="disbursed", page=page, values=VALUES)
    kept = sandbox.get("/sandbox/api/wechat/messages", persona="good")["messages"][0]
    assert (sent.outcome, sent.vendor_ref) == ("sent", kept["msgid"])
    assert (kept["data"], kept["page"]) == ({"amount1": "856.06元", "thing2": "贷款已发放"}, page)
    again = doors.wechat_messages.send(openid=openid, kind="disbursed", page=page, values=VALUES)
    assert again == Sent("refused", 43101)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"openid": "o-unknown"}, 40003),
        ({"page": "/loans/loan"}, 41030),
        ({"values": {**VALUES, "note": "长" * 21}}, 47003),
        ({"values": {**VALUES, "note": ""}}, 47003),
    ],
)
def test_refusals_of_one_message(
    sandbox: SandboxProcess, doors: Channels, openid: str, changes: dict[str, Any], errcode: int
) -> None:
    allow(sandbox, doors, "disbursed")
    asked = {"openid": openid, "kind": "disbursed", "page": "loans/loan/loan", "values": VALUES} | changes
    assert doors.wechat_messages.send(**asked) == Sent("refused", errcode)


def scripted(vendor: Vendor) -> PlatformMessages:
    outbound = Outbound("wechat_login", vendor.origin, limits=Limits(try_s=0.5, call_s=2.0), unwell=busy)
    platform = Platform(outbound, appid="wxscripted", secret="s")
    push = {"token": "t", "encoding_aes_key": "A" * 43}
    fields = {"amount": "amount1", "note": "thing2"}
    return PlatformMessages(platform, {"push": push, "templates": {"disbursed": {"id": "T", "fields": fields}}})


def says(vendor: Vendor, *answers: Told) -> None:
    """What it answers from now on, in this order."""
    left = iter(answers)
    vendor.script = lambda asked, number: next(left)


def send(messages: PlatformMessages) -> Sent:
    return messages.send(openid="o", kind="disbursed", page="", values=VALUES)


TOKEN = Told(200, b'{"access_token":"a","expires_in":7200}')


def answer(errcode: int) -> Told:
    return Told(200, b'{"errcode":%d,"errmsg":"x"}' % errcode)


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (answer(40037), Sent("refused", 40037)),
        (answer(43101), Sent("refused", 43101)),
        (answer(45009), Sent("unreachable", 45009)),
        (answer(-1), Sent("unreachable", -1)),
        (Told(200, b"{}"), Sent("sent")),
        (Told(500, b""), Sent("doubt")),
        (Told(200, b"not json"), Sent("doubt")),
    ],
)
def test_what_each_answer_means(vendor: Vendor, told: Told, sent: Sent) -> None:
    says(vendor, TOKEN, told)
    assert send(scripted(vendor)) == sent
    assert len(vendor.asked) == 2, "a message is never sent twice on a guess"


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_bad_token_is_replaced_once(vendor: Vendor, errcode: int) -> None:
    fresh = Told(200, b'{"access_token":"b","expires_in":7200}')
    says(vendor, TOKEN, answer(errcode), fresh, Told(200, b'{"errcode":0,"msgid":7}'))
    assert send(scripted(vendor)) == Sent("sent", vendor_ref="7")
    says(vendor, answer(errcode), TOKEN, answer(errcode))
    assert send(scripted(vendor)) == Sent("unreachable", errcode)


def test_without_a_token_nothing_is_in_doubt(vendor: Vendor) -> None:
    says(vendor, answer(40125))
    assert send(scripted(vendor)) == Sent("unreachable")
