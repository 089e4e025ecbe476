"""What customers send and get about loans; amounts in fen, rates as text with six decimals."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.engine.prepayment import Mode
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out
from app.loans.schemas.calculator import RateText, RemainingOut
from app.loans.schemas.floating import RepricingOut

WAYS = ("jsapi", "h5", "native", "bank_account")


class InstalmentOut(Out):
    """One row of the schedule."""

    number = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    payment_fen = fields.Integer(required=True)
    paid_fen = fields.Integer(required=True, metadata={"description": "Of principal and interest"})
    penalty_fen = fields.Integer(required=True, metadata={"description": "Penalty and compound interest owed today"})
    overdue_days = fields.Integer(required=True)
    waived_fen = fields.Integer(required=True, metadata={"description": "given up by the bank; in no other amount"})
    status = fields.String(required=True, metadata={"description": "due, paid, prepaid (paid early) or payoff"})
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
    status = fields.String(required=True, metadata={"description": "active, overdue or settled"})
    written_off_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The bank moved the debt off its main books on this day; it is owed as before"},
    )
    overdue_days = fields.Integer(required=True, metadata={"description": "0 within the days of grace"})
    penalty_fen = fields.Integer(required=True, metadata={"description": "Penalty and compound interest owed today"})
    due_now_fen = fields.Integer(required=True, metadata={"description": "All that is due today, penalties included"})
    next_due_on = fields.Date(required=True, allow_none=True)
    next_payment_fen = fields.Integer(required=True, allow_none=True)


class TermsOut(Out):
    """A loan's terms on one side of a change. `due_day` and `next_payment_fen` are of what was still to come."""

    annual_rate = RateText(required=True)
    method = fields.String(required=True)
    term_months = fields.Integer(required=True)
    due_day = fields.Integer(required=True, allow_none=True)
    next_payment_fen = fields.Integer(required=True)
    next_payment_on = fields.Date(required=True, allow_none=True)
    last_due_on = fields.Date(required=True)
    total_interest_fen = fields.Integer(required=True)


class LoanChangeOut(Out):
    """A change of the loan's terms: what it was before and has been since."""

    id = fields.UUID(required=True)
    effective_on = fields.Date(required=True)
    kind = fields.String(
        required=True, metadata={"description": "rate_change, repricing, due_day_change, extension or restructuring"}
    )
    before = fields.Nested(TermsOut, required=True)
    after = fields.Nested(TermsOut, required=True)


class LoanDetailOut(LoanOut):
    """A loan note with its schedule, and what was changed of its terms, newest first."""

    instalments = fields.List(fields.Nested(InstalmentOut), required=True)
    changes = fields.List(fields.Nested(LoanChangeOut), required=True)
    repricing = fields.Nested(RepricingOut, required=True, allow_none=True, metadata={"description": "null: fixed"})


LoanPageOut = page_schema("LoanPageOut", LoanOut)


class PayOffOut(Out):
    """What settles the loan today, valid to the end of the day in China, beside what staying would cost."""

    valid_on = fields.Date(required=True)
    total_fen = fields.Integer(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(
        required=True, metadata={"description": "Negative when interest paid ahead exceeds the days used"}
    )
    penalty_fen = fields.Integer(required=True)
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
    penalty_fen = fields.Integer(required=True, metadata={"description": "Of the amount: penalty interest to today"})
    arrears_fen = fields.Integer(required=True, metadata={"description": "Of the amount: instalments already due"})
    interest_fen = fields.Integer(required=True, metadata={"description": "Of the amount: interest up to today"})
    principal_fen = fields.Integer(required=True, metadata={"description": "Principal paid early"})
    lower_instalment = fields.Nested(RemainingOut, required=True, allow_none=True)
    shorter_term = fields.Nested(RemainingOut, required=True, allow_none=True)


class RepaymentIn(In):
    """Which repayment to make, and how it will be paid: inside WeChat (`jsapi`, in `app`), in a phone's browser outside
    it (`h5`), by a code on a screen (`native`), or from the account that the customer named (`bank_account`)."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(("instalment", "due", "prepayment", "payoff")),
        metadata={
            "description": "The next instalment, what is due today, a part early, or the whole loan"
        },
    )
    amount_fen = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=10**12),
        metadata={"description": "With `due`: a part of it, default all of it; with `prepayment`: how much"},
    )
    mode = fields.Enum(
        Mode, by_value=True, load_default=None, metadata={"description": "With `prepayment`: what becomes of the rest"}
    )
    pay_by = fields.String(load_default="jsapi", validate=validate.OneOf(WAYS))
    app = fields.String(load_default=None, validate=validate.OneOf(("mini", "h5")))

    @validates_schema
    def _app_inside_wechat(self, body: dict[str, Any], **_: Any) -> None:
        if (body.get("pay_by") == "jsapi") != bool(body.get("app")):
            raise ValidationError("Needed for jsapi, and for jsapi only.", "app")

    @validates_schema
    def _amount_of_due(self, body: dict[str, Any], **_: Any) -> None:
        early = body.get("kind") == "prepayment"
        if (body.get("mode") is not None) != early:
            raise ValidationError("Needed for prepayment, and for prepayment only.", "mode")
        if body.get("amount_fen") is None and early:
            raise ValidationError("Say how much to pay early.", "amount_fen")
        if body.get("amount_fen") is not None and not early and body.get("kind") != "due":
            raise ValidationError("Only what is due and a prepayment have an amount of their own.", "amount_fen")


class RepaymentOut(Out):
    """A repayment and how it was booked."""

    id = fields.UUID(required=True)
    receipt_no = fields.String(required=True)
    loan_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    # as it is kept: a row read anew holds text, not a member of Mode
    mode = fields.String(required=True, allow_none=True, validate=validate.OneOf([str(one) for one in Mode]))
    instalment_number = fields.Integer(required=True, allow_none=True)
    amount_fen = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"description": "opened, paying, applied or closed"})
    principal_fen = fields.Integer(required=True, allow_none=True)
    interest_fen = fields.Integer(required=True, allow_none=True)
    interest_returned_fen = fields.Integer(required=True, allow_none=True)
    penalty_fen = fields.Integer(required=True, allow_none=True)
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


class CodePictureOut(Out):
    """A code as one SVG path of 1×1 squares in a box of `size`; leave four squares around it."""

    size = fields.Integer(required=True)
    path = fields.String(required=True)


class OpenedRepaymentOut(Out):
    """A repayment that waits for its money, and what the client needs to pay it, by `pay_by`."""

    repayment = fields.Nested(RepaymentOut, required=True)
    pay_by = fields.String(required=True, validate=validate.OneOf(WAYS))
    pay_until = fields.AwareDateTime(required=True, metadata={"description": "Afterwards the order is closed"})
    payment = fields.Nested(PayParametersOut, required=True, allow_none=True, metadata={"description": "jsapi"})
    h5_url = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "h5: good for 5 minutes. Navigate to it from a page of ours with &redirect_url=<page> "
            "added; coming back proves nothing: ask for the repayment."
        },
    )
    code_url = fields.String(required=True, allow_none=True, metadata={"description": "native: good for 2 hours"})
    code_picture = fields.Nested(CodePictureOut, required=True, allow_none=True)
    account = fields.String(required=True, allow_none=True, metadata={"description": "bank_account: masked"})
