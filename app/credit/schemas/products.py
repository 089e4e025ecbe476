"""Products as everybody may see them."""

from __future__ import annotations

from marshmallow import fields

from app.credit.schemas.texts import TextOut
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import Out


class ProductOut(Out):
    """A product: the range of yearly rates first. Rates are simple yearly rates as text."""

    code = fields.String(required=True)
    version = fields.String(required=True)
    name = fields.Nested(TextOut, required=True)
    lender = fields.String(required=True)
    lowest_annual_rate = fields.String(required=True)
    highest_annual_rate = fields.String(required=True)
    all_in_cap = fields.String(required=True, metadata={"description": "No loan costs more a year, all in"})
    summary = fields.Nested(TextOut, required=True)
    fits = fields.Nested(TextOut, required=True)
    min_fen = fields.Integer(required=True)
    max_fen = fields.Integer(required=True)
    terms_months = fields.List(fields.Integer(), required=True)
    methods = fields.List(fields.String(), required=True)
    overdue_uplift_bps = fields.Integer(required=True)
    forbidden_uses = fields.Nested(TextOut, required=True)
    data_used = fields.List(fields.String(), required=True)


ProductPageOut = page_schema("ProductPageOut", ProductOut)
