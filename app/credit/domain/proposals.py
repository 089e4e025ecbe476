"""How a version of a product or of rules comes into force: proposed, tried on the past, decided by somebody else."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.credit.domain.cases import Outcome
from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

PROPOSAL_STATES = {("proposed", "approve"): "approved", ("proposed", "reject"): "rejected"}
WHOLE_BPS = 10_000
CHALLENGERS_MOST_BPS = 5_000  # the rules that are known to work decide on at least half


class ProposalUnknown(NotFound):
    code = "proposal.not_found"


class ProposalExists(Conflict):
    """This version was proposed before."""

    code = "proposal.exists"


class OwnProposal(Forbidden):
    """Who proposed does not decide."""

    code = "proposal.own"


class WhatIfMissing(Conflict):
    """Nobody has seen yet what the change would have done to past applications."""

    code = "proposal.what_if_missing"


class DayOver(Unprocessable):
    """A version cannot come into force in the past."""

    code = "proposal.day_over"


class ShareTooLarge(Unprocessable):
    """Challengers together decide on more than half; only rules can be challenged."""

    code = "proposal.share_too_large"


@dataclass(frozen=True)
class Tried:
    """One past decision: as it was, and as the proposed version would decide; None where it does not apply."""

    before: Outcome
    after: Outcome | None


def what_if(tried: Iterable[Tried]) -> dict[str, int]:
    """Counts of what would have changed; amounts in fen, summed over approvals."""
    counts: Counter[str] = Counter()
    for one in tried:
        counts["decisions"] += 1
        if one.after is None:
            counts["not_applicable"] += 1
            continue
        before, after = one.before, one.after
        counts["approved_before"] += before.approved
        counts["approved_after"] += after.approved
        counts["amount_before_fen"] += before.amount_fen
        counts["amount_after_fen"] += after.amount_fen
        counts["newly_approved"] += after.approved and not before.approved
        counts["newly_declined"] += before.approved and not after.approved
        both = before.approved and after.approved
        counts["amount_changed"] += both and before.amount_fen != after.amount_fen
        counts["rate_changed"] += both and before.price.annual_rate != after.price.annual_rate
        counts["unchanged"] += _same(before, after)
    return {name: int(counts[name]) for name in COUNTED}


COUNTED = (
    "decisions", "not_applicable", "unchanged", "newly_approved", "newly_declined", "amount_changed", "rate_changed",
    "approved_before", "approved_after", "amount_before_fen", "amount_after_fen",
)  # fmt: skip


def _same(before: Outcome, after: Outcome) -> bool:
    codes = [[reason.code for reason in one.reasons] for one in (before, after)]
    figures = [(one.approved, one.amount_fen, one.price.annual_rate) for one in (before, after)]
    return codes[0] == codes[1] and figures[0] == figures[1]


def bucket(product_code: str, enterprise_id: UUID) -> int:
    """Where a business stands among 10,000 places of a product's split: always the same place."""
    whole = hashlib.sha256(f"split:{product_code}:{enterprise_id}".encode()).digest()
    return int.from_bytes(whole[:8]) % WHOLE_BPS


def challenger_at(place: int, shares_bps: Sequence[int]) -> int | None:
    """Which challenger decides at a place, None for the champion: their shares stand side by side from place 0 on."""
    until = 0
    for number, share in enumerate(shares_bps):
        until += share
        if place < until:
            return number
    return None
