"""How payments are divided and when they are due; the worked numbers are those of the 100,000.00 / 6 % / 12 example."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.prepayment import Mode
from app.engine.schedules import schedule
from app.engine.terms import Method, Terms
from app.loans import domain

TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, date(2026, 1, 15))
PLAN = schedule(TERMS)


def quote_after(paid_rows, on):
    """The pay-off quote when the first instalments are paid as agreed, whenever that was."""
    paid, left = PLAN.instalments[:paid_rows], PLAN.instalments[paid_rows:]
    return domain.pay_off(
        PLAN,
        on=on,
        paid_fen=sum(row.payment_fen for row in paid),
        outstanding_principal_fen=sum(row.principal_fen for row in left),
        remaining_interest_fen=sum(row.interest_fen for row in left),
    )


def test_an_instalment_is_divided_into_interest_and_principal():
    row = domain.Row(1, date(2026, 2, 15), 810_664, 50_000)
    assert domain.divide_instalment(860_664, row).parts == domain.Parts(810_664, 50_000)


@pytest.mark.parametrize("row", [None, domain.Row(1, date(2026, 2, 15), 0, 0)])
def test_what_another_payment_settled_becomes_credit(row):
    assert domain.divide_instalment(860_664, row).parts == domain.Parts(0, 0, overpaid_fen=860_664)


@given(st.integers(1, 2_000_000))
def test_no_fen_is_lost_in_division(paid_fen):
    parts = domain.divide_instalment(paid_fen, domain.Row(1, date(2026, 2, 15), 810_664, 50_000)).parts
    assert parts.cash_fen == paid_fen
    assert min(parts.principal_fen, parts.interest_fen, parts.overpaid_fen) >= 0


def test_paying_off_ten_days_into_a_period_costs_the_days():
    """Balance 50,748.10 after six instalments; ten days at 6 % / 360 are 84.58."""
    quote = quote_after(6, date(2026, 7, 25))
    assert (quote.principal_fen, quote.interest_fen, quote.total_fen) == (5_074_810, 8_458, 5_083_268)


def test_paying_off_on_the_first_day_after_an_instalment_paid_ahead_gives_its_interest_back():
    first = PLAN.instalments[0]
    outstanding = TERMS.principal_fen - first.principal_fen
    quote = quote_after(1, TERMS.start_on)
    assert quote.total_fen == TERMS.principal_fen - first.payment_fen
    assert quote.interest_fen == -first.interest_fen
    parts = domain.divide_pay_off(quote.total_fen, quote, []).parts
    assert parts == domain.Parts(outstanding, 0, interest_returned_fen=first.interest_fen)
    assert parts.cash_fen == quote.total_fen


@given(st.integers(0, 11), st.integers(0, 400))
def test_paying_off_never_costs_more_than_staying(paid_rows, days):
    on = date.fromordinal(TERMS.start_on.toordinal() + days)
    quote = quote_after(paid_rows, on)
    paid_fen = sum(row.payment_fen for row in PLAN.instalments[:paid_rows])
    assert quote.total_fen + paid_fen <= TERMS.principal_fen + PLAN.total_interest_fen
    assert quote.interest_saved_fen >= 0


@given(st.integers(0, 11), st.integers(0, 364))
def test_staying_costs_what_paying_off_saves_more(paid_rows, days):
    quote = quote_after(paid_rows, date.fromordinal(TERMS.start_on.toordinal() + days))
    assert quote.remaining_total_fen - quote.total_fen == quote.interest_saved_fen


@pytest.mark.parametrize("mode", [None, *Mode])
def test_only_the_outcomes_asked_for_are_worked_out(mode):
    paid_fen = sum(row.payment_fen for row in PLAN.instalments[:6])
    quote = domain.early_repayment(PLAN, on=date(2026, 7, 15), paid_fen=paid_fen, amount_fen=2_000_000, mode=mode)
    assert list(quote.outcomes) == ([mode] if mode else list(Mode))
    assert quote.pay_off_fen == 5_074_810


def test_the_next_row_is_the_oldest_that_owes():
    rows = [domain.Row(2, date(2026, 3, 15), 5, 1), domain.Row(1, date(2026, 2, 15), 0, 0)]
    assert domain.next_row(rows) == rows[0]
    assert domain.next_row([rows[1]]) is None


@pytest.mark.parametrize(
    ("opened_at", "deadline"),
    [
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), datetime(2026, 11, 23, 4, 15, tzinfo=UTC)),
        (datetime(2026, 11, 23, 15, 50, tzinfo=UTC), datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_payment_ends_with_the_day_in_china(opened_at, deadline):
    assert domain.payment_deadline(opened_at) == deadline
