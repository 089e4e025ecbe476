"""What a customer gets about debits of one loan."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.routing import Out

STATES = ("requested", "filed", "withdrawn", "succeeded", "failed", "returned")


class DebitOut(Out):
    """One debit: asked for, with the bank in a file, and what became of it."""

    id = fields.UUID(required=True, attribute="debit_id")
    repayment_id = fields.UUID(required=True)
    account = fields.String(required=True, metadata={"description": "Masked"})
    amount_fen = fields.Integer(required=True)
    collected_fen = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(STATES))
    fail_code = fields.String(
        required=True, allow_none=True, metadata={"description": "The paying bank's reason, such as `balance.too_low`"}
    )
    automatic = fields.Boolean(required=True)
    requested_at = fields.AwareDateTime(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    returned_at = fields.AwareDateTime(required=True, allow_none=True)


class NextCollectionOut(Out):
    """What will be taken by itself when the next instalment is due."""

    on = fields.Date(required=True)
    account = fields.String(required=True, metadata={"description": "Masked"})


class LoanDebitsOut(Out):
    """The newest debits of a loan, and the day of the next one that comes by itself."""

    items = fields.List(fields.Nested(DebitOut), required=True)
    next = fields.Nested(NextCollectionOut, required=True, allow_none=True)
