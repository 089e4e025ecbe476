"""Cost sheets: shown first, read for a minimum time on the server's clock, then confirmed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.domain import cost_sheets as domain
from app.contracts.domain.agreements import Agreement, Disclosure, Lender
from app.contracts.models import CostSheet
from app.contracts.queries.cost_sheets import CostSheetView, view
from app.kernel import clock, ids
from app.kernel.states import transition


def show_cost_sheet(
    session: Session,
    *,
    cost_sheet_id: UUID,
    application_id: UUID,
    customer_id: UUID,
    agreement: Agreement,
    lender: Lender,
    disclosure: Disclosure,
) -> CostSheetView:
    """The sheet of these terms: the standing one when it says the same (its time runs on), else a new one.

    A sheet that was confirmed too long ago is followed by a new one even for the same terms. The caller holds the
    application's row, so that two requests do not make two sheets.
    """
    number = ids.document_number("CS", cost_sheet_id)
    body = domain.make_sheet(agreement, lender, disclosure, number)
    terms_sha256 = domain.sha256({**body, "number": ""})
    standing = _standing(session, application_id)
    over = standing and standing.confirmed_at and not domain.is_fresh(standing.confirmed_at, clock.now())
    if standing and standing.terms_sha256 == terms_sha256 and not over:
        return view(standing)
    if standing:
        transition(session, standing, domain.SHEET_STATES, "supersede", actor=f"customer:{customer_id}")
        session.flush()
    row = CostSheet(
        id=cost_sheet_id,
        number=number,
        application_id=application_id,
        customer_id=customer_id,
        status="shown",
        body=body,
        sha256=domain.sha256(body),
        terms_sha256=terms_sha256,
        min_reading_s=disclosure.min_reading_s,
        shown_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return view(row)


def confirm_cost_sheet(
    session: Session, *, cost_sheet_id: UUID, application_id: UUID, customer_id: UUID
) -> CostSheetView:
    """Confirm that the sheet was read; confirming twice is the same.

    Raises CostSheetUnknown, CostSheetReplaced, ReadFirst with `remaining_s`.
    """
    row = session.get(CostSheet, cost_sheet_id, with_for_update=True)
    if row is None or (row.application_id, row.customer_id) != (application_id, customer_id):
        raise domain.CostSheetUnknown("There is no such cost sheet.")
    if row.status == "superseded":
        raise domain.CostSheetReplaced("Another cost sheet was shown since. Read and confirm that one.")
    if row.status == "confirmed":
        return view(row)
    left = domain.remaining_s(row.shown_at, row.min_reading_s, clock.now())
    if left:
        raise domain.ReadFirst("Please read the sheet first.", remaining_s=left)
    row.confirmed_at = clock.now()
    transition(session, row, domain.SHEET_STATES, "confirm", actor=f"customer:{customer_id}")
    session.flush()
    return view(row)


def _standing(session: Session, application_id: UUID) -> CostSheet | None:
    return session.scalars(
        select(CostSheet)
        .where(CostSheet.application_id == application_id, CostSheet.status != "superseded")
        .with_for_update()
    ).one_or_none()
