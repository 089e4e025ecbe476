"""The cost sheet of an application: shown, read, confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.contracts import usecases as contracts
from app.contracts.queries import CostSheetView
from app.credit import schemas, usecases
from app.credit.routes.answers import lender
from app.credit.routes.applications import applications
from app.kernel.web.idempotent import once
from app.kernel.web.principal import customer


@applications.post("/applications/<uuid:application_id>/cost-sheets")
@applications.arguments(schemas.CostSheetIn)
@applications.response(201, schemas.CostSheetOut)
def show_cost_sheet(body: dict[str, Any], application_id: UUID) -> Response:
    """Show the cost sheet of a choice. Asking again for the same terms gives the same sheet; its time runs on.

    409 `application.not_offered`, `offer.above_all_in_cap`; 422 `application.amount_above_offer`,
    `application.amount_out_of_range`, `application.term_not_offered`, `application.method_not_offered`,
    `application.instalment_too_high`.
    """
    who = customer().customer_id

    def show(session: Session, sheet_id: UUID) -> CostSheetView:
        agreement, disclosure = usecases.agree(session, application_id=application_id, customer_id=who, **body)
        return contracts.show_cost_sheet(
            session,
            cost_sheet_id=sheet_id,
            application_id=application_id,
            customer_id=who,
            agreement=agreement,
            lender=lender(),
            disclosure=disclosure,
        )

    return once(show, schema=schemas.CostSheetOut, status=201, body=body)


@applications.post("/applications/<uuid:application_id>/cost-sheets/<uuid:cost_sheet_id>/confirmation")
@applications.response(200, schemas.CostSheetOut)
def confirm_cost_sheet(application_id: UUID, cost_sheet_id: UUID) -> Response:
    """Confirm that the sheet was read. 409 `cost_sheet.read_first` with `remaining_s`, `cost_sheet.replaced`."""
    who = customer().customer_id

    def confirm(session: Session, _: UUID) -> CostSheetView:
        usecases.hold_offer(session, application_id=application_id, customer_id=who)
        return contracts.confirm_cost_sheet(
            session, cost_sheet_id=cost_sheet_id, application_id=application_id, customer_id=who
        )

    return once(confirm, schema=schemas.CostSheetOut, status=200)
