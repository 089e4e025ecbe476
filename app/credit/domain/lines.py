"""Credit lines: the facts that refuse a draw. What is free = limit − reserved − used, and never below 0."""

from __future__ import annotations

from app.kernel.errors import Conflict, NotFound


class LineUnknown(NotFound):
    code = "credit_line.not_found"


class LimitExceeded(Conflict):
    """The line has not that much left; the context holds what it has."""

    code = "credit_line.limit_exceeded"


class LineNotUsable(Conflict):
    """The line is frozen, closed or over."""

    code = "credit_line.not_usable"


class LineMismatch(Conflict):
    """More would be given back than was taken."""

    code = "credit_line.mismatch"
