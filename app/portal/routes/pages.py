"""What every page of the portal shares: who asks, which language, safe headers, own forms, errors in words."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.bank_profile import mark_path
from app.kernel import clock, crypto
from app.kernel.audience import PortalPrincipal
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.pagination import PageRequest
from app.kernel.web import principal
from app.kernel.web.problems import status_of
from app.partners import queries as partners
from app.portal import domain, queries, usecases
from config.settings import Settings

entry = Blueprint(
    "portal_entry", __name__, static_folder="../static", static_url_path="/static", template_folder="../templates"
)
portal = Blueprint("portal", __name__, template_folder="../templates")

LOCALES = ("zh-CN", "en")
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)


def settings() -> Settings:
    found: Settings = current_app.config["DUKOU"]
    return found


def https() -> bool:
    return settings().public_url.startswith("https://")


def cookie_name() -> str:
    """With https the browser itself holds the cookie to this host, path / and Secure."""
    return "__Host-dk_portal" if https() else "dk_portal"


def welcome(token: str) -> AnyResponse:
    """On to the first page, signed in: no other site's link or form carries the cookie; it ends with the browser."""
    response = redirect(url_for("portal.overview"), 303)
    response.set_cookie(cookie_name(), token, path="/", secure=https(), httponly=True, samesite="Strict")
    return response


def authenticate_request() -> None:
    """Who asks, by the session cookie; every form must carry the session's own mark. Raises PortalSessionOver."""
    token = request.cookies.get(cookie_name())
    if not token:
        raise domain.PortalSessionOver("Sign in.")
    with transaction() as session:
        found = usecases.authenticate(session, token=token)
        g.member = queries.member(session, found.member_id)
        g.company = partners.partner(session, found.partner_id).name
    principal.put(found)
    g.form_mark = form_mark(token)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_form(g.form_mark)


def form_mark(secret: str) -> str:
    """What a form of ours carries: a keyed hash of the cookie, which another site can neither read nor make."""
    return crypto.token_hash(f"portal form\x00{secret}")


def check_form(expected: str) -> None:
    """Raises FormForged."""
    if not hmac.compare_digest(request.form.get("form_mark", "").encode(), expected.encode()):
        raise domain.FormForged("This form was not made by this page. Load the page again.")


def allowed(permission: str) -> Callable[[View], View]:
    """Only roles with this permission get there. Raises NotYourRole."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not domain.may(principal.portal().role, permission):
                raise domain.NotYourRole("This is for other roles of your team.")
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return guard


def asking() -> PortalPrincipal:
    """The developer who asks."""
    return principal.portal()


def actor() -> str:
    """How the audit trail names the developer who asks."""
    return f"partner:portal:{g.member.login}"


def page_of(list_name: str, limit: int = 20) -> PageRequest:
    """The page that `?cursor=` asks for; its cursors work for this partner and this list only."""
    return PageRequest(limit, request.args.get("cursor"), f"portal.{list_name}:{principal.scope()}")


def page(template: str, **shown_values: Any) -> str:
    """Render a page of the portal."""
    return render_template(f"portal/{template}", **shown_values)


def say(zh: str, en: str) -> str:
    """One of two texts."""
    return en if g.get("locale") == "en" else zh


def instant(value: datetime | str | None) -> str:
    """China time to the minute; also of an instant as events write it."""
    if value is None:
        return "—"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")


def here(**changes: Any) -> str:
    """This page's address in another language or at another place; of a form's answer, the page it belongs to."""
    if request.method != "GET" or not request.endpoint:
        return url_for("portal.overview" if "member" in g else "portal_entry.sign_in", **changes)
    return url_for(request.endpoint, **(request.view_args or {}), **changes)


@entry.before_request
@portal.before_request
def _language() -> None:
    asked = request.args.get("lang") or request.cookies.get("dk_portal_lang")
    preferred = request.accept_languages.best_match(("zh-CN", "zh", "en")) or "zh-CN"
    g.locale = asked if asked in LOCALES else "en" if preferred == "en" else "zh-CN"


@entry.after_request
@portal.after_request
def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint == "portal_entry.static":
        response.headers["Cache-Control"] = "public, max-age=300"
    if request.args.get("lang") in LOCALES:
        response.set_cookie(
            "dk_portal_lang",
            g.locale,
            path="/portal",
            max_age=31_536_000,
            secure=https(),
            httponly=True,
            samesite="Lax",
        )
    return response


@entry.context_processor
@portal.context_processor
def _words() -> dict[str, Any]:
    role = g.member.role if "member" in g else ""
    return {
        "say": say,
        "instant": instant,
        "here": here,
        "may": lambda permission: domain.may(role, permission),
        "bank": settings().bank,
        "test_clock": settings().test_clock,
        "bank_mark": mark_path(settings().bank.mark),
        "bank_url": settings().public_url,
        "member": g.get("member"),
        "company": g.get("company", ""),
        "form_mark": g.get("form_mark", ""),
        "locale": g.get("locale", LOCALES[0]),
    }


@entry.errorhandler(Problem)
@portal.errorhandler(Problem)
def _problem(problem: Problem) -> AnyResponse:
    status = status_of(problem)
    log.info("refused", problem=problem.code, status=status)
    if isinstance(problem, domain.PortalSessionOver):
        return redirect(url_for("portal_entry.sign_in"), 303)
    return _error(status, problem.code, problem.detail)


@entry.errorhandler(HTTPException)
@portal.errorhandler(HTTPException)
def _http(error: HTTPException) -> AnyResponse:
    return _error(error.code or 500, f"http.{error.code}", "")


def _error(status: int, code: str, detail: str) -> AnyResponse:
    if "locale" not in g:
        _language()
    return make_response(page("error.html", status=status, code=code, detail=detail), status)
