"""What customers send and get about loans; amounts in fen, rates as text with six decimals."""

from __future__ import annotations

from marshmallow import fields, validate

from app.engine.prepayment import Mode
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out
from app.loans.schemas.calculator import RateText, RemainingOut


class InstalmentOut(Out):
    """One row of the schedule."""

    number = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    payment_fen = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"description": "due, paid, payoff or replaced"})
    paid_at = fields.DateTime(required=True, allow_none=True)


class LoanOut(Out):
    """A loan note. The yearly all-in rate comes first wherever it is shown."""

    id = fields.UUID(required=True)
    loan_no = fields.String(required=True)
    application_id = fields.UUID(required=True)
    contract_id = fields.UUID(required=True)
    all_in_annual_rate = RateText(required=True)
    annual_rate = RateText(required=True)
    principal_fen = fields.Integer(required=True)
    outstanding_principal_fen = fields.Integer(required=True)
    credit_fen = fields.Integer(required=True, metadata={"description": "What the customer overpaid"})
    method = fields.String(required=True)
    term_months = fields.Integer(required=True)
    start_on = fields.Date(required=True)
    status = fields.String(required=True, metadata={"description": "active or settled"})
    next_due_on = fields.Date(required=True, allow_none=True)
    next_payment_fen = fields.Integer(required=True, allow_none=True)


class LoanDetailOut(LoanOut):
    """A loan note with its schedule."""

    instalments = fields.List(fields.Nested(InstalmentOut), required=True)


LoanPageOut = page_schema("LoanPageOut", LoanOut)


class PayOffOut(Out):
    """What settles the loan today, valid to the end of the day in China, beside what staying would cost."""

    valid_on = fields.Date(required=True)
    total_fen = fields.Integer(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(
        required=True, metadata={"description": "Negative when interest paid ahead exceeds the days used"}
    )
    interest_saved_fen = fields.Integer(required=True)
    remaining_interest_fen = fields.Integer(
        required=True, metadata={"description": "The interest still to pay when nothing is paid early"}
    )
    remaining_total_fen = fields.Integer(
        required=True, metadata={"description": "All that is still to pay when nothing is paid early"}
    )


class EarlyRepaymentQuoteIn(In):
    """How much to pay early, and whether only one outcome is asked for."""

    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=10**12))
    mode = fields.Enum(Mode, by_value=True, load_default=None)


class EarlyRepaymentQuoteOut(Out):
    """What an amount paid today would settle, and what would be left; an outcome not asked for is null."""

    valid_on = fields.Date(required=True)
    amount_fen = fields.Integer(required=True)
    pay_off_fen = fields.Integer(required=True, metadata={"description": "What would settle the whole loan today"})
    arrears_fen = fields.Integer(required=True, metadata={"description": "Of the amount: instalments already due"})
    interest_fen = fields.Integer(required=True, metadata={"description": "Of the amount: interest up to today"})
    principal_fen = fields.Integer(required=True, metadata={"description": "Principal paid early"})
    lower_instalment = fields.Nested(RemainingOut, required=True, allow_none=True)
    shorter_term = fields.Nested(RemainingOut, required=True, allow_none=True)


class RepaymentIn(In):
    """Which repayment to make, and in which app it will be paid."""

    kind = fields.String(required=True, validate=validate.OneOf(("instalment", "payoff")))
    app = fields.String(required=True, validate=validate.OneOf(("mini", "h5")))


class RepaymentOut(Out):
    """A repayment and how it was booked."""

    id = fields.UUID(required=True)
    receipt_no = fields.String(required=True)
    loan_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    instalment_number = fields.Integer(required=True, allow_none=True)
    amount_fen = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"description": "opened, paying, applied or closed"})
    principal_fen = fields.Integer(required=True, allow_none=True)
    interest_fen = fields.Integer(required=True, allow_none=True)
    interest_returned_fen = fields.Integer(required=True, allow_none=True)
    overpaid_fen = fields.Integer(required=True, allow_none=True)
    paid_at = fields.DateTime(required=True, allow_none=True)


RepaymentPageOut = page_schema("RepaymentPageOut", RepaymentOut)


class PayParametersOut(Out):
    """What wx.requestPayment or the JSAPI bridge takes."""

    appId = fields.String(required=True)  # noqa: N815  WeChat's own spelling
    timeStamp = fields.String(required=True)  # noqa: N815
    nonceStr = fields.String(required=True)  # noqa: N815
    package = fields.String(required=True)
    signType = fields.String(required=True)  # noqa: N815
    paySign = fields.String(required=True)  # noqa: N815


class OpenedRepaymentOut(Out):
    """A repayment that waits for its money, and what the client hands to WeChat to pay it."""

    repayment = fields.Nested(RepaymentOut, required=True)
    payment = fields.Nested(PayParametersOut, required=True)


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
    overpaid_fen = fields.Integer(required=True)
    outstanding_principal_fen = fields.Integer(required=True)
    kind = fields.String(required=True)
    paid_at = fields.DateTime(required=True)
