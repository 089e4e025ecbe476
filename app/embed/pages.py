"""Pages of our own: the document in a partner's frame, the full page, and the ways into it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request
from markupsafe import escape

from app.bank_profile import mark_path
from app.embed import queries, usecases
from app.embed.assets import widget_files
from app.embed.domain import COMPONENTS, LOCALES
from app.embed.proof_header import presented
from app.embed.schemas import PageSessionIn, PageSessionOut
from app.kernel.db import transaction
from app.kernel.errors import Problem
from app.kernel.web.routing import Routes
from app.partners import queries as partners
from config import brand
from config.settings import Settings

page_sessions = Routes("page_sessions", __name__, description="A page of our own redeems its code")
frame_pages = Blueprint("frame_pages", __name__)

PAGE = """<!doctype html>
<html lang="{locale}"{theme} data-page="{page}" data-origins="{origins}" data-bank="{bank}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<link rel="icon" href="{mark}">{styles}<script type="module" src="{script}"></script></head>
<body><div id="app"></div><noscript>{noscript}</noscript></body></html>
"""
NO_SCRIPT = "申请需要浏览器的脚本功能。Please turn on JavaScript, or call {phone}."
PERMISSIONS = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=()"
# `vue` is the name of the framework's own policy for constant markup
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types vue; "
    "frame-ancestors {ancestors}"
)


@page_sessions.post("/page-sessions")
@page_sessions.arguments(PageSessionIn)
@page_sessions.response(201, PageSessionOut)
def create_page_session(body: dict[str, Any]) -> dict[str, Any]:
    """Redeem a page's code, once; the code itself is the key, so this call needs no Idempotency-Key.

    A DPoP header binds the session to the browser's key, as with `/frame-sessions`.
    """
    with transaction() as session:
        arrival = usecases.arrive(session, code=body["code"], presented=presented())
        found = arrival.redemption
        assert found.principal is not None, "a code that opens nothing is refused by an exception"
        session.flush()
        context = queries.frame_context(session, found.principal.embed_session_id)
    opened = {"frame_token": found.frame_token, "expires_at": found.expires_at}
    way = {"return_to": arrival.return_to, "match_number": arrival.match_number}
    return {**vars(context), "partner": {"name": context.partner_name}, **opened, **way}


@frame_pages.get("/frame")
def show_frame() -> Response:
    """The document in a partner's frame: only that partner's origins may hold it, nobody for an unknown key."""
    with transaction() as session:
        origins = partners.origins_of_publishable_key(session, request.args.get("partner", ""), _settings().mode)
    return _page("frame", origins)


@frame_pages.get("/page")
def show_page() -> Response:
    """The same application as a full page; nobody may frame it. Its code stands in the fragment, unseen by servers."""
    return _page("page", ())


@frame_pages.get("/account")
def show_account() -> Response:
    """The person's own matters, without any partner: devices, phone, consents. Nobody may frame it."""
    return _page("account", ())


@frame_pages.post("/page")
def enter_page() -> Any:
    """A partner's page posts its client token and goes on to our page with a code in the fragment.

    The browser itself says from which origin it posts.
    """
    try:
        with transaction() as session:
            code = usecases.enter_page(
                session,
                client_token=request.form.get("client_token", ""),
                origin=request.headers.get("Origin", ""),
                return_to=request.form.get("return_url") or None,
            )
    except Problem as problem:  # a person stands before this answer: the page says it in words
        return redirect(f"/embed/v1/page#e={problem.code}", 303)
    component = request.form.get("component", "")
    view = f"&v={component}" if component in COMPONENTS else ""
    return redirect(f"/embed/v1/page#c={code}{view}", 303)


def _page(name: str, origins: tuple[str, ...]) -> Response:
    files, bank = widget_files("account" if name == "account" else "widgets"), _settings().bank
    asked = request.args.get("locale", "")
    locale = asked if asked in LOCALES else LOCALES[0]
    theme = request.args.get("theme", "")
    own_colour = () if bank.brand_color == brand.DESIGNED else ("/embed/v1/brand.css",)
    shown = {
        "name": bank.short_name,
        "mark": mark_path(bank.mark),
        "name_en": bank.english_name,
        "full_name": bank.name,
        "phone": bank.service_phone,
        "complaints": bank.complaint_phone,
        "lines": [bank.licence_line, *bank.legal_lines],
        "lines_en": [bank.english_licence_line, *bank.english_legal_lines],
        "host": urlsplit(_settings().embed_url).netloc,
    }
    body = PAGE.format(
        locale=locale,
        theme=f' data-theme="{theme}"' if theme in ("light", "dark") else "",
        page=name,
        origins=escape(" ".join(origins)),
        bank=escape(json.dumps(shown, ensure_ascii=False)),
        title=escape(bank.short_name),
        mark=mark_path(bank.mark),
        styles="".join(f'<link rel="stylesheet" href="{href}">' for href in (*files.styles, *own_colour)),
        script=files.script,
        noscript=escape(NO_SCRIPT.format(phone=bank.service_phone)),
    )
    response = Response(body, mimetype="text/html")
    response.headers.update(_headers(origins))
    return response


def _headers(origins: tuple[str, ...]) -> dict[str, str]:
    """No X-Frame-Options: it knows no list of origins."""
    return {
        "Content-Security-Policy": POLICY.format(ancestors=" ".join(origins) or "'none'"),
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin" if origins else "same-origin",
        "Origin-Agent-Cluster": "?1",
        "X-Request-Id": g.get("request_id", ""),
    }


def _settings() -> Settings:
    found: Settings = current_app.config["DUKOU"]
    return found
