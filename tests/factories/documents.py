"""Invented statements and invoices: made-up flows in the layouts of many banks."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

import openpyxl

Table = list[list[Any]]
Made = tuple[Table, list[int], int]  # rows, flows oldest first (fen), opening (fen)


def yuan(fen: int, grouped: bool = False) -> str:
    return f"{fen / 100:,.2f}" if grouped else f"{fen / 100:.2f}"


def flows_of(seed: int, count: int = 40) -> tuple[list[tuple[date, int, int]], int]:
    """((day, fen moved, balance), …) and the opening balance."""
    dice = random.Random(seed)
    opening = balance = dice.randrange(10_000_00, 900_000_00)
    on, found = date(2026, 1, 5), []
    for _ in range(count):
        on += timedelta(days=dice.randrange(3))
        moved = dice.randrange(1, 50_000_00) * dice.choice((1, -1))
        balance += moved
        found.append((on, moved, balance))
    return found, opening


def _pair(moved: int, grouped: bool = False, nothing: str = "") -> list[str]:
    shown = yuan(abs(moved), grouped)
    return [nothing, shown] if moved > 0 else [shown, nothing]


def plain_pair(flows: Any, opening: int) -> Table:
    head = ["交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "摘要"]
    return [["期初余额", yuan(opening)], head, *([f"{d}", *_pair(m), yuan(b), "某公司", "货款"] for d, m, b in flows)]


def grouped_newest_first(flows: Any, opening: int) -> Table:
    head = ["记账日期", "摘要", "支出金额", "收入金额", "账户余额"]
    above = [["账户明细"], ["期初余额：" + yuan(opening, True), "币种：人民币"], [], head]
    return above + [[f"{d:%Y/%m/%d}", "转账", *_pair(m, True, "-"), yuan(b, True)] for d, m, b in reversed(flows)]


def signed(flows: Any, opening: int) -> Table:
    head = ["日期", "交易金额", "余额"]
    return [["期初余额", yuan(opening)], head, *([f"{d:%Y%m%d}", yuan(m), yuan(b)] for d, m, b in flows)]


def with_direction(flows: Any, opening: int) -> Table:
    head = ["交易时间", "借贷标志", "发生额(元)", "交易后余额", "用途"]
    rows = [[f"{d} 09:30:00", "贷" if m > 0 else "借", yuan(abs(m)), yuan(b), "往来"] for d, m, b in flows]
    return [["期初余额", yuan(opening)], head, *rows]


def carried_forward(flows: Any, opening: int) -> Table:
    head = ["入账日期", "借方金额", "贷方金额", "本次余额", "备注"]
    rows = [[f"{d}", *_pair(m, nothing="0.00"), yuan(b), ""] for d, m, b in flows]
    return [head, ["", "", "", yuan(opening), "承前页"], *rows]


def with_totals(flows: Any, opening: int) -> Table:
    head = ["交易日期", "支出", "收入", "余额"]
    out, come = -sum(m for _, m, _ in flows if m < 0), sum(m for _, m, _ in flows if m > 0)
    rows = [[f"{d:%Y年%m月%d日}", *_pair(m), yuan(b)] for d, m, b in flows]
    return [head, *rows, ["合计", yuan(out), yuan(come), ""]]


def english(flows: Any, opening: int) -> Table:
    head = ["Date", "Description", "Debit", "Credit", "Balance"]
    rows = [[f"{d}", "x", *_pair(m), yuan(b)] for d, m, b in flows]
    return [["Opening Balance", yuan(opening)], ["Currency", "CNY"], head, *rows]


def with_closing(flows: Any, opening: int) -> Table:
    return [["期初余额", yuan(opening), "期末余额", yuan(flows[-1][2])], *signed(flows, opening)[1:]]


def bracketed(flows: Any, opening: int) -> Table:
    head = ["记账时间", "金额", "余额"]
    rows = [[f"{d}", yuan(m) if m > 0 else f"({yuan(-m)})", "¥" + yuan(b, True)] for d, m, b in flows]
    return [["期初余额", yuan(opening)], head, *rows]


LAYOUTS = (
    plain_pair,
    grouped_newest_first,
    signed,
    with_direction,
    carried_forward,
    with_totals,
    english,
    with_closing,
    bracketed,
)


def as_csv(rows: Table, encoding: str = "utf-8", separator: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def as_workbook(rows: Table) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def invoice_xml(seller: str, buyer: str, *, net: str = "100.00", tax: str = "6.00", gross: str = "106.00") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?><EInvoice><EInvoiceData>
    <SellerInformation><SellerIdNum>{seller}</SellerIdNum><SellerName>测试甲商行</SellerName></SellerInformation>
    <BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>测试乙商行</BuyerName></BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
    <TotalTax-includedAmount>{gross}</TotalTax-includedAmount></BasicInformation>
    <IssuItemInformation><Amount>60.00</Amount><ComTaxAm>3.60</ComTaxAm></IssuItemInformation>
    <IssuItemInformation><Amount>40.00</Amount><ComTaxAm>2.40</ComTaxAm></IssuItemInformation></EInvoiceData>
    <TaxSupervisionInfo><InvoiceNumber>{"26" + "0" * 18}</InvoiceNumber><IssueTime>2026-03-04</IssueTime>
    </TaxSupervisionInfo></EInvoice>""".encode()
