"""Partners: who is admitted on what terms, changes that two people make, and the switch that shuts one off at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.console import usecases
from app.console.routes import partner_forms as forms
from app.console.routes.pages import actor, allowed, console, page, page_of, settings
from app.console.views import partner_wording
from app.console.views import partners as views
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.partners.domain.agreements import SCOPES


@console.get("/partners")
@allowed("partners")
def partners() -> str:
    """Every partner with where it stands, and what waits for a second person."""
    with transaction() as session:
        shown = views.overview(session, page_of("partners"))
        return page("partners.html", current="partners", refused=_refused(), **shown)


@console.get("/partners/new")
@allowed("change_partners")
def new_partner() -> str:
    """An empty form: a new partner has an agreement, scopes and limits."""
    return _form(None, views.blank())


@console.post("/partners/new")
@allowed("change_partners")
def propose_partner() -> AnyResponse | tuple[str, int]:
    """Put a new partner before a second person; what was entered is not lost when it cannot be taken."""
    form = forms.entered()
    try:
        told: dict[str, Any] = {"terms": forms.terms_of(form), "reason": forms.reason_of(form)}
        with transaction() as session:
            usecases.propose_admission(session, code=forms.code_of(form), **told, **_asked())
    except Problem as problem:
        return _again(None, form, problem)
    return redirect(url_for("console.partners"), 303)


@console.get("/partners/<uuid:partner_id>")
@allowed("partners")
def partner(partner_id: UUID) -> str:
    """Agreement, scopes, origins, limits with what is out, keys, changes and the audit trail."""
    with transaction() as session:
        return page("partner.html", current="partners", refused=_refused(), **views.detail(session, partner_id))


@console.get("/partners/<uuid:partner_id>/terms")
@allowed("change_partners")
def partner_terms(partner_id: UUID) -> str:
    """The form, filled with what holds today."""
    with transaction() as session:
        found, terms = views.terms_of(session, partner_id)
    return _form(found, forms.filled(terms))


@console.post("/partners/<uuid:partner_id>/terms")
@allowed("change_partners")
def change_partner_terms(partner_id: UUID) -> AnyResponse | tuple[str, int]:
    """What only closes holds at once; what opens more waits for a second person."""
    form = forms.entered()
    try:
        told: dict[str, Any] = {"terms": forms.terms_of(form), "reason": forms.reason_of(form)}
        with transaction() as session:
            usecases.change_terms(session, partner_id=partner_id, **told, **_asked())
    except Problem as problem:
        return _again(partner_id, form, problem)
    return redirect(url_for("console.partner", partner_id=partner_id), 303)


@console.post("/partners/<uuid:partner_id>/shut-off")
@allowed("change_partners")
def shut_partner_off(partner_id: UUID) -> AnyResponse:
    """The kill switch, by one person and at once."""
    told: dict[str, Any] = {"partner_id": partner_id, "actor": actor()}
    return _act(partner_id, lambda session, why: usecases.shut_off(session, **told, reason=why))


@console.post("/partners/<uuid:partner_id>/resumption")
@allowed("change_partners")
def resume_partner(partner_id: UUID) -> AnyResponse:
    """Served again: one person proposes it, another decides."""
    told: dict[str, Any] = {"partner_id": partner_id, "actor": actor()}
    return _act(partner_id, lambda session, why: usecases.propose_resumption(session, **told, reason=why))


@console.post("/partners/changes/<uuid:change_id>/<any(approve, reject):decision>")
@allowed("change_partners")
def decide_partner_change(change_id: UUID, decision: str) -> AnyResponse:
    """The word of a second person, with the reason for it."""
    with transaction() as session:
        partner_id = views.partner_of(session, change_id)

    def act(session: Session, why: str) -> None:
        usecases.decide_partner_change(session, change_id=change_id, decision=decision, actor=actor(), note=why)

    return _act(partner_id, act)


def _asked() -> dict[str, Any]:
    return {"actor": actor(), "loopback_too": settings().mode == "test"}


def _act(partner_id: UUID | None, act: Callable[[Session, str], Any]) -> AnyResponse:
    refused = None
    try:
        why = forms.reason_of({"reason": forms.plain_lines(request.form.get("reason", ""))})
        with transaction() as session:
            act(session, why)
    except Problem as problem:
        refused = problem.code
    if partner_id is None:
        return redirect(url_for("console.partners", refused=refused), 303)
    return redirect(url_for("console.partner", partner_id=partner_id, refused=refused), 303)


def _again(partner_id: UUID | None, form: dict[str, Any], problem: Problem) -> tuple[str, int]:
    found = None
    if partner_id:
        with transaction() as session:
            found, _ = views.terms_of(session, partner_id)
    return _form(found, form, problem.code, problem.context.get("entry")), 422


def _form(partner: Any, form: dict[str, Any], refused: str | None = None, entry: str | None = None) -> str:
    shown = {"partner": partner, "form": form, "refused": refused, "entry": entry, "all_scopes": sorted(SCOPES)}
    return page("partner_form.html", current="partners", **shown)


def _refused() -> str | None:
    """Only a code that we have words for is shown."""
    code = request.args.get("refused")
    return code if code in partner_wording.PHRASES else ("partner_change.impossible" if code else None)
