"""Human review of refusals (PIPL art. 24: nobody has to accept a decision made by a machine alone), and re-applying."""

from __future__ import annotations

from app.credit.domain.cases import Outcome
from app.kernel.errors import Conflict, NotFound

REVIEW_STATES = {
    ("open", "claim"): "claimed",
    ("claimed", "claim"): "claimed",  # somebody else takes over
    ("open", "uphold"): "upheld",
    ("claimed", "uphold"): "upheld",
    ("open", "let_reapply"): "reapply",
    ("claimed", "let_reapply"): "reapply",
}
WAITING = ("open", "claimed")


class ReviewUnknown(NotFound):
    code = "review.not_found"


class NotRefused(Conflict):
    """Only a refusal is looked at again."""

    code = "review.not_refused"


class ReapplyLater(Conflict):
    """Refused often enough for now: the context says from which day on; a person can be asked before."""

    code = "application.reapply_later"


def is_close(outcome: Outcome, cut_off: int, within_points: int) -> bool:
    """Whether only the score refused, and only just: then a person looks without being asked."""
    only_score = bool(outcome.reasons) and all(reason.kind == "score" for reason in outcome.reasons)
    return only_score and cut_off - within_points <= outcome.score < cut_off
