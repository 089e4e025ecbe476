"""The core bank: account checks and transfers out whose result comes later, polled by GET and pushed to the bank."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any

import httpx
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.context import World, current
from sandbox.port_signature import request_headers
from sandbox.ports import PortRefusal, checked, now_text, port_blueprint, read_body
from sandbox.store import Document
from sandbox.timers import timer_job

blueprint = Blueprint("core_bank", __name__)
port: Blueprint = port_blueprint("core_bank", "/core-bank/v1")

TRANSFER = "transfer"
ACCOUNT = "account"
SETTINGS = ("core_bank_settings", "current")
DEFAULTS = {"delay_seconds": 2.0, "hang_seconds": 20.0, "push": True}
FINAL = ("succeeded", "failed")
TRANSFER_NO = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
CALLBACK_PATH = "/callbacks/core-bank/transfers"
PUSH_AFTER_SECONDS = (0.0, 5.0, 30.0)  # three tries
PUSH_TIMEOUT_SECONDS = 5.0
ASKED = ("transfer_no", "amount_fen", "currency", "payer_account_no", "payee", "purpose", "loan_ref")
HIDDEN = (*ASKED[2:], "accepted_at", "pushes")

# The last two digits of amount_fen make the core bank misbehave in one documented way.
ANYBODYS = "621799"  # accounts that begin so are anybody's who asks, but for these last two digits
REFUSED_ACCOUNTS = {"31": "unknown", "32": "mismatch", "33": "closed"}
PAYEE_CLOSED, NEVER_ENDS, FAILS_FIRST, HANGS, FAILS_AFTER_ACCEPTING = 41, 42, 43, 44, 45


def settings(world: World) -> dict[str, Any]:
    """delay_seconds from acceptance to result, hang_seconds of amounts ending in 44, whether results are pushed."""
    return DEFAULTS | (world.store.get(*SETTINGS) or {})


@port.post("/account-checks")
def check_account() -> ResponseReturnValue:
    """{account_no, account_name, bank_code} → match, mismatch, unknown or closed."""
    asked = read_body(account_no=str, account_name=str, bank_code=str)
    return {"result": _check_account(current(), asked), "check_no": f"AC{secrets.token_hex(8).upper()}"}


def _check_account(world: World, asked: dict[str, Any]) -> str:
    merchant = world.keys["partner"]["merchant"]
    known = world.store.get(ACCOUNT, asked["account_no"])
    if known is None and asked["account_no"] == merchant["account_no"]:
        known = merchant
    if known is None and asked["account_no"].startswith(ANYBODYS):
        return REFUSED_ACCOUNTS.get(asked["account_no"][-2:], "match")
    if known is None:
        return "unknown"
    if known.get("closed"):
        return "closed"
    return "match" if all(known[name] == asked[name] for name in ("account_name", "bank_code")) else "mismatch"


@port.post("/transfers")
def create_transfer() -> ResponseReturnValue:
    """Accept a transfer under the caller's number → 202.

    The same number with the same content answers the same; with other content 409 transfer.conflict.
    """
    kinds = {"amount_fen": int, "payee": dict}
    asked = read_body(**{name: kinds.get(name, str) for name in ASKED})
    checked(asked["payee"], account_no=str, account_name=str, bank_code=str)
    if not TRANSFER_NO.fullmatch(asked["transfer_no"]) or asked["amount_fen"] <= 0 or asked["currency"] != "CNY":
        raise PortRefusal(400, "request.invalid", "transfer_no (≤32 letters and digits), amount_fen > 0, currency CNY")
    world, magic = current(), asked["amount_fen"] % 100
    if magic == FAILS_FIRST and world.store.unique("transfer_first_try", asked["transfer_no"]):
        raise PortRefusal(500, "internal", "not accepted")
    is_new = _accept(world, asked)
    if is_new and magic == HANGS:
        time.sleep(settings(world)["hang_seconds"])
    if is_new and magic == FAILS_AFTER_ACCEPTING:
        raise PortRefusal(500, "internal", "accepted, though this answer does not say so")
    kept = world.store.get(TRANSFER, asked["transfer_no"]) or {}
    return {"transfer_no": asked["transfer_no"], "bank_serial": kept["bank_serial"], "state": "accepted"}, 202


def _accept(world: World, asked: dict[str, Any]) -> bool:
    """Keep the transfer and plan its result; answers False when it was accepted before. Raises PortRefusal 409."""
    transfer = {
        **asked,
        "bank_serial": f"CB{secrets.randbelow(10**16):016d}",
        "state": "accepted",
        "accepted_at": now_text(),
        "pushes": [],
    }
    is_new = world.store.add(TRANSFER, asked["transfer_no"], transfer)
    kept = world.store.get(TRANSFER, asked["transfer_no"]) or transfer
    if any(kept[name] != asked[name] for name in ASKED):
        raise PortRefusal(409, "transfer.conflict", "this number carries another transfer")
    if kept["state"] == "accepted":  # also after a crash between keeping and planning
        plan = {"transfer_no": asked["transfer_no"]}
        half = settings(world)["delay_seconds"] / 2
        world.timers.after(world, half, "core_bank.process", plan, timer_id=f"transfer-{asked['transfer_no']}")
    return is_new


@port.get("/transfers/<transfer_no>")
def get_transfer(transfer_no: str) -> ResponseReturnValue:
    """The state of a transfer; 404 transfer.unknown."""
    transfer = current().store.get(TRANSFER, transfer_no)
    if transfer is None:
        raise PortRefusal(404, "transfer.unknown", "no transfer with this number")
    return told(transfer)


def told(transfer: Document) -> dict[str, Any]:
    """A transfer as GET and the push tell it."""
    return {name: value for name, value in transfer.items() if name not in HIDDEN}


@timer_job("core_bank.process")
def _process(world: World, plan: dict[str, Any]) -> None:
    """Half way: accepted becomes processing; amounts ending in 42 stay there."""

    def change(transfer: Document) -> Document:
        return {**transfer, "state": "processing"} if transfer["state"] == "accepted" else transfer

    transfer = world.store.update(TRANSFER, plan["transfer_no"], change)
    if transfer["amount_fen"] % 100 != NEVER_ENDS:
        half = settings(world)["delay_seconds"] / 2
        world.timers.after(world, half, "core_bank.finish", plan, timer_id=f"transfer-{plan['transfer_no']}-end")


@timer_job("core_bank.finish")
def _finish_planned(world: World, plan: dict[str, Any]) -> None:
    transfer = world.store.get(TRANSFER, plan["transfer_no"])
    if transfer and transfer["state"] not in FINAL:
        finish(world, plan["transfer_no"], *_outcome(world, transfer))


def _outcome(world: World, transfer: Document) -> tuple[str, str, str]:
    """(state, fail_code, fail_text). An account of another bank is unknown here and is paid all the same."""
    verdict = _check_account(world, transfer["payee"])
    if transfer["amount_fen"] % 100 == PAYEE_CLOSED or verdict == "closed":
        return "failed", "payee.closed", "payee account closed"
    if verdict == "mismatch":
        return "failed", "payee.name_mismatch", "payee name does not fit the account"
    return "succeeded", "", ""


def finish(world: World, transfer_no: str, state: str, fail_code: str = "", fail_text: str = "") -> Document:
    """Make a transfer final and push the result. A final transfer stays as it is. Raises KeyError."""
    completed_at = world.now().isoformat(timespec="seconds")

    def change(transfer: Document) -> Document:
        if transfer["state"] in FINAL:
            return transfer
        failure = {"fail_code": fail_code, "fail_text": fail_text} if state == "failed" else {}
        return {**transfer, "state": state, **failure, "completed_at": completed_at}

    transfer = world.store.update(TRANSFER, transfer_no, change)
    if settings(world)["push"]:
        push = {"transfer_no": transfer_no, "attempt": 0}
        world.timers.after(world, PUSH_AFTER_SECONDS[0], "core_bank.push", push, timer_id=f"push-{transfer_no}")
    return transfer


@timer_job("core_bank.push")
def _push(world: World, plan: dict[str, Any]) -> None:
    """Tell the bank the result, three tries; the bank can always ask by GET."""
    transfer_no, attempt = plan["transfer_no"], plan["attempt"]
    status = _send(world, world.store.get(TRANSFER, transfer_no) or {})
    tried = {"at": world.now().isoformat(timespec="milliseconds"), "status": status}
    world.store.update(TRANSFER, transfer_no, lambda kept: {**kept, "pushes": [*kept["pushes"], tried]})
    if not 200 <= status < 300 and attempt + 1 < len(PUSH_AFTER_SECONDS):
        again = {"transfer_no": transfer_no, "attempt": attempt + 1}
        wait = PUSH_AFTER_SECONDS[attempt + 1]
        world.timers.after(world, wait, "core_bank.push", again, timer_id=f"push-{transfer_no}-{attempt + 1}")


def _send(world: World, transfer: Document) -> int:
    """POST the transfer to the bank, signed by the core bank's client; answers the HTTP status, 0 for no answer."""
    client = world.keys["ports"]["core_bank"]
    body = json.dumps(told(transfer), ensure_ascii=False).encode()
    headers = request_headers(
        client["client_id"], client["secret"], "POST", CALLBACK_PATH, body, now=world.wire_seconds()
    ) | {"Content-Type": "application/json"}
    url = world.bank_url.rstrip("/") + CALLBACK_PATH
    try:
        return httpx.post(url, content=body, headers=headers, timeout=PUSH_TIMEOUT_SECONDS).status_code
    except httpx.HTTPError:
        return 0


