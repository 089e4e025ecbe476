"""The contract rate follows the LPR on its days."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine.errors import ScheduleError
from app.engine.repricing import LprQuote, contract_rate, lpr_on, repricing_days
from app.engine.terms import Every, Unit

QUOTES = [
    LprQuote(1, date(2026, 1, 20), Decimal("0.0310")),
    LprQuote(1, date(2026, 5, 20), Decimal("0.0300")),
    LprQuote(5, date(2026, 5, 20), Decimal("0.0350")),
]


def test_last_published_lpr_holds() -> None:
    assert lpr_on(QUOTES, 1, date(2026, 5, 19)) == Decimal("0.0310")
    assert lpr_on(QUOTES, 1, date(2026, 5, 20)) == Decimal("0.0300")
    with pytest.raises(ScheduleError) as refused:
        lpr_on(QUOTES, 5, date(2026, 5, 19))
    assert refused.value.code == "schedule.lpr_unknown"


def test_margin_floor_and_ceiling() -> None:
    assert contract_rate(Decimal("0.03"), 200) == Decimal("0.05")
    assert contract_rate(Decimal("0.03"), -50, floor=Decimal("0.028")) == Decimal("0.028")
    assert contract_rate(Decimal("0.03"), 900, ceiling=Decimal("0.1")) == Decimal("0.1")


def test_repricing_days_keep_the_month_end() -> None:
    assert repricing_days(date(2026, 8, 31), Every(Unit.MONTH, 6), date(2027, 8, 31)) == (
        date(2026, 8, 31),
        date(2027, 2, 28),
        date(2027, 8, 31),
    )
    assert repricing_days(date(2026, 8, 31), Every(Unit.YEAR), date(2026, 8, 30)) == ()
