"""What refuses a certificate of settlement."""

from __future__ import annotations

from app.kernel.errors import Conflict


class NotSettled(Conflict):
    """The loan is still owed, or became so again."""

    code = "loan.not_settled"
