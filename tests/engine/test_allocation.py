"""How a payment is divided: the bank's orders, oldest first, and what must hold for any debt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.allocation import PRINCIPAL_FIRST_ORDER, STATUTE_ORDER, Across, Bucket, Owed, allocate, order_for
from app.engine.errors import AllocationError

EXAMPLE = Owed(
    1, fee_fen=5_000, compound_interest_fen=455, penalty_interest_fen=6_000, interest_fen=60_664, principal_fen=800_000
)


def test_up_to_ninety_days_interest_comes_first() -> None:
    result = allocate(500_000, [EXAMPLE], order_for(90))
    assert [part.amount_fen for part in result.parts] == [5_000, 455, 6_000, 60_664, 427_881]
    assert result.overpaid_fen == 0


def test_above_ninety_days_principal_comes_first() -> None:
    result = allocate(500_000, [EXAMPLE], order_for(91))
    assert [(part.bucket, part.amount_fen) for part in result.parts] == [
        (Bucket.FEE, 5_000),
        (Bucket.PRINCIPAL, 495_000),
    ]


def test_oldest_instalment_first_or_bucket_first() -> None:
    owed = [Owed(1, interest_fen=10, principal_fen=100), Owed(2, interest_fen=9, principal_fen=101)]
    by_row = allocate(115, owed)
    assert [(part.number, part.bucket.value, part.amount_fen) for part in by_row.parts] == [
        (1, "interest", 10),
        (1, "principal", 100),
        (2, "interest", 5),
    ]
    by_bucket = allocate(115, owed, STATUTE_ORDER, Across.BUCKET_FIRST)
    assert by_bucket.total_fen(Bucket.INTEREST) == 19
    assert by_bucket.to_fen(1, Bucket.PRINCIPAL) == 96


def test_what_is_left_is_overpaid() -> None:
    assert allocate(872_120, [EXAMPLE]).overpaid_fen == 1


@pytest.mark.parametrize(
    ("paid", "owed", "order", "code"),
    [
        (0, [EXAMPLE], STATUTE_ORDER, "allocation.amount_out_of_range"),
        (True, [EXAMPLE], STATUTE_ORDER, "allocation.amount_out_of_range"),
        (5, [Owed(1, fee_fen=-1)], STATUTE_ORDER, "allocation.owed_negative"),
        (5, [EXAMPLE], (Bucket.FEE, Bucket.FEE), "allocation.order_repeats"),
        (5, [Owed(2), Owed(1)], STATUTE_ORDER, "allocation.not_oldest_first"),
    ],
)
def test_refused(paid: int, owed: list[Owed], order: tuple[Bucket, ...], code: str) -> None:
    with pytest.raises(AllocationError) as refused:
        allocate(paid, owed, order)
    assert refused.value.code == code


AMOUNT = st.integers(0, 10**6)
DEBTS = st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=6).map(
    lambda rows: [Owed(number, *row) for number, row in enumerate(rows, start=1)]
)
ORDERS = st.sampled_from([STATUTE_ORDER, PRINCIPAL_FIRST_ORDER])


def after(owed: list[Owed], paid: int, order: tuple[Bucket, ...], across: Across) -> tuple[list[Owed], int]:
    result = allocate(paid, owed, order, across)
    left = [
        Owed(item.number, *(item.of(bucket) - result.to_fen(item.number, bucket) for bucket in COLUMNS))
        for item in owed
    ]
    return left, result.overpaid_fen


COLUMNS = (Bucket.FEE, Bucket.COMPOUND_INTEREST, Bucket.PENALTY_INTEREST, Bucket.INTEREST, Bucket.PRINCIPAL)


@settings(max_examples=150, deadline=None)
@given(DEBTS, st.integers(1, 10**7), ORDERS, st.sampled_from(Across))
def test_nothing_is_lost_and_nothing_goes_below_zero(
    owed: list[Owed], paid: int, order: tuple[Bucket, ...], across: Across
) -> None:
    result = allocate(paid, owed, order, across)
    assert sum(part.amount_fen for part in result.parts) + result.overpaid_fen == paid
    left, overpaid = after(owed, paid, order, across)
    assert all(item.of(bucket) >= 0 for item in left for bucket in Bucket)
    assert overpaid == 0 or all(item.total_fen == 0 for item in left)


@settings(max_examples=150, deadline=None)
@given(DEBTS, st.integers(1, 10**6), st.integers(1, 10**6), ORDERS, st.sampled_from(Across))
def test_two_payments_of_a_day_in_either_order_equal_their_sum(
    owed: list[Owed], one: int, two: int, order: tuple[Bucket, ...], across: Across
) -> None:
    def both(first: int, second: int) -> tuple[list[Owed], int]:
        middle, over = after(owed, first, order, across)
        end, more = after(middle, second, order, across)
        return end, over + more

    assert both(one, two) == both(two, one) == after(owed, one + two, order, across)
