"""Whether the partner that brought a loan may know how it is repaid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.customers.queries.consents import sharing_of, sharing_with
from app.kernel.db import transaction
from app.kernel.web.principal import customer
from app.loans import queries
from app.loans.domain.sharing import NoPartner
from app.loans.routes.servicing import loans
from app.loans.schemas.sharing import PartnerSharingOut, PartnersToldOut
from app.partners import queries as partners


@loans.route("/partner-sharing", methods=["GET"])
@loans.response(200, PartnersToldOut)
def list_partners_told() -> dict[str, Any]:
    """The partners that you let know how their loans are repaid: the consents of kind `partner_sharing` by name."""
    with transaction() as session:
        told = sharing_of(session, customer_id=customer().customer_id)
        names = partners.partner_names(session, [partner_id for partner_id, _ in told])
    items = [{"partner_id": who, "partner_name": names.get(who, ""), "consent_id": consent} for who, consent in told]
    return {"items": items}


@loans.route("/loans/<uuid:loan_id>/partner-sharing", methods=["GET"])
@loans.response(200, PartnerSharingOut)
def get_partner_sharing(loan_id: UUID) -> dict[str, Any]:
    """The partner that brought this loan, and whether you let it know how the loan is repaid.

    To consent, send its id with the text of kind `partner_sharing` to POST /customer/v1/consents; to end that, delete
    the consent. 404 `loan.no_partner` for a loan that no partner brought.
    """
    who = customer().customer_id
    with transaction() as session:
        loan = queries.own_loan(session, customer_id=who, loan_id=loan_id)
        if loan.partner_id is None:
            raise NoPartner("No partner brought this loan.")
        partner = partners.partner(session, loan.partner_id)
        consent = sharing_with(session, partner_id=partner.id, customer_ids=[who]).get(who)
    return {
        "partner_id": partner.id,
        "partner_name": partner.name,
        "consent_id": consent.consent_id if consent else None,
    }
