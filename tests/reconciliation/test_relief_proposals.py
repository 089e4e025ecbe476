"""Waivers and write-offs by two people: looked at when proposed and when decided, done once, refused otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.audience import StaffPrincipal
from app.kernel.errors import Problem
from app.loans.domain import reliefs as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanRelief
from app.reconciliation import usecases
from app.reconciliation.domain import kinds
from app.reconciliation.models import MoneyProposal
from tests.factories import loans
from tests.reconciliation.test_proposals import person


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Callable[[datetime], None]) -> Loan:
    """100,000.00 yuan at 6 %, its first instalment 30 days late."""
    clock_at(datetime(2026, 8, 15, 4, tzinfo=UTC))
    made = loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000)
    clock_at(datetime(2026, 10, 15, 4, tzinfo=UTC))
    close_through(None, Run())
    session.expire_all()
    return made


def propose(session: Session, who: StaffPrincipal, loan: Loan, kind: str, details: dict[str, Any]) -> MoneyProposal:
    asked = usecases.ProposalRequest(kind, "loan", str(loan.id), "客户经营困难，经协商", details=details)
    return usecases.propose(session, principal=who, request=asked)


PENALTY = {"reason_code": "hardship", "amounts": {"penalty_fen": 6_080, "compound_fen": 375}}


def test_a_waiver_waits_for_another_person(session: Session, loan: Loan) -> None:
    zhou, shen = (person(session, f"{name}@bank.example", "finance") for name in ("zhou", "shen"))
    made = propose(session, zhou, loan, "waiver", PENALTY)
    assert loan.accrued_penalty_fen == 6_455
    with pytest.raises(kinds.OwnProposal):
        usecases.approve(session, principal=zhou, proposal_id=made.id, reason="同意减免")
    usecases.approve(session, principal=shen, proposal_id=made.id, reason="同意减免")
    relief = session.scalars(select(LoanRelief)).one()
    assert (relief.id, relief.actor, relief.penalty_fen) == (made.id, f"staff:{shen.staff_id}", 6_080)
    assert loan.accrued_penalty_fen == 0


@pytest.mark.parametrize(
    ("kind", "details", "error"),
    [
        ("waiver", {"reason_code": "hardship", "amounts": {"penalty_fen": 6_081}}, rules.WaiverTooLarge),
        ("waiver", {"reason_code": "because", "amounts": {"penalty_fen": 1}}, rules.ReliefReasonUnknown),
        ("write_off", {"reason_code": "court"}, rules.WriteOffNotYet),
        ("release", {}, kinds.AnswerImpossible),
    ],
)
def test_what_cannot_be_is_not_proposed(
    session: Session, loan: Loan, kind: str, details: dict[str, Any], error: type[Problem]
) -> None:
    with pytest.raises(error):
        propose(session, person(session, "zhou@bank.example", "finance"), loan, kind, details)
    assert session.scalars(select(MoneyProposal)).all() == []
