"""What partners send and see of merchants and orders."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out
from app.orders.domain import REF_PATTERN

REF = validate.Regexp(REF_PATTERN, error="1 to 64 letters, digits, dots, underscores, colons, hyphens.")
STATUSES = ["offered", "applying", "financed", "cancelled", "failed"]


class MerchantIn(In):
    """A seller and the account that is paid for its goods."""

    name = fields.String(required=True, validate=validate.Length(1, 100))
    account_no = fields.String(required=True, validate=validate.Regexp(r"[0-9]{8,32}\Z", error="8 to 32 digits."))
    account_name = fields.String(required=True, validate=validate.Length(1, 100))
    bank_code = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9]{1,32}\Z"))


class MerchantOut(Out):
    """A seller; of the account only its end is shown."""

    merchant_ref = fields.String(required=True)
    name = fields.String(required=True)
    account_tail = fields.String(required=True, metadata={"example": "尾号 3086"})
    bank_code = fields.String(required=True)
    checked_at = fields.AwareDateTime(required=True)


class OrderOut(Out):
    """An order that a loan is to pay. Ids of the application and the loan name them in events."""

    order_ref = fields.String(required=True)
    merchant_ref = fields.String(required=True)
    title = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    application_id = fields.UUID(required=True, allow_none=True)
    loan_id = fields.UUID(required=True, allow_none=True)
    refunded_fen = fields.Integer(required=True)
    shipped_at = fields.AwareDateTime(required=True, allow_none=True)
    carrier = fields.String(required=True, allow_none=True)
    tracking_ref = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class ShipmentIn(In):
    """How the goods travel; both may be left out."""

    carrier = fields.String(load_default=None, validate=validate.Length(1, 100))
    tracking_ref = fields.String(load_default=None, validate=REF)


class RefundIn(In):
    """What the merchant gives back. `refund_ref` is your own reference: the same one is the same refund."""

    refund_ref = fields.String(required=True, validate=REF)
    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10**12))
    reason = fields.String(load_default=None, validate=validate.Length(1, 100))


class OrderRefundOut(Out):
    """A refund you told of. Name `claim_no` in the transfer by which the money goes to the bank; `collected`: it has
    come."""

    refund_ref = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    claim_no = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["announced", "collected"]))
    announced_at = fields.AwareDateTime(required=True)
    collected_at = fields.AwareDateTime(required=True, allow_none=True)


OrderRefundPageOut = page_schema("OrderRefundPageOut", OrderRefundOut)


class SettlementOut(Out):
    """`payment`: the bank has paid the merchant; `refund`: the merchant has to give it back to the bank."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["payment", "refund"]))
    order_ref = fields.String(required=True)
    merchant_ref = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    occurred_at = fields.AwareDateTime(required=True)


OrderPageOut = page_schema("OrderPageOut", OrderOut)
SettlementPageOut = page_schema("SettlementPageOut", SettlementOut)


class SharedFiguresOut(Out):
    """How a loan is being repaid, by consent of the customer; amounts in fen."""

    principal_fen = fields.Integer(required=True)
    outstanding_principal_fen = fields.Integer(required=True)
    next_due_on = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)


class PartnerLoanOut(Out):
    """A loan for one of your orders. `shared` is null without the customer's consent."""

    id = fields.UUID(required=True)
    order_ref = fields.String(required=True, allow_none=True)
    application_id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["active", "settled"]))
    activated_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    shared = fields.Nested(SharedFiguresOut, required=True, allow_none=True)


PartnerLoanPageOut = page_schema("PartnerLoanPageOut", PartnerLoanOut)
