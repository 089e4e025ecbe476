"""How the shop's pages come out: two languages, money, dates, and a strict Content-Security-Policy."""

from __future__ import annotations

import os
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from sandbox.context import current
from sandbox.shop import cart
from sandbox.shop.catalogue import Text
from sandbox.shop.lender import lender
from sandbox.shop.preferences import MODES, customer_ref, keep_customer, language, locale, mode

SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def wording() -> dict[str, Text]:
    """Every text of the pages: dotted key → {"zh": …, "en": …}."""
    raw = tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": {"zh": pair[0], "en": pair[1]}
        for section, texts in raw.items()
        for key, pair in texts.items()
    }


def say(key: str, **values: object) -> str:
    """The text of a key in the reader's language with its {values} filled in. Raises KeyError."""
    return wording()[key][language()].format(**values)


def yuan(amount_fen: int) -> str:
    """1299900 → 12,999.00, with the true minus sign."""
    sign = "\u2212" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def local_time(text: str) -> str:
    """An ISO instant as Shanghai time, to the minute."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def embed_url() -> str:
    """Where the bank serves its script and frames: SANDBOX_EMBED_URL, else the bank itself."""
    return (os.environ.get("SANDBOX_EMBED_URL") or current().bank_url).rstrip("/")


def embed_origin() -> str:
    """Scheme and authority of the embed address."""
    parts = urlsplit(embed_url())
    return f"{parts.scheme}://{parts.netloc}"


def page_blueprint(name: str, **options: Any) -> Blueprint:
    """A blueprint of HTML pages with their security headers."""
    blueprint = Blueprint(name, __name__, template_folder="templates", **options)
    blueprint.after_request(_secure)
    return blueprint


def render(template: str, *, status: int = 200, **values: Any) -> Response:
    """One page of the shop."""
    partner = current().keys["partner"]
    chosen = language()
    body = render_template(
        f"shop/{template}",
        t=say,
        yuan=yuan,
        local_time=local_time,
        pick=lambda text: text[chosen],
        lang=chosen,
        locale=locale(),
        mode=mode(),
        modes=MODES,
        here=request.full_path.removesuffix("?"),
        cart_count=sum(cart.read().values()),
        merchant=partner["merchant"],
        publishable_key=partner.get("publishable_key"),
        embed_script=f"{embed_url()}/embed/v1/embed.js",
        customer_ref=customer_ref(),
        lender=lambda: lender(embed_url()),
        **values,
    )
    return keep_customer(make_response(body, status))


def _secure(response: Response) -> Response:
    bank = embed_origin()
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' {bank}",
        "style-src": "'self'",
        "img-src": f"'self' data: {bank}",
        "connect-src": f"'self' {bank}",
        "frame-src": bank,
        "form-action": f"'self' {bank}",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
