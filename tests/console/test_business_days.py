"""The ledger's page shows how far the end of each day is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.loans.jobs.end_of_day import Run, close_through
from tests.factories import loans
from tests.factories.console import signed_in

START = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)


def test_closed_days_are_shown_with_their_loans_and_digest(client, session, clock_at) -> None:
    clock_at(START)
    loans.active_loan(session, loans.make_borrower(session))
    clock_at(START + timedelta(days=2))
    [first, second] = close_through(None, Run())
    signed_in(client, session)
    page = client.get("/console/ledger?lang=en").text
    assert str(first) in page and str(second) in page and "closed" in page and "holiday" in page
    assert page.count("1/1") == 2
