"""Products and rules: what holds, and how a new version is proposed, tried on past decisions and decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.console.domain import ReasonNeeded, plain
from app.console.routes.pages import actor, allowed, console, page
from app.console.views import catalogue as views
from app.credit import usecases as credit
from app.credit.domain.products import ProductUnknown
from app.kernel.db import transaction
from app.kernel.errors import Problem, Unprocessable
from app.kernel.web.strict_json import loads

NOTE_LENGTHS = range(4, 201)
ENTRIES = ("kind", "product_code", "version", "effective_from", "share_percent", "source", "body")
LONGEST = {"product_code": 32, "version": 16, "source": 200}


class EntryWrong(Unprocessable):
    """One entry of the form cannot be read; the context says which."""

    code = "proposal.form"


@console.get("/catalogue")
@allowed("catalogue")
def catalogue() -> str:
    """Versions of products and rules with their days, and the proposals."""
    with transaction() as session:
        shown = views.overview(session)
    code = request.args.get("refused")
    return page("catalogue.html", current="catalogue", refused=code if code in views.REFUSALS else None, **shown)


@console.get("/catalogue/new")
@allowed("change_catalogue")
def new_version() -> str:
    """A form that begins with what holds today: `?kind=product|rules&product=`."""
    kind = request.args.get("kind", "")
    if kind not in views.KINDS:
        abort(404)
    with transaction() as session:
        form = views.blank(session, kind, request.args.get("product", "")[:32])
    return page("new_version.html", current="catalogue", form=form, refused=None, facts={})


@console.post("/catalogue/new")
@allowed("change_catalogue")
def propose_version() -> AnyResponse | tuple[str, int]:
    """Put a version before a second person; what was entered is not lost when it cannot be taken."""
    form = {name: request.form.get(name, "") for name in ENTRIES}
    try:
        entered = _entered(form)
        with transaction() as session:
            made = credit.propose(session, **entered, proposed_by=actor())
    except Problem as problem:
        facts = {**problem.context, "detail": problem.detail}
        if isinstance(problem, ProductUnknown):
            facts = {"entry": "product_code", "detail": problem.detail}
        return page("new_version.html", current="catalogue", form=form, refused=problem.code, facts=facts), 422
    return redirect(url_for("console.proposed_version", proposal_id=made), 303)


@console.get("/catalogue/proposals/<uuid:proposal_id>")
@allowed("catalogue")
def proposed_version(proposal_id: UUID) -> str:
    """What it changes, what it would have done to past decisions, and who decides."""
    with transaction() as session:
        shown = views.detail(session, proposal_id)
    code = request.args.get("refused")
    return page("proposed_version.html", current="catalogue", refused=code if code in views.REFUSALS else None, **shown)


@console.post("/catalogue/proposals/<uuid:proposal_id>/try")
@allowed("change_catalogue")
def try_version(proposal_id: UUID) -> AnyResponse:
    """Work the newest decisions out again as if it had held."""
    return _act(proposal_id, lambda session: credit.try_on_the_past(session, proposal_id=proposal_id))


@console.post("/catalogue/proposals/<uuid:proposal_id>/<any(approve, reject):decision>")
@allowed("change_catalogue")
def decide_version(proposal_id: UUID, decision: str) -> AnyResponse:
    """The word of a second person, with the reason for it."""
    decide = credit.approve if decision == "approve" else credit.reject
    return _act(
        proposal_id, lambda session: decide(session, proposal_id=proposal_id, decided_by=actor(), note=_note())
    )


def _act(proposal_id: UUID, act: Callable[[Session], Any]) -> AnyResponse:
    refused = None
    try:
        with transaction() as session:
            act(session)
    except Problem as problem:
        refused = problem.code
    return redirect(url_for("console.proposed_version", proposal_id=proposal_id, refused=refused), 303)


def _note() -> str:
    note = plain(request.form.get("note", "")).strip()
    if len(note) not in NOTE_LENGTHS:
        raise ReasonNeeded("Say why, in 4 to 200 characters.")
    return note


def _entered(form: Mapping[str, str]) -> dict[str, Any]:
    """The entries of the form as `credit.propose` takes them. Raises EntryWrong, JsonMalformed."""
    if form["kind"] not in views.KINDS:
        raise EntryWrong("Product or rules?", entry="kind")
    texts = {name: plain(form[name]).strip() for name in LONGEST}
    for name, text in texts.items():
        if not 1 <= len(text) <= LONGEST[name]:
            raise EntryWrong(f"This has 1 to {LONGEST[name]} characters.", entry=name)
    body = loads(form["body"])
    if not isinstance(body, dict):
        raise EntryWrong("The content is one JSON object.", entry="body")
    return {
        **texts,
        "kind": form["kind"],
        "effective_from": _day(form["effective_from"]),
        "share_bps": _share_bps(form["share_percent"]),
        "body": body,
    }


def _day(entered: str) -> date:
    try:
        return date.fromisoformat(entered.strip())
    except ValueError as error:
        raise EntryWrong("A day is written as 2026-12-31.", entry="effective_from") from error


def _share_bps(entered: str) -> int:
    try:
        share = Decimal(entered.strip()) * 100
    except InvalidOperation as error:
        raise EntryWrong("A share is a number of per cent.", entry="share_percent") from error
    if not share.is_finite() or share != share.to_integral_value() or not 1 <= share <= 10_000:
        raise EntryWrong("A share is 0.01 to 100 per cent.", entry="share_percent")
    return int(share)
