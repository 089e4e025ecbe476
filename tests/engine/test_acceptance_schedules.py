"""Schedules published by others, reproduced to the fen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.engine.rounding import Rounding
from app.engine.schedules import schedule
from app.engine.terms import DayCount, Every, Method, Terms, Unit

from .published import cases, fen

UNITS = {"DAYS": Unit.DAY, "WEEKS": Unit.WEEK, "MONTHS": Unit.MONTH, "YEARS": Unit.YEAR}


def terms_of(case: dict[str, Any]) -> Terms:
    given = case["inputs"]
    return Terms(
        principal_fen=fen(given["principal"]),
        annual_rate=Decimal(given["annual_rate_percent"]) / 100,
        method=Method(given["method"]),
        instalments=given["instalments"],
        every=Every(UNITS[given["unit"]], given["every"]),
        start_on=date.fromisoformat(given["start_date"]),
        due_on=tuple(map(date.fromisoformat, given["due_dates"])),
        day_count=DayCount(given["day_count"].lower()),
        rounding=Rounding(given["rounding"]),
        smoothing=case["convention"] == "smoothed",
    )


@pytest.mark.parametrize("case", cases("lending_schedules.json"), ids=lambda c: c and c["id"])
def test_published_schedule_is_reproduced_to_the_fen(case: dict[str, Any] | None) -> None:
    if case is None:
        pytest.skip("published cases are not beside this clone")
    rows = [
        (row.number, row.due_on.isoformat(), row.principal_fen, row.interest_fen, row.payment_fen, row.balance_fen)
        for row in schedule(terms_of(case)).instalments
    ]
    assert rows == [
        (row["n"], row["due_date"], fen(row["principal"]), fen(row["interest"]), fen(row["total"]), fen(row["balance"]))
        for row in case["expected"]
    ]
