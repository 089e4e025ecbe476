"""What customers get of the data box."""

from __future__ import annotations

from marshmallow import fields, validate

from app.databox.domain.documents import ACTIONS, KINDS, REFUSALS, STATUSES
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import Out


class DocumentOut(Out):
    """One document. `refusal` says why it was refused, `refusal_place` in which row or field."""

    id = fields.UUID(required=True, attribute="document_id")
    enterprise_id = fields.UUID(required=True)
    kind = fields.String(required=True, allow_none=True, validate=validate.OneOf(KINDS))
    media_type = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    refusal = fields.String(required=True, allow_none=True, validate=validate.OneOf(REFUSALS))
    refusal_place = fields.String(required=True, allow_none=True)
    size_bytes = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)


class FlowOut(Out):
    """Money in (above nothing) or out (below), and the balance after it."""

    on = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    balance_fen = fields.Integer(required=True)
    counterparty = fields.String(required=True)
    remark = fields.String(required=True)


class BankStatementOut(Out):
    """A proven statement: `opening_fen` + `in_fen` − `out_fen` = `closing_fen`; of the flows the first 200.

    Where `closing_stated` is false the bank states no closing balance: what is shown is right and without gaps, but
    newer flows may have been cut off, and `closing_fen` is the balance after the last one shown.
    """

    holder = fields.String(required=True)
    account_tail = fields.String(required=True)
    from_on = fields.String(required=True)
    until_on = fields.String(required=True)
    opening_fen = fields.Integer(required=True)
    in_fen = fields.Integer(required=True)
    out_fen = fields.Integer(required=True)
    closing_fen = fields.Integer(required=True)
    closing_stated = fields.Boolean(required=True)
    flow_count = fields.Integer(required=True)
    flows = fields.List(fields.Nested(FlowOut), required=True)


class InvoiceOut(Out):
    """An invoice whose codes and sums are right."""

    number = fields.String(required=True)
    issued_on = fields.String(required=True)
    seller_uscc = fields.String(required=True)
    seller_name = fields.String(required=True)
    buyer_uscc = fields.String(required=True)
    buyer_name = fields.String(required=True)
    net_fen = fields.Integer(required=True)
    tax_fen = fields.Integer(required=True)
    gross_fen = fields.Integer(required=True)
    line_count = fields.Integer(required=True)


class DocumentDetailOut(DocumentOut):
    """A document with what it says."""

    statement = fields.Nested(BankStatementOut, required=True, allow_none=True)
    invoice = fields.Nested(InvoiceOut, required=True, allow_none=True)


class DocumentAccessOut(Out):
    """One line of a document's log."""

    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    by_you = fields.Boolean(required=True)
    occurred_at = fields.AwareDateTime(required=True)


DocumentPageOut = page_schema("DocumentPageOut", DocumentOut)
DocumentAccessPageOut = page_schema("DocumentAccessPageOut", DocumentAccessOut)
