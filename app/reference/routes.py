"""`/`, where people begin, and `/docs`: the API documents as pages, and one for each problem code; without script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, render_template, request, send_file

from app import documents
from app.reference import catalogue, guides, sdk_wheel, shapes, told, wording
from app.reference.dress import LOCALES, dress
from config.settings import Settings

reference = Blueprint("reference", __name__, template_folder="templates")

DESIGN, OWN = Path(__file__).parents[2] / "design", Path(__file__).with_name("static")
FILES = {"tokens.css": DESIGN, "reference.css": OWN}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


@reference.get("/")
def front() -> str:
    """Whose site this is, whom to call, and the doors of customers, developers and staff."""
    return show("front.html")


@reference.get("/docs")
def index() -> str:
    """What there is, and the rules that hold everywhere."""
    counts = {name: sum(len(group.operations) for group in _page(name)[0]) for name in wording.AUDIENCES}
    return show("index.html", counts=counts, rules=wording.RULES, problem=shapes.problem_fields())


@reference.get("/docs/<audience>")
def document(audience: str) -> str:
    """All operations and bodies of one audience."""
    if audience not in wording.AUDIENCES:
        abort(404, "There is no such document.")
    groups, schemas = _page(audience)
    return show("document.html", audience=audience, groups=groups, schemas=schemas)


@reference.get("/docs/errors")
def errors() -> str:
    """Every problem code."""
    by_subject: dict[str, list[catalogue.ProblemCode]] = {"": []}  # those that every interface has come first
    for one in catalogue.codes().values():
        by_subject.setdefault(one.subject, []).append(one)
    return show("errors.html", by_subject=by_subject)


@reference.get("/docs/errors/<code>")
def error(code: str) -> str:
    """One problem code: `type` of every problem leads here."""
    found = catalogue.codes().get(code)
    if found is None:
        abort(404, "There is no such code.")
    return show("error.html", problem=found, remedy=wording.remedy(found.status), told_by=_told_by(code))


@reference.get("/docs/quick-start")
def quick_start() -> str:
    """From nothing to a signed call, a widget and a verified webhook; a test runs what the page says."""
    return _guide(guides.QUICK_START, on_quick_start=True)


@reference.get("/docs/guides")
def guide_list() -> str:
    """What each guide is for."""
    return show("guides.html", guides=guides.GUIDES, papers=guides.PAPERS)


@reference.get("/docs/guides/<name>")
def guide(name: str) -> str:
    """One guide."""
    if name not in guides.GUIDES and name not in guides.PAPERS:
        abort(404, "There is no such guide.")
    return _guide(name, on_guides=True)


@reference.get("/docs/changes")
def changes() -> str:
    """What changed for partners."""
    return _guide(guides.CHANGES)


@reference.get("/docs/events")
def events() -> str:
    """Every event that partners are told of."""
    return show("events.html", events=told.events())


@reference.get("/docs/files/<name>")
def file(name: str) -> Response:
    """The Python SDK as a wheel."""
    wheel_name, content = sdk_wheel.wheel()
    if name != wheel_name:
        abort(404, "There is no such file.")
    return Response(content, mimetype="application/zip")


@reference.get("/docs/static/<name>")
def static(name: str) -> Response:
    """Styles."""
    if name not in FILES:
        abort(404, "There is no such file.")
    return send_file(FILES[name] / name, conditional=True)


@reference.get("/docs/<path:anything>")
def nothing_there(anything: str) -> str:
    """Whoever follows a wrong link to these pages reads a page."""
    abort(404, "There is no such page.")


@reference.errorhandler(404)
def _missing(_: Exception) -> tuple[str, int]:
    return show("missing.html"), 404


def _guide(name: str, **shown: Any) -> str:
    settings: Settings = current_app.config["DUKOU"]
    words = {"BANK": settings.public_url, "EMBED": settings.embed_url, "WHEEL": sdk_wheel.wheel()[0]}
    chosen = request.args.get("lang")
    made = guides.render(name, g.locale, words, chosen if chosen in LOCALES else None)
    return show("guide.html", guide=made, **shown)


@cache
def _documents() -> dict[str, dict[str, Any]]:
    return documents.make()


@cache
def _page(audience: str) -> tuple[list[shapes.Group], list[shapes.Schema]]:
    made = _documents()[audience]
    return shapes.groups(made), shapes.schemas(made)


@cache
def _told_by(code: str) -> list[tuple[str, shapes.Operation]]:
    """The operations that name the code in their description."""
    return [
        (audience, operation)
        for audience in wording.AUDIENCES
        for group in _page(audience)[0]
        for operation in group.operations
        if f"`{code}`" in f"{operation.summary} {operation.description}"
    ]


def show(template: str, **shown: Any) -> str:
    """Render a page of the reference."""
    return render_template(f"reference/{template}", **shown)


dress(reference, POLICY, "public, max-age=300")
