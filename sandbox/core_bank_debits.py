"""The core bank's debits: a file of orders comes in, money is taken after a while, a file of results goes out.

The last two digits of an account number make it behave in one documented way (see `OUTCOMES`); every other account has
enough money. `/sandbox/api/debits` shows the files and changes the settings.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox import timers
from sandbox.context import World, current
from sandbox.core_bank import port
from sandbox.ports import PortRefusal, read_body
from sandbox.store import Document

BATCH = "debit_batch"
SETTINGS = ("debit_settings", "current")
DEFAULTS: dict[str, Any] = {"delay_seconds": 2.0, "fault": "", "returns": False}
FAULTS = ("", "refuse_before", "fail_after", "wrong_totals", "bad_signature", "cut_off", "other_batch")
Line = list[str]

blueprint = Blueprint("core_bank_debits", __name__)


def settings(world: World) -> dict[str, Any]:
    """delay_seconds until results (the clock divides it); a fault of the next calls; whether accounts ending in 48 take
    their money back.
    """
    return DEFAULTS | (world.store.get(*SETTINGS) or {})


@port.post("/debit-files")
def take_file() -> ResponseReturnValue:
    """{batch_no, file} → 202. The same file again is the same batch, another one under its number is 409."""
    asked, world = read_body(batch_no=str, file=str), current()
    if settings(world)["fault"] == "refuse_before":
        raise PortRefusal(500, "internal", "not accepted")
    orders = _read(asked["file"], asked["batch_no"], _secret(world))
    now = world.now()
    kept = {"batch_no": asked["batch_no"], "file": asked["file"], "orders": orders, "taken_at": now.isoformat()}
    world.store.add(BATCH, asked["batch_no"], kept)
    known = world.store.get(BATCH, asked["batch_no"]) or kept
    if known["file"] != asked["file"]:
        raise PortRefusal(409, "debit_file.conflict", "this number carries another file")
    if settings(world)["fault"] == "fail_after":
        raise PortRefusal(500, "internal", "accepted, though this answer does not say so")
    return {"batch_no": asked["batch_no"], "state": "accepted"}, 202


@port.get("/debit-files/<batch_no>/results")
def results(batch_no: str) -> ResponseReturnValue:
    """The newest result file of a batch; 404 debit_file.unknown, debit_file.not_ready."""
    world = current()
    batch = world.store.get(BATCH, batch_no)
    if batch is None:
        raise PortRefusal(404, "debit_file.unknown", "no batch with this number")
    waits = timedelta(seconds=settings(world)["delay_seconds"] / timers.scale(world))  # by the sandbox's clock
    ready = datetime.fromisoformat(batch["taken_at"]) + waits
    if world.now() < ready:
        raise PortRefusal(404, "debit_file.not_ready", "the batch is being worked on")
    return {"batch_no": batch_no, "file": _broken(_write(world, batch), settings(world)["fault"], world)}


def _read(text: str, batch_no: str, secret: str) -> list[dict[str, Any]]:
    """The orders of a file. Raises PortRefusal 400 for one that does not prove itself or does not add up."""
    body, _, trailer = text.removesuffix("\n").rpartition("\nT|")
    body += "\n"
    values = trailer.split("|")
    digest = hashlib.sha256(body.encode()).hexdigest()
    if len(values) != 4 or values[2] != digest or values[3] != _sign(secret, f"{body}T|{'|'.join(values[:3])}|"):
        raise PortRefusal(400, "debit_file.unproven", "hash or signature")
    head, *lines = [line.split("|") for line in body.removesuffix("\n").split("\n")]
    if len(head) != 7 or head[:4] != ["H", "DUKOU-DEBIT", "1", batch_no] or any(len(line) != 8 for line in lines):
        raise PortRefusal(400, "debit_file.malformed", "header or line")
    total = str(sum(int(line[5]) for line in lines))
    if [head[5], head[6]] != [str(len(lines)), total] or values[:2] != [str(len(lines)), total]:
        raise PortRefusal(400, "debit_file.totals", "count or total")
    names = ("debit_no", "account_no", "account_name", "bank_code", "amount_fen", "part", "mandate")
    return [dict(zip(names, line[1:], strict=True)) for line in lines]


def _sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _secret(world: World) -> str:
    secret: str = world.keys["ports"]["core_bank"]["secret"]
    return secret


def _serial(number: str, copy: str = "") -> str:
    return "DB" + hashlib.sha256(f"{number}{copy}".encode()).hexdigest()[:20].upper()


def _taken(order: dict[str, Any], amount_fen: int, copy: str = "") -> Line:
    return [order["debit_no"], str(amount_fen), "succeeded", "", _serial(order["debit_no"], copy)]


def _failed(order: dict[str, Any], code: str) -> Line:
    return [order["debit_no"], order["amount_fen"], "failed", code, ""]


def _half(world: World, order: dict[str, Any]) -> list[Line]:
    whole = int(order["amount_fen"])
    part = order["part"] == "Y" and whole > 1
    return [_taken(order, whole // 2) if part else _failed(order, "balance.too_low")]


def _second_time(world: World, order: dict[str, Any]) -> list[Line]:
    """Not enough money the first time this account is debited, enough afterwards."""
    first = next(
        one["debit_no"]
        for batch in sorted(world.store.all(BATCH), key=lambda batch: batch["taken_at"])
        for one in batch["orders"]
        if one["account_no"] == order["account_no"]
    )
    enough = first != order["debit_no"]
    return [_taken(order, int(order["amount_fen"])) if enough else _failed(order, "balance.too_low")]


def _back(world: World, order: dict[str, Any]) -> list[Line]:
    line = _taken(order, int(order["amount_fen"]))
    return [[*line[:2], "returned", "returned.by_payer", line[4]] if settings(world)["returns"] else line]


def _strange(world: World, order: dict[str, Any]) -> list[Line]:
    unknown = {"debit_no": f"X{order['debit_no'][1:]}"}
    return [_taken(order, int(order["amount_fen"])), _taken(unknown, 100)]


Outcome = Callable[[World, dict[str, Any]], list[Line]]
OUTCOMES: dict[str, Outcome] = {
    "41": lambda world, order: [_failed(order, "balance.too_low")],
    "42": lambda world, order: [],  # never a result
    "43": _second_time,
    "44": _half,
    "45": lambda world, order: [_failed(order, "account.closed")],
    "46": lambda world, order: [_taken(order, int(order["amount_fen"]) + 1)],  # more than was asked for
    "47": lambda world, order: [_taken(order, int(order["amount_fen"]), copy) for copy in ("", "again")],
    "48": _back,  # taken, and given back once `returns` is set
    "49": _strange,  # and a line that nobody asked for
}


def outcome(world: World, order: dict[str, Any]) -> list[Line]:
    """The lines of one order: debit_no, amount_fen, state, fail_code, bank_serial."""
    found = OUTCOMES.get(order["account_no"][-2:])
    return found(world, order) if found else [_taken(order, int(order["amount_fen"]))]


def _write(world: World, batch: Document) -> str:
    completed = batch["taken_at"]
    lines = [[*line, completed] for order in batch["orders"] for line in outcome(world, order)]
    return _file(batch["batch_no"], lines, _secret(world))


def _file(batch_no: str, lines: list[Line], secret: str) -> str:
    total = sum(int(line[1]) for line in lines if line[2] == "succeeded")
    head = f"H|DUKOU-DEBIT-RESULT|1|{batch_no}|1|{len(lines)}|{total}\n"
    body = head + "".join(f"R|{'|'.join(line)}\n" for line in lines)
    trailer = f"T|{len(lines)}|{total}|{hashlib.sha256(body.encode()).hexdigest()}|"
    return f"{body}{trailer}{_sign(secret, body + trailer)}\n"


def _broken(text: str, fault: str, world: World) -> str:
    """A result file with the fault that was asked for; its hash and signature fit unless they are the fault."""
    if fault == "cut_off":
        return text[: len(text) // 2]
    if fault == "bad_signature":
        return text[:-9] + ("0" if text[-9] != "0" else "1") + text[-8:]
    if fault in ("wrong_totals", "other_batch"):
        body = text.rpartition("\nT|")[0] + "\n"
        head, _, rest = body.partition("\n")
        values = head.split("|")
        values[6 if fault == "wrong_totals" else 3] = "1"
        body = "|".join(values) + "\n" + rest
        trailer = f"T|{values[5]}|{values[6]}|{hashlib.sha256(body.encode()).hexdigest()}|"
        return f"{body}{trailer}{_sign(_secret(world), body + trailer)}\n"
    return text


def bookings(world: World) -> list[dict[str, Any]]:
    """What came onto the bank's account by debits, for the statement."""
    return [
        {"bank_serial": line[4], "debit_no": line[0], "amount_fen": int(line[1]), "booked_at": batch["taken_at"],
         "state": "reversed" if line[2] == "returned" else "booked"}
        for batch in world.store.all(BATCH)
        for order in batch["orders"]
        for line in outcome(world, order)
        if line[2] != "failed"
    ]  # fmt: skip


@blueprint.get("/sandbox/api/debits")
def list_debits() -> ResponseReturnValue:
    """Every batch, newest first, and the settings."""
    world = current()
    return {"batches": world.store.all(BATCH)[::-1], "settings": settings(world)}


@blueprint.post("/sandbox/api/debits/settings")
def change_settings() -> ResponseReturnValue:
    """Change delay_seconds (0 to 3600), fault (one of FAULTS), returns (true, false); answers all settings."""
    asked = request.get_json(silent=True) or {}
    seconds = asked.get("delay_seconds", 0)
    fine = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= 3600
    known = asked.get("fault", "") in FAULTS and isinstance(asked.get("returns", True), bool)
    if set(asked) - set(DEFAULTS) or not fine or not known:
        return {"code": "request.invalid", "detail": f"delay_seconds, fault ({', '.join(FAULTS)}), returns"}, 400
    current().store.put(*SETTINGS, settings(current()) | asked)
    return settings(current())
