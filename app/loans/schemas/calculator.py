"""The public calculator's contract: terms in, schedules and yearly costs out. Amounts in fen, rates as text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.engine.rounding import Rounding
from app.engine.terms import DayCount, FeeAt
from app.kernel.web.routing import In, Out

METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat")
UNITS = ("day", "week", "month", "year")
MAX_FEES = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,30})?")


class Day(fields.Date):
    """A date as YYYY-MM-DD and nothing else: the library would also read weeks and days without dashes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValidationError("Not a day as YYYY-MM-DD.")
        return super()._deserialize(value, attr, data, **kwargs)


class RateText(fields.String):
    """A rate as text in plain digits: as a JSON number it would pass through binary fractions somewhere."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _RATE.fullmatch(value):
            raise ValidationError('Not a rate as text, such as "0.0600".')
        return Decimal(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format(value, "f")


class EveryIn(In):
    """The length of a period, such as every 1 month."""

    unit = fields.String(load_default="month", validate=validate.OneOf(UNITS))
    count = fields.Integer(load_default=1, strict=True)


class FeeIn(In):
    """A fee taken once at the start or again with each instalment."""

    at = fields.Enum(FeeAt, by_value=True, required=True)
    amount_fen = fields.Integer(required=True, strict=True)


class ScheduleIn(In):
    """The terms of a loan. Bounds: 1 ≤ principal ≤ 10^12 fen, 1 to 600 instalments, 0 ≤ rate ≤ 1."""

    principal_fen = fields.Integer(required=True, strict=True)
    annual_rate = RateText(required=True, metadata={"description": "Simple, a year", "example": "0.0600"})
    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    instalments = fields.Integer(required=True, strict=True)
    every = fields.Nested(EveryIn, load_default=lambda: {"unit": "month", "count": 1})
    start_on = Day(required=True)
    due_on = fields.List(
        Day(), load_default=None, validate=validate.Length(max=600), metadata={"description": "Explicit due days"}
    )
    day_count = fields.Enum(DayCount, by_value=True, load_default=DayCount.THIRTY_360)
    rounding = fields.Enum(Rounding, by_value=True, load_default=Rounding.HALF_UP)
    smoothing = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    fees = fields.List(fields.Nested(FeeIn), load_default=list, validate=validate.Length(max=MAX_FEES))


class PaymentIn(In):
    """Money that was paid on a day."""

    on = Day(required=True)
    amount_fen = fields.Integer(required=True, strict=True)


class EarlyRepaymentIn(In):
    """A loan, what was paid on it, and the amount to pay early."""

    schedule = fields.Nested(ScheduleIn, required=True)
    payments = fields.List(fields.Nested(PaymentIn), load_default=list)
    on = Day(required=True)
    amount_fen = fields.Integer(required=True, strict=True)


class ScheduleRowOut(Out):
    """One instalment; `payment_fen` includes the row's fees, `balance_fen` is what is left after it."""

    number = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    principal_fen = fields.Integer(required=True)
    interest_fen = fields.Integer(required=True)
    fee_fen = fields.Integer(required=True)
    payment_fen = fields.Integer(required=True)
    balance_fen = fields.Integer(required=True)


class ScheduleOut(Out):
    """A schedule with its totals and its yearly cost."""

    instalments = fields.List(fields.Nested(ScheduleRowOut), required=True)
    total_interest_fen = fields.Integer(required=True)
    total_fee_fen = fields.Integer(required=True)
    all_in_annual_rate = RateText(
        required=True, metadata={"description": "IRR of a period × periods a year; XIRR for irregular due days"}
    )
    effective_annual_rate = RateText(
        required=True, metadata={"description": "(1 + IRR of a period) ^ periods a year − 1"}
    )


class RemainingOut(ScheduleOut):
    """What is left after a part is paid early, and the interest that this saves."""

    interest_saved_fen = fields.Integer(required=True)


class EarlyRepaymentOut(Out):
    """What settles the loan on the day, and both outcomes of paying the amount."""

    pay_off_fen = fields.Integer(required=True)
    lower_instalment = fields.Nested(RemainingOut, required=True)
    shorter_term = fields.Nested(RemainingOut, required=True)
