"""The rules of embed sessions: life times, components, modes, and what a partner must not send."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from app.kernel.errors import Forbidden, NotFound, Unauthenticated, Unprocessable

CLIENT_TOKEN_LIFE = timedelta(minutes=10)
PAGE_CODE_LIFE = timedelta(minutes=1)  # between a form that is posted and the page it leads to
HANDOFF_LIFE = timedelta(minutes=5)
FRAME_IDLE = timedelta(minutes=15)
FRAME_ABSOLUTE = timedelta(hours=2)
SLIDE_EVERY = timedelta(minutes=1)  # a write a minute at most, not one a request
COMPONENTS = ("offer", "apply", "manage", "handoff", "explain")
MODES = ("framed", "top_level", "qr")
# The deployment's setting says how far a partner's page may go; a session may ask for less.
ALLOWED_MODES = {"framed": MODES, "top_level": ("top_level", "qr"), "qr": ("qr",)}
LOCALES = ("zh-CN", "zh-HK", "en")
LONGEST_RETURN = 500
MINI_PROGRAM_PAGE = "applications/handoff/handoff"  # where a scanned code leads; must exist in miniprogram/app.json
MATCH_CHOICES = 3
_UNSAFE = re.compile(r"[\x00-\x20\x7f\s\\]")  # browsers drop some controls, and read a backslash as a slash
_PERSONAL = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx]")  # a phone or a resident ID number


class ClientTokenUnknown(Unauthenticated):
    code = "embed.token_unknown"


class ClientTokenExpired(Unauthenticated):
    code = "embed.token_expired"


class ClientTokenUsed(Unauthenticated):
    """A client token opens one frame, once."""

    code = "embed.token_used"


class OriginNotAllowed(Forbidden):
    """The page that holds the frame is not one that the partner named for this session."""

    code = "embed.origin_not_allowed"


class FrameSessionInvalid(Unauthenticated):
    """Unknown, ended or too long unused: ask the partner's page for a new client token."""

    code = "embed.frame_session_invalid"


class ComponentNotGranted(Forbidden):
    """The partner opened this session without this component."""

    code = "embed.component_not_granted"


class PageCodeRefused(Unauthenticated):
    """Unknown, used before or too old: go back to the partner's page and open ours again."""

    code = "embed.page_code_refused"


class HandoffRefused(Unauthenticated):
    """Unknown, taken over before, stopped or too old: ask the desktop for a new code."""

    code = "embed.handoff_refused"


class MatchNumberWrong(Unprocessable):
    """Not the number on the desktop: this code is worth nothing from now on."""

    code = "embed.match_number_wrong"


class HandoffUnknown(NotFound):
    code = "embed.handoff_not_found"


class ReturnNotAllowed(Unprocessable):
    """The way back leads to an origin that this session does not name."""

    code = "embed.return_not_allowed"


class OtherCustomer(Forbidden):
    """Somebody else has begun in this session."""

    code = "embed.other_customer"


class ModeNotAllowed(Unprocessable):
    """This bank does not show this step in that way."""

    code = "embed.mode_not_allowed"


class OriginNotRegistered(Unprocessable):
    """An origin that is not among the partner's own."""

    code = "embed.origin_not_registered"


class OrderMissing(Unprocessable):
    """The apply component needs an order."""

    code = "embed.order_missing"


class AmountAboveGrant(Unprocessable):
    """The order costs more than the session allows to borrow."""

    code = "embed.amount_above_grant"


class CustomerRefPersonal(Unprocessable):
    """A customer reference is opaque: no phone or resident ID number."""

    code = "embed.customer_ref_personal"


def check_customer_ref(customer_ref: str) -> None:
    """Raises CustomerRefPersonal for what is a person's number, not a reference."""
    if _PERSONAL.fullmatch(customer_ref):
        raise CustomerRefPersonal("Send an opaque reference, not a phone or resident ID number.")


def check_return(url: str | None, origins: Sequence[str]) -> str | None:
    """The way back to the partner, if there is one. Raises ReturnNotAllowed unless it is on one of `origins`."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if len(url) > LONGEST_RETURN or f"{parts.scheme}://{parts.netloc}" not in origins or _UNSAFE.search(url):
        raise ReturnNotAllowed("The way back must be on an origin of this session.")
    return url


def match_choices(match_number: str, seed: str) -> list[str]:
    """The desktop's number among others of two digits, in ascending order; the same ones for the same seed.

    Whoever scans a code that somebody sent on has to know the number of a screen that is not before them, instead of
    saying yes to it.
    """
    found = {match_number}
    for byte in hashlib.sha256(seed.encode()).digest():
        if len(found) < MATCH_CHOICES:
            found.add(str(10 + byte % 90))
    return sorted(found)


def choose_mode(asked: str | None, setting: str) -> str:
    """The mode of a session; the deployment's setting unless another one is asked for. Raises ModeNotAllowed."""
    mode = asked or setting
    if mode not in ALLOWED_MODES[setting]:
        raise ModeNotAllowed("This mode is not allowed here.", allowed=list(ALLOWED_MODES[setting]))
    return mode
