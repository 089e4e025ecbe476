"""What moves between bank and partner for orders, line by line as it happens."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.kernel import clock, ids
from app.orders.models import FinancedOrder, SettlementLine


def add_line(session: Session, order: FinancedOrder, kind: str, amount_fen: int) -> None:
    """`payment`: the bank paid the merchant; `refund`: the merchant has to give it back to the bank. Fen, positive."""
    session.add(
        SettlementLine(
            id=ids.new_id(),
            partner_id=order.partner_id,
            order_id=order.id,
            kind=kind,
            amount_fen=amount_fen,
            occurred_at=clock.now(),
        )
    )
    session.flush()
