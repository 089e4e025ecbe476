"""The core bank's statement of a day: what it booked on the bank's settlement account, in pages, with totals."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import SHANGHAI, World, current
from sandbox.core_bank import TRANSFER, port
from sandbox.core_bank_debits import bookings
from sandbox.ports import PortRefusal

KIND = "core_bank.statement_difference"
ARRIVAL = "core_bank.arrival"
KINDS = (
    "missing_here", "missing_there", "amount", "duplicate", "cut_off", "state", "unknown", "wrong_totals", "reissued",
)  # fmt: skip
MOST_ROWS = 500
EXTRA = ("missing_here", "unknown", "wrong_totals", "reissued")

blueprint = Blueprint("core_bank_statement", __name__, url_prefix="/sandbox/api")
blueprint.register_error_handler(PortRefusal, lambda refused: ({"code": refused.code}, refused.status))

Entry = dict[str, Any]


@port.get("/statements")
def statement() -> ResponseReturnValue:
    """?day=&after=&limit= → {"day", "entries": […], "next": str | null, "totals": {"count", "out_fen", "in_fen"}}.

    Entries come in the order of `entry_no`; `after` is the `next` of the page before. A day that is not over has no
    statement yet: 404 statement.not_ready.
    """
    world = current()
    day = _day(request.args.get("day", ""))
    if day >= world.today() and not (world.store.get(KIND, "ready") or {}).get("now"):
        raise PortRefusal(404, "statement.not_ready", "the day is not over")
    entries = entries_of(world, day)
    start = _start(request.args.get("after", ""))
    limit = min(MOST_ROWS, max(1, request.args.get("limit", MOST_ROWS, type=int)))
    part = entries[start : start + limit]
    after = str(start + limit) if start + limit < len(entries) else None
    return {"day": day.isoformat(), "entries": part, "next": after, "totals": _totals(world, day, entries)}


def entries_of(world: World, day: date) -> list[Entry]:
    """The bookings of a day as the statement shows them."""
    planned = {one["transfer_no"]: one["kind"] for one in _planned(world, day)}
    before = {one["transfer_no"]: one["kind"] for one in _planned(world, day - timedelta(days=1))}
    rows: list[Entry] = []
    for entry in _true(world, day - timedelta(days=1)):
        if before.get(entry["transfer_no"]) == "cut_off":
            rows.append(entry | {"booked_at": f"{day}T00:00:02+08:00"})
    for entry in _true(world, day):
        rows += _changed(entry, planned.get(entry["transfer_no"], ""))
    for number, kind in planned.items():
        if kind in ("missing_here", "unknown"):
            rows.append(_invented(day, number, kind))
    remark = {"remark": "更正"} if "reissued" in planned.values() else {}
    return [entry | {"entry_no": f"{day:%Y%m%d}{place:06d}"} | remark for place, entry in enumerate(rows, 1)]


def _true(world: World, day: date) -> list[Entry]:
    return _sent(world, day) + _collected(world, day) + _arrived(world, day)


def _arrived(world: World, day: date) -> list[Entry]:
    return [one for one in world.store.all(ARRIVAL) if one["booked_at"][:10] == day.isoformat()]


@blueprint.post("/core-bank/arrivals")
def arrive() -> ResponseReturnValue:
    """{"transfer_no", "amount_fen", "payer"?}: somebody, such as a merchant, transfers money to the bank under a number
    of the bank's; it stands on the day's statement and nowhere else. Answers the entry."""
    world, asked = current(), request.get_json(silent=True) or {}
    amount_fen, number = asked.get("amount_fen"), asked.get("transfer_no")
    fine = isinstance(amount_fen, int) and not isinstance(amount_fen, bool) and amount_fen > 0
    if not fine or not isinstance(number, str) or not 0 < len(number) <= 64:
        return {"code": "sandbox.refused", "detail": "transfer_no and amount_fen, a whole number of fen"}, 422
    serial = f"CBI{secrets.token_hex(8).upper()}"
    entry: Entry = {
        "bank_serial": serial,
        "transfer_no": number,
        "direction": "in",
        "amount_fen": amount_fen,
        "booked_at": world.local().isoformat(timespec="seconds"),
        "state": "booked",
        "remark": str(asked.get("payer", "来款"))[:64],
    }
    world.store.put(ARRIVAL, serial, entry)
    return entry


def _collected(world: World, day: date) -> list[Entry]:
    """Debits that brought money, under our number and the serial of their result."""
    return [
        {
            "bank_serial": one["bank_serial"],
            "transfer_no": one["debit_no"],
            "direction": "in",
            "amount_fen": one["amount_fen"],
            "booked_at": at.isoformat(),
            "state": one["state"],
            "remark": "批量扣款",
        }
        for one in bookings(world)
        if (at := datetime.fromisoformat(one["booked_at"]).astimezone(SHANGHAI)).date() == day
    ]


def _sent(world: World, day: date) -> list[Entry]:
    done = [one for one in world.store.all(TRANSFER) if one["state"] == "succeeded"]
    return [
        {
            "bank_serial": one["bank_serial"],
            "transfer_no": one["transfer_no"],
            "direction": "out",
            "amount_fen": one["amount_fen"],
            "booked_at": datetime.fromisoformat(one["completed_at"]).astimezone(SHANGHAI).isoformat(),
            "state": "booked",
            "remark": one["purpose"],
        }
        for one in done
        if datetime.fromisoformat(one["completed_at"]).astimezone(SHANGHAI).date() == day
    ]


def _changed(entry: Entry, kind: str) -> list[Entry]:
    if kind in ("missing_there", "cut_off"):
        return []
    if kind == "duplicate":
        return [entry, entry]
    changes: dict[str, Entry] = {"amount": {"amount_fen": entry["amount_fen"] + 1}, "state": {"state": "reversed"}}
    return [entry | changes.get(kind, {})]


def _invented(day: date, number: str, kind: str) -> Entry:
    return {
        "bank_serial": f"CB{number[-16:]}",
        "transfer_no": number,
        "direction": "out",
        "amount_fen": 123_45,
        "booked_at": f"{day}T12:00:00+08:00",
        "state": "booked" if kind == "missing_here" else "memo",
        "remark": "手工划款",
    }


def _totals(world: World, day: date, entries: list[Entry]) -> dict[str, int]:
    sums = {way: sum(one["amount_fen"] for one in entries if one["direction"] == way) for way in ("out", "in")}
    wrong = any(one["kind"] == "wrong_totals" for one in _planned(world, day))
    return {"count": len(entries) + wrong, "out_fen": sums["out"], "in_fen": sums["in"]}


def _planned(world: World, day: date) -> list[Entry]:
    return world.store.find(KIND, day=day.isoformat())


@blueprint.post("/core-bank/statements/<day>/differences")
def differ(day: str) -> ResponseReturnValue:
    """{"kind", "transfer_no"?}: let the statement of a day differ in one way; answers what differs."""
    world, on = current(), _day(day)
    asked = request.get_json(silent=True) or {}
    kind, number = str(asked.get("kind")), str(asked.get("transfer_no", ""))
    taken = {one["transfer_no"] for one in _planned(world, on)}
    known = [entry["transfer_no"] for entry in _true(world, on)]
    fitting = [one for one in known if one not in taken and number in ("", one)]
    if kind not in KINDS or (kind not in EXTRA and not fitting):
        return {"code": "sandbox.refused", "detail": f"no row for {kind}"}, 422
    number = f"X{secrets.token_hex(12).upper()}" if kind in EXTRA else fitting[0]
    planned = {"day": on.isoformat(), "kind": kind, "transfer_no": number}
    world.store.put(KIND, f"{on}:{kind}:{number}", planned)
    return planned


@blueprint.post("/core-bank/statements/settings")
def change() -> ResponseReturnValue:
    """{"now": bool}: whether days that are not over have a statement."""
    asked = {"now": (request.get_json(silent=True) or {}).get("now") is True}
    current().store.put(KIND, "ready", asked)
    return asked


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PortRefusal(400, "request.invalid", "a day is written YYYY-MM-DD") from None


def _start(after: str) -> int:
    if after and not (after.isascii() and after.isdigit()):
        raise PortRefusal(400, "request.invalid", "after is the next of a page")
    return int(after or 0)
