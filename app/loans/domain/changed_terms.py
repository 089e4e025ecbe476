"""Changes of a live loan as arithmetic: the plan they draw up, what they may be, and the class they leave; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from app.engine import changing
from app.engine.due_dates import add_months
from app.engine.positions import position
from app.engine.schedules import Schedule
from app.engine.terms import Every, Method
from app.kernel.errors import Conflict, NotFound, Unprocessable

# What staff may propose; `repricing` is the same as `rate_change`, done by machine because the contract says so.
PROPOSED = ("rate_change", "due_day_change", "extension", "restructuring")
KINDS = (*PROPOSED, "repricing")
METHODS = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.BULLET)
MOST_INSTALMENTS, MOST_DAYS_TO_FIRST = 120, 62


class TermsWrong(Unprocessable):
    """The new terms are incomplete or out of range; the detail says which."""

    code = "loan_change.terms_wrong"


class NothingChanges(Unprocessable):
    """The loan is on these terms already."""

    code = "loan_change.nothing_changes"


class RateAboveCap(Unprocessable):
    """The yearly cost would be above the cap of the day."""

    code = "loan_change.rate_above_cap"


class LoanOver(Conflict):
    """The loan is settled, or everything has fallen due: there is no term left to change."""

    code = "loan_change.loan_over"


class LoanLate(Conflict):
    """Something is overdue: that is cleared, or restructured, before anything else is changed."""

    code = "loan_change.loan_late"


class PaidAhead(Conflict):
    """Instalments are paid ahead: until their last day the terms under which they were paid hold."""

    code = "loan_change.paid_ahead"


class DayIsOver(Conflict):
    """The day on which the change was to take effect is closed or gone by."""

    code = "loan_change.day_is_over"


class DayNotCome(Conflict):
    """The day on which the change is to take effect has not come."""

    code = "loan_change.day_not_come"


class DaysOpen(Conflict):
    """Earlier days are not closed yet, or one is just being closed: a change stands on a loan that is up to date."""

    code = "loan_change.days_open"


class ChangedToday(Conflict):
    """The loan was changed on this day already."""

    code = "loan_change.changed_today"


class ExtendedBefore(Conflict):
    """The loan was extended as often as the rule allows."""

    code = "loan_change.extended_before"


class ExtensionTooLong(Unprocessable):
    """The rule of the day allows fewer months; the context says how many."""

    code = "loan_change.extension_too_long"


class SamePerson(Conflict):
    """Nobody approves what they proposed."""

    code = "loan_change.same_person"


class ChangeUnknown(NotFound):
    code = "loan_change.unknown"


class ChangeRule(Protocol):
    """The dated numbers of `models.LoanChangeRule`."""

    extensions_most: int
    short_months: int
    short_percent: int
    medium_months: int
    medium_percent: int
    long_most_months: int
    extended_floor: int
    extended_months: int
    restructured_floor: int
    restructured_bad_floor: int
    restructured_months: int
    restructured_periods: int


@dataclass(frozen=True)
class Observation:
    """No better class than `floor` before a day."""

    floor: int
    until: date


def drawn_anew(
    plan: Schedule, anchor_day: int, on: date, kind: str, terms: Mapping[str, Any], principal_fen: int
) -> tuple[Schedule, int]:
    """The plan after a change, and the day of the month on which its instalments fall. `principal_fen` is what a
    restructuring begins with: principal not yet due and what was folded in. The arithmetic is `engine.changing`."""
    now = position(plan, on, _billed_fen(plan, on))
    if kind in ("rate_change", "repricing"):
        return changing.at_rate(plan, now, Decimal(terms["annual_rate"])), anchor_day
    if kind == "due_day_change":
        return changing.on_due_day(plan, now, terms["anchor_day"], anchor_day), terms["anchor_day"]
    if kind == "extension":
        return changing.extended(plan, now, terms["periods"], anchor_day), anchor_day
    new = new_terms(terms)
    return changing.restructured(plan, now, principal_fen, new, now.accrued_exact), terms["anchor_day"]


def _billed_fen(plan: Schedule, on: date) -> int:
    """What the rows due by a day asked for: arrears are counted beside the plan."""
    return sum(row.payment_fen for row in plan.instalments if row.due_on <= on)


def new_terms(terms: Mapping[str, Any]) -> changing.NewTerms:
    """The terms of a restructuring as the engine reads them."""
    first_on = date.fromisoformat(terms["first_due_on"])
    due_on = changing.due_days_from(first_on, terms["instalments"], terms["anchor_day"])
    return changing.NewTerms(Decimal(terms["annual_rate"]), Method(terms["method"]), due_on)


def read_terms(kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as they are kept, from what a person wrote. Raises TermsWrong."""
    try:
        if kind == "rate_change":
            return {"annual_rate": _rate(asked["annual_rate"])}
        if kind == "due_day_change":
            return {"anchor_day": _within(asked["anchor_day"], 1, 31, "anchor_day")}
        if kind == "extension":
            return {"periods": _within(asked["periods"], 1, MOST_INSTALMENTS, "periods")}
        if kind == "restructuring":
            first_on = date.fromisoformat(str(asked["first_due_on"]))
            return {
                "annual_rate": _rate(asked["annual_rate"]),
                "method": Method(asked["method"]).value,
                "first_due_on": first_on.isoformat(),
                "anchor_day": first_on.day,
                "instalments": _within(asked["instalments"], 1, MOST_INSTALMENTS, "instalments"),
                "keep_arrears": bool(asked.get("keep_arrears")),
            }
    except (KeyError, ValueError, InvalidOperation) as error:
        raise TermsWrong("The new terms are incomplete or not readable.", kind=kind) from error
    raise TermsWrong("There is no such kind of change.", kind=kind)


