"""kill -9 of the process that makes, sends or reads a file of debits, at each of its points: one file, one credit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.customers.models import Consent
from app.debits.models import Debit, DebitBatch, DebitMandate
from app.kernel import clock, ids, invariants
from app.loans import usecases
from app.loans.models import Repayment
from app.loans.usecases.by_account import open_by_account
from app.payments.models import PaymentTransaction
from tests.drills.conftest import LONG
from tests.drills.test_refund_kills import points, run_apart  # noqa: F401  fixtures
from tests.factories import loans
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("channels")]
POINTS = (
    "debits.made",
    *("send_debits.opened", "send_debits.called", "send_debits.settled"),
    *("fetch_debits.opened", "fetch_debits.called", "fetch_debits.settled"),
)


@pytest.fixture
def debit(committed: sessionmaker[Session], sandbox: SandboxProcess) -> Debit:
    """What is due on a loan, asked from the customer's account."""
    sandbox.reset()
    sandbox.post("/sandbox/api/debits/settings", {"delay_seconds": 0})
    with committed() as session:
        borrower = loans.make_borrower(session)
        loan = loans.active_loan(session, borrower, paid_out_at=clock.now() - timedelta(days=32))
        _allow(session, borrower.customer_id)
        open_by_account(
            session, repayment_id=ids.new_id(), customer_id=borrower.customer_id, loan_id=loan.id, kind="due"
        )
        session.commit()
        return session.scalars(select(Debit)).one()


def _allow(session: Session, customer_id: Any) -> None:
    """A mandate as it stands after its confirmation."""
    now, consent_id = clock.now(), ids.new_id()
    session.add(
        Consent(
            id=consent_id, customer_id=customer_id, kind="direct_debit", text_version="2026-11", text_locale="zh-CN",
            text_sha256="0" * 64, granted_at=now, granted_facts={},
        )
    )  # fmt: skip
    session.flush()
    session.add(
        DebitMandate(
            id=ids.new_id(), customer_id=customer_id, account_no="6217990000000100", account_name="测试",
            bank_code="102331000018", account_tail="0100", text_version="2026-11", text_sha256="0" * 64,
            consent_id=consent_id, status="active", created_at=now, confirmed_at=now, usable_from=now,
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize("point", POINTS if LONG else ("send_debits.called",))
def test_a_debit_is_one_wherever_its_process_dies(
    committed: sessionmaker[Session], sandbox: SandboxProcess, points: Path, run_apart: Callable[..., int],  # noqa: F811
    debit: Debit, point: str,
) -> None:  # fmt: skip
    (points / point).touch()
    ended = [run_apart("debits.make_batch") for _ in range(2)]
    with committed() as session:
        batch_id = str(session.scalars(select(DebitBatch.id)).one())
    for job in ("debits.send_batch", "debits.fetch_results"):
        ended += [run_apart(job, batch_id=batch_id, step=0) for _ in range(2)]
    assert sorted(ended) == [0, 0, 0, 0, 0, 137] and list(points.iterdir()) == []
    assert len(sandbox.get("/sandbox/api/debits")["batches"]) == 1
    with committed() as session:
        assert session.get_one(Debit, debit.id).status == "succeeded"
        paid = session.scalars(select(PaymentTransaction)).one()
        usecases.apply_payment(
            session, repayment_id=debit.reference_id, amount_fen=paid.amount_fen, paid_at=paid.paid_at
        )
        session.commit()
        assert session.get_one(Repayment, debit.reference_id).status == "applied"
        assert [one for one in invariants.verify(session) if not one.holds] == []
