"""Files of debits and their results, down to the raw rows, and a table of one file for spreadsheets."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from app.console.routes.pages import allowed, console, page
from app.console.views import debit_wording
from app.console.views import debits as views
from app.kernel.db import transaction
from app.kernel.spreadsheets import MEDIA_TYPE, write_csv


def _asked(name: str, known: object) -> str | None:
    """A filter of the address; one that we have no word for leaves everything."""
    value = request.args.get(name)
    return value if isinstance(known, dict) and value in known else None


@console.get("/debits")
@allowed("debits")
def debits() -> str:
    """The newest files (`?status=`), what did not fit (`?kind=`), and what came back."""
    status, kind = _asked("status", debit_wording.BATCH), _asked("kind", debit_wording.FINDING)
    with transaction() as session:
        shown = views.overview(session, status=status, kind=kind)
    return page(
        "debits.html", current="debits", status=status, statuses=list(debit_wording.BATCH), kind=kind, **shown
    )


@console.get("/debits/<uuid:batch_id>")
@allowed("debits")
def debit_batch(batch_id: UUID) -> str:
    """One file with its debits (`?status=`), its totals and hashes, and the rows as they were sent and came back."""
    status = _asked("status", debit_wording.DEBIT)
    with transaction() as session:
        shown = views.batch(session, batch_id, status=status)
    statuses = list(shown["sums"].counts)
    return page("debit_batch.html", current="debits", status=status, statuses=statuses, **shown)


@console.get("/debits/<uuid:batch_id>/export")
@allowed("debits")
def export_debits(batch_id: UUID) -> Response:
    """A file's debits for spreadsheets (2,000 at most); no cell is a formula, no account is whole."""
    with transaction() as session:
        table = write_csv(views.COLUMNS, views.export(session, batch_id))
    disposition = f'attachment; filename="debits-{batch_id}.csv"'
    return Response(table, mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})
