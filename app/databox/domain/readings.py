"""What one file says, as plain values: the result of reading, the same for every way in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.databox.domain import content, invoices, statements
from app.databox.domain.documents import Unreadable


def read(raw: bytes) -> dict[str, Any]:
    """`{"kind", "media_type", "fields"}`, or `{"refused", "place"}`; dates as ISO texts, money in fen."""
    try:
        kind = content.media_type(raw)
        if kind == content.XML:
            return _found("invoice", kind, asdict(invoices.read(content.xml_tree(raw))))
        rows = content.workbook_rows(raw) if kind == content.XLSX else content.csv_rows(raw)
        return _found("bank_statement", kind, asdict(statements.read(rows)))
    except Unreadable as refusal:
        return {"refused": refusal.code, "place": refusal.place}


def _found(kind: str, media_type: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "media_type": media_type, "fields": fields}
