"""What every page of the console shares: who asks, which language, safe headers, own forms, errors in words."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import structlog
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.bank_profile import mark_answer
from app.console import domain, queries, usecases
from app.console.domain import FormForged, NotYourRole, StaffSessionOver
from app.console.routes import shown
from app.kernel import crypto
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.pagination import PageRequest
from app.kernel.web import principal
from app.kernel.web.problems import status_of
from config import brand
from config.settings import Settings

FOLDERS = {"template_folder": "../templates"}
entry = Blueprint("console_entry", __name__, static_folder="../static", static_url_path="/static", **FOLDERS)  # type: ignore[arg-type]
console = Blueprint("console", __name__, **FOLDERS)  # type: ignore[arg-type]

DESIGN = Path(__file__).parents[3] / "design"  # the one source of every front end's colours and sizes
LOCALES = ("zh-CN", "en")
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)


def settings() -> Settings:
    found: Settings = current_app.config["DUKOU"]
    return found


def cookie_name() -> str:
    """With https the browser itself holds the cookie to this host, path / and Secure."""
    return "__Host-dk_staff" if _https() else "dk_staff"


def set_session_cookie(response: AnyResponse, token: str) -> None:
    """Strict: no other site's link or form carries it. No lifetime: it ends with the browser, and on our side."""
    response.set_cookie(cookie_name(), token, path="/", secure=_https(), httponly=True, samesite="Strict")


def drop_session_cookie(response: AnyResponse) -> None:
    response.delete_cookie(cookie_name(), path="/", secure=_https(), httponly=True, samesite="Strict")


def _https() -> bool:
    return settings().public_url.startswith("https://")


def authenticate_request() -> None:
    """Who asks, by the session cookie; every form must carry the session's own mark. Raises StaffSessionOver."""
    token = request.cookies.get(cookie_name())
    if not token:
        raise StaffSessionOver("Sign in.")
    with transaction() as session:
        found = usecases.authenticate(session, token=token)
        g.staff = queries.staff_member(session, found.staff_id)
    principal.put(found)
    g.form_mark = form_mark(token)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        check_form(g.form_mark)


def form_mark(secret: str) -> str:
    """What a form of ours carries: a keyed hash of the cookie, which another site can neither read nor make."""
    return crypto.token_hash(f"console form\x00{secret}")


def check_form(expected: str) -> None:
    """Raises FormForged."""
    if not hmac.compare_digest(request.form.get("form_mark", "").encode(), expected.encode()):
        raise FormForged("This form was not made by this page. Load the page again.")


def allowed(permission: str) -> Callable[[View], View]:
    """Only roles with this permission see the page. Raises NotYourRole."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not domain.may(principal.staff().roles, permission):
                raise NotYourRole("This page is for other roles.")
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return guard


def actor() -> str:
    """How records name the member of staff who asks."""
    return f"staff:{principal.staff().staff_id}"


def page_of(list_name: str, limit: int = 20) -> PageRequest:
    """The page that `?cursor=` asks for."""
    return PageRequest(limit, request.args.get("cursor"), f"console.{list_name}:{principal.scope()}")


def page(template: str, **shown_values: Any) -> str:
    """Render a page of the console."""
    return render_template(f"console/{template}", **shown_values)


@entry.get("/design/<name>")
def design(name: str) -> Response:
    """The visual language's own file, not a copy of it; and this bank's colour and mark."""
    if name == "brand.css":
        return Response(brand.stylesheet(settings().bank.brand_color), mimetype="text/css")
    if name == "mark":
        return mark_answer(settings().bank.mark)
    if name != "tokens.css":
        abort(404)
    return send_file(DESIGN / name)


@entry.before_request
@console.before_request
def _language() -> None:
    asked = request.args.get("lang") or request.cookies.get("dk_lang")
    g.locale = asked if asked in LOCALES else LOCALES[0]


@entry.after_request
@console.after_request
def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)  # the mark has a stricter one
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint in ("console_entry.static", "console_entry.design"):
        response.headers["Cache-Control"] = "public, max-age=300"
    chosen = request.args.get("lang")  # not g.locale: a session that is over is answered before that is set
    if chosen in LOCALES:
        response.set_cookie(
            "dk_lang", chosen, path="/console", max_age=31_536_000, secure=_https(), httponly=True, samesite="Lax"
        )
    return response


@entry.context_processor
@console.context_processor
def _words() -> dict[str, Any]:
    roles = g.staff.roles if "staff" in g else ()
    return {
        **shown.FORMS,
        "bank": settings().bank,
        "staff": g.get("staff"),
        "form_mark": g.get("form_mark", ""),
        "may": lambda permission: domain.may(roles, permission),
        "today": shown.today(),
        "locale": g.get("locale", LOCALES[0]),
    }


@entry.errorhandler(Problem)
@console.errorhandler(Problem)
def _problem(problem: Problem) -> AnyResponse:
    status = status_of(problem)
    log.info("refused", problem=problem.code, status=status)
    if isinstance(problem, StaffSessionOver):
        over = bool(request.cookies.get(cookie_name()))
        return redirect(url_for("console_entry.sign_in", over=1 if over else None), 303)
    return _error(status, problem.code, problem.context.get("retry_after_s"))


@entry.errorhandler(HTTPException)
@console.errorhandler(HTTPException)
def _http(error: HTTPException) -> AnyResponse:
    return _error(error.code or 500, f"http.{error.code}", None)


def _error(status: int, code: str, retry_after_s: int | None) -> AnyResponse:
    if "locale" not in g:
        _language()
    response = make_response(page("error.html", status=status, code=code, retry_after_s=retry_after_s), status)
    response.headers["X-Problem"] = HTTPStatus(status).phrase
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    return response
