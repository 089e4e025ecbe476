"""Who may know how a loan is repaid."""

from __future__ import annotations

from marshmallow import fields

from app.kernel.web.routing import Out


class PartnerSharingOut(Out):
    """The partner that brought a loan; `consent_id` is null while it is told nothing but paid out or settled."""

    partner_id = fields.UUID(required=True)
    partner_name = fields.String(required=True)
    consent_id = fields.UUID(required=True, allow_none=True)


class PartnerToldOut(Out):
    """A consent to tell a partner, and who that partner is."""

    partner_id = fields.UUID(required=True)
    partner_name = fields.String(required=True)
    consent_id = fields.UUID(required=True)


class PartnersToldOut(Out):
    """All of them, also those that have ended."""

    items = fields.List(fields.Nested(PartnerToldOut), required=True)
