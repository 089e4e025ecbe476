"""The loans for a partner's orders: their status; figures only where the customer consented."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.paging import PageIn, page_request
from app.kernel.web.polling import polled
from app.kernel.web.routing import Routes
from app.loans.queries import sharing as loans
from app.orders import queries, schemas
from app.partners.usecases import require_scope

partner_loans = Routes("partner_loans", __name__, description="Loans for your orders")


@partner_loans.get("/loans")
@partner_loans.arguments(PageIn, location="query")
@partner_loans.response(200, schemas.PartnerLoanPageOut)
def list_loans(query: dict[str, Any]) -> Response:
    """The loans for your orders, newest first; with an ETag. Scope `loans:read`.

    `shared` is null unless the customer consented to tell you how the loan is repaid, and again from 30 days after it
    was settled.
    """
    asking = principal.partner()
    require_scope(asking, "loans:read")
    with transaction() as session:
        page = loans.partner_loans(session, partner_id=asking.partner_id, request=page_request(query, "partner_loans"))
        refs = queries.order_refs(session, partner_id=asking.partner_id, order_ids={one.order_id for one in page.items})
    items = [_shown(one, refs) for one in page.items]
    return polled(schemas.PartnerLoanPageOut, {"items": items, "next_cursor": page.next_cursor})


@partner_loans.get("/loans/<uuid:loan_id>")
@partner_loans.response(200, schemas.PartnerLoanOut)
def get_loan(loan_id: UUID) -> Response:
    """One loan for an order of yours; poll with If-None-Match. Scope `loans:read`. 404 `loan.unknown`."""
    asking = principal.partner()
    require_scope(asking, "loans:read")
    with transaction() as session:
        found = loans.partner_loan(session, partner_id=asking.partner_id, loan_id=loan_id)
        refs = queries.order_refs(session, partner_id=asking.partner_id, order_ids={found.order_id})
    return polled(schemas.PartnerLoanOut, _shown(found, refs))


def _shown(found: loans.PartnerLoan, refs: dict[UUID, str]) -> dict[str, Any]:
    order_ref = refs.get(found.order_id) if found.order_id else None
    return {**vars(found), "id": found.loan_id, "order_ref": order_ref}