@blueprint.get("/sandbox/api/transfers")
def list_transfers() -> ResponseReturnValue:
    """Every transfer with the tries of its push, newest first, and the settings."""
    world = current()
    return {"transfers": world.store.all(TRANSFER)[::-1], "settings": settings(world)}


@blueprint.post("/sandbox/api/transfers/<transfer_no>/finish")
def finish_by_hand(transfer_no: str) -> ResponseReturnValue:
    """{"state": "succeeded"|"failed"}: end a transfer now; 409 when it has ended already."""
    state = (request.get_json(silent=True) or {}).get("state")
    if state not in FINAL:
        return {"code": "request.invalid", "detail": "state must be succeeded or failed"}, 400
    transfer = current().store.get(TRANSFER, transfer_no)
    if transfer is None:
        return {"code": "transfer.unknown"}, 404
    if transfer["state"] in FINAL:
        return {"code": "transfer.final"}, 409
    return finish(current(), transfer_no, state, "manual", "failed by hand in the sandbox")


@blueprint.post("/sandbox/api/transfers/settings")
def change_settings() -> ResponseReturnValue:
    """Change delay_seconds, hang_seconds (numbers, 0 to 3600) or push (true, false); answers all settings."""
    asked = request.get_json(silent=True) or {}
    seconds_are_fine = all(_is_seconds(asked[name]) for name in ("delay_seconds", "hang_seconds") if name in asked)
    if set(asked) - set(DEFAULTS) or not seconds_are_fine or not isinstance(asked.get("push", True), bool):
        return {"code": "request.invalid", "detail": "delay_seconds, hang_seconds: 0 to 3600; push: true or false"}, 400
    current().store.put(*SETTINGS, settings(current()) | asked)
    return settings(current())


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600


@blueprint.post("/sandbox/api/accounts")
def put_account() -> ResponseReturnValue:
    """{account_no, account_name, bank_code, closed}: make an account known to the account check."""
    try:
        account = read_body(account_no=str, account_name=str, bank_code=str, closed=bool)
    except PortRefusal as refusal:
        return {"code": refusal.code, "detail": refusal.detail}, refusal.status
    current().store.put(ACCOUNT, account["account_no"], account)
    return account


blueprint.register_blueprint(port)
