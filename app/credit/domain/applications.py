"""Applications: their states, how long they wait for sources, and the facts that refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

STATES = {
    ("submitted", "collect"): "deciding",
    ("deciding", "source_down"): "waiting_data",
    ("waiting_data", "sources_back"): "deciding",
    ("deciding", "approve"): "approved",
    ("deciding", "decline"): "declined",
    ("approved", "prepare_signing"): "signing",
    ("signing", "contract_signed"): "effective",
    ("effective", "draw"): "drawn",
    ("effective", "draw_fails"): "closed",
    ("submitted", "withdraw"): "withdrawn",
    ("deciding", "withdraw"): "withdrawn",
    ("waiting_data", "withdraw"): "withdrawn",
    ("approved", "withdraw"): "withdrawn",
    ("signing", "withdraw"): "withdrawn",
    ("submitted", "expire"): "expired",
    ("deciding", "expire"): "expired",
    ("waiting_data", "expire"): "expired",
    ("approved", "expire"): "expired",
    ("signing", "expire"): "expired",
}
LIVE = ("submitted", "deciding", "waiting_data", "approved", "signing", "effective")
TAKEN = (*LIVE, "drawn")  # an order that was financed needs no second loan
UNDRAWN = ("approved", "signing", "effective")  # approved amounts that will come out of the line

CONSENT_KINDS = ("privacy_terms", "identity_check", "bureau_query", "tax_data", "invoice_data")
# Seconds between tries while a source is down; the last one repeats until the application expires.
SOURCE_WAITS_S = (20, 60, 300, 900, 3600)
WAITS_FOR_SOURCES = timedelta(days=7)
UNDECIDED = ("submitted", "deciding", "waiting_data")


class ApplicationUnknown(NotFound):
    code = "application.not_found"


class ApplicationExists(Conflict):
    """There is a live application for this order, or for this product without an order; the context names it."""

    code = "application.exists"


class NotAllowedToApply(Forbidden):
    """Only the legal representative may borrow for an enterprise."""

    code = "application.not_allowed"


class PurposeUnknown(Unprocessable):
    code = "application.purpose_unknown"


class NotYetOffered(Conflict):
    """Terms are agreed on only after approval and before signing."""

    code = "application.not_offered"


class AmountAboveOffer(Unprocessable):
    """More than was approved, or not the order's amount; the context holds the amount."""

    code = "application.amount_above_offer"


class InstalmentTooHigh(Unprocessable):
    """The instalment of this term exceeds what the decision found affordable a month; the context holds it."""

    code = "application.instalment_too_high"


class ContractBinding(Conflict):
    """The contract carries the customer's signature: the application cannot be withdrawn any more."""

    code = "application.contract_binding"


PURPOSES = ("goods", "materials", "equipment", "working_capital")


@dataclass(frozen=True)
class Payee:
    """Whom the bank pays for the customer (entrusted payment)."""

    account_no: str
    account_name: str
    bank_code: str
    name: str


def wait_after(attempt: int) -> timedelta:
    """How long to wait for a source after the given number of tries."""
    return timedelta(seconds=SOURCE_WAITS_S[min(attempt, len(SOURCE_WAITS_S) - 1)])
