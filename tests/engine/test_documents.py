"""Receipts, pay-off letters and settlement certificates say what the replayed loan knows."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine.documents import payoff_letter, receipt, settlement_certificate
from app.engine.errors import ReplayError
from app.engine.prepayment import Mode
from app.engine.replay import replay
from app.engine.replay.events import Disbursed, Event, Paid, PaidOff, PrepaidPart
from app.engine.terms import Method, Terms

START = date(2026, 1, 15)
TERMS = Terms(10_000_000, Decimal("0.06"), Method.EQUAL_INSTALMENT, 12, START)
LOAN = Disbursed(on=START, sequence=1, terms=TERMS)


def test_receipt_of_a_late_payment() -> None:
    paid = Paid(on=date(2026, 3, 1), sequence=2, amount_fen=900_000)
    state = replay([LOAN, paid], paid.on)
    made = receipt(state, paid)
    assert (made.penalty_interest_fen, made.compound_interest_fen) == (2_837, 175)
    assert (made.interest_fen, made.principal_fen, made.credit_fen) == (50_000, 810_664, 36_324)
    assert (made.amount_in_words, made.principal_left_fen) == ("人民币玖仟元整", 9_189_336)


def test_receipt_of_an_early_payment_that_uses_a_credit() -> None:
    before = Paid(on=date(2026, 2, 1), sequence=2, amount_fen=860_664 + 500)
    part = PrepaidPart(on=date(2026, 2, 15), sequence=3, amount_fen=1_000_000, mode=Mode.LOWER_INSTALMENT)
    made = receipt(replay([LOAN, before, part], part.on), part)
    assert (made.principal_fen, made.from_credit_fen, made.credit_fen) == (1_000_500, 500, 0)
    with pytest.raises(ReplayError) as refused:
        receipt(replay([LOAN, before, part], before.on), part)
    assert refused.value.code == "loan.event_unknown"


def test_letter_and_certificate() -> None:
    late = replay([LOAN], date(2026, 3, 1))
    letter = payoff_letter(late)
    parts = letter.principal_fen + letter.interest_fen + letter.penalty_fen + letter.fee_fen - letter.credit_fen
    assert parts == letter.total_fen
    assert letter.principal_fen == 10_000_000
    history: list[Event] = [LOAN, PaidOff(on=letter.valid_on, sequence=2, amount_fen=letter.total_fen)]
    settled = replay(history, letter.valid_on)
    certificate = settlement_certificate(settled)
    assert (certificate.settled_on, certificate.principal_paid_fen) == (letter.valid_on, 10_000_000)
    assert certificate.lent_in_words == "人民币壹拾万元整"
    paid = certificate.principal_paid_fen + certificate.interest_paid_fen + certificate.other_paid_fen
    assert paid == letter.total_fen
    with pytest.raises(ReplayError) as refused:
        settlement_certificate(late)
    assert refused.value.code == "loan.not_settled"
