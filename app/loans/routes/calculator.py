"""The public calculator: anybody may ask, nothing is stored; the same question is answered from the cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Response, request
from marshmallow import Schema

from app.engine import calculator as engine
from app.engine.terms import Every, Fee, Method, Terms, Unit
from app.kernel import cache
from app.kernel.web.routing import Routes
from app.loans import views
from app.loans.schemas import calculator as schemas

calculator = Routes("calculator", __name__, description="Schedules, yearly costs and early repayment, without sign-in")
KEPT_S = 300


@calculator.post("/schedules")
@calculator.arguments(schemas.ScheduleIn)
@calculator.response(200, schemas.ScheduleOut)
def calculate_schedule(body: dict[str, Any]) -> Response:
    """The schedule of a loan with its yearly cost. Read only: no Idempotency-Key.

    422 `schedule.…` names the rule that the terms break; `cost.…` when no yearly cost can be stated.
    """
    return _answer(schemas.ScheduleOut, body, lambda: engine.calculate(_terms(body)))


@calculator.post("/early-repayments")
@calculator.arguments(schemas.EarlyRepaymentIn)
@calculator.response(200, schemas.EarlyRepaymentOut)
def calculate_early_repayment(body: dict[str, Any]) -> Response:
    """What paying an amount early does to a loan: lower instalments, or a shorter term. Read only.

    422 `prepayment.…`; `prepayment.settles_loan` carries the sum that settles it, `pay_off_fen`.
    """

    def work() -> dict[str, Any]:
        paid = [engine.Payment(one["on"], one["amount_fen"]) for one in body["payments"]]
        found = engine.early_repayment(_terms(body["schedule"]), paid, body["on"], body["amount_fen"])
        return {
            "pay_off_fen": found.pay_off_fen,
            "lower_instalment": views.remaining(found.lower_instalment),
            "shorter_term": views.remaining(found.shorter_term),
        }

    return _answer(schemas.EarlyRepaymentOut, body, work)


def _terms(body: dict[str, Any]) -> Terms:
    return Terms(
        principal_fen=body["principal_fen"],
        annual_rate=body["annual_rate"],
        method=Method(body["method"]),
        instalments=body["instalments"],
        start_on=body["start_on"],
        every=Every(Unit(body["every"]["unit"]), body["every"]["count"]),
        due_on=None if body["due_on"] is None else tuple(body["due_on"]),
        day_count=body["day_count"],
        rounding=body["rounding"],
        smoothing=body["smoothing"],
        fees=tuple(Fee(one["at"], one["amount_fen"]) for one in body["fees"]),
    )


def _answer(schema: type[Schema], body: dict[str, Any], work: Callable[[], object]) -> Response:
    def made() -> bytes:
        return json.dumps(schema().dump(work()), ensure_ascii=False, separators=(",", ":")).encode()

    return Response(cache.remembered(_key(body), KEPT_S, made), mimetype="application/json")


def _key(body: dict[str, Any]) -> str:
    """One key for all spellings of a question: defaults are filled in, the order of members does not matter."""
    asked = json.dumps([request.path, body], sort_keys=True, default=str, separators=(",", ":"))
    return f"calculator:{hashlib.sha256(asked.encode()).hexdigest()}"
