"""What a merchant gives back reaches the loan: it ends, shrinks or owes the customer; advanced, awaited, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.engine.prepayment import Mode
from app.kernel import clock, invariants
from app.ledger.models import Entry
from app.loans import queries as loan_queries
from app.loans.models import Loan, Repayment
from app.orders import queries, usecases
from app.orders.domain import RefundRuleMissing
from app.orders.models import OrderRefundClaim
from app.orders.queries.refunds import refund_rule
from app.payments.usecases import BankMoney, receive_from_bank
from tests.factories import loans
from tests.factories.customers import SignedInCustomer
from tests.factories.orders import make_merchant, make_order
from tests.factories.partners import Signer, make_partner
from tests.job_runner import JobRunner

START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
Clock = Callable[[datetime], None]
RULE = (
    "INSERT INTO order_refund_rules (id, partner_id, effective_from, source, books_on, mode, interest_free_days,"
    " most_claimed_fen) VALUES (gen_random_uuid(), :partner_id, '2026-01-01', 'test', :books_on, :mode, :days, :most)"
)


@pytest.fixture
def borrower(client: FlaskClient, session: Session, clock_at: Clock) -> SignedInCustomer:
    clock_at(START)
    return loans.make_borrower(session)


@pytest.fixture
def partner(session: Session, clock_at: Clock) -> Signer:
    clock_at(START)
    made = make_partner(session)
    make_merchant(session, made.partner_id)
    session.commit()
    return made


@pytest.fixture
def loan(session: Session, borrower: SignedInCustomer, partner: Signer) -> Loan:
    """12,999.00 yuan at 9.8 % over twelve months, for an order of the partner's."""
    order = make_order(session, partner.partner_id, amount_fen=1_299_900, order_ref="PO-1")
    made = loans.active_loan(session, borrower, partner_id=partner.partner_id, order_id=order.id)
    about = {"order_id": order.id, "application_id": made.application_id}
    usecases.apply(session, **about, customer_id=borrower.customer_id)
    usecases.finance(session, **about, loan_id=made.id, amount_fen=made.principal_fen)
    session.commit()
    return made


def rule(session: Session, partner: Signer, *, books_on: str = "announcement", mode: str = "shorter_term",
         days: int = 7, most: int = 50_000_000) -> None:  # fmt: skip
    """A rule of this partner's own."""
    told = {"partner_id": partner.partner_id, "books_on": books_on, "mode": mode, "days": days, "most": most}
    session.execute(text(RULE), told)
    session.commit()


def broken(session: Session) -> list[str]:
    found = [verdict for verdict in invariants.verify(session) if not verdict.holds]
    return [f"{verdict.invariant.statement}: {verdict.violations}" for verdict in found]


