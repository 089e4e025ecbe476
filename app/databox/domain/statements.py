"""A bank statement as flows whose sum is proven: opening balance + Σ = closing balance, and each row's own balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.databox.domain import layouts
from app.databox.domain.cells import Row, amount_fen, day, label, plain
from app.databox.domain.documents import Unreadable
from app.databox.domain.layouts import Layout

YUAN = {"cny", "rmb", "人民币", "人民币元", "156", "元"}
INWARD = {"贷", "收", "收入", "贷方", "c", "cr", "in", "credit"}
OUTWARD = {"借", "付", "支", "支出", "借方", "d", "dr", "out", "debit"}


@dataclass(frozen=True)
class Flow:
    """Money in (above nothing) or out (below) of the business's account, and the balance after it."""

    on: date
    amount_fen: int
    balance_fen: int
    counterparty: str
    remark: str


@dataclass(frozen=True)
class Statement:
    """Flows from the oldest to the newest, with the balances that prove them.

    Unless the bank stated a closing balance, nothing proves that no newer flow was cut off: `closing_fen` is then only
    the balance after the last flow shown.
    """

    holder: str
    account_tail: str
    opening_fen: int
    closing_fen: int
    closing_stated: bool
    flows: tuple[Flow, ...]


@dataclass
class _Table:
    """What was read so far, before anything is proven."""

    flows: list[Flow]
    opening_fen: int | None
    closing_fen: int | None
    totals_fen: tuple[int | None, int | None] | None = None  # out, in


def read(rows: list[Row]) -> Statement:
    """Read and prove a statement. Raises Unreadable: without a proof there is no result.

    Running balances prove every row but the oldest; that one is proven by a stated opening balance or by stated sums.
    Nobody proves what is not there: see `Statement` for newer flows.
    """
    layout = layouts.find(rows)
    if label(layout.facts.get("currency", "CNY")) not in YUAN:
        raise Unreadable("currency_not_cny")
    stated = {name: amount_fen(layout.facts.get(name, ""), name) for name in ("opening", "closing")}
    table = _Table([], stated["opening"], stated["closing"])
    for number, row in enumerate(rows[layout.first_row :], layout.first_row + 1):
        if any(plain(cell) for cell in row):
            _take(table, layout, row, str(number))
    if not table.flows:
        raise Unreadable("rows_missing")
    flows, opening = _ordered(table)
    _compare(table, flows)
    account = "".join(mark for mark in layout.facts.get("account", "") if mark.isdigit())
    return Statement(
        holder=layout.facts.get("holder", ""),
        account_tail=account[-4:],
        opening_fen=opening,
        closing_fen=flows[-1].balance_fen,
        closing_stated=table.closing_fen is not None,
        flows=tuple(flows),
    )


def _take(table: _Table, layout: Layout, row: Row, place: str) -> None:
    kind = next((label(cell) for cell in row if label(cell)), "")
    words = {label(cell) for cell in row}
    if words & layouts.CARRIED:
        table.opening_fen = _same(table.opening_fen, amount_fen(_cell(row, layout, "balance"), place), place)
    elif words & layouts.CLOSINGS:
        table.closing_fen = _same(table.closing_fen, amount_fen(_cell(row, layout, "balance"), place), place)
    elif kind in layouts.TOTALS:
        if "out" in layout.columns:
            sums = (amount_fen(_cell(row, layout, "out"), place), amount_fen(_cell(row, layout, "in"), place))
            if table.totals_fen not in (None, sums):
                raise Unreadable("totals_differ", place)
            table.totals_fen = sums
    else:
        table.flows.append(_flow(layout, row, place))


def _same(known: int | None, found: int | None, place: str) -> int | None:
    if None not in (known, found) and known != found:
        raise Unreadable("balance_broken", place)
    return known if found is None else found


def _flow(layout: Layout, row: Row, place: str) -> Flow:
    currency = label(_cell(row, layout, "currency"))
    if currency and currency not in YUAN:
        raise Unreadable("currency_not_cny", place)
    balance = amount_fen(_cell(row, layout, "balance"), place)
    if balance is None:
        raise Unreadable("row_unreadable", place)
    return Flow(
        on=day(_cell(row, layout, "day"), place),
        amount_fen=_moved(layout, row, place),
        balance_fen=balance,
        counterparty=plain(_cell(row, layout, "counterparty"))[:80],
        remark=plain(_cell(row, layout, "remark"))[:120],
    )


def _moved(layout: Layout, row: Row, place: str) -> int:
    if "signed" not in layout.columns:
        out, come = (amount_fen(_cell(row, layout, name), place) for name in ("out", "in"))
        if out is None and come is None:
            raise Unreadable("row_unreadable", place)
        return (come or 0) - (out or 0)
    moved = amount_fen(_cell(row, layout, "signed"), place)
    if moved is None:
        raise Unreadable("row_unreadable", place)
    if "direction" not in layout.columns:
        return moved
    direction = label(_cell(row, layout, "direction"))
    if direction not in INWARD | OUTWARD:
        raise Unreadable("row_unreadable", place)
    return moved if direction in INWARD else -moved if moved > 0 else moved


def _cell(row: Row, layout: Layout, name: str) -> str:
    place = layout.columns.get(name)
    return row[place] if place is not None and place < len(row) else ""


def _ordered(table: _Table) -> tuple[list[Flow], int]:
    """Oldest first, whichever way the bank lists them: the way in which every balance follows from the one before."""
    for flows in (table.flows, table.flows[::-1]):
        opening = flows[0].balance_fen - flows[0].amount_fen
        follows = all(old.balance_fen + new.amount_fen == new.balance_fen for old, new in pairwise(flows))
        in_time = all(old.on <= new.on for old, new in pairwise(flows))
        if follows and in_time and table.opening_fen in (None, opening):
            if table.opening_fen is None and not _sums_stated(table):
                raise Unreadable("opening_missing")
            return flows, opening
    raise Unreadable("balance_broken")


def _sums_stated(table: _Table) -> bool:
    return table.totals_fen is not None and None not in table.totals_fen


def _compare(table: _Table, flows: list[Flow]) -> None:
    """What the bank states must be what the rows say."""
    if table.closing_fen not in (None, flows[-1].balance_fen):
        raise Unreadable("closing_differs")
    if table.totals_fen is None:
        return
    come = sum(flow.amount_fen for flow in flows if flow.amount_fen > 0)
    out = -sum(flow.amount_fen for flow in flows if flow.amount_fen < 0)
    for stated, found in zip(table.totals_fen, (out, come), strict=True):
        if stated not in (None, found):
            raise Unreadable("totals_differ")
