"""What booking a repayment costs the database: at most twelve statements and one commit, whatever it pays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.engine.prepayment import Mode
from app.kernel import clock, db, ids
from app.loans import usecases
from tests.cost import counting
from tests.factories import loans

START = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)


@pytest.mark.usefixtures("channels")
@pytest.mark.parametrize(
    ("kind", "days", "noticed_after", "most"),
    [("instalment", 3, 0, 9), ("due", 45, 0, 10), ("due", 45, 1, 11), ("payoff", 45, 0, 11), ("prepayment", 45, 0, 11)],
)
def test_booking_a_repayment(
    committed: sessionmaker[Session], clock_at: Any, kind: str, days: int, noticed_after: int, most: int
) -> None:
    """With the two statements of its notice (`payments/test_costs.py`) what is due costs twelve altogether."""
    early: dict[str, Any] = {"amount_fen": 300_000, "mode": Mode.LOWER_INSTALMENT} if kind == "prepayment" else {}
    clock_at(START)
    with committed() as session:
        loan = loans.active_loan(session, loans.make_borrower(session))
        clock_at(START + timedelta(days=days))
        way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
        repayment, order = usecases.open_repayment(
            session, repayment_id=ids.new_id(), customer_id=loan.customer_id, loan_id=loan.id, kind=kind, way=way,
            **early,
        )  # fmt: skip
        session.commit()
    clock_at(START + timedelta(days=days + noticed_after))
    with counting(committed.kw["bind"]) as cost, db.transaction() as session:
        usecases.apply_payment(session, repayment_id=repayment.id, amount_fen=order.amount_fen, paid_at=clock.now())
    print(f"{kind}: {cost}")
    assert len(cost.statements) <= most <= 12, cost.statements
    assert cost.commits == 1
