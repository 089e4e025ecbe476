"""Loans, the book, notices, transfers and webhooks."""

from __future__ import annotations

from uuid import UUID

from flask import request

from app.console.routes.pages import allowed, console, page, page_of
from app.console.views import loans as loan_views
from app.console.views import money as views
from app.console.views.wording import NOTICE, TRANSFER
from app.kernel.db import transaction


@console.get("/loans")
@allowed("loans")
def loans() -> str:
    """Loans, newest first."""
    with transaction() as session:
        found = loan_views.rows(session, page_of("loans"))
    return page("loans.html", current="loans", rows=found)


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
