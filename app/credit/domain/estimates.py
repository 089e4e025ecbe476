"""Estimates: what a business may expect before anybody asks the bureau; a range, because the credit report is assumed.

The same rules decide twice on the business's real figures: with a sound credit report and with a cautious one. What
the report may hold is assumed here and stored with the estimate, so that it can be worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.credit.domain.cases import Case, Outcome
from app.credit.domain.collecting import Known, Report, collect
from app.credit.domain.decisions import decide, plan_of, price_for
from app.credit.domain.features import written
from app.credit.domain.limit_reasons import largest_payment
from app.credit.domain.products import ProductTerms
from app.credit.domain.reasons import Reason, reason
from app.credit.domain.rules import RuleSet
from app.kernel.errors import NotFound, TooMany

ASSUMPTIONS = "estimate-2026.1"
CONSENT_KINDS = ("privacy_terms", "tax_data", "invoice_data")  # never bureau_query: an estimate leaves no trace there
SOURCES = ("registry", "tax")
A_DAY = 10  # an enterprise's questions to its sources
ESTIMATE_STATES = {
    ("collecting", "source_down"): "waiting_data",
    ("collecting", "quote"): "quoted",
    ("collecting", "refuse"): "not_quoted",
    ("collecting", "give_up"): "failed",
    ("waiting_data", "quote"): "quoted",
    ("waiting_data", "refuse"): "not_quoted",
    ("waiting_data", "give_up"): "failed",
}


class EstimateUnknown(NotFound):
    code = "estimate.not_found"


class TooManyEstimates(TooMany):
    """The sources of one business are asked for estimates ten times a day."""

    code = "estimate.too_many"


@dataclass(frozen=True)
class Stated:
    """What the customer says they owe elsewhere and pay for it each month."""

    debt_fen: int
    monthly_fen: int


@dataclass(frozen=True)
class Range:
    """An estimate: both ends with the outcome behind each, and what would raise it."""

    best: Outcome
    cautious: Outcome
    low_rate: Decimal
    high_rate: Decimal
    drivers: tuple[Reason, ...]
    raises: tuple[Reason, ...]

    @property
    def low_fen(self) -> int:
        """0 where it depends on the credit report whether anything is lent."""
        return min(self.best.amount_fen, self.cautious.amount_fen)

    @property
    def high_fen(self) -> int:
        return self.best.amount_fen

    def as_json(self) -> dict[str, Any]:
        return {
            "best": self.best.as_json(),
            "cautious": self.cautious.as_json(),
            "low_rate": str(self.low_rate),
            "high_rate": str(self.high_rate),
            "drivers": [one.as_json() for one in self.drivers],
            "raises": [one.as_json() for one in self.raises],
        }


def cases(
    reports: Mapping[str, Report | None],
    known: Known,
    stated: Stated,
    product: ProductTerms,
    *,
    lpr_1y: Decimal,
    all_in_cap: Decimal,
    on: date,
) -> tuple[Case, Case]:
    """The two cases to decide on, best and cautious: the most the product lends, over its longest term."""
    sound = collect({**reports, "bureau": _assumed(stated, 0, on, cautious=False)}, known, on)
    received_fen = sound["monthly_inflow_fen"].number
    doubtful = collect({**reports, "bureau": _assumed(stated, received_fen, on, cautious=True)}, known, on)
    best = Case(
        amount_fen=product.max_fen,
        term_months=max(product.terms_months),
        method="equal_instalment",
        whole=False,
        features=sound,
        lpr_1y=lpr_1y,
        all_in_cap=all_in_cap,
        decided_on=on,
    )
    return best, replace(best, features=doubtful)


def _assumed(stated: Stated, received_fen: int, on: date, *, cautious: bool) -> Report:
    """A credit report as it may be. Cautious: a late instalment, some queries, and debts that were not stated."""
    loans = [{"balance_fen": stated.debt_fen, "monthly_payment_fen": stated.monthly_fen}]
    if cautious:
        loans.append({"balance_fen": received_fen // 2, "monthly_payment_fen": received_fen // 50})
    return {
        "reported_at": f"{on.isoformat()}T04:00:00+00:00",
        "credit_file": "full",
        "current_overdue_fen": 0,
        "overdue_count_24m": 1 if cautious else 0,
        "worst_overdue_days_24m": 5 if cautious else 0,
        "queries_3m": 4 if cautious else 1,
        "card_limit_fen": 10_000,
        "card_used_fen": 6_000 if cautious else 2_000,
        "loans": loans,
        "court_listed": False,
        "sanctioned": False,
    }


def estimate(best: Case, cautious: Case, rules: RuleSet, product: ProductTerms) -> Range:
    """Decide both cases; the rates run from the best end's cheapest term to the cautious end's dearest."""
    high, low = decide(best, rules, product), decide(cautious, rules, product)
    terms = product.terms_months
    return Range(
        best=high,
        cautious=low,
        low_rate=min(price_for(best, rules, product, high.grade, term).annual_rate for term in terms),
        high_rate=max(price_for(cautious, rules, product, low.grade, term).annual_rate for term in terms),
        drivers=tuple(one for one in high.adverse if _is_known(one)),
        raises=tuple(_raises(best, high, rules, product)),
    )


def _is_known(one: Reason) -> bool:
    """Not what was assumed of the credit report."""
    return one.evidence is not None and one.evidence.source != "bureau"


def _raises(case: Case, outcome: Outcome, rules: RuleSet, product: ProductTerms) -> Sequence[Reason]:
    """What holds the amount down most: the weakest figure, or what the month carries; nothing at the product's cap."""
    steps = outcome.limit.steps
    caps: Mapping[str, int] = steps["caps_fen"]
    if outcome.amount_fen >= product.max_fen:
        return ()
    plan = plan_of(outcome.amount_fen or case.amount_fen, case, product, outcome.price.annual_rate)
    payment_fen = largest_payment(plan)
    amounts = {
        "limit": outcome.limit.available_fen,
        "wish": product.max_fen,
        "capacity": outcome.limit.monthly_capacity_fen,
        "payment": payment_fen,
    }
    words = {name: written("monthly_inflow_fen", fen) for name, fen in amounts.items()}
    if steps["graded_fen"] <= min(caps.values()):
        supported: Mapping[str, int] = steps["supported_fen"]
        weakest = min(supported, key=lambda name: (supported[name], name))
        return (reason("limit", rules.limit.too_small, case.features[weakest], **words),)
    return (reason("limit", rules.limit.cannot_pay, case.features["monthly_inflow_fen"], **words),)
