"""What a bank agrees with a partner, as one value: what changes, and whether the change opens more than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

LIMITS = ("outstanding_fen", "merchant_fen", "day_fen")
CHANGE_STATES = {("proposed", "approve"): "approved", ("proposed", "reject"): "rejected"}
_DAYS = ("signed_on", "effective_from", "effective_to", "limits_from")
_LISTS = ("scopes", "origins")


class ChangeUnknown(NotFound):
    code = "partner_change.not_found"


class ChangeWaits(Conflict):
    """A change of this partner waits for a second person: that one first."""

    code = "partner_change.waits"


class ChangeOutdated(Conflict):
    """The partner has changed since this was proposed: propose it anew."""

    code = "partner_change.outdated"


class NothingChanged(Unprocessable):
    """What was entered is what holds already."""

    code = "partner_change.nothing"


class OwnChange(Forbidden):
    """Who proposed a change that opens more does not decide on it."""

    code = "partner_change.own"


class LimitTakenAway(Unprocessable):
    """A limit is changed, not taken away, and not for days that are over."""

    code = "partner_change.limit"


@dataclass(frozen=True)
class Terms:
    """One partner's terms. Amounts in fen, None: no limit of its own; limits hold from `limits_from` on."""

    name: str
    agreement_no: str | None
    signed_on: date | None
    effective_from: date
    effective_to: date | None
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    outstanding_fen: int | None
    merchant_fen: int | None
    day_fen: int | None
    limits_from: date | None

    def as_json(self) -> dict[str, Any]:
        """Days as text, so that it can be stored."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        days = {name: plain[name].isoformat() if plain[name] else None for name in _DAYS}
        return {**plain, **days, **{name: sorted(plain[name]) for name in _LISTS}}


def read_terms(stored: Mapping[str, Any]) -> Terms:
    """What `as_json` wrote."""
    days = {name: date.fromisoformat(stored[name]) if stored[name] else None for name in _DAYS}
    return Terms(**{**stored, **days, **{name: tuple(stored[name]) for name in _LISTS}})


def settled(before: Terms, after: Terms) -> Terms:
    """`after` without a day of limits where no limit changes. Raises NothingChanged."""
    if all(getattr(before, name) == getattr(after, name) for name in LIMITS):
        after = replace(after, limits_from=None)
    if before == after:
        raise NothingChanged("Nothing was changed.")
    return after


def check_limits(before: Terms, after: Terms, today: date) -> None:
    """Raises LimitTakenAway."""
    if any(getattr(before, name) is not None and getattr(after, name) is None for name in LIMITS):
        raise LimitTakenAway("A limit is changed, not taken away.")
    changed = any(getattr(before, name) != getattr(after, name) for name in LIMITS)
    if changed and (after.limits_from is None or after.limits_from < today):
        raise LimitTakenAway("Limits begin today or later.")


def widens(before: Terms, after: Terms) -> bool:
    """Whether the partner may do anything that it could not do before: two people decide then.

    `before` has the limits that hold on the day from which those of `after` do.
    """
    longer = before.effective_to is not None and (
        after.effective_to is None or after.effective_to > before.effective_to
    )
    more = bool(set(after.scopes) - set(before.scopes)) or bool(set(after.origins) - set(before.origins))
    higher = any(_higher(getattr(before, name), getattr(after, name)) for name in LIMITS)
    return longer or more or higher or after.effective_from < before.effective_from or _renamed(before, after)


def _higher(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


def _renamed(before: Terms, after: Terms) -> bool:
    """Another name or agreement is no narrowing: customers are shown the one, courts the other."""
    return any(getattr(before, name) != getattr(after, name) for name in ("name", "agreement_no", "signed_on"))