def announce(client: FlaskClient, partner: Signer, amount_fen: int, refund_ref: str = "R-1") -> dict[str, Any]:
    body = {"refund_ref": refund_ref, "amount_fen": amount_fen}
    answer = partner.call(client, "POST", "/partner/v1/orders/PO-1/refunds", body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json
    return told


def listed(client: FlaskClient, partner: Signer) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = partner.call(client, "GET", "/partner/v1/orders/PO-1/refunds").json["items"]
    return items


def arrive(session: Session, claim_no: str, amount_fen: int, serial: str = "T1") -> tuple[str, str]:
    done = receive_from_bank(session, money=BankMoney(serial, claim_no, amount_fen, clock.now()))
    session.commit()
    return done


def booked(session: Session) -> list[Repayment]:
    session.expire_all()
    return list(session.scalars(select(Repayment).order_by(Repayment.id)))


def due(session: Session, loan: Loan) -> list[tuple[int, int]]:
    rows = loan_queries.instalments(session, loan.id)
    return [(row.principal_fen, row.interest_fen) for row in rows if row.status == "due"]


def balance(session: Session, account: str) -> int:
    return sum(session.scalars(select(Entry.amount_fen).where(Entry.account == account)))


def test_a_part_shortens_the_loan_to_the_fen(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    """Ten days' interest on 12,999.00 at 6 %: 1,299,900 × 0.06 × 10 / 360 = 2,166.5, so 2,167 fen; the rest of 5,000.00
    is principal. What is left is 802,067, of which the running period's other twenty days earn 2,674 (0.06 × 20 / 360).
    """
    clock_at(START + timedelta(days=10))
    announce(client, partner, 500_000)
    run_jobs()
    (done,) = booked(session)
    assert (done.kind, done.mode, done.paid_by, done.status) == ("prepayment", "shorter_term", "merchant", "applied")
    assert (done.interest_fen, done.principal_fen, done.overpaid_fen) == (2_167, 497_833, 0)
    left = due(session, loan)
    assert len(left) == 8 and left[0] == (111_878 - 2_674, 2_674) and sum(one[0] for one in left) == 802_067
    assert balance(session, "partner_claims") == 500_000 and balance(session, "wechat_pay_clearing") == 0
    assert broken(session) == []


def test_or_lowers_it_by_the_partners_own_rule(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    rule(session, partner, mode="lower_instalment")
    clock_at(START + timedelta(days=10))
    announce(client, partner, 500_000)
    run_jobs()
    left = due(session, loan)
    assert len(left) == 12 and sum(one[0] for one in left) == 802_067
    assert max(sum(one) for one in left) < 111_878
    assert broken(session) == []


@pytest.mark.parametrize(
    ("days", "interest_fen", "status", "left_fen"),
    [(0, 0, "settled", 0), (7, 0, "settled", 0), (8, 1_733, "active", 1_733)],
)
def test_the_whole_order_within_the_days_of_the_rule_cancels_the_loan(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock,
    days: int, interest_fen: int, status: str, left_fen: int,
) -> None:  # fmt: skip
    """Within seven days nothing is earned. On the eighth 1,299,900 × 0.06 × 8 / 360 = 1,733.2 fen are interest first,
    and just so much principal is left for the customer."""
    clock_at(START + timedelta(days=days))
    announce(client, partner, 1_299_900)
    run_jobs()
    (done,) = booked(session)
    assert (done.interest_fen, done.principal_fen) == (interest_fen, 1_299_900 - left_fen)
    assert (loan.status, loan.outstanding_principal_fen) == (status, left_fen)
    assert -balance(session, "interest_income") == interest_fen
    assert broken(session) == []


def test_interest_that_was_paid_comes_back_when_the_loan_is_cancelled(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    """5,000.00 after three days bear 650 fen of interest (1,299,900 × 0.06 × 3 / 360 = 649.95); the rest of the goods
    goes back on the fifth day: 8,000.00 − (12,999.00 − 4,993.50) owed is 650 fen short, so nothing is cancelled; with
    7,999.00 + 6.50 it would be. The order holds no more: what is left is what the customer owes."""
    clock_at(START + timedelta(days=3))
    announce(client, partner, 500_000, "R-1")
    run_jobs()
    loans.repay(session, loan, "prepayment", amount_fen=100_000, mode=Mode.SHORTER_TERM)
    assert loan.paid_interest_fen == 650 and loan.outstanding_principal_fen == 1_299_900 - 499_350 - 100_000
    clock_at(START + timedelta(days=5))
    announce(client, partner, 799_900, "R-2")
    run_jobs()
    done = booked(session)[-1]
    assert (done.kind, done.interest_free, loan.status) == ("payoff", True, "settled")
    assert (done.principal_fen, done.interest_returned_fen) == (700_550, 650)
    assert done.overpaid_fen == loan.credit_fen == 799_900 - 700_550 + 650 == 100_000
    assert balance(session, "interest_income") == 0 and broken(session) == []


def test_goods_that_go_back_after_the_loan_is_paid_are_the_customers_credit(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    clock_at(START + timedelta(days=10))
    loans.repay(session, loan, "payoff")
    announce(client, partner, 300_000)
    run_jobs()
    session.expire_all()
    assert (loan.status, loan.credit_fen) == ("settled", 300_000)
    assert broken(session) == []


def test_too_little_for_the_plan_pays_the_next_instalment(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    """After ten days 2,167 fen are interest: 10.00 yuan do not reach principal."""
    clock_at(START + timedelta(days=10))
    announce(client, partner, 1_000)
    run_jobs()
    (done,) = booked(session)
    assert (done.kind, done.instalment_number, done.interest_fen, loan.credit_fen) == ("instalment", 1, 1_000, 0)
    assert broken(session) == []


def test_money_that_is_only_awaited_changes_nothing_until_it_comes(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    rule(session, partner, books_on="arrival")
    clock_at(START + timedelta(days=2))
    announce(client, partner, 1_299_900)
    run_jobs()
    (told,) = listed(client, partner)
    assert booked(session) == [] and told["status"] == "announced"
    clock_at(START + timedelta(days=20))
    assert arrive(session, told["claim_no"], 1_299_900) == ("credited", "matched")
    run_jobs()
    run_jobs.again("orders.collect_refund")
    (done,) = booked(session)
    assert done.interest_fen == 4_333, "1,299,900 × 0.06 × 20 / 360: the rule waits for money, so do the days"
    assert listed(client, partner)[0]["status"] == "collected"
    assert balance(session, "partner_claims") == 0 and balance(session, "bank_settlement") == 0
    assert broken(session) == []


def test_what_was_advanced_is_collected_later_and_books_nothing_twice(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner, clock_at: Clock
) -> None:
    clock_at(START + timedelta(days=2))
    announce(client, partner, 400_000)
    announce(client, partner, 400_000)
    run_jobs()
    run_jobs.again("orders.book_refund")
    (told,) = listed(client, partner)
    assert arrive(session, told["claim_no"], 400_000, "T1") == ("credited", "matched")
    assert arrive(session, told["claim_no"], 400_000, "T1") == ("duplicate", "known")
    assert arrive(session, told["claim_no"], 400_000, "T2") == ("suspense", "paid_twice")
    run_jobs()
    run_jobs.again("orders.collect_refund")
    assert [one.amount_fen for one in booked(session)] == [400_000]
    assert balance(session, "partner_claims") == 0 and broken(session) == []


def test_another_sum_than_was_claimed_waits_in_suspense(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner
) -> None:
    announce(client, partner, 400_000)
    run_jobs()
    assert arrive(session, listed(client, partner)[0]["claim_no"], 399_999) == ("suspense", "amount_differs")
    assert balance(session, "partner_claims") == 400_000 and broken(session) == []


def test_beyond_its_limit_a_partners_word_moves_nothing(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner
) -> None:
    rule(session, partner, most=500_000)
    for number, amount_fen in enumerate((300_000, 200_001, 200_000)):
        announce(client, partner, amount_fen, f"R-{number}")
    run_jobs()
    assert [one.amount_fen for one in booked(session)] == [300_000, 200_000]
    claims = session.scalars(select(OrderRefundClaim).order_by(OrderRefundClaim.id))
    assert [one.status for one in claims] == ["booked", "announced", "booked"] and broken(session) == []


def test_a_process_that_dies_in_between_leaves_nothing_and_the_next_does_it_once(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner
) -> None:
    announce(client, partner, 500_000)
    order = queries.partner_order(session, partner_id=partner.partner_id, order_ref="PO-1")
    usecases.book_claims(session, order_id=order.id)
    assert session.scalar(select(Repayment.id)) is not None
    session.rollback()  # whoever did this was killed before its commit
    assert booked(session) == [] and balance(session, "partner_claims") == 0 and loan.outstanding_principal_fen
    run_jobs()
    usecases.book_claims(session, order_id=order.id)
    session.commit()
    assert [one.status for one in booked(session)] == ["applied"] and broken(session) == []


def test_the_partner_hears_of_its_own_refund_and_nothing_of_the_loans_figures(
    client: FlaskClient, session: Session, partner: Signer, loan: Loan, run_jobs: JobRunner
) -> None:
    announce(client, partner, 500_000)
    run_jobs()
    assert set(listed(client, partner)[0]) == {
        "refund_ref", "amount_fen", "claim_no", "status", "announced_at", "collected_at",
    }  # fmt: skip
    told = partner.call(client, "GET", f"/partner/v1/loans/{loan.id}").json
    assert told["shared"] is None
    events = partner.call(client, "GET", "/partner/v1/events").json["items"]
    sums = [one["data"].get("amount_fen") for one in events if one["type"].startswith(("repayment", "order.refund"))]
    assert [one for one in sums if one] == [500_000]
    stranger = make_partner(session)
    assert stranger.call(client, "GET", "/partner/v1/orders/PO-1/refunds").status_code == 404


def test_without_a_rule_no_loan_is_changed(session: Session, partner: Signer) -> None:
    with pytest.raises(RefundRuleMissing):
        refund_rule(session, partner_id=partner.partner_id, on=START.date().replace(year=2019))
