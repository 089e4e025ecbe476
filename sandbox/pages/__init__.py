"""The desk: one page that shows what the sandbox holds and lets a person act, Chinese first, English on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox import personas, sms
from sandbox.context import current
from sandbox.pages import actions, message_actions, views
from sandbox.wechat.pay import faults

LANGUAGE_COOKIE = "sandbox_language"
LATEST = 6
MOST = 200

blueprint = Blueprint("pages", __name__, static_folder="static", static_url_path="/desk/static")
blueprint.register_blueprint(actions.blueprint)
blueprint.register_blueprint(message_actions.blueprint)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """t(中文, English) and the formats, for every template of the sandbox."""
    english = request.cookies.get(LANGUAGE_COOKIE) == "en"
    return {
        "t": _chooser(english),
        "english": english,
        "yuan": views.yuan,
        "clock_time": views.clock_time,
        "message_text": sms.text,
        "states": views.STATES,
        "sections": views.SECTIONS,
    }


@blueprint.get("/")
def overview() -> str:
    """The latest of everything."""
    return _page("overview", [name for name, _, _ in views.SECTIONS if name not in ("people", "settings")], LATEST)


@blueprint.get("/desk/<name>")
def section(name: str) -> str:
    """All of one section."""
    if name not in {known for known, _, _ in views.SECTIONS}:
        abort(404)
    return _page(name, [name], MOST)


@blueprint.get("/desk/people/<code>")
def person(code: str) -> str:
    """One persona with codes, sources and invoices."""
    world = current()
    persona = personas.get(world.store, code) or abort(404)
    return render_template("desk/person.html", persona=persona, held=views.holdings(world), here="people")


@blueprint.get("/desk/language")
def language() -> Response:
    """Switch between Chinese and English."""
    response = make_response(redirect(url_for("pages.overview")))
    response.set_cookie(LANGUAGE_COOKIE, "en" if request.args.get("to") == "en" else "zh", samesite="Lax")
    return response


def _page(here: str, shown: list[str], most: int) -> str:
    world = current()
    held = views.holdings(world)
    return render_template(
        "desk/page.html",
        here=here,
        shown=shown,
        most=most,
        held=held,
        switches=views.switches(world),
        attention=views.attention(held),
        phones=views.phone_names(held["people"]),
        payers=views.payers(held["people"]),
        bank_url=world.bank_url,
        templates=views.templates(world),
        pay_apis=faults.APIS,
        pay_faults=faults.FAULTS,
    )


def _chooser(english: bool) -> Callable[[str, str], str]:
    return lambda chinese, other: other if english else chinese
