"""Statements and receipts as the API answers them; amounts in fen."""

from __future__ import annotations

from marshmallow import fields

from app.kernel.web.routing import Out
from app.loans.schemas.servicing import LoanChangeOut


class StatementMonthOut(Out):
    """A month for which there is a statement."""

    month = fields.String(required=True, metadata={"description": "2026-11"})
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    complete = fields.Boolean(required=True, metadata={"description": "false: the month still runs"})


class StatementMonthsOut(Out):
    """The months of one loan, newest first; a loan has few, so no pages."""

    items = fields.List(fields.Nested(StatementMonthOut), required=True)


class MovementOut(Out):
    """Money that went out or came in, and how it was used. `principal_fen` is negative for the disbursement."""

    on = fields.Date(required=True)
    kind = fields.String(required=True, metadata={"description": "disbursement, waiver, or the kind of a repayment"})
    reference = fields.String(required=True, metadata={"description": "The receipt's number, or the loan's"})
    received_fen = fields.Integer(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    charges_fen = fields.Integer(required=True, metadata={"description": "Penalty interest and fees"})
    credit_fen = fields.Integer(required=True, metadata={"description": "Paid beyond what was owed"})
    balance_fen = fields.Integer(required=True, metadata={"description": "Principal owed afterwards"})


class DueRowOut(Out):
    """An instalment; `paid_on` as known at the end of the statement."""

    number = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    total_fen = fields.Integer(required=True)
    paid_on = fields.Date(required=True, allow_none=True)


class StatementOut(StatementMonthOut):
    """One loan in one month: opening + disbursed − repaid − waived = closing."""

    opening_principal_fen = fields.Integer(required=True)
    disbursed_fen = fields.Integer(required=True)
    repaid_principal_fen = fields.Integer(required=True)
    waived_principal_fen = fields.Integer(required=True, metadata={"description": "Given up by the bank"})
    interest_fen = fields.Integer(required=True)
    charges_fen = fields.Integer(required=True)
    credit_fen = fields.Integer(required=True)
    received_fen = fields.Integer(required=True)
    closing_principal_fen = fields.Integer(required=True)
    written_off_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "In this month or before it; owed as before"}
    )
    movements = fields.List(fields.Nested(MovementOut), required=True)
    changes = fields.List(
        fields.Nested(LoanChangeOut), required=True, metadata={"description": "Of the loan's terms, in this month"}
    )
    due = fields.List(fields.Nested(DueRowOut), required=True)
    next = fields.Nested(DueRowOut, required=True, allow_none=True)


class ReceiptOut(Out):
    """The receipt of a booked repayment."""

    receipt_no = fields.String(required=True)
    loan_no = fields.String(required=True)
    bank_name = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    amount_uppercase = fields.String(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    interest_returned_fen = fields.Integer(required=True)
    penalty_fen = fields.Integer(required=True)
    overpaid_fen = fields.Integer(required=True)
    outstanding_principal_fen = fields.Integer(required=True)
    kind = fields.String(required=True)
    recovered = fields.Boolean(
        required=True, metadata={"description": "It came after the loan was written off; it counts in full"}
    )
    paid_at = fields.DateTime(required=True)
