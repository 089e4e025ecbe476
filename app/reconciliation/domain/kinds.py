"""The kinds of difference, what is proposed for each, and who may propose and decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.loans.domain import changed_terms

# What may be done about a difference; the first is what the console suggests.
#   ask: ask the other side again and book what it says · correct: post the difference · accept: explain it in words
#   outside_refund: book a refund that was made on the channel's own pages · fetch: get the file again
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "missing_here": ("ask", "correct", "accept"),
    "missing_there": ("ask", "correct", "accept"),
    "amount": ("correct", "ask", "accept"),
    "duplicate": ("accept", "correct"),
    "cut_off": ("accept",),
    "state": ("ask", "accept"),
    "fee": ("correct", "accept"),
    "foreign_merchant": ("accept",),
    "truncated": ("fetch", "accept"),
    "wrong_totals": ("fetch", "accept"),
    "reissued": ("accept", "fetch"),
    "refund_missing": ("outside_refund", "ask", "accept"),
    "unknown": ("accept", "correct", "fetch"),
}
FILE_KINDS = frozenset({"truncated", "wrong_totals", "reissued"})
CLOSED = frozenset({"explained", "corrected", "gone"})
DIFFERENCE_STATES = {
    ("open", "explained"): "explained",
    ("open", "corrected"): "corrected",
}
PROPOSAL_STATES = {("proposed", "approve"): "approved", ("proposed", "reject"): "rejected"}
PAYMENT_KINDS = ("refund", "match")
TRANSFER_KINDS = ("release", "give_up")
# An abnormal refund on another way: to a debit card of the payer's, or to our own bank account.
REFUND_KINDS = ("refund_to_card", "refund_to_us")
# Taking a booked repayment back, with why `loans` keeps it; `wrong_loan` names the loan that the money was for.
REPAYMENT_KINDS = {"reverse_bounced": "bounced", "reverse_chargeback": "chargeback", "wrong_loan": "wrong_loan"}
# Changes of a live loan's terms; the numbers asked for are the proposal's `details`.
LOAN_KINDS = changed_terms.PROPOSED
# What the bank gives up of a loan; why and how much are the proposal's `details`.
RELIEF_KINDS = ("waiver", "write_off")
# A rate that the market publishes; benchmark, day and rate are the proposal's `details`.
RATE_KINDS = ("publish_rate",)
PROPOSERS = frozenset({"finance", "operations"})
DECIDERS = frozenset({"finance", "admin"})
MIN_REASON, MAX_REASON = 4, 200


class ProposalUnknown(NotFound):
    code = "proposal.unknown"


class DifferenceUnknown(NotFound):
    code = "difference.unknown"


class DifferenceClosed(Conflict):
    """It is explained or corrected already."""

    code = "difference.closed"


class AlreadyProposed(Conflict):
    """Somebody proposed something for this already: it is decided first."""

    code = "proposal.already_open"


class OwnProposal(Forbidden):
    """Nobody decides what they proposed themselves."""

    code = "proposal.own"


class NotForYourRole(Forbidden):
    """This role neither proposes nor decides about money."""

    code = "proposal.not_your_role"


class AnswerImpossible(Unprocessable):
    """This cannot be done about such a thing."""

    code = "proposal.impossible"


class RateWrong(Unprocessable):
    """The rate, its day or its benchmark is none."""

    code = "rate.wrong"


class RateKnown(Conflict):
    """The rate of this day was entered before."""

    code = "rate.known"


class ReasonMissing(Unprocessable):
    """Why must be said in words."""

    code = "proposal.reason_missing"


def check_reason(reason: str) -> str:
    """The reason in its normal form. Raises ReasonMissing."""
    words = " ".join("".join(char if char.isprintable() else " " for char in reason).split())
    if not MIN_REASON <= len(words) <= MAX_REASON:
        raise ReasonMissing(f"Say why in {MIN_REASON} to {MAX_REASON} characters.")
    return words


def check_role(roles: Iterable[str], allowed: frozenset[str]) -> None:
    """Raises NotForYourRole."""
    if not allowed & set(roles):
        raise NotForYourRole("Your role does not decide about money.")
