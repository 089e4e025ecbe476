"""What a browser of the shop has chosen (language, how the bank's window opens) and who it is, all in cookies."""

from __future__ import annotations

import re
import secrets

from flask import Response, g, request

MODES = ("framed", "top_level", "qr")
LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh-CN", "en": "en"}
CUSTOMER = re.compile(r"buyer-[0-9a-f]{24}")
YEAR_SECONDS = 365 * 86400


def mode() -> str:
    """framed, top_level or qr; framed unless chosen otherwise."""
    chosen = request.cookies.get("shop_mode", "")
    return chosen if chosen in MODES else MODES[0]


def language() -> str:
    """zh or en; zh unless chosen otherwise."""
    chosen = request.cookies.get("shop_language", "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def locale() -> str:
    """The language as a BCP 47 tag."""
    return LOCALES[language()]


def customer_ref() -> str:
    """The opaque name of the shop's customer behind this browser: all that the bank is ever told about them."""
    known = request.cookies.get("shop_customer", "")
    if CUSTOMER.fullmatch(known):
        return known
    if "new_customer" not in g:
        g.new_customer = f"buyer-{secrets.token_hex(12)}"
    return str(g.new_customer)


def remember(response: Response, name: str, value: str) -> Response:
    """Keep a choice in the browser for a year."""
    response.set_cookie(name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def keep_customer(response: Response) -> Response:
    """Give the cookie of a customer who was named during this request."""
    return remember(response, "shop_customer", g.new_customer) if "new_customer" in g else response
