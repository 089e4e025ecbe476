"""The form of a partner's terms: what was entered becomes one value, or says which entry cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request

from app.console.domain import ReasonNeeded, plain
from app.console.domain.partner_terms import LIMITS, Terms
from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.money import format_yuan
from app.partners.domain.agreements import SCOPES

CODE = re.compile(r"[a-z][a-z0-9_-]{2,31}")
TEXTS = {"name": 100, "agreement_no": 64}
DAYS = ("signed_on", "effective_from", "effective_to", "limits_from")
REASON_LENGTHS = range(4, 201)
MOST_ORIGINS = 50
MOST_FEN = 10**13
ENTRIES = ("code", *TEXTS, *DAYS, "origins", *LIMITS, "reason")


class EntryWrong(Unprocessable):
    """One entry of the form cannot be read; the context says which."""

    code = "partner_change.form"


def entered() -> dict[str, Any]:
    """The form as it came, so that nothing is lost when it cannot be taken."""
    form: dict[str, Any] = {name: plain_lines(request.form.get(name, "")) for name in ENTRIES}
    return {**form, "scopes": [scope for scope in request.form.getlist("scopes") if scope in SCOPES]}


def plain_lines(text: str) -> str:
    """Without controls, but line breaks stay: origins stand one on a line."""
    return "\n".join(plain(line).strip() for line in text.splitlines()[: MOST_ORIGINS + 10])[:20_000]


def filled(terms: Terms) -> dict[str, Any]:
    """The form filled with what holds; new limits would begin today."""
    days = {name: getattr(terms, name).isoformat() if getattr(terms, name) else "" for name in DAYS}
    days["limits_from"] = clock.today().isoformat()
    limits = {name: _yuan(getattr(terms, name)) for name in LIMITS}
    texts = {name: getattr(terms, name) or "" for name in TEXTS}
    return {**texts, **days, **limits, "scopes": list(terms.scopes), "origins": "\n".join(terms.origins), "reason": ""}


def _yuan(amount_fen: int | None) -> str:
    return "" if amount_fen is None else format_yuan(amount_fen)


def code_of(form: Mapping[str, Any]) -> str:
    """Raises EntryWrong."""
    if not CODE.fullmatch(form["code"]):
        raise EntryWrong("3 to 32 small letters, digits, hyphens, underscores; a letter first.", entry="code")
    return str(form["code"])


def reason_of(form: Mapping[str, Any]) -> str:
    """Raises ReasonNeeded."""
    if len(form["reason"]) not in REASON_LENGTHS:
        raise ReasonNeeded("Say why, in 4 to 200 characters.")
    return str(form["reason"])


def terms_of(form: Mapping[str, Any]) -> Terms:
    """Raises EntryWrong."""
    for name, longest in TEXTS.items():
        if not 1 <= len(form[name]) <= longest or "\n" in form[name]:
            raise EntryWrong(f"This has 1 to {longest} characters.", entry=name)
    days = {name: _day(form[name], name) for name in DAYS}
    if days["signed_on"] is None or days["effective_from"] is None:
        raise EntryWrong("A day is needed.", entry="signed_on" if days["signed_on"] is None else "effective_from")
    origins = tuple(sorted({line for line in form["origins"].split("\n") if line}))
    if len(origins) > MOST_ORIGINS:
        raise EntryWrong("Fifty origins at most.", entry="origins")
    if not form["scopes"]:
        raise EntryWrong("At least one scope.", entry="scopes")
    limits = {name: _fen(form[name], name) for name in LIMITS}
    entries: dict[str, Any] = {**{name: form[name] for name in TEXTS}, **days, **limits}
    return Terms(**entries, scopes=tuple(sorted(form["scopes"])), origins=origins)


def _day(text: str, entry: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise EntryWrong("A day is written as 2026-12-31.", entry=entry) from error


def _fen(text: str, entry: str) -> int | None:
    """`1,000,000.00` as fen; nothing: no limit."""
    if not text:
        return None
    try:
        fen = Decimal(text.replace(",", "")) * 100
    except InvalidOperation as error:
        raise EntryWrong("An amount in yuan.", entry=entry) from error
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= MOST_FEN:
        raise EntryWrong("An amount in yuan, whole fen.", entry=entry)
    return int(fen)
