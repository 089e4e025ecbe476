"""Loan arithmetic over plain values: no web, no database, no clock.

Every amount is an int of fen, every rate a Decimal, every day a date. A refusal is an `EngineError`, a ValueError with
a stable `code`. The modules by subject:

schedules, due_dates, daycount, calendar    terms become rows
costs, cost_sheet, conversions              what a loan really costs a year
allocation, overdue, prepayment             what a payment settles, what lateness costs, paying early
replay                                      a loan from its events, corrections included
projection                                  whole portfolios (needs numpy)
codes, uppercase, documents                 identity codes, capital figures, receipts and letters
calculator                                  the public calculator's contract
"""

from .calculator import calculate, early_repayment
from .costs import all_in_cost
from .errors import EngineError
from .schedules import Schedule, schedule
from .terms import DayCount, Every, Fee, FeeAt, FirstPeriod, HolidayRule, Instalment, Method, Terms, Unit

__all__ = [
    "DayCount",
    "EngineError",
    "Every",
    "Fee",
    "FeeAt",
    "FirstPeriod",
    "HolidayRule",
    "Instalment",
    "Method",
    "Schedule",
    "Terms",
    "Unit",
    "all_in_cost",
    "calculate",
    "early_repayment",
    "schedule",
]
