"""What the bank gives up: waivers and write-offs to the fen by hand, payments after them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.credit.models import CreditLine
from app.kernel import audit, clock, ids, invariants
from app.kernel.errors import Problem
from app.kernel.outbox import OutboxEvent
from app.ledger import queries as ledger
from app.loans import domain, queries
from app.loans.domain import reliefs as rules
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, LoanRelief, WriteOffRule
from app.loans.queries.reliefs import waivable
from app.loans.queries.written_off import every_written_off, written_off_sums
from app.loans.usecases.reliefs import Decision, waive, write_off
from app.loans.usecases.reversing import reverse_payment
from tests.factories import loans
from tests.loans.test_rebuilding import Money, figures, pay

At = Callable[..., None]
STAFF = "system"


@pytest.fixture
def loan(client: FlaskClient, session: Session, clock_at: Any) -> Loan:
    """100,000.00 at 6 % from 15 August 2026 in 12 equal instalments: 8,106.64 + 500.00, then 8,147.17 + 459.47."""
    clock_at(datetime(2026, 8, 15, 4, tzinfo=UTC))
    return loans.active_loan(session, loans.make_borrower(session), amount_fen=10_000_000)


@pytest.fixture
def at(session: Session, clock_at: Any) -> At:
    """`at(day)`: noon of a day in China, or a later hour, all days before it closed."""

    def go(day: date, hour: int = 12) -> None:
        clock_at(datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC))
        session.commit()
        close_through(None, Run())
        session.expire_all()

    return go


def decision(loan: Loan, reason_code: str = "hardship") -> Decision:
    return Decision(ids.new_id(), loan.id, reason_code, "客户经营困难，按审批意见处理", STAFF)


def give_up(session: Session, loan: Loan, **amounts_fen: int) -> LoanRelief:
    done = waive(session, decision=decision(loan), amounts=amounts_fen)
    session.commit()
    return done


def lose(session: Session, loan: Loan) -> LoanRelief:
    done = write_off(session, decision=decision(loan, "uncollectable"))
    session.commit()
    return done


def early_rule(session: Session) -> None:
    """From 1 October 2026 a loan may be written off as soon as it is late, while it still earns income."""
    rule = {"min_class": 1, "overdue_above": 30, "keeps_accruing": True, "keeps_line": True}
    session.add(WriteOffRule(id=ids.new_id(), effective_from=date(2026, 10, 1), source="a test's", **rule))
    session.commit()


def pay_due(session: Session, loan: Loan, amount_fen: int, on: date | None = None, kind: str = "due") -> Any:
    return pay(session, loan, Money(kind, on or clock.today(), amount_fen, None, None))


def due_fen(session: Session, loan: Loan) -> int:
    on = clock.today()
    return sum(row.total_fen for row in domain.due_rows(queries.rows(session, loan, on), on))


def book(session: Session) -> dict[str, int]:
    return {row.code: row.balance_fen for row in ledger.trial_balance(session) if row.balance_fen}


def used_fen(session: Session, loan: Loan) -> int:
    return session.get_one(CreditLine, loan.credit_line_id, populate_existing=True).used_fen


def sound(session: Session) -> bool:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    assert [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found] == []
    return True


def told(session: Session, loan: Loan) -> list[str]:
    query = select(OutboxEvent.name).where(OutboxEvent.subject_id == loan.id).order_by(OutboxEvent.id)
    return list(session.scalars(query))


# -- waivers -------------------------------------------------------------------------------------------------------


def test_penalty_is_waived(session: Session, loan: Loan, at: At) -> None:
    """30 days late: 8,106.64 × 9 % ÷ 360 × 30 = 60.80 and 500.00 likewise 3.75; both are given up, nothing else."""
    at(date(2026, 10, 15))
    assert waivable(session, loan, clock.today()) == rules.Waived(1_625_381, 95_947, 6_080, 375)
    done = give_up(session, loan, penalty_fen=6_080, compound_fen=375)
    assert (done.penalty_fen, done.compound_fen, done.principal_fen, done.interest_fen) == (6_080, 375, 0, 0)
    assert loan.accrued_penalty_fen == 0 and due_fen(session, loan) == 810_664 + 50_000 + 814_717 + 45_947
    assert book(session) == {
        "bank_settlement": -10_000_000, "loan_principal": 10_000_000,
        "interest_receivable": 95_947, "interest_income": -95_947,
    }  # fmt: skip
    assert told(session, loan)[-1] == "loan.waived" and sound(session)
    entry = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "loan.waived")).one()
    assert (entry.facts["penalty_fen"], entry.facts["reason_code"]) == (6_080, "hardship")
    at(date(2026, 10, 16))  # 31 days are 62.83 and 3.88, of which 60.80 and 3.75 are given up; the second row's first
    assert loan.accrued_penalty_fen == 203 + 13 + 204 + 11 and sound(session)


def test_a_part_of_the_interest_is_waived(session: Session, loan: Loan, at: At) -> None:
    """200.00 of the 500.00: it was never earned, and compound interest grows on 300.00 from now on."""
    at(date(2026, 10, 15))
    give_up(session, loan, interest_fen=20_000)
    row = queries.instalments(session, loan.id)[0]
    assert (row.interest_fen, row.waived_interest_fen, row.status) == (30_000, 20_000, "due")
    assert (loan.accrued_interest_fen, book(session)["interest_income"]) == (75_947, -75_947)
    assert sound(session)
    at(date(2026, 10, 16))  # (500.00 × 30 days + 300.00 × 1 day) × 9 % ÷ 360 = 3.825, half up
    assert queries.rows(session, loan, clock.today())[0].compound_fen == 383 and sound(session)


def test_principal_that_is_waived_is_lost_and_free_on_the_line(session: Session, loan: Loan, at: At) -> None:
    at(date(2026, 10, 15))
    before_fen = used_fen(session, loan)
    give_up(session, loan, principal_fen=10_664, penalty_fen=6_080)
    assert (loan.outstanding_principal_fen, loan.lost_principal_fen) == (9_989_336, 10_664)
    assert used_fen(session, loan) == before_fen - 10_664
    found = book(session)
    assert (found["loan_principal"], found["loan_losses"]) == (9_989_336, 10_664)
    assert "loan_loss_allowance" not in found
    assert sound(session)
    paid = loans.repay(session, loan, "payoff")
    assert (loan.status, paid.principal_fen) == ("settled", 9_989_336) and sound(session)


def test_a_loan_settles_when_what_remains_is_waived(session: Session, loan: Loan, at: At) -> None:
    """The last instalment but for its interest: 42.82 are given up, the loan is over and people hear it."""
    for number in range(12):
        month = 9 + number
        at(date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 15))
        loans.repay(session, loan) if number < 11 else pay_due(session, loan, 856_387)
    left = waivable(session, loan, clock.today())
    assert (left.total_fen, loan.status) == (4_282, "active")
    give_up(session, loan, **{name: fen for name, fen in left.parts().items() if fen})
    assert loan.status == "settled" and told(session, loan)[-2:] == ["loan.waived", "loan.settled"]
    assert sound(session)


def test_a_payment_of_before_the_waiver_comes_late(session: Session, loan: Loan, at: At) -> None:
    """8,606.64 of 20 September arrive on 16 October, after 60.80 + 3.75 were waived on the 15th. On the 20th they pay
    0.63 + 10.13 + 500.00 and 8,095.88 of principal; on the rest of 10.76 only 0.07 is left to be given up."""
    at(date(2026, 10, 15))
    relief = give_up(session, loan, penalty_fen=6_080, compound_fen=375)
    at(date(2026, 10, 16))
    paid = pay_due(session, loan, 860_664, date(2026, 9, 20))
    assert (paid.penalty_fen, paid.interest_fen, paid.principal_fen) == (1_076, 50_000, 809_588)
    session.refresh(relief)
    assert (relief.penalty_fen, relief.compound_fen, relief.granted_penalty_fen) == (7, 0, 6_080)
    assert due_fen(session, loan) == 1_076 + 814_717 + 45_947 + 204 + 11
    assert sound(session)
    reverse_payment(session, repayment_id=paid.id, reason="余额不足被退回")
    session.commit()
    session.refresh(relief)
    assert (relief.penalty_fen, relief.compound_fen) == (6_080, 375)
    assert loan.accrued_penalty_fen == 203 + 13 + 204 + 11 and sound(session)


def test_once_by_its_id(session: Session, loan: Loan, at: At) -> None:
    at(date(2026, 10, 15))
    said = decision(loan)
    first = waive(session, decision=said, amounts={"penalty_fen": 100})
    assert waive(session, decision=said, amounts={"penalty_fen": 100}) is first
    assert loan.accrued_penalty_fen == 6_355 and sound(session)


@pytest.mark.parametrize(
    ("amounts", "error"),
    [
        ({}, rules.WaiverAmountsWrong),
        ({"penalty_fen": 0}, rules.WaiverAmountsWrong),
        ({"penalty_fen": -1}, rules.WaiverAmountsWrong),
        ({"penalty_fen": True}, rules.WaiverAmountsWrong),
        ({"fee_fen": 1}, rules.WaiverAmountsWrong),
        ({"penalty_fen": 6_081}, rules.WaiverTooLarge),
        ({"interest_fen": 95_948}, rules.WaiverTooLarge),
    ],
)
def test_refused_waivers(session: Session, loan: Loan, at: At, amounts: Any, error: type[Problem]) -> None:
    at(date(2026, 10, 15))
    with pytest.raises(error):
        waive(session, decision=decision(loan), amounts=amounts)
    assert session.scalars(select(LoanRelief)).all() == [] and loan.accrued_penalty_fen == 6_455


# -- write-offs ----------------------------------------------------------------------------------------------------


def test_a_loan_is_written_off(session: Session, loan: Loan, at: At) -> None:
    """361 days late: income stopped long ago, so principal is the loss; all that is claimed stands off balance."""
    at(date(2027, 9, 10))
    with pytest.raises(rules.WriteOffNotYet):
        write_off(session, decision=decision(loan, "court"))
    at(date(2027, 9, 11))
    off_fen, line_fen = book(session)["off_balance_interest"], used_fen(session, loan)
    done = lose(session, loan)
    assert (done.principal_fen, done.interest_fen, done.penalty_fen) == (10_000_000, 0, 0)
    assert (loan.status, loan.written_off_on, loan.outstanding_principal_fen) == (
        "written_off", date(2027, 9, 11), 10_000_000)  # fmt: skip
    assert book(session) == {
        "bank_settlement": -10_000_000, "loan_losses": 10_000_000, "written_off_claims": 10_000_000,
        "off_balance_interest": off_fen, "off_balance_contra": -10_000_000 - off_fen,
    }  # fmt: skip
    assert used_fen(session, loan) == line_fen and told(session, loan)[-1] != "loan.waived" and sound(session)
    with pytest.raises(rules.AlreadyWrittenOff):
        write_off(session, decision=decision(loan, "court"))
    at(date(2027, 9, 12))  # the claim grows: 100,000.00 and 3,279.73 at 9 % ÷ 360 a day, row by row
    assert book(session)["off_balance_interest"] - off_fen in range(2_570, 2_595) and loan.status == "written_off"
    assert sound(session)


def lost_early(session: Session, loan: Loan, at: At) -> LoanRelief:
    """Written off on 20 October, 35 days late: 959.47 + 69.79 of interest, 70.93 + 4.38 + 10.18 + 0.57 of penalty."""
    early_rule(session)
    at(date(2026, 10, 20))
    done = lose(session, loan)
    at(date(2026, 10, 20), 13)
    return done


CLAIM = {"bank_settlement": -10_000_000, "interest_income": -102_926, "penalty_income": -8_606}
LOST = CLAIM | {"loan_losses": 10_111_532}
CLAIMED = {"written_off_claims": 10_000_000, "off_balance_interest": 111_532, "off_balance_contra": -10_111_532}


def test_receivables_are_lost_too_and_income_stays(session: Session, loan: Loan, at: At) -> None:
    done = lost_early(session, loan, at)
    assert (done.principal_fen, done.interest_fen, done.penalty_fen) == (10_000_000, 102_926, 8_606)
    assert book(session) == LOST | CLAIMED and sound(session)


def test_a_payment_after_it_is_regained(session: Session, loan: Loan, at: At) -> None:
    """10,000.00: 0.57 + 4.38 + 70.93 + 10.18, 959.47 of interest, 8,954.47 of principal: all income of its own kind."""
    lost_early(session, loan, at)
    line_fen = used_fen(session, loan)
    paid = pay_due(session, loan, 1_000_000)
    assert (paid.recovered, paid.penalty_fen, paid.interest_fen, paid.principal_fen) == (True, 8_606, 95_947, 895_447)
    assert book(session) == LOST | {
        "wechat_pay_clearing": 1_000_000, "recoveries": -1_000_000,
        "written_off_claims": 9_104_553, "off_balance_interest": 6_979, "off_balance_contra": -9_111_532,
    }  # fmt: skip
    assert used_fen(session, loan) == line_fen - 895_447 and sound(session)
    [found], sums = list(every_written_off(session)), written_off_sums(session)
    assert (found.lost_fen, found.recovered_fen) == (sums.lost_fen, sums.recovered_fen) == (10_111_532, 1_000_000)
    assert (sums.loans, sums.owed_fen) == (1, 9_104_553)
    reverse_payment(session, repayment_id=paid.id, reason="余额不足被退回")
    session.commit()
    assert book(session) == LOST | CLAIMED and used_fen(session, loan) == line_fen
    assert loan.status == "written_off" and sound(session)


def test_more_than_all_of_it(session: Session, loan: Loan, at: At) -> None:
    """The whole claim and 50.00: the loan is settled, 50.00 are the customer's; back again it stands."""
    lost_early(session, loan, at)
    paid = pay_due(session, loan, 10_116_532)
    assert (loan.status, loan.credit_fen, paid.overpaid_fen) == ("settled", 5_000, 5_000)
    assert book(session) == LOST | {
        "wechat_pay_clearing": 10_116_532, "recoveries": -10_111_532, "customer_credit": -5_000,
    }  # fmt: skip
    assert told(session, loan)[-1] == "loan.settled" and sound(session)
    reverse_payment(session, repayment_id=paid.id, reason="余额不足被退回")
    session.commit()
    assert (loan.status, loan.settled_at) == ("written_off", None)
    assert book(session) == LOST | CLAIMED and sound(session)


