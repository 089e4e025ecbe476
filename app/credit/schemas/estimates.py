"""Estimates: an amount and a rate as ranges, what they rest on, until when they hold."""

from __future__ import annotations

from marshmallow import fields, validate

from app.credit.schemas.applications import ReasonOut
from app.kernel.web.routing import In, Out


class EstimateIn(In):
    """For which business and product, and what is owed elsewhere as the customer states it."""

    enterprise_id = fields.UUID(required=True)
    product_code = fields.String(required=True, validate=validate.Length(1, 32))
    stated_debt_fen = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 10**12))
    stated_monthly_payment_fen = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 10**11))


class EstimateOut(Out):
    """An estimate, not a commitment. `status`: collecting, waiting_data (a source is down: not your fault), quoted,
    not_quoted, failed. `low_fen` 0: it depends on the credit report, which is not asked for an estimate."""

    id = fields.UUID(required=True, attribute="estimate_id")
    status = fields.String(required=True)
    product_code = fields.String(required=True)
    low_fen = fields.Integer(required=True)
    high_fen = fields.Integer(required=True)
    low_annual_rate = fields.String(required=True, allow_none=True)
    high_annual_rate = fields.String(required=True, allow_none=True)
    drivers = fields.List(fields.Nested(ReasonOut), required=True)
    raises = fields.List(fields.Nested(ReasonOut), required=True, metadata={"description": "What would raise it"})
    reasons = fields.List(fields.Nested(ReasonOut), required=True, metadata={"description": "Why there is no offer"})
    bureau_queried = fields.Boolean(required=True)
    commitment = fields.Boolean(required=True)
    record_sha256 = fields.String(required=True, allow_none=True)
    quoted_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True)