def _rate(text: object) -> str:
    rate = Decimal(str(text))
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise TermsWrong("A yearly rate is between 0 and 1.")
    if rate != rate.quantize(Decimal("0.000001")):
        raise TermsWrong("A yearly rate has at most six decimals.")
    return str(rate.quantize(Decimal("0.000001")))


def _within(value: object, low: int, high: int, name: str) -> int:
    number = int(str(value))
    if not low <= number <= high:
        raise TermsWrong(f"{name} is between {low} and {high}.")
    return number


def check_new_days(terms: Mapping[str, Any], on: date) -> None:
    """A restructured loan is paid first after the day and within two months, by a method that is serviced."""
    new = new_terms(terms)
    if new.method not in METHODS:
        raise TermsWrong("A restructured loan is repaid by a method without a plan of its own.")
    if not 0 < (new.due_on[0] - on).days <= MOST_DAYS_TO_FIRST:
        raise TermsWrong(f"The first due day comes within {MOST_DAYS_TO_FIRST} days after the change.")


def months_of(every: Every, periods: int) -> int:
    """How many months periods are, begun ones counted: what an extension is measured by."""
    return -(-periods * every.nominal_days // 30)


def check_extension(rule: ChangeRule, *, agreed_months: int, extended_before: int, months: int) -> None:
    """Once (or as often as the rule says) and, by the loan's agreed term, at most so long: a short loan by its term, a
    medium one by half of it, a long one by a number of months (贷款通则). Raises ExtendedBefore, ExtensionTooLong."""
    if extended_before >= rule.extensions_most:
        raise ExtendedBefore("The loan was extended before.")
    if agreed_months <= rule.short_months:
        most = agreed_months * rule.short_percent // 100
    elif agreed_months <= rule.medium_months:
        most = agreed_months * rule.medium_percent // 100
    else:
        most = rule.long_most_months
    if months > most:
        raise ExtensionTooLong("The loan may be extended by fewer months.", most_months=most)


def observation(rule: ChangeRule, kind: str, *, on: date, asset_class: int, plan: Schedule) -> Observation | None:
    """The class below which a change leaves the loan, and until when; None for a change that says nothing about the
    debtor. A restructured loan is observed from its first due day for the rule's months and periods at least."""
    if kind == "extension":
        return Observation(rule.extended_floor, add_months(on, rule.extended_months, on.day))
    if kind != "restructuring":
        return None
    first_on = plan.due_on[0]
    periods_on = plan.due_on[min(rule.restructured_periods, len(plan.due_on)) - 1]
    until = max(add_months(first_on, rule.restructured_months, first_on.day), periods_on)
    return Observation(rule.restructured_bad_floor if asset_class >= 3 else rule.restructured_floor, until)
