"""Applications with their decision, timeline and next step."""

from __future__ import annotations

from marshmallow import fields

from app.credit.schemas.contracts import ContractOut
from app.credit.schemas.cost_sheets import CostSheetOut
from app.credit.schemas.reviews import ReviewOut
from app.credit.schemas.texts import TextOut
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import Out


class NextStepOut(Out):
    """What happens next. `kind`: wait_decision, wait_source, improve, confirm_costs, prepare_contract, sign_contract,
    wait_seal, wait_drawdown, repay, none. `who`: customer or bank."""

    kind = fields.String(required=True)
    who = fields.String(required=True)


class ApplicationOut(Out):
    """One application."""

    id = fields.UUID(required=True, attribute="application_id")
    number = fields.String(required=True)
    status = fields.String(
        required=True,
        metadata={
            "description": "submitted, deciding, waiting_data, approved, declined, withdrawn, expired, signing, "
            "effective, drawn or closed"
        },
    )
    product_code = fields.String(required=True)
    product_name = fields.Nested(TextOut, required=True)
    enterprise_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True)
    approved_fen = fields.Integer(required=True, allow_none=True)
    term_months = fields.Integer(required=True)
    method = fields.String(required=True)
    purpose = fields.String(required=True)
    payee_name = fields.String(required=True, allow_none=True)
    pays_order = fields.Boolean(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    next_step = fields.Nested(NextStepOut, required=True)


class EvidenceOut(Out):
    """The data behind a reason."""

    feature = fields.String(required=True)
    label = fields.Nested(TextOut, required=True)
    value = fields.Nested(TextOut, required=True)
    source = fields.Nested(TextOut, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})


class ReasonOut(Out):
    """One reason: what it is, what we ask for, what changes it. `kind`: rule, limit or score."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.Nested(TextOut, required=True)
    requirement = fields.Nested(TextOut, required=True)
    remedy = fields.Nested(TextOut, required=True)
    evidence = fields.Nested(EvidenceOut, required=True, allow_none=True)


class DecisionOut(Out):
    """The decision. `reasons` explain a refusal; `drivers` are what would make the next result better."""

    outcome = fields.String(required=True, metadata={"description": "approved or declined"})
    all_in_annual_rate = fields.String(required=True, allow_none=True)
    annual_rate = fields.String(required=True, allow_none=True)
    amount_fen = fields.Integer(required=True)
    limit_fen = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    drivers = fields.List(fields.Nested(ReasonOut), required=True)
    rule_version = fields.String(required=True)
    record_sha256 = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)


class StepOut(Out):
    """One step of the way."""

    event = fields.String(required=True)
    status = fields.String(required=True)
    occurred_at = fields.AwareDateTime(required=True)


class ApplicationDetailOut(ApplicationOut):
    """One application with everything that belongs to it."""

    timeline = fields.List(fields.Nested(StepOut), required=True)
    waiting_for = fields.List(
        fields.String(), required=True, metadata={"description": "Sources that do not answer: not your fault"}
    )
    decision = fields.Nested(DecisionOut, required=True, allow_none=True)
    review = fields.Nested(ReviewOut, required=True, allow_none=True)
    cost_sheet = fields.Nested(CostSheetOut, required=True, allow_none=True)
    contract = fields.Nested(ContractOut, required=True, allow_none=True)


ApplicationPageOut = page_schema("ApplicationPageOut", ApplicationOut)
