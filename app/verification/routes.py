"""`/verify` as a page, `/public/v1/paper-checks` for programs: is this file, byte by byte, one that the bank issued?

Only digests are asked for. The page makes them in the reader's browser, of the whole file and of every revision inside
it (a PDF grows by what is appended after `%%EOF`, ISO 32000-2 §7.5.6), so that a paper with something added to it is
told from one that is not ours.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, send_file
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.contracts.domain import issued
from app.contracts.domain.issued import IssuedPaper
from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.web.routing import In, Out, Routes
from app.loans import queries as loans
from app.reference.dress import dress

paper_checks = Routes("paper_checks", __name__, description="Is a paper genuine and untouched?")
pages = Blueprint("verification", __name__, template_folder="templates")

OWN = Path(__file__).with_name("static")
FILES = ("verify.css", "verify.js")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
SHA256 = validate.Regexp(r"^[0-9a-f]{64}$")


class PaperCheckIn(In):
    """The digests of one file, the whole file's first."""

    sha256 = fields.List(
        fields.String(validate=SHA256), required=True, validate=validate.Length(min=1, max=issued.MOST_DIGESTS)
    )


class IssuedPaperOut(Out):
    """A paper of the bank's. It is whole and untouched when `sha256` is the digest of the whole file."""

    kind = fields.String(required=True, validate=validate.OneOf(issued.KINDS))
    number = fields.String(required=True)
    sha256 = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    evidence_sha256 = fields.String(required=True, allow_none=True)
    void_at = fields.AwareDateTime(required=True, allow_none=True)


class PaperCheckOut(Out):
    """The paper, or null: nothing that the bank issued has one of these digests."""

    paper = fields.Nested(IssuedPaperOut, required=True, allow_none=True)


@paper_checks.post("/paper-checks")
@paper_checks.arguments(PaperCheckIn)
@paper_checks.response(200, PaperCheckOut)
def check_paper(body: dict[str, Any]) -> dict[str, Any]:
    """Whether a file is a paper that the bank issued: a sealed contract, a contract as shown for signature, or a
    settlement certificate. The first digest that is known is answered. Read only: no Idempotency-Key.
    """
    with transaction() as session:
        return {"paper": _find(session, body["sha256"])}


@pages.get("/verify")
def verify() -> tuple[str, int]:
    """The page: choose a file, or give its digest; with digests in the address, what they are."""
    given = [one for one in request.args.getlist("sha256") if one.strip()]
    if not given:
        return _show(), 200
    try:
        asked = issued.digests(given)
    except issued.DigestMalformed:
        return _show(malformed=True, given=given[0][:80]), 422
    with transaction() as session:
        paper = _find(session, asked)
    whole = bool(paper and paper.sha256 == asked[0])
    return _show(asked=asked[0], paper=paper, whole=whole, carried={"sha256": asked}), 200


@pages.get("/verify/static/<name>")
def static(name: str) -> Response:
    """Style and script."""
    if name not in FILES:
        abort(404, "There is no such file.")
    return send_file(OWN / name, conditional=True)


def _find(session: Session, digests: list[str]) -> IssuedPaper | None:
    """The paper of the first digest that is known."""
    found = [*contracts.issued_contracts(session, digests), *loans.issued_certificates(session, digests)]
    return min(found, key=lambda one: digests.index(one.sha256), default=None)


def _show(**shown: Any) -> str:
    return render_template("verification/verify.html", moment=_moment, **shown)


def _moment(instant: datetime) -> str:
    """As people write it, in China's time."""
    local = instant.astimezone(clock.CHINA)
    if g.locale == "en":
        return f"{local:%Y-%m-%d %H:%M} (China)"
    return f"{local.year} 年 {local.month} 月 {local.day} 日 {local:%H:%M}"


dress(pages, POLICY, "no-store")
