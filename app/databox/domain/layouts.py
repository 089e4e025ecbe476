"""Which column of a bank's table is what, by its heading; and what stands above the table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.databox.domain.cells import Row, label, plain
from app.databox.domain.documents import Unreadable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLUMNS: dict[str, frozenset[str]] = {
    "day": _words("交易日期 记账日期 入账日期 日期 交易时间 记账时间 date transactiondate postingdate bookingdate"),
    "out": _words("借方发生额 借方金额 借方 支出 支出金额 转出金额 付款金额 debit debitamount withdrawal paidout"),
    "in": _words("贷方发生额 贷方金额 贷方 收入 收入金额 转入金额 收款金额 credit creditamount deposit paidin"),
    "signed": _words("交易金额 发生额 金额 交易额 amount transactionamount"),
    "direction": _words("借贷标志 借贷 借贷方向 收支 收支方向 收/支 方向 dc dr/cr direction"),
    "balance": _words("余额 账户余额 交易后余额 本次余额 可用余额 balance runningbalance"),
    "currency": _words("币种 货币 currency"),
    "counterparty": _words("对方户名 对方名称 对方账户名称 交易对方 counterparty payee"),
    "remark": _words("摘要 用途 附言 备注 交易摘要 description remark narrative"),
}
FACTS: dict[str, frozenset[str]] = {
    "opening": _words("期初余额 上期余额 上期结余 起始余额 openingbalance"),
    "closing": _words("期末余额 本期余额 本期结余 结束余额 closingbalance"),
    "holder": _words("户名 账户名称 账户名 客户名称 accountname accountholder"),
    "account": _words("账号 账户 卡号 客户账号 accountnumber accountno"),
    "currency": _words("币种 货币 currency"),
}
CARRIED = _words("期初余额 上期结转 承前页 上期余额 openingbalance broughtforward")
TOTALS = _words("合计 总计 本期合计 本页合计 total totals")
CLOSINGS = FACTS["closing"]
MOST_ROWS_ABOVE = 40


@dataclass(frozen=True)
class Layout:
    """Where the table begins, where its columns stand, and the facts above it (`currency`, `holder`, …)."""

    first_row: int
    columns: dict[str, int]
    facts: dict[str, str]


def find(rows: list[Row]) -> Layout:
    """Recognise a table by its headings. Raises Unreadable (`header_missing`, `header_ambiguous`).

    A day, a balance, and either money out and in, or one amount (signed, or with a direction) are needed; two columns
    of the same meaning cannot be told apart.
    """
    facts: dict[str, str] = {}
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        columns = _columns(row)
        if _complete(columns):
            if any(len(places) > 1 for places in columns.values()):
                raise Unreadable("header_ambiguous", str(number + 1))
            return Layout(number + 1, {name: places[0] for name, places in columns.items()}, facts)
        _collect(row, facts)
    raise Unreadable("header_missing")


def _columns(row: Row) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(row):
        for name, headings in COLUMNS.items():
            if label(cell) in headings:
                found.setdefault(name, []).append(place)
    return found


def _complete(columns: dict[str, list[int]]) -> bool:
    pair, one = {"out", "in"} <= set(columns), "signed" in columns
    return {"day", "balance"} <= set(columns) and pair != one


def _collect(row: Row, facts: dict[str, str]) -> None:
    """Facts stand as two cells, or as one with a colon between."""
    cells = [part for cell in row for part in plain(cell).split(":", 1) if part.strip()]
    for name_cell, value in pairwise(cells):
        for name, labels in FACTS.items():
            if label(name_cell) in labels:
                facts.setdefault(name, value.strip())
