"""Credit lines: their states, why one is frozen, how often it is reviewed, and the facts that refuse a draw.

What is free = limit − reserved − used, and never below 0.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.credit.domain.features import Text
from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

LINE_STATES = {
    ("active", "freeze"): "frozen",
    ("frozen", "unfreeze"): "active",
    ("active", "expire"): "expired",  # a frozen line stays frozen: time does not lift a freeze
    ("expired", "renew"): "active",
}
# Lines of more than a year are looked at again at least yearly (银保监会令2020年第9号, from press, unverified).
REVIEW_MONTHS = 12

FREEZE_REASONS: Mapping[str, Text] = {
    "overdue": Text("有款项逾期", "A payment is overdue"),
    "fraud_suspected": Text("需要人工核实交易", "Transactions must be checked by a person"),
    "misuse": Text("贷款用途需要核实", "The use of the money must be checked"),
    "court_order": Text("司法机关要求", "A court has asked for it"),
    "consent_withdrawn": Text("你撤回了用数授权", "You withdrew the consent to use your data"),
    "review_failed": Text("年度复核未通过", "The yearly review was not passed"),
    "customer_request": Text("应你本人要求", "You asked for it"),
}


class LineUnknown(NotFound):
    code = "credit_line.not_found"


class LimitExceeded(Conflict):
    """The line has not that much left; the context holds what it has."""

    code = "credit_line.limit_exceeded"


class ExposureLimitReached(Conflict):
    """The bank lends no more of this kind for now; the context says which limit is reached: customer, partner, day."""

    code = "credit_line.exposure_limit_reached"


class LineNotUsable(Conflict):
    """The line is frozen (the context says why), over, closed, or its yearly review is overdue."""

    code = "credit_line.not_usable"


class LineMismatch(Conflict):
    """More would be given back than was taken."""

    code = "credit_line.mismatch"


class FreezeReasonUnknown(Unprocessable):
    code = "credit_line.freeze_reason_unknown"


class OwnFreeze(Forbidden):
    """Who froze a line does not lift the freeze: another person must look."""

    code = "credit_line.own_freeze"
