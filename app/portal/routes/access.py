"""Signing up, in and out, and the team."""

from __future__ import annotations

from uuid import UUID

from flask import g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.kernel import ids
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.web.problems import status_of
from app.portal import domain, queries, usecases
from app.portal.routes.pages import (
    allowed,
    asking,
    check_form,
    cookie_name,
    entry,
    form_mark,
    https,
    page,
    portal,
    settings,
    welcome,
)

FORM_COOKIE = "dk_portal_form"


@entry.get("/sign-up")
def sign_up() -> AnyResponse:
    """The form for a partner who begins; in production it says where live partners are admitted."""
    return _form("sign_up.html", 200)


@entry.post("/sign-up")
def submit_sign_up() -> AnyResponse:
    """A partner with test keys, without asking anyone."""
    _check_form()
    form = {name: request.form.get(name, "") for name in ("login", "password", "company")}
    try:
        account = usecases.Account.prepare(form["login"], form["password"])
        with transaction() as session:
            opened = usecases.sign_up(session, account=account, company=form["company"], mode=settings().mode)
    except Problem as problem:
        return _form("sign_up.html", status_of(problem), problem=problem, login=form["login"], company=form["company"])
    return welcome(opened.token)


@entry.get("/sign-in")
def sign_in() -> AnyResponse:
    """The sign-in page."""
    return _form("sign_in.html", 200)


@entry.post("/sign-in")
def submit_sign_in() -> AnyResponse:
    """Name and password in one step, so that no answer tells which of them was wrong."""
    _check_form()
    login = request.form.get("login", "")
    try:
        with transaction() as session:  # the try is counted whatever comes after
            candidate = usecases.begin(session, login=login)
        proven = usecases.prove(candidate, password=request.form.get("password", ""))
        with transaction() as session:
            opened = usecases.finish(session, candidate=candidate, proven=proven)
    except (domain.SignInRefused, domain.SignInLocked) as problem:
        return _form("sign_in.html", status_of(problem), problem=problem, login=login)
    return welcome(opened.token)


@portal.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session."""
    with transaction() as session:
        usecases.sign_out(session, asking=asking())
    response = redirect(url_for("portal_entry.sign_in"), 303)
    response.delete_cookie(cookie_name(), path="/", secure=https(), httponly=True, samesite="Strict")
    return response


@portal.get("/team")
def team() -> str:
    """Who has an account, and with which role."""
    return _team()


@portal.post("/team")
@allowed("team")
def add_member() -> AnyResponse:
    """Give somebody of the team an account with a first password."""
    form = {name: request.form.get(name, "") for name in ("login", "password", "role")}
    try:
        account = usecases.Account.prepare(form["login"], form["password"], form["role"])
        with transaction() as session:
            usecases.add_member(session, asking=asking(), account=account, role=form["role"])
    except Problem as problem:
        return make_response(_team(problem), status_of(problem))
    return redirect(url_for("portal.team"), 303)


@portal.post("/team/<uuid:member_id>/removal")
@allowed("team")
def remove_member(member_id: UUID) -> AnyResponse:
    """The account and its sessions end now."""
    with transaction() as session:
        usecases.remove_member(session, asking=asking(), member_id=member_id)
    return redirect(url_for("portal.team"), 303)


def _team(problem: Problem | None = None) -> str:
    with transaction() as session:
        found = queries.members(session, asking().partner_id)
    return page("team.html", current="team", members=found, roles=domain.ROLES, problem=problem)


def _check_form() -> None:
    check_form(form_mark(request.cookies.get(FORM_COOKIE, "")))


def _form(template: str, status: int, **shown: object) -> AnyResponse:
    """The page with a fresh mark, so that another site cannot sign somebody in under a foreign account."""
    secret = ids.new_token("pf")
    g.form_mark = form_mark(secret)
    shown = {"problem": None, "login": "", "company": "", **shown, "test_mode": settings().mode == "test"}
    response = make_response(page(template, **shown), status)
    response.set_cookie(
        FORM_COOKIE, secret, path="/portal", secure=https(), httponly=True, samesite="Strict", max_age=3600
    )
    return response
