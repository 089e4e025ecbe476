"""Level payments and yearly costs against the examples of spreadsheets, US and EU rules."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.engine import closed_forms
from app.engine.errors import CostError
from app.engine.internal_rates import irr, xirr

from .published import cases


def decimal(text: Any) -> Decimal:
    """A number, or a quotient such as 0.08/12."""
    fraction = Fraction(1)
    for place, part in enumerate(str(text).split("/")):
        fraction = fraction / Fraction(part) if place else Fraction(part)
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def us_rate(given: dict[str, Any]) -> Decimal:
    paid = given["payments"]
    payments = [paid["amount"]] * paid["count"] if isinstance(paid, dict) else paid
    return 100 * closed_forms.us_annual_rate(
        given["amount_advanced"],
        payments,
        given["whole_unit_periods_to_first"],
        given["odd_fraction"],
        given["unit_periods_per_year"],
    )


def eu_rate(given: dict[str, Any]) -> Decimal:
    flows = [[(time, amount) for time, amount in given[side]] for side in ("drawdowns", "payments")]
    return 100 * closed_forms.eu_annual_rate(*flows)


def level(name: str, given: dict[str, Any]) -> Decimal:
    rate, periods, present = decimal(given["rate"]), given["nper"], decimal(given["pv"])
    begin = given.get("when") == "begin"
    if name == "pmt":
        return closed_forms.payment(rate, periods, present, begin=begin)
    if name == "cumprinc":
        return closed_forms.cumulative_principal(rate, periods, present, given["start"], given["end"])
    part = closed_forms.interest_part if name == "ipmt" else closed_forms.principal_part
    return part(rate, given["per"], periods, present, begin)


def answer(name: str, given: dict[str, Any]) -> Decimal:
    if name == "apr_us_actuarial":
        return us_rate(given)
    if name == "aprc_eu":
        return eu_rate(given)
    if name == "irr":
        return irr(given["values"])
    if name == "xirr":
        return xirr(zip(map(date.fromisoformat, given["dates"]), given["values"], strict=True))
    if name == "rate":
        return closed_forms.periodic_rate(given["nper"], *(decimal(given[key]) for key in ("pmt", "pv", "fv")))
    if name == "nper":
        return closed_forms.number_of_periods(*(decimal(given[key]) for key in ("rate", "pmt", "pv")))
    return level(name, given)


@pytest.mark.parametrize("case", cases("closed_form.json"), ids=lambda case: case and case["id"])
def test_published_value(case: dict[str, Any] | None) -> None:
    if case is None:
        pytest.skip("published cases are not beside this clone")
    off = abs(answer(case["function"], case["inputs"]) - Decimal(str(case["expected"])))
    assert off <= Decimal(str(case["tolerance"]))


def test_parts_add_up_to_the_payment_and_to_the_principal() -> None:
    rate, present = Decimal("0.005"), Decimal(100_000)
    for begin in (False, True):
        amount = closed_forms.payment(rate, 12, present, begin=begin)
        principal = [closed_forms.principal_part(rate, period, 12, present, begin) for period in range(1, 13)]
        interest = [closed_forms.interest_part(rate, period, 12, present, begin) for period in range(1, 13)]
        assert abs(sum(principal) + present) < Decimal("1e-18")
        assert all(abs(p + i - amount) < Decimal("1e-18") for p, i in zip(principal, interest, strict=True))
    assert abs(closed_forms.payment(rate, 12, present) + Decimal("8606.64")) < Decimal("0.005")


def test_refused() -> None:
    for call in (
        lambda: closed_forms.payment(Decimal("0.1"), 0, Decimal(1)),
        lambda: closed_forms.interest_part(Decimal("0.1"), 13, 12, Decimal(1)),
        lambda: closed_forms.number_of_periods(Decimal("0.1"), Decimal(-1), Decimal(100)),
        lambda: closed_forms.number_of_periods(Decimal("0.1"), Decimal(0), Decimal(100)),
        lambda: closed_forms.us_annual_rate(100, [10], 1, 0, 12),
        lambda: closed_forms.eu_annual_rate([(0, 100)], []),
    ):
        with pytest.raises(CostError):
            call()
