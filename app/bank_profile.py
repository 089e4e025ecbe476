"""Who this bank is, for the screens of every channel: the name, the mark, the phones and the legal lines."""

from __future__ import annotations

from flask import Response
from marshmallow import fields

from app.kernel.web.polling import polled
from app.kernel.web.routing import Out, Routes
from config.settings import current

bank_profile = Routes("bank_profile", __name__, description="The bank as every screen shows it")


class BankOut(Out):
    """The bank of this deployment, from its configuration."""

    name = fields.String(required=True)
    short_name = fields.String(required=True)
    english_name = fields.String(required=True)
    mark = fields.String(required=True, metadata={"description": "One character that stands for the bank"})
    brand_color = fields.String(required=True)
    service_phone = fields.String(required=True)
    complaint_phone = fields.String(required=True)
    licence_line = fields.String(required=True)
    legal_lines = fields.List(fields.String(), required=True)
    english_licence_line = fields.String(required=True)
    english_legal_lines = fields.List(fields.String(), required=True)


@bank_profile.get("/bank")
@bank_profile.response(200, BankOut)
def get_bank() -> Response:
    """The bank's name, mark, phones and legal lines; with an ETag."""
    return polled(BankOut, current().bank)
