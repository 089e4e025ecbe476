"""Transfers to the bank that something waits for: nobody but the statement tells of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.payments.usecases import BankMoney, receive_from_bank
from app.reconciliation.usecases.imports import counting_import

AWAITED = text(
    "SELECT r.their_no, r.our_no, r.amount_fen, r.occurred_at FROM bill_rows r JOIN payment_orders o"
    " ON o.out_trade_no = r.our_no AND o.pay_by = 'bank_transfer'"
    " WHERE r.import_id = :import_id AND r.kind = 'transfer' AND r.related_no = 'in' AND r.state = 'booked'"
    " AND NOT EXISTS (SELECT 1 FROM payment_transactions t WHERE t.transaction_id = 'CB' || r.their_no)"
    " ORDER BY r.line_no"
)


def take_awaited(session: Session, *, day: date) -> int:
    """Receive what a day's statement tells of transfers under our numbers, once by the bank's serial; answers how many.

    Another sum than awaited, or a second transfer under one number, goes to suspense. A statement whose totals are not
    those of its lines moves no money.
    """
    found = counting_import(session, channel="core_bank", day=day)
    if found is None or not (found.complete and found.totals_agree):
        return 0
    rows = session.execute(AWAITED, {"import_id": found.id}).all()
    for row in rows:
        receive_from_bank(session, money=BankMoney(row.their_no, row.our_no, row.amount_fen, row.occurred_at))
    return len(rows)
