"""Faults on request: the next calls of one API fail in the way a person or a test asked for."""

from __future__ import annotations

import time
from typing import Any

from flask import Response, after_this_request, request

from sandbox.context import World, current
from sandbox.wechat.pay.answers import PayRefused, answer, parameter_error

KIND = "pay.fault"
HANG_SECONDS = 20.0

APIS = (
    "prepay", "query", "close", "refund", "refund_query", "abnormal_refund", "certificates",
    "trade_bill", "fund_flow_bill", "bill_file",
)  # fmt: skip
FAULTS = (
    "system_error", "system_error_after", "frequency", "hang", "bank_error", "no_auth", "not_enough", "user_paying",
    "bad_card",
)  # fmt: skip


class FaultRefused(Exception):
    """There is no such API or fault; the message names it."""


def plan(world: World, api: str, fault: str, times: int) -> None:
    """Let the next `times` calls of an API fail.

    system_error: 500, nothing done. system_error_after: 500, but it was done. hang: done, answered after 20 s.
    """
    if api not in APIS or fault not in FAULTS or times < 0:
        raise FaultRefused(f"{api} {fault}")
    world.store.put(KIND, api, {"api": api, "fault": fault, "times": times})


def play_fault() -> Response | None:
    """Before a call: play the fault that waits for it."""
    fault = _take(current(), _api())
    if fault is None:
        return None
    if fault == "system_error_after":
        after_this_request(lambda _: answer({"code": "SYSTEM_ERROR", "message": "系统异常，请稍后重试"}, 500))
    elif fault == "hang":
        after_this_request(_hang)
    else:
        raise _REFUSALS[fault]()
    return None


def _hang(response: Response) -> Response:
    time.sleep(HANG_SECONDS)
    return response


_REFUSALS = {
    "system_error": lambda: PayRefused(500, "SYSTEM_ERROR", "系统异常，请稍后重试"),
    "bank_error": lambda: PayRefused(500, "BANK_ERROR", "银行系统异常"),
    "frequency": lambda: PayRefused(429, "FREQUENCY_LIMITED", "频率超限"),
    "bad_card": lambda: parameter_error("/bank_account", None, "收款银行卡号不正确"),
    "no_auth": lambda: PayRefused(403, "NO_AUTH", "商户无权限"),
    "user_paying": lambda: PayRefused(202, "USERPAYING", "用户支付中，需要输入密码"),
    "not_enough": lambda: PayRefused(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"),
}


def _api() -> str:
    endpoint = (request.endpoint or "").rsplit(".", 1)[-1]
    return {"jsapi": "prepay", "native": "prepay", "h5": "prepay", "by_number": "query", "by_id": "query"}.get(
        endpoint, endpoint
    )


def _take(world: World, api: str) -> str | None:
    taken = None

    def count_down(planned: dict[str, Any]) -> dict[str, Any]:
        nonlocal taken
        if planned["times"] > 0:
            taken = planned["fault"]
            return planned | {"times": planned["times"] - 1}
        return planned

    if world.store.get(KIND, api) is not None:
        world.store.update(KIND, api, count_down)
    return taken
