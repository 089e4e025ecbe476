"""kill -9 between two loans that are collected, and in the booking of goods given back: each once, none left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from app.debits.models import Debit
from app.kernel import clock, invariants
from app.loans.models import Repayment
from app.orders import usecases
from app.orders.models import OrderRefundClaim
from tests.drills.test_debit_kills import _allow
from tests.drills.test_refund_kills import points, run_apart  # noqa: F401  fixtures
from tests.factories import loans
from tests.factories.orders import make_merchant, make_order
from tests.factories.partners import make_partner

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("channels")]
Run = Callable[..., int]
AT_ANY_HOUR = (
    "INSERT INTO debit_rules (id, name, value, effective_from, source)"
    " VALUES (gen_random_uuid(), 'first_hour', 0, '2026-01-02', 'a newer rule')"
)


def broken(session: Session) -> list[str]:
    return [one.invariant.statement for one in invariants.verify(session) if not one.holds]


def test_every_loan_is_collected_once_wherever_the_run_dies(
    committed: sessionmaker[Session], points: Path, run_apart: Run  # noqa: F811
) -> None:
    with committed() as session:
        for _ in range(2):
            borrower = loans.make_borrower(session)
            loans.active_loan(session, borrower, paid_out_at=clock.now() - timedelta(days=32))
            _allow(session, borrower.customer_id)
        session.execute(text(AT_ANY_HOUR))
        session.commit()
    (points / "collect_due.loan").touch()
    assert [run_apart("loans.collect_due") for _ in range(3)] == [137, 0, 0]
    with committed() as session:
        found = session.scalars(select(Debit.customer_id)).all()
        assert (len(found), len(set(found))) == (2, 2)
        assert broken(session) == []


def test_goods_given_back_are_on_the_loan_once_wherever_the_process_dies(
    committed: sessionmaker[Session], points: Path, run_apart: Run  # noqa: F811
) -> None:
    with committed() as session:
        partner, borrower = make_partner(session), loans.make_borrower(session)
        make_merchant(session, partner.partner_id)
        order = make_order(session, partner.partner_id, amount_fen=1_299_900, order_ref="PO-1")
        loan = loans.active_loan(session, borrower, partner_id=partner.partner_id, order_id=order.id)
        about = {"order_id": order.id, "application_id": loan.application_id}
        usecases.apply(session, **about, customer_id=borrower.customer_id)
        usecases.finance(session, **about, loan_id=loan.id, amount_fen=loan.principal_fen)
        told = {"partner_id": partner.partner_id, "order_ref": "PO-1", "reason": None}
        for number in range(2):
            usecases.refund(session, **told, refund_ref=f"R-{number}", amount_fen=300_000)
        session.commit()
        order_id = str(order.id)
    (points / "order_refund.booked").touch()
    run = [run_apart("orders.book_refund", event_id="e", event={"subject_id": order_id}) for _ in range(3)]
    assert run == [137, 0, 0] and list(points.iterdir()) == []
    with committed() as session:
        assert session.scalars(select(OrderRefundClaim.status)).all() == ["booked", "booked"]
        assert session.scalars(select(Repayment.amount_fen)).all() == [300_000, 300_000]
        assert broken(session) == []
