"""What refuses where a loan is to be shown to the partner that brought it."""

from __future__ import annotations

from app.kernel.errors import NotFound


class NoPartner(NotFound):
    """No partner brought the loan."""

    code = "loan.no_partner"
