"""Who this bank is, for the screens of every channel: the name, the mark, the phones and the legal lines."""

from __future__ import annotations

from flask import Blueprint, Response, request
from marshmallow import fields

from app.kernel.web.polling import polled
from app.kernel.web.routing import Out, Routes
from config import brand, mark
from config.mark import Mark
from config.settings import current

bank_profile = Routes("bank_profile", __name__, description="The bank as every screen shows it")
bank_files = Blueprint("bank_files", __name__)

FOR_EVER, MOVING = "public, max-age=31536000, immutable", "public, max-age=300"


class StepsOut(Out):
    """The steps 1 to 10 of the bank's colour as `#rrggbb`; the seventh is fit under white text."""

    day = fields.List(fields.String(), required=True)
    night = fields.List(fields.String(), required=True)


class BankOut(Out):
    """The bank of this deployment, from its configuration."""

    name = fields.String(required=True)
    short_name = fields.String(required=True)
    english_name = fields.String(required=True)
    mark = fields.String(required=True, metadata={"description": "Where its mark is: a path under this address"})
    brand_color = fields.String(required=True)
    brand_steps = fields.Nested(StepsOut, required=True)
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
    bank = current().bank
    return polled(BankOut, {**vars(bank), "mark": mark_path(bank.mark), "brand_steps": brand.steps(bank.brand_color)})


@bank_files.get("/mark")
def get_mark() -> Response:
    """The bank's mark as a picture, for every page that names the bank."""
    return mark_answer(current().bank.mark)


def mark_path(found: Mark) -> str:
    """The address of the mark on every host that serves us; another picture has another one."""
    return f"/embed/v1/mark?v={found.version}"


def mark_answer(found: Mark) -> Response:
    """The picture; opened by itself it may neither run nor load anything."""
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = mark.POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == found.version else MOVING
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(found.version)
    return response.make_conditional(request)  # type: ignore[return-value]
