"""What an approved customer may agree to: amount, term and method within the decision, and the regulated bounds."""

from __future__ import annotations

from decimal import Decimal

from app.credit.domain import parameters as named
from app.credit.domain.applications import AmountAboveOffer, InstalmentTooHigh
from app.credit.domain.limit_reasons import largest_payment
from app.credit.domain.parameters import Parameters
from app.credit.domain.products import ProductTerms
from app.engine.costs import CostBasis, all_in_cost, exceeds_cap
from app.engine.schedules import Schedule
from app.kernel.errors import Conflict


class AboveCap(Conflict):
    """The yearly all-in cost is above the cap that holds today: nothing may be offered at this price."""

    code = "offer.above_all_in_cap"


class UpliftOutOfRange(Conflict):
    """A penalty uplift of the product is outside what holds today: nothing may be offered with it."""

    code = "offer.penalty_out_of_range"


def check_amount(asked_fen: int, approved_fen: int, *, whole: bool) -> None:
    """At most what was approved; exactly that where it pays one order. Raises AmountAboveOffer."""
    if asked_fen > approved_fen or (whole and asked_fen != approved_fen):
        raise AmountAboveOffer("Another amount was approved.", approved_fen=approved_fen)


def check_plan(plan: Schedule, *, monthly_capacity_fen: int, all_in_cap: Decimal) -> None:
    """The highest instalment must be affordable and the all-in cost within the cap.

    Raises InstalmentTooHigh, AboveCap.
    """
    payment_fen = largest_payment(plan)
    if payment_fen > monthly_capacity_fen:
        raise InstalmentTooHigh(
            "The instalment is more than what you can pay a month; choose a longer term.",
            payment_fen=payment_fen,
            monthly_capacity_fen=monthly_capacity_fen,
        )
    check_cap(plan, all_in_cap)


def check_cap(plan: Schedule, all_in_cap: Decimal) -> None:
    """The yearly all-in cost within the cap. Raises AboveCap."""
    if exceeds_cap(all_in_cost(plan), all_in_cap, CostBasis.NOMINAL):
        raise AboveCap("The all-in cost is above the cap.", all_in_cap=str(all_in_cap))


def check_uplifts(product: ProductTerms, parameters: Parameters) -> None:
    """Both penalty uplifts within the regulated ranges of the day. Raises UpliftOutOfRange."""
    for uplift_bps, low, high in (
        (product.overdue_uplift_bps, named.OVERDUE_UPLIFT_MIN, named.OVERDUE_UPLIFT_MAX),
        (product.misuse_uplift_bps, named.MISUSE_UPLIFT_MIN, named.MISUSE_UPLIFT_MAX),
    ):
        if not parameters[low] <= Decimal(uplift_bps) / 10_000 <= parameters[high]:
            raise UpliftOutOfRange("The product's penalty is outside the range in force.", uplift_bps=uplift_bps)
