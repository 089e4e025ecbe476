"""What a developer builds with: the overview, keys and origins."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.pagination import PageRequest
from app.kernel.web.problems import status_of
from app.orders import queries as orders
from app.orders.queries import refunds
from app.partners import queries as partners
from app.partners import usecases as acts
from app.partners.domain.agreements import SCOPES
from app.partners.domain.keys import new_key_id
from app.portal import charts, domain
from app.portal.routes.pages import actor, allowed, asking, page, page_of, portal, settings
from app.portal.usecases import check_room
from app.webhooks.queries import figures

KINDS = ("ed25519", "hmac-sha256", "client_secret")


@portal.get("/")
def overview() -> str:
    """Where the integration stands: names, keys, deliveries of two weeks, how far orders came."""
    partner_id = asking().partner_id
    with transaction() as session:
        told = {
            "partner": partners.partner(session, partner_id),
            "publishable": partners.publishable_keys(session, partner_id),
            "origins": partners.origins(session, partner_id),
            "keys": _working(session),
            "deliveries": charts.by_day(figures.deliveries_by_day(session, partner_id=partner_id)),
            "rule": refunds.rule_view(refunds.refund_rule(session, partner_id=partner_id, on=clock.today())),
            "orders": charts.stages(orders.counts_by_status(session, partner_id=partner_id)),
        }
    return page("overview.html", current="overview", mode=settings().mode, **told)


@portal.get("/keys")
def keys() -> str:
    """The partner's keys, newest first."""
    return _keys()


@portal.post("/keys")
@allowed("build")
def create_key() -> AnyResponse:
    """A key with the rights that were ticked; its secret is on the answer, this once."""
    form, mode = request.form, settings().mode

    def work(session: Session) -> acts.NewKey:
        check_room(len(_working(session)), domain.MOST_KEYS)
        return acts.add_key(
            session,
            partner_id=asking().partner_id,
            key_id=new_key_id(mode),
            algorithm=_kind(form.get("algorithm", "")),
            public_key_pem=form.get("public_key_pem", "").strip() or None,
            scopes=frozenset(form.getlist("scopes")),
            networks=form.get("networks", "").split(),
            mode=mode,
            actor=actor(),
        )

    return _shown_once(work)


@portal.post("/keys/<key_id>/rotation")
@allowed("build")
def rotate_key(key_id: str) -> AnyResponse:
    """A successor with the same rights; the old key works on for a week at most."""
    given = request.form.get("public_key_pem", "").strip() or None
    told: dict[str, Any] = {"partner_id": asking().partner_id, "key_id": key_id, "public_key_pem": given}
    return _shown_once(lambda session: acts.rotate_key(session, overlap=domain.ROTATION_OVERLAP, actor=actor(), **told))


@portal.post("/keys/<key_id>/revocation")
@allowed("build")
def revoke_key(key_id: str) -> AnyResponse:
    """The key and its tokens end now."""
    with transaction() as session:
        acts.take_back_key(session, partner_id=asking().partner_id, key_id=key_id, actor=actor())
    return redirect(url_for("portal.keys"), 303)


@portal.get("/origins")
def origins() -> str:
    """Where the bank's frames may be shown."""
    return _origins()


@portal.post("/origins")
@allowed("build")
def add_origin() -> AnyResponse:
    """One more origin; in a test deployment this machine is one, too."""
    partner_id, wanted = asking().partner_id, request.form.get("origin", "").strip()
    try:
        with transaction() as session:
            check_room(len(partners.origins(session, partner_id)), domain.MOST_ORIGINS)
            loopback = settings().mode == "test"
            acts.add_origin(session, partner_id=partner_id, origin=wanted, loopback_too=loopback, actor=actor())
    except Problem as problem:
        return make_response(_origins(problem), status_of(problem))
    return redirect(url_for("portal.origins"), 303)


@portal.post("/origins/removal")
@allowed("build")
def remove_origin() -> AnyResponse:
    """Frames are not shown there any more."""
    with transaction() as session:
        origin = request.form.get("origin", "")
        acts.remove_origin(session, partner_id=asking().partner_id, origin=origin, actor=actor())
    return redirect(url_for("portal.origins"), 303)


def _shown_once(work: Any) -> AnyResponse:
    try:
        with transaction() as session:
            made: acts.NewKey = work(session)
    except Problem as problem:
        return make_response(_keys(problem=problem), status_of(problem))
    return make_response(_keys(made=made), 201)


def _keys(made: acts.NewKey | None = None, problem: Problem | None = None) -> str:
    with transaction() as session:
        found = partners.own_keys(session, partner_id=asking().partner_id, request=page_of("keys"))
        working = {key.key_id for key in _working(session)}
    return page(
        "keys.html", current="keys", rows=found, working=working, made=made, problem=problem, scopes=sorted(SCOPES)
    )


def _origins(problem: Problem | None = None) -> str:
    with transaction() as session:
        found = partners.origins(session, asking().partner_id)
    return page("origins.html", current="origins", origins=found, problem=problem)


def _working(session: Session) -> list[partners.KeyView]:
    request = PageRequest(100, None, "portal.working")
    return [
        key for key in partners.own_keys(session, partner_id=asking().partner_id, request=request).items if key.works
    ]


def _kind(asked: str) -> str:
    """Raises AccountMalformed for an algorithm that no form of ours offers."""
    if asked not in KINDS:
        raise domain.AccountMalformed("Choose a kind of key.", field="algorithm")
    return asked
