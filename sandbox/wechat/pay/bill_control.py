"""Hands for bills: make each difference, or the scenario of all of them, and look at the file, under /sandbox/api."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from sandbox.context import World, current
from sandbox.wechat.pay import bill_differences
from sandbox.wechat.pay.bill_differences import DifferenceRefused
from sandbox.wechat.pay.bills import trade_text

blueprint = Blueprint("wechat_pay_bill_control", __name__, url_prefix="/sandbox/api")


@blueprint.get("/pay/bills/<day>")
def shown(day: str) -> Response:
    """{"differences": […], "trade": "the CSV as it would be downloaded"}."""
    world, on = current(), _day(day)
    return jsonify(differences=bill_differences.of_day(world, on), trade=trade_text(world, on))


@blueprint.post("/pay/bills/<day>/differences")
def differ(day: str) -> Response:
    """{"kind", "their_no"?}: let the bill differ in this way; answers what differs. 422 when there is no such row."""
    asked = request.get_json()
    try:
        planned = bill_differences.plan(
            current(), _day(day), str(asked.get("kind")), str(asked.get("their_no", ""))
        )
    except DifferenceRefused as refused:
        return _refusal(str(refused))
    return jsonify(planned)


@blueprint.post("/scenarios/bill_with_differences")
def scenario() -> Response:
    """{"day"?}: every difference that one file can show and the day has rows for; answers {"differences": […]}."""
    world = current()
    asked = request.get_json(silent=True) or {}
    return jsonify(differences=with_differences(world, _day(asked.get("day") or world.today().isoformat())))


def with_differences(world: World, day: date) -> list[dict[str, Any]]:
    """Plan one difference of each kind; a kind for which no row is left is skipped."""
    made = []
    for kind in bill_differences.SCENARIO:
        try:
            made.append(bill_differences.plan(world, day, kind))
        except DifferenceRefused:
            continue
    return made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest("a day is written yyyy-mm-dd") from None


def _refusal(text: str) -> Response:
    response = jsonify(code="sandbox.refused", detail=text)
    response.status_code = 422
    return response
