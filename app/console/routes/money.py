"""Loans, the book, notices, transfers and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request

from app.console.routes.pages import allowed, console, page, page_of
from app.console.views import loans as loan_views
from app.console.views import money as views
from app.console.views.wording import LOAN, NOTICE, TRANSFER
from app.kernel.db import transaction
from app.kernel.spreadsheets import MEDIA_TYPE, csv_lines


@console.get("/loans")
@allowed("loans")
def loans() -> str:
    """Loans, newest first; `?status=` leaves those of one status. What was written off has sums and an export."""
    asked = request.args.get("status")
    status = asked if asked in LOAN else None
    with transaction() as session:
        if status == "written_off":
            lost = loan_views.written_off(session, page_of("loans.written_off"))
            return page("loans_written_off.html", current="loans", status=status, statuses=list(LOAN), **lost)
        found = loan_views.rows(session, page_of(f"loans.{status}"), status)
    return page("loans.html", current="loans", rows=found, status=status, statuses=list(LOAN))


@console.get("/loans/written-off/export")
@allowed("loans")
def export_written_off() -> Response:
    """Loans that were written off, for spreadsheets; no cell is a formula."""

    def lines() -> Iterator[str]:
        with transaction() as session:
            yield from csv_lines(loan_views.COLUMNS, loan_views.export(session))

    disposition = 'attachment; filename="written-off-loans.csv"'
    return Response(lines(), mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})


@console.get("/loans/<uuid:loan_id>")
@allowed("loans")
def loan(loan_id: UUID) -> str:
    """One loan with its schedule, its repayments and its journals."""
    with transaction() as session:
        shown = loan_views.detail(session, loan_id)
    return page("loan.html", current="loans", **shown)


@console.get("/ledger")
@allowed("ledger")
def ledger() -> str:
    """The trial balance and the newest journals."""
    with transaction() as session:
        shown = views.book(session)
    return page("ledger.html", current="ledger", **shown)


@console.get("/notices")
@allowed("notices")
def notices() -> str:
    """WeChat Pay's notices and what became of each; `?verdict=` leaves those of one verdict."""
    asked = request.args.get("verdict")
    verdict = asked if asked in NOTICE else None
    with transaction() as session:
        found = views.notices(session, verdict=verdict)
    return page("notices.html", current="notices", rows=found, verdict=verdict, verdicts=list(NOTICE))


@console.get("/transfers")
@allowed("transfers")
def transfers() -> str:
    """Transfers through the core bank; `?status=` leaves those of one status."""
    asked = request.args.get("status")
    status = asked if asked in TRANSFER else None
    with transaction() as session:
        found = views.transfers(session, status=status)
    return page("transfers.html", current="transfers", rows=found, status=status, statuses=list(TRANSFER))


@console.get("/webhooks")
@allowed("webhooks")
def webhooks() -> str:
    """Every try to tell a partner, newest first."""
    with transaction() as session:
        found = views.deliveries(session, page_of("webhooks", 50))
    return page("webhooks.html", current="webhooks", rows=found)
