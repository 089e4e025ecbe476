"""What customers send and get about their mandates."""

from __future__ import annotations

from marshmallow import fields, validate

from app.debits.domain import ACCOUNT_NO, BANK_CODE
from app.kernel.web.routing import In, Out


class DebitMandateIn(In):
    """An account of the customer's own, and the text that was shown with it."""

    account_no = fields.String(
        required=True, validate=[validate.Length(max=32), validate.Regexp(rf"^{ACCOUNT_NO.pattern}\Z")]
    )
    bank_code = fields.String(
        required=True,
        validate=validate.Regexp(rf"^{BANK_CODE.pattern}\Z"),
        metadata={"description": "CNAPS number"},
    )
    text_version = fields.String(required=True, validate=validate.Length(min=1, max=16))
    text_sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))


class DebitMandateOut(Out):
    """A mandate; the account by its last digits."""

    id = fields.UUID(required=True, attribute="mandate_id")
    account = fields.String(required=True, metadata={"description": "Masked"})
    bank_code = fields.String(required=True)
    status = fields.String(
        required=True, metadata={"description": "checked, active, suspended, revoked or replaced"}
    )
    ended_by = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    usable_from = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "A new account rests after a change"}
    )
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class DebitMandatesOut(Out):
    """The accounts the customer ever allowed, newest first."""

    items = fields.List(fields.Nested(DebitMandateOut), required=True)
