"""What booking a repayment costs the database: at most twelve statements and one commit, also when it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db, ids
from app.loans import usecases
from tests.cost import counting
from tests.factories import loans

START = datetime(2026, 8, 15, 4, 0, tzinfo=UTC)


@pytest.mark.usefixtures("channels")
@pytest.mark.parametrize(("kind", "days"), [("instalment", 3), ("due", 45)])
def test_booking_a_repayment(committed: sessionmaker[Session], clock_at: Any, kind: str, days: int) -> None:
    clock_at(START)
    with committed() as session:
        loan = loans.active_loan(session, loans.make_borrower(session))
        clock_at(START + timedelta(days=days))
        way = usecases.inside_wechat(session, customer_id=loan.customer_id, app="mini")
        repayment, order = usecases.open_repayment(
            session, repayment_id=ids.new_id(), customer_id=loan.customer_id, loan_id=loan.id, kind=kind, way=way
        )
        session.commit()
    with counting(committed.kw["bind"]) as cost, db.transaction() as session:
        usecases.apply_payment(session, repayment_id=repayment.id, amount_fen=order.amount_fen, paid_at=clock.now())
    print(f"{kind}: {cost}")
    assert len(cost.statements) <= 12, cost.statements
    assert cost.commits == 1
