"""How public pages are dressed: the reader's language, strict headers, the bank, and the words templates use."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from markupsafe import Markup, escape

from app.bank_profile import mark_path
from app.reference import catalogue, wording
from config.settings import current

LOCALES = ("zh-CN", "en")
_QUOTED = re.compile(r"`([^`]+)`")


def dress(blueprint: Blueprint, policy: str, cached: str) -> None:
    """Give every page of a blueprint its language, its headers and the words of the templates."""

    @blueprint.before_request
    def language() -> None:
        asked = request.args.get("lang")
        preferred = request.accept_languages.best_match(("zh-CN", "zh", "en")) or "zh-CN"
        g.locale = asked if asked in LOCALES else "en" if preferred == "en" else "zh-CN"

    @blueprint.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = cached
        response.vary.add("Accept-Language")
        return response

    blueprint.context_processor(_words)


def say(text: wording.Both) -> str:
    """A text in the reader's language."""
    return text.en if g.locale == "en" else text.zh


def link(endpoint: str, **values: Any) -> str:
    """A link to one of the reference's pages that keeps a language chosen by hand."""
    return kept(f"reference.{endpoint}", **values)


def kept(endpoint: str, **values: Any) -> str:
    """A link to any public page that keeps a language chosen by hand."""
    chosen = request.args.get("lang")
    if chosen in LOCALES:
        values["lang"] = chosen
    return url_for(endpoint, **values)


def marked(text: str) -> Markup:
    """Plain text with `quoted` words as code; a problem code leads to its page."""
    pieces = []
    for place, words in enumerate(_QUOTED.split(text)):
        piece = Markup("<code>{}</code>").format(words) if place % 2 else escape(words)
        if place % 2 and words in catalogue.codes():
            piece = Markup('<a href="{}">{}</a>').format(link("error", code=words), piece)
        pieces.append(piece)
    return Markup("").join(pieces)


def _words() -> dict[str, Any]:
    return {
        "say": lambda zh, en: en if g.locale == "en" else zh,
        "both": say,
        "link": link,
        "kept": kept,
        "bank": current().bank,
        "bank_mark": mark_path(current().bank.mark),
        "marked": marked,
        "locale": g.locale,
        "other": "zh-CN" if g.locale == "en" else "en",
        "audiences": wording.AUDIENCES,
        "who": wording.WHO,
    }
