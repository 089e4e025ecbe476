"""Products: what may be asked for, at which price and under which conditions; every figure from a dated row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.credit.domain.features import Text
from app.engine.errors import ScheduleError
from app.engine.plan_options import PlanOptions
from app.engine.repricing import RepricedOn
from app.engine.schedules import schedule
from app.engine.terms import FirstPeriod, HolidayRule, Method
from app.kernel.errors import NotFound, Unprocessable

DAYS_TO_PAY_OUT = 7  # between the last day of an offer and its money, at most
_TRIED: dict[str, Any] = {"principal_fen": 1_000_000, "annual_rate": Decimal("0.06"), "start_on": date(2026, 1, 31)}
# Fees that may be charged on a small-business loan at all: none so far ("two bans two limits", unverified source).
FEE_KINDS: frozenset[str] = frozenset()


class ProductUnknown(NotFound):
    """No such product is offered on this day."""

    code = "product.not_found"


class AmountOutOfRange(Unprocessable):
    """The amount is below the product's minimum or above its maximum; the context holds both."""

    code = "application.amount_out_of_range"


class TermNotOffered(Unprocessable):
    code = "application.term_not_offered"


class MethodNotOffered(Unprocessable):
    code = "application.method_not_offered"


class ProductMalformed(Unprocessable):
    """The body of a product cannot be used; the detail says where."""

    code = "product.malformed"


@dataclass(frozen=True)
class ProductTerms:
    """A version of a product. Rates in basis points, amounts in fen."""

    code: str
    version: str
    name: Text
    min_fen: int
    max_fen: int
    step_fen: int
    terms_months: tuple[int, ...]
    methods: tuple[str, ...]
    spread_bps: int
    floor_bps: int
    cap_bps: int
    overdue_uplift_bps: int
    misuse_uplift_bps: int
    grace_days: int
    offer_valid_days: int
    line_valid_months: int
    forbidden_uses: Text
    plan: PlanOptions
    repriced_on: RepricedOn | None  # None: the rate is fixed
    body: Mapping[str, Any]

    @classmethod
    def parse(cls, code: str, version: str, body: Mapping[str, Any]) -> ProductTerms:
        """Read and check a body. Raises ProductMalformed."""
        try:
            terms = cls(
                code=code,
                version=version,
                name=Text.parse(body["name"]),
                **{name: body["amount"][name] for name in ("min_fen", "max_fen", "step_fen")},
                terms_months=tuple(body["terms_months"]),
                methods=tuple(str(Method(one)) for one in body["methods"]),
                **{name: body["price"][name] for name in ("spread_bps", "floor_bps", "cap_bps")},
                **{name: body["penalty"][name] for name in ("overdue_uplift_bps", "misuse_uplift_bps")},
                **{name: body[name] for name in ("grace_days", "offer_valid_days", "line_valid_months")},
                forbidden_uses=Text.parse(body["forbidden_uses"]),
                plan=PlanOptions.read({**body.get("plan", {}), "day_count": body["day_count"]}),
                repriced_on=RepricedOn(body["repricing"]["on"]) if "repricing" in body else None,
                body=body,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ProductMalformed(f"The product lacks or misspells {error}.") from error
        if unlisted := {fee["kind"] for fee in body["fees"]} - FEE_KINDS:
            raise ProductMalformed(f"Fees that may not be charged: {', '.join(sorted(unlisted))}.")
        plan = terms.plan
        if plan.first_period is FirstPeriod.MERGED or plan.principal_grace or plan.interest_grace:
            # screens say "12 payments of so much": the first ones would be others
            raise ProductMalformed("A merged first period and grace cannot be shown yet: the first payments differ.")
        terms._check_plans()
        return terms

    def _check_plans(self) -> None:
        """Each term has a plan by each method, whatever the day: whole periods, and instalments that grace can put off.
        Only which days are holidays is another question. Raises ProductMalformed."""
        options = replace(self.plan, holidays=HolidayRule.SAME_DAY)
        for method in self.methods:
            for months in self.terms_months:
                try:
                    schedule(options.terms(**_TRIED, method=method, term_months=months))
                except ScheduleError as error:
                    raise ProductMalformed(f"No plan of {months} months by {method}: {error}.") from error

    def check_calendar(self, *, term_months: int, method: str, on: date) -> None:
        """Where due days are moved off holidays, the working days of the whole term are known for every day on which a
        loan that is asked for on this day may still be paid out. Raises `calendar.year_unknown`."""
        if self.plan.holidays is not HolidayRule.SAME_DAY:
            latest_on = on + timedelta(days=self.offer_valid_days + DAYS_TO_PAY_OUT)
            schedule(self.plan.terms(**{**_TRIED, "start_on": latest_on}, method=method, term_months=term_months))

    def check(self, *, amount_fen: int, term_months: int, method: str) -> None:
        """Raises AmountOutOfRange, TermNotOffered, MethodNotOffered."""
        if not self.min_fen <= amount_fen <= self.max_fen:
            raise AmountOutOfRange("The product does not lend this amount.", min_fen=self.min_fen, max_fen=self.max_fen)
        if term_months not in self.terms_months:
            raise TermNotOffered("The product has other terms.", terms_months=list(self.terms_months))
        if method not in self.methods:
            raise MethodNotOffered("The product has other repayment methods.", methods=list(self.methods))

    def overdue_rate(self, annual_rate: Decimal) -> Decimal:
        """The yearly penalty rate: contract rate × (1 + uplift)."""
        return uplifted(annual_rate, self.overdue_uplift_bps)

    def misuse_rate(self, annual_rate: Decimal) -> Decimal:
        """The yearly penalty rate for money put to another use."""
        return uplifted(annual_rate, self.misuse_uplift_bps)


def uplifted(annual_rate: Decimal, uplift_bps: int) -> Decimal:
    """rate × (1 + uplift), to six places."""
    return (annual_rate * (10_000 + uplift_bps) / 10_000).quantize(Decimal("0.000001"))
