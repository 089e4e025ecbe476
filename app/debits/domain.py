"""The states of mandates, debits and batches, what their results mean, and the facts that refuse."""

from __future__ import annotations

import re
from datetime import timedelta

from app.kernel.errors import Conflict, NotFound, TooMany, Unprocessable

PURPOSE = "direct_debit"  # of the second factor and of the consent
ACCOUNT_NO = re.compile(r"[0-9]{8,32}", re.ASCII)
BANK_CODE = re.compile(r"[0-9]{12}", re.ASCII)
UNFIT_NAME = re.compile(r"[|\x00-\x1f\x7f]")
MOST_LINES = 2000  # a file; the next one takes the rest
WAITS_S = (2, 5, 15, 30, 60, 300, 900)
LAST_WAIT_S = 1800

MANDATE_STATES = {
    ("checking", "matched"): "checked",
    ("checking", "refused"): "refused",
    ("checked", "confirmed"): "active",
    ("checked", "revoked"): "revoked",
    ("active", "revoked"): "revoked",
    ("active", "replaced"): "replaced",
    ("active", "account_closed"): "suspended",
    ("suspended", "revoked"): "revoked",
}
# `withdrawn`: the customer changed their mind before a file was made. A success may still come back (`returned`).
DEBIT_STATES = {
    ("requested", "filed"): "filed",
    ("requested", "withdrawn"): "withdrawn",
    ("filed", "succeeded"): "succeeded",
    ("filed", "failed"): "failed",
    ("succeeded", "returned"): "returned",
}
BATCH_STATES = {
    ("made", "sent"): "sent",
    ("made", "conflict"): "held",
    ("sent", "done"): "done",
}
OPEN_BATCH = frozenset({"made", "sent"})
LIVE_DEBIT = frozenset({"requested", "filed"})
DEAD_ACCOUNT = frozenset({"account.closed", "account.unknown", "account.frozen", "mandate.unknown"})
NOT_ENOUGH = "balance.too_low"
UNBOOKED_RETURN = "return_not_booked"  # a finding: the money is gone and still stands on what it paid


class MandateUnknown(NotFound):
    code = "debit_mandate.not_found"


class BatchUnknown(NotFound):
    """There is no such file of debits."""

    code = "debit_batch.not_found"


class MandateOver(Conflict):
    """This mandate was confirmed, refused or ended already."""

    code = "debit_mandate.over"


class NoMandate(Conflict):
    """There is no account that may be debited now: none was named, it was ended, or it still rests after a change."""

    code = "debit_mandate.none_usable"


class AccountUnfit(Unprocessable):
    """The core bank says that this is not an open account of this person; `result` in the context."""

    code = "debit_mandate.account_unfit"


class NotIdentified(Conflict):
    """An account is compared with a name: who the customer is must be known first."""

    code = "debit_mandate.not_identified"


class TooManyChecks(TooMany):
    """So many accounts cannot be tried in one day."""

    code = "debit_mandate.too_many_checks"


class DebitInFlight(Conflict):
    """The debit is on its way to the core bank: only its result ends it."""

    code = "debit.in_flight"


class RuleMissing(RuntimeError):
    """No row of `debit_rules` says what holds today: nothing is debited by guess."""


def wait(step: int) -> timedelta:
    """How long after the last question the core bank is asked again."""
    return timedelta(seconds=WAITS_S[step] if step < len(WAITS_S) else LAST_WAIT_S)


def mask(account_tail: str) -> str:
    """`3086` → `尾号 3086`."""
    return f"尾号 {account_tail}"
