"""Decisions and loans together, as pictures with a table behind each: counts only, nothing about one business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.console.routes.pages import allowed, console, page
from app.console.views import insights as pictures
from app.console.views import portfolio
from app.kernel.db import transaction


@console.get("/insights")
@allowed("insights")
def insights() -> str:
    """The decisions of a quarter; `?product=` for one of several."""
    return _shown("insights.html", pictures.quarter)


@console.get("/insights/vintages")
@allowed("insights")
def vintages() -> str:
    """The loans of each month: what share was ever 30 days late, by months on book."""
    return _shown("vintages.html", portfolio.vintage_page)


@console.get("/insights/groups")
@allowed("insights")
def groups() -> str:
    """Approval rates of groups of applicants side by side."""
    return _shown("groups.html", portfolio.fairness_page)


def _shown(template: str, view: Callable[[Session, str], dict[str, Any]]) -> str:
    with transaction() as session:
        chosen = pictures.chosen(session, request.args.get("product"))
        shown = view(session, chosen["code"])
    return page(template, current="insights", **chosen, **shown)
