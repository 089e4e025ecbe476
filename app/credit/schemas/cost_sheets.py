"""Cost sheets. The hash is over the body's canonical JSON: sorted keys, no spaces, UTF-8 unescaped."""

from __future__ import annotations

from marshmallow import fields, validate

from app.credit.schemas.texts import TextOut
from app.kernel.web.routing import In, Out


class CostSheetIn(In):
    """The choice within the approval; without an amount, all that was approved."""

    amount_fen = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 10**12))
    term_months = fields.Integer(required=True, strict=True, validate=validate.Range(1, 360))
    method = fields.String(required=True, validate=validate.Length(1, 24))


class CostItemOut(Out):
    """One item; `charged_by` null: nobody charges it."""

    code = fields.String(required=True)
    name = fields.Nested(TextOut, required=True)
    standard = fields.Nested(TextOut, required=True)
    charged_by = fields.Nested(TextOut, required=True, allow_none=True)
    amount_fen = fields.Integer(required=True)


class PlannedInstalmentOut(Out):
    """One row of the schedule, as if the money were paid today."""

    number = fields.Integer(required=True)
    due_on = fields.String(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    fee_fen = fields.Integer(required=True)
    payment_fen = fields.Integer(required=True)
    balance_fen = fields.Integer(required=True)


class NormalExampleOut(Out):
    """Everything paid on time."""

    first_payment_fen = fields.Integer(required=True)
    last_payment_fen = fields.Integer(required=True)
    total_payment_fen = fields.Integer(required=True)
    cost_fen = fields.Integer(required=True)


class EarlyExampleOut(Out):
    """Paid off with an instalment in the middle."""

    after_instalment = fields.Integer(required=True)
    payoff_fen = fields.Integer(required=True)
    fee_fen = fields.Integer(required=True)
    saved_fen = fields.Integer(required=True)
    cost_fen = fields.Integer(required=True)


class LateExampleOut(Out):
    """One instalment paid late; the rate is the yearly penalty rate."""

    instalment = fields.Integer(required=True)
    days = fields.Integer(required=True)
    annual_rate = fields.String(required=True)
    penalty_fen = fields.Integer(required=True)
    compound_fen = fields.Integer(required=True)
    extra_fen = fields.Integer(required=True)


class MisuseExampleOut(Out):
    """Money put to another use."""

    annual_rate = fields.String(required=True)
    note = fields.Nested(TextOut, required=True)


class CostExamplesOut(Out):
    """What it costs, come what may."""

    normal = fields.Nested(NormalExampleOut, required=True)
    early = fields.Nested(EarlyExampleOut, required=True)
    late = fields.Nested(LateExampleOut, required=True)
    misuse = fields.Nested(MisuseExampleOut, required=True)


class AgreedRepricingOut(Out):
    """A rate that follows the LPR: what it was on the day of the decision, the spread, and when it is set anew."""

    benchmark = fields.String(required=True)
    benchmark_rate = fields.String(required=True)
    spread_bps = fields.Integer(required=True)
    on = fields.String(required=True, metadata={"description": "january or anniversary"})


class AgreementOut(Out):
    """The terms."""

    product_code = fields.String(required=True)
    product_version = fields.String(required=True)
    product_name = fields.Nested(TextOut, required=True)
    principal_fen = fields.Integer(required=True)
    annual_rate = fields.String(required=True)
    lpr_1y = fields.String(required=True, metadata={"description": "The loan prime rate the price stands on"})
    term_months = fields.Integer(required=True)
    method = fields.String(required=True)
    start_on = fields.String(required=True)
    overdue_rate = fields.String(required=True)
    misuse_rate = fields.String(required=True)
    grace_days = fields.Integer(required=True)
    purpose = fields.String(required=True)
    forbidden_uses = fields.Nested(TextOut, required=True)
    repricing = fields.Nested(AgreedRepricingOut, metadata={"description": "Not there: the rate is fixed"})


class CostSheetBodyOut(Out):
    """The sheet as it is shown: the yearly all-in rate first, every item, zeros too."""

    number = fields.String(required=True)
    method = fields.String(required=True, metadata={"description": "Version of the calculation"})
    all_in_annual_rate = fields.String(required=True)
    rate_basis = fields.Nested(TextOut, required=True)
    interest_annual_rate = fields.String(required=True)
    fees_annual_rate = fields.String(required=True)
    all_in_cap = fields.String(required=True)
    all_in_cap_source = fields.String(required=True)
    lender = fields.String(required=True)
    agreement = fields.Nested(AgreementOut, required=True)
    principal_fen = fields.Integer(required=True)
    received_fen = fields.Integer(required=True)
    term_months = fields.Integer(required=True)
    repayment_method = fields.String(required=True)
    items = fields.List(fields.Nested(CostItemOut), required=True)
    total_cost_fen = fields.Integer(required=True)
    no_other_charges = fields.Nested(TextOut, required=True)
    instalments = fields.List(fields.Nested(PlannedInstalmentOut), required=True)
    examples = fields.Nested(CostExamplesOut, required=True)
    min_reading_s = fields.Integer(required=True)
    min_reading_source = fields.String(required=True)


class CostSheetOut(Out):
    """A sheet that was shown. `status`: shown, confirmed, superseded."""

    id = fields.UUID(required=True, attribute="cost_sheet_id")
    number = fields.String(required=True)
    status = fields.String(required=True)
    body = fields.Nested(CostSheetBodyOut, required=True)
    sha256 = fields.String(required=True)
    min_reading_s = fields.Integer(required=True)
    confirmable_at = fields.AwareDateTime(
        required=True, metadata={"description": "From this instant on it can be confirmed"}
    )
    shown_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
