"""Signing in and out."""

from __future__ import annotations

from typing import Any

import structlog
from flask import g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.console import usecases
from app.console.domain import SignInLocked, SignInRefused
from app.console.routes.pages import (
    check_form,
    console,
    drop_session_cookie,
    entry,
    form_mark,
    page,
    set_session_cookie,
    settings,
)
from app.kernel import ids
from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.limits import caller

FORM_COOKIE = "dk_sign_in_form"
log = structlog.get_logger(__name__)


@entry.get("/sign-in")
def sign_in() -> AnyResponse:
    """The sign-in page."""
    return _form(200, over=bool(request.args.get("over")))


@entry.post("/sign-in")
def submit_sign_in() -> AnyResponse:
    """Password and TOTP in one step, so that no answer tells which of them was wrong."""
    check_form(form_mark(request.cookies.get(FORM_COOKIE, "")))
    email = request.form.get("email", "")
    try:
        with transaction() as session:  # the try is counted whatever comes after
            candidate = usecases.begin_sign_in(session, email=email, address=caller())
        step = usecases.prove(
            candidate, password=request.form.get("password", ""), code=request.form.get("code", "").replace(" ", "")
        )
        with transaction() as session:
            opened = usecases.finish_sign_in(session, candidate=candidate, step=step)
    except SignInLocked as locked:
        log.warning("staff_sign_in_locked")
        minutes = -(-int(locked.context["retry_after_s"]) // 60)
        return _form(429, email=email, locked_minutes=minutes)
    except SignInRefused:
        log.info("staff_sign_in_refused")
        return _form(401, email=email, refused=True)
    response = redirect(url_for("console.my_day"), 303)
    set_session_cookie(response, opened.token)
    response.delete_cookie(FORM_COOKIE, path="/console/sign-in")
    return response


@console.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session."""
    with transaction() as session:
        usecases.sign_out(session, session_id=principal.staff().session_id)
    response = redirect(url_for("console_entry.sign_in"), 303)
    drop_session_cookie(response)
    return response


def _form(status: int, **shown: Any) -> AnyResponse:
    """The page with a fresh mark, so that another site cannot sign somebody in under a foreign account."""
    secret = ids.new_token("sf")
    g.form_mark = form_mark(secret)
    response = make_response(page("sign_in.html", **shown), status)
    https = settings().public_url.startswith("https://")
    response.set_cookie(
        FORM_COOKIE, secret, path="/console/sign-in", secure=https, httponly=True, samesite="Strict", max_age=3600
    )
    return response
