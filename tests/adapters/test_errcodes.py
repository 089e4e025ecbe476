"""The errcode table, row by row, and what each row makes of a call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.adapters.breaker import Breaker
from app.adapters.outbound import Limits, Outbound
from app.adapters.wechat_login import CodeRefused, RiskyUser, WechatUnavailable
from app.adapters.wechat_login.errcodes import ACTIONS, Action, action_of
from app.adapters.wechat_login.platform import Platform, PlatformRefused, busy
from app.kernel.errors import Problem
from tests.adapters.vendor import Asked, Told, Vendor

pytestmark = pytest.mark.usefixtures("empty_cache")
SECRET = "s" * 32


class Wechat:
    """Hands out numbered tokens; everything else answers by `answers`, the last one for ever."""

    def __init__(self, vendor: Vendor) -> None:
        vendor.script = self.answer
        self.tokens = 0
        self.answers: list[dict[str, Any]] = [{}]
        self.calls: list[Asked] = []
        self.token_answer: dict[str, Any] | None = None

    def answer(self, asked: Asked, _: int) -> Told:
        if asked.target.startswith("/cgi-bin/stable_token"):
            self.tokens += 1
            told = self.token_answer or {"access_token": f"token-{self.tokens}", "expires_in": 7200}
            return Told(body=json.dumps(told).encode())
        self.calls.append(asked)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Told(body=json.dumps(told).encode())


@pytest.fixture
def wechat(vendor: Vendor) -> Wechat:
    return Wechat(vendor)


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]  # 16:00:00 in China


@pytest.fixture
def api(vendor: Vendor, now: list[float]) -> Iterator[Platform]:
    limits = Limits(tries=4, first_pause_s=0.001)
    way = Outbound("wechat", vendor.origin, limits=limits, breaker=Breaker(failures=100), unwell=busy)
    yield Platform(way, appid="wx1", secret=SECRET, wall=lambda: now[0])


def ask(api: Platform, *, idempotent: bool = True) -> Any:
    return api.with_token("thing", "/wxa/thing", body={"a": "测试"}, idempotent=idempotent).values


def refusal(api: Platform, *, idempotent: bool = True) -> Exception:
    with pytest.raises((Problem, PlatformRefused)) as found:
        ask(api, idempotent=idempotent)
    return found.value


@pytest.mark.parametrize(
    ("errcodes", "action"),
    [
        ((-1,), Action.BUSY),
        ((40001, 40014, 42001), Action.TOKEN),
        ((40029, 40163, 42002, 40030), Action.CODE),
        ((40226,), Action.RISKY),
        ((45011,), Action.MINUTE),
        ((45009,), Action.DAY),
        ((40013, 40125, 40164, 40243, 48001), Action.SETUP),
        ((41001, 41002, 41004, 41008, 47001, 47003, 99999), Action.FAULT),
        ((40003, 43101, 87009), Action.FINAL),
    ],
)
def test_table(errcodes: tuple[int, ...], action: Action) -> None:
    assert {action_of(errcode) for errcode in errcodes} == {action}


def test_on_the_token_endpoint_40001_means_the_secret() -> None:
    assert action_of(40001, fetching_token=True) is Action.SETUP


def test_success_has_no_errcode_and_the_body_no_escapes(api: Platform, wechat: Wechat) -> None:
    wechat.answers = [{"fine": True}]
    assert ask(api) == {"fine": True}
    assert wechat.calls[0].body == '{"a": "测试"}'.encode()
    assert "access_token=token-1" in wechat.calls[0].target


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_replaced_and_the_call_made_once_more(api: Platform, wechat: Wechat, errcode: int) -> None:
    wechat.answers = [{"errcode": errcode, "errmsg": "x rid: 1"}, {"errcode": 0}]
    assert ask(api, idempotent=False) == {"errcode": 0}
    assert [call.target.partition("=")[2] for call in wechat.calls] == ["token-1", "token-2"]


def test_a_token_refused_twice_is_an_alarm(api: Platform, wechat: Wechat) -> None:
    wechat.answers = [{"errcode": 40001}]
    with capture_logs() as lines:
        assert isinstance(refusal(api), WechatUnavailable)
    assert len(wechat.calls) == 2 and wechat.tokens == 2
    assert any(line["event"] == "wechat_alarm" for line in lines)


@pytest.mark.parametrize(("idempotent", "calls"), [(True, 4), (False, 1)])
def test_busy_is_repeated_only_when_that_is_safe(api: Platform, wechat: Wechat, idempotent: bool, calls: int) -> None:
    wechat.answers = [{"errcode": -1}]
    assert isinstance(refusal(api, idempotent=idempotent), WechatUnavailable)
    assert len(wechat.calls) == calls


@pytest.mark.parametrize(
    ("errcode", "kind"), [(40029, CodeRefused), (40163, CodeRefused), (40226, RiskyUser), (43101, PlatformRefused)]
)
def test_what_the_person_must_know(api: Platform, wechat: Wechat, errcode: int, kind: type[Exception]) -> None:
    wechat.answers = [{"errcode": errcode}]
    assert type(refusal(api)) is kind
    assert len(wechat.calls) == 1


@pytest.mark.parametrize(
    ("errcode", "least_s", "most_s"), [(45009, 28_799, 28_801), (45011, 60, 64), (48001, 300, 301)]
)
def test_quotas_and_rights_leave_that_call_alone(
    api: Platform, wechat: Wechat, now: list[float], errcode: int, least_s: int, most_s: int
) -> None:
    """45009 until midnight in China, 45011 until the next minute, 48001 for a while; other calls go on."""
    wechat.answers = [{"errcode": errcode}, {"errcode": 0}]
    problem = refusal(api)
    assert isinstance(problem, WechatUnavailable) and least_s <= problem.context["retry_after_s"] <= most_s
    assert isinstance(refusal(api), WechatUnavailable) and len(wechat.calls) == 1
    assert api.get("other", "/sns/other", {}, idempotent=True).values == {"errcode": 0}
    now[0] += most_s
    assert ask(api) == {"errcode": 0}


@pytest.mark.parametrize("errcode", [40001, 40013, 40125, 40243])
def test_wrong_credentials_stop_the_refreshing(api: Platform, wechat: Wechat, errcode: int) -> None:
    wechat.token_answer = {"errcode": errcode}
    with capture_logs() as lines:
        for _ in range(20):
            assert isinstance(refusal(api), WechatUnavailable)
    assert wechat.tokens == 1 and wechat.calls == []
    assert SECRET not in str(lines) and any(line["event"] == "wechat_alarm" for line in lines)


def test_no_error_text_of_the_vendor_reaches_the_caller(api: Platform, wechat: Wechat) -> None:
    wechat.answers = [{"errcode": 47001, "errmsg": "secret text rid: 1"}]
    problem = refusal(api)
    assert "secret text" not in str(problem) + str(getattr(problem, "context", ""))


@pytest.mark.parametrize("told", [Told(502, b"<html>"), Told(200, b"<html>"), Told(200, b"[]"), Told(200, b"")])
def test_what_is_not_wechats_json(api: Platform, vendor: Vendor, told: Told) -> None:
    vendor.script = lambda *_: told
    assert isinstance(refusal(api), WechatUnavailable)


def test_every_row_has_an_action() -> None:
    assert all(isinstance(action, Action) for action in ACTIONS.values())
