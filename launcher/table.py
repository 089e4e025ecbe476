"""The one table that `make run` ends with: where to go, who it is for, what to try, how to sign in."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import segno

from launcher.account import CannotStart
from launcher.settings import LauncherSettings

Row = tuple[str, str, str, str]
HEAD: Row = ("Address", "For", "Try", "Sign in")
GAP = "  "


def read_demo(printed: str) -> dict[str, Any]:
    """What the demo command printed: its last line, or all of it, is one JSON object."""
    text = printed.strip()
    for candidate in (text, text.splitlines()[-1] if text else ""):
        try:
            content = json.loads(candidate)
        except ValueError:
            continue
        if isinstance(content, dict):
            return content
    raise CannotStart("The demo command did not print the JSON object that says how to sign in.")


def rows(settings: LauncherSettings, demo: Mapping[str, Any]) -> list[Row]:
    """The outside world's pages, where a story begins, then the bank's, which the demo command names (`rows`)."""
    sandbox = settings.sandbox_url
    outside: list[Row] = [
        (f"{sandbox}/shop", "a customer of a partner's shop", "order goods and pay with a loan from the bank",
         "in the loan: a phone number from the page below, which also shows the SMS"),
        (f"{sandbox}/", "you, as the outside world", "read an SMS, fail a transfer, delay a notice, change an invoice",
         "nothing"),
        (f"{sandbox}/preview/", "a customer inside WeChat", "the mini-program: see the loan, repay, pay off early",
         "choose a person beside the phone"),
    ]  # fmt: skip
    named = (tuple(str(row[cell]) for cell in ("address", "for", "try", "sign_in")) for row in demo.get("rows", []))
    return [*outside, *((address, who, what, how) for address, who, what, how in named)]


def draw(table: Sequence[Row], width: int | None = None) -> str:
    """Columns side by side, each wrapped; addresses are never broken, so that a terminal makes them links."""
    width = width or min(max(shutil.get_terminal_size((110, 24)).columns, 80), 130)
    first = max(len(row[0]) for row in table)
    rest = max((width - 2 - first - 3 * len(GAP)) // 3, 12)
    rule = ("-" * first, *("-" * rest for _ in range(3)))
    return "\n".join(line for row in (HEAD, rule, *table) for line in _wrapped(row, (first, rest, rest, rest)))


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [textwrap.wrap(cell, size, break_on_hyphens=False) for cell, size in zip(row, widths, strict=True)]
    padded = [
        GAP.join(part.ljust(size) for part, size in zip(parts, widths, strict=True))
        for parts in itertools.zip_longest(*cells, fillvalue="")
    ]
    return [f"  {line}".rstrip() for line in padded]


def staff_card(staff: Mapping[str, str]) -> str:
    """How the first member of staff signs in: password, second factor as text and as a code to scan."""
    picture = io.StringIO()
    segno.make(staff["totp_uri"], error="l").terminal(picture, border=2, compact=True)
    return (
        f"  First member of staff: {staff['email']}   password: {staff['password']}\n"
        f"  Second factor (TOTP secret): {staff['totp_secret']}, or scan with an authenticator app:\n"
        + textwrap.indent(picture.getvalue().rstrip(), "    ")
    )
