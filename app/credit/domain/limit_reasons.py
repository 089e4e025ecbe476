"""Why the limit does not carry a wish: the figures are small, the month is full, or too much is owed already."""

from __future__ import annotations

from collections.abc import Mapping

from app.credit.domain.cases import Case
from app.credit.domain.features import Feature, written
from app.credit.domain.limits import Limit, LimitRules
from app.credit.domain.reasons import Reason, reason
from app.engine.plan_options import by_months
from app.engine.schedules import Schedule, schedule


def limit_reasons(
    rules: LimitRules, case: Case, lines: Limit, plan: Schedule, *, min_fen: int, offered_fen: int
) -> list[Reason]:
    """Q01 figures too small, Q02 the instalment exceeds the monthly capacity, Q03 owed already; or nothing."""
    wish_fen = case.amount_fen if case.whole else min_fen
    payment_fen = largest_payment(plan)
    amounts = {
        name: written("monthly_inflow_fen", amount)
        for name, amount in (
            ("limit", lines.available_fen),
            ("wish", wish_fen),
            ("capacity", lines.monthly_capacity_fen),
            ("payment", payment_fen),
        )
    }
    found = []
    if _by_figures(lines) < wish_fen:
        found.append(reason("limit", rules.too_small, _weakest(case, lines), **amounts))
    if payment_fen > lines.monthly_capacity_fen:
        found.append(reason("limit", rules.cannot_pay, case.features["monthly_debt_service_fen"], **amounts))
    if offered_fen == 0 and not found:
        found.append(reason("limit", rules.too_much_owed, _owed(case, lines), **amounts))
    return found


def largest_payment(plan: Schedule) -> int:
    """The highest instalment of a month, which the monthly capacity must carry.

    What is not of a month is left out: days before the first whole period, that months are not equally long, interest
    that grace puts off. Instalments of weeks or quarters are held against it as if they were of months.
    """
    if (plain := by_months(plan.terms)) != plan.terms:
        plan = schedule(plain)
    return max(p + i for p, i in zip(plan.principals_fen, plan.interests_fen, strict=True))


def _by_figures(lines: Limit) -> int:
    """What the business's figures support by themselves."""
    caps: Mapping[str, int] = lines.steps["caps_fen"]
    graded_fen: int = lines.steps["graded_fen"]
    return min(graded_fen, *(amount for name, amount in caps.items() if name != "afford"))


def _weakest(case: Case, lines: Limit) -> Feature:
    """The figure that supports least, which is what more of would raise the limit."""
    supported: Mapping[str, int] = lines.steps["supported_fen"]
    return case.features[min(supported, key=lambda name: (supported[name], name))]


def _owed(case: Case, lines: Limit) -> Feature:
    own = lines.steps["own_exposure_fen"] > lines.steps["other_debt_deduction_fen"]
    return case.features["own_exposure_fen" if own else "other_debt_fen"]
