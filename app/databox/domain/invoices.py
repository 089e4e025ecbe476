"""A digital invoice (数电票) in XML: its fields, codes and sums.

Element names follow the files that tax platforms hand out, from memory: no official schema was at hand, so a file with
other names is refused (`invoice_incomplete`), never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element  # the type only: parsing is the box's, with defusedxml

from app.databox.domain.cells import amount_fen, day, plain
from app.databox.domain.documents import Unreadable
from app.engine import codes
from app.engine.errors import CodeError

MOST_LINES = 2_000
NUMBER = re.compile(r"\d{20}", re.ASCII)


@dataclass(frozen=True)
class Invoice:
    """One invoice; a red one has sums below nothing."""

    number: str
    issued_on: date
    seller_uscc: str
    seller_name: str
    buyer_uscc: str
    buyer_name: str
    net_fen: int
    tax_fen: int
    gross_fen: int
    line_count: int


def read(root: Element) -> Invoice:
    """Raises Unreadable (`invoice_incomplete`, `invoice_code_wrong`, `invoice_sums_differ`)."""
    number = _text(root, "InvoiceNumber")
    if not NUMBER.fullmatch(number):
        raise Unreadable("invoice_incomplete", "InvoiceNumber")
    lines = list(_all(root, "IssuItemInformation"))
    if not 0 < len(lines) <= MOST_LINES:
        raise Unreadable("invoice_incomplete", "IssuItemInformation")
    invoice = Invoice(
        number=number,
        issued_on=day(_text(root, "IssueTime"), "IssueTime"),
        seller_uscc=_uscc(root, "SellerIdNum"),
        seller_name=_text(root, "SellerName")[:120],
        buyer_uscc=_uscc(root, "BuyerIdNum"),
        buyer_name=_text(root, "BuyerName")[:120],
        net_fen=_sum(root, "TotalAmWithoutTax"),
        tax_fen=_sum(root, "TotalTaxAm"),
        gross_fen=_sum(root, "TotalTax-includedAmount"),
        line_count=len(lines),
    )
    _prove(invoice, lines)
    return invoice


def _prove(invoice: Invoice, lines: list[Element]) -> None:
    net, tax = (sum(_sum(line, name) for line in lines) for name in ("Amount", "ComTaxAm"))
    if (net, tax) != (invoice.net_fen, invoice.tax_fen) or net + tax != invoice.gross_fen:
        raise Unreadable("invoice_sums_differ")


def _uscc(root: Element, name: str) -> str:
    try:
        return codes.uscc(_text(root, name))
    except CodeError:
        raise Unreadable("invoice_code_wrong", name) from None


def _sum(root: Element, name: str) -> int:
    fen = amount_fen(_text(root, name), name)
    if fen is None:
        raise Unreadable("invoice_incomplete", name)
    return fen


def _text(root: Element, name: str) -> str:
    found = list(_all(root, name))
    if len(found) != 1 or not plain(found[0].text or ""):  # of two, nobody knows which one counts
        raise Unreadable("invoice_incomplete", name)
    return plain(found[0].text or "")


def _all(root: Element, name: str) -> Iterator[Element]:
    return (node for node in root.iter() if isinstance(node.tag, str) and node.tag.rpartition("}")[2] == name)