def test_a_waiver_of_what_is_written_off(session: Session, loan: Loan, at: At) -> None:
    """Only the claim shrinks: it was lost before, and income is not taken back a second time."""
    lost_early(session, loan, at)
    give_up(session, loan, principal_fen=100_000, interest_fen=50_000, penalty_fen=7_093)
    assert book(session) == LOST | {
        "written_off_claims": 9_900_000, "off_balance_interest": 111_532 - 57_093,
        "off_balance_contra": -9_900_000 - 111_532 + 57_093,
    }  # fmt: skip
    assert sound(session)


def test_a_payment_of_before_the_write_off_comes_late(session: Session, loan: Loan, at: At) -> None:
    """What came in time was no loss: it is taken off what was lost, and is no recovery."""
    lost_early(session, loan, at)
    at(date(2026, 10, 25))
    paid = pay_due(session, loan, 860_664, date(2026, 9, 15))
    assert (paid.recovered, paid.principal_fen, paid.interest_fen, paid.penalty_fen) == (False, 810_664, 50_000, 0)
    assert loan.lost_principal_fen == 10_000_000 - 810_664
    found = book(session)
    assert "recoveries" not in found and found["written_off_claims"] == 9_189_336
    assert figures(session, loan)["status"] == "written_off" and sound(session)


def test_the_database_keeps_what_was_granted(session: Session, loan: Loan, at: At) -> None:
    at(date(2026, 10, 15))
    done = give_up(session, loan, penalty_fen=6_080)
    for change in ("DELETE FROM loan_reliefs", "UPDATE loan_reliefs SET granted_penalty_fen = 1"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.connection().exec_driver_sql(change)
    assert done.granted_penalty_fen == 6_080
