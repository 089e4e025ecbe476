"""Money that the merchant moves from its account at WeChat Pay to its bank: only the fund-flow bill tells of it."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, Response, jsonify, request

from sandbox.context import World, current
from sandbox.store import Document

KIND = "pay.withdrawal"
blueprint = Blueprint("wechat_pay_withdrawals", __name__, url_prefix="/sandbox/api/pay")


@blueprint.post("/withdrawals")
def withdraw() -> Response:
    """{"amount_fen"} → {"number", "amount_fen", "at"}: by hand on the merchant's pages, or by itself each night."""
    world = current()
    amount_fen = (request.get_json(silent=True) or {}).get("amount_fen")
    if not isinstance(amount_fen, int) or isinstance(amount_fen, bool) or amount_fen < 1:
        response = jsonify(code="sandbox.refused", detail="amount_fen is a whole number of fen, at least 1")
        response.status_code = 422
        return response
    at = world.local()
    number = f"1000{at:%Y%m%d}{secrets.randbelow(10**14):014d}"
    made = {"number": number, "amount_fen": amount_fen, "at": at.isoformat(timespec="seconds")}
    world.store.put(KIND, number, made)
    return jsonify(made)


def of_day(world: World, day: date) -> list[Document]:
    """The withdrawals of a day."""
    return [one for one in world.store.all(KIND) if one["at"][:10] == day.isoformat()]
