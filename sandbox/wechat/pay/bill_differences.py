"""Bills that differ from the truth on purpose: one control for each kind of difference that a bank must find."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.context import World
from sandbox.wechat.pay.bill_rows import Row, fee, trade_rows

KIND = "pay.bill_difference"
ROW_KINDS = ("missing_there", "amount", "duplicate", "cut_off", "state", "fee", "foreign_merchant")
FILE_KINDS = ("truncated", "wrong_totals", "reissued")
KINDS = (*ROW_KINDS, "missing_here", "refund_missing", "unknown", *FILE_KINDS)
SCENARIO = tuple(kind for kind in KINDS if kind not in ("truncated", "reissued"))  # all that one file can show at once


class DifferenceRefused(Exception):
    """There is no such kind, or no row left on this day to which it could happen; the message says which."""


def plan(world: World, day: date, kind: str, their_no: str = "") -> dict[str, Any]:
    """Let the trade bill of a day differ in one way; answers {"day", "kind", "their_no"}.

    Without `their_no` the first row that is still as it should be is taken. Each row differs in one way at most.
    """
    if kind not in KINDS:
        raise DifferenceRefused(f"unknown kind {kind}")
    taken = {planned["their_no"] for planned in of_day(world, day)}
    rows = [row for row in trade_rows(world, day) if number(row) not in taken]
    if kind in ROW_KINDS or kind == "refund_missing":
        wanted = "REFUND" if kind == "refund_missing" else "SUCCESS"
        fitting = [row for row in rows if row["交易状态"] == wanted and their_no in ("", number(row))]
        if not fitting:
            raise DifferenceRefused(f"no row for {kind}")
        their_no = number(fitting[0])
    elif kind in ("missing_here", "unknown"):
        their_no = f"4200{secrets.randbelow(10**6):06d}{day:%Y%m%d}{secrets.randbelow(10**10):010d}"
    planned = {"day": day.isoformat(), "kind": kind, "their_no": their_no}
    world.store.put(KIND, f"{day}:{kind}:{their_no}", planned)
    return planned


def of_day(world: World, day: date) -> list[dict[str, Any]]:
    """What is planned for a day."""
    return world.store.find(KIND, day=day.isoformat())


def number(row: Row) -> str:
    """WeChat's number of what a row tells: the refund's, or the payment's."""
    return row["微信退款单号"] if row["交易状态"] == "REFUND" else row["微信订单号"]


def altered(world: World, day: date) -> list[Row]:
    """The rows of a day as the bill shows them, with what the day before moved over midnight."""
    planned = {one["their_no"]: one["kind"] for one in of_day(world, day)}
    before = {one["their_no"]: one["kind"] for one in of_day(world, day - timedelta(days=1))}
    rows: list[Row] = []
    for row in trade_rows(world, day - timedelta(days=1)):
        if before.get(number(row)) == "cut_off":
            rows.append(row | {"交易时间": f"{day} 00:00:03"})
    for row in trade_rows(world, day):
        rows += _changed(row, planned.get(number(row), ""))
    rows += [_invented(world, day, no, kind) for no, kind in planned.items() if kind in ("missing_here", "unknown")]
    if "reissued" in planned.values() and rows:
        rows[0] = rows[0] | {"商户数据包": "更正"}
    return rows


def _changed(row: Row, kind: str) -> list[Row]:
    if kind in ("missing_there", "cut_off", "refund_missing"):
        return []
    if kind == "amount":
        amount = f"{Decimal(row['订单金额']) + Decimal('0.01'):.2f}"
        return [row | {"订单金额": amount, "应结订单金额": amount}]
    changes: dict[str, Row] = {
        "state": {"交易状态": "REVOKED"},
        "fee": {"手续费": f"{Decimal(row['手续费']) + 1:.5f}"},
        "foreign_merchant": {"商户号": "1999999999"},
    }
    return [row, row] if kind == "duplicate" else [row | changes.get(kind, {})]


def _invented(world: World, day: date, their_no: str, kind: str) -> Row:
    """A payment that the bank never heard of, or a row of a sort that no page describes."""
    section, known = world.keys["wechat_pay"], trade_rows(world, day)
    model = known[0] if known else {}
    return model | {
        "交易时间": f"{day} 12:00:00",
        "商户号": section["mchid"],
        "微信订单号": their_no,
        "商户订单号": f"X{their_no[-20:]}",
        "微信退款单号": "0",
        "商户退款单号": "0",
        "交易状态": "SUCCESS" if kind == "missing_here" else "ADJUSTED",
        "应结订单金额": "88.00",
        "订单金额": "88.00",
        "退款金额": "0.00",
        "申请退款金额": "0.00",
        "退款类型": "",
        "退款状态": "",
        "手续费": fee(8800),
    }
