"""Contracts: their state, the clauses to point out, the hash to send back."""

from __future__ import annotations

import re

from marshmallow import fields, validate

from app.credit.schemas.cost_sheets import AgreementOut
from app.kernel.web.routing import In, Out


class SignatureIn(In):
    """The SHA-256 (hex, lower case) of the document as it was fetched and shown."""

    document_sha256 = fields.String(
        required=True, validate=validate.Regexp(re.compile(r"[0-9a-f]{64}\Z"), error="A hex SHA-256, lower case.")
    )


class ClauseOut(Out):
    """A clause that must be pointed out before signing."""

    heading = fields.String(required=True)
    paragraphs = fields.List(fields.String(), required=True)


class ContractOut(Out):
    """A contract. `status`: draft, presented, customer_signed, sealed or void."""

    id = fields.UUID(required=True, attribute="contract_id")
    number = fields.String(required=True)
    status = fields.String(required=True)
    all_in_annual_rate = fields.String(required=True)
    agreement = fields.Nested(AgreementOut, required=True)
    emphasised = fields.List(fields.Nested(ClauseOut), required=True)
    document_path = fields.String(required=True)
    document_sha256 = fields.String(required=True, allow_none=True)
    sealed_sha256 = fields.String(required=True, allow_none=True)
    evidence_sha256 = fields.String(required=True, allow_none=True)
    presented_at = fields.AwareDateTime(required=True, allow_none=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    sealed_at = fields.AwareDateTime(required=True, allow_none=True)
