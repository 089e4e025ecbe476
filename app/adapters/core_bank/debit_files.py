"""The files of a batch of debits: lines of `|`-separated values that add up, hashed and signed (docs/ports.md §2)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast, get_args

from app.adapters.core_bank import DebitOrder, DebitResult, DebitResults, DebitState

ORDERS, RESULTS = "DUKOU-DEBIT", "DUKOU-DEBIT-RESULT"
NUMBER = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
SERIAL = re.compile(r"[0-9A-Za-z]{0,28}", re.ASCII)
CODE = re.compile(r"[0-9a-z_.]{0,64}", re.ASCII)
WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
UNFIT = re.compile(r"[|\x00-\x1f\x7f]")


class Broken(Exception):
    """A file that does not prove itself; the message says where, without any of its values."""


def write(batch_no: str, made_on: date, orders: Sequence[DebitOrder], secret: str) -> str:
    """The file of some debits; the same orders always give the same bytes. ValueError for what no line can hold."""
    total_fen = sum(order.amount_fen for order in orders)
    lines = [["H", ORDERS, "1", batch_no, made_on.isoformat(), str(len(orders)), str(total_fen)]]
    lines += [_line(order) for order in orders]
    if any(UNFIT.search(value) for line in lines for value in line) or not NUMBER.fullmatch(batch_no):
        raise ValueError("a debit file holds no such value")
    body = "".join("|".join(line) + "\n" for line in lines)
    trailer = f"T|{len(orders)}|{total_fen}|{hashlib.sha256(body.encode()).hexdigest()}|"
    return f"{body}{trailer}{_signature(secret, body + trailer)}\n"


def _line(order: DebitOrder) -> list[str]:
    account, part = order.account, "Y" if order.part_allowed else "N"
    whose = [account.account_no, account.account_name, account.bank_code]
    return ["D", order.debit_no, *whose, str(order.amount_fen), part, order.mandate_ref]


def _signature(secret: str, signed: str) -> str:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def read(text: str, batch_no: str, secret: str) -> DebitResults:
    """The lines of a result file that is whole, adds up and is signed. Raises Broken: then none of it counts."""
    body, trailer = _proven(text, secret)
    head, *rest = [line.split("|") for line in body.removesuffix("\n").split("\n")]
    if len(head) != 7 or head[:4] != ["H", RESULTS, "1", batch_no]:
        raise Broken("header")
    lines = tuple(_result(values, number) for number, values in enumerate(rest, 2))
    taken_fen = sum(line.amount_fen for line in lines if line.state == "succeeded")
    for told in (head[5:], trailer):
        if [_whole(value, "totals") for value in told] != [len(lines), taken_fen]:
            raise Broken("totals")
    return DebitResults(batch_no, _whole(head[4], "issue"), text, lines)


def _proven(text: str, secret: str) -> tuple[str, list[str]]:
    """What the trailer vouches for, and the totals in it."""
    body, mark, last = text.removesuffix("\n").rpartition("\nT|")
    values = last.split("|")
    if not mark or len(values) != 4 or not text.endswith("\n"):
        raise Broken("trailer")
    body += "\n"
    if not hmac.compare_digest(values[2].encode(), hashlib.sha256(body.encode()).hexdigest().encode()):
        raise Broken("hash")
    signed = f"{body}T|{'|'.join(values[:3])}|"
    if not hmac.compare_digest(values[3].encode(), _signature(secret, signed).encode()):
        raise Broken("signature")
    return body, values[:2]


def _result(values: list[str], number: int) -> DebitResult:
    if len(values) != 7 or values[0] != "R":
        raise Broken(f"line {number}")
    _, debit_no, amount, state, fail_code, serial, completed = values
    fit = NUMBER.fullmatch(debit_no) and SERIAL.fullmatch(serial) and CODE.fullmatch(fail_code)
    if not fit or state not in get_args(DebitState) or bool(serial) != (state != "failed"):
        raise Broken(f"line {number}")
    return DebitResult(
        debit_no=debit_no,
        amount_fen=_whole(amount, f"line {number}"),
        state=cast("DebitState", state),
        fail_code=fail_code,
        bank_serial=serial,
        completed_at=_instant(completed, number),
    )


def _whole(text: str, where: str) -> int:
    if not WHOLE.fullmatch(text):
        raise Broken(where)
    return int(text)


def _instant(text: str, number: int) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Broken(f"line {number}") from None
    if found.tzinfo is None:
        raise Broken(f"line {number}")
    return found
