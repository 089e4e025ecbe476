"""What can be done with applications, decisions, offers and credit lines."""

from app.credit.usecases.applications import (
    contract_signed,
    expire_applications,
    mark_draw_failed,
    mark_drawn,
    open_application,
    withdraw,
)
from app.credit.usecases.catalogue import approve, end_challenger, propose, publish_parameter, reject, try_on_the_past
from app.credit.usecases.decisions import recompute, settle_collection
from app.credit.usecases.estimates import (
    keep_estimate_answer,
    open_estimate,
    open_estimate_questions,
    recompute_estimate,
    settle_estimate,
)
from app.credit.usecases.exposure import check_room, count_returns, set_exposure_limit, waiting_returns
from app.credit.usecases.giving_back import owe_again, release_reserved, repay_line
from app.credit.usecases.line_upkeep import expire_lines, freeze_line, review_line, unfreeze_line
from app.credit.usecases.lines import reserve, use_reserved
from app.credit.usecases.offers import agree, begin_signing, hold_for_signature, hold_offer, parties
from app.credit.usecases.reviews import (
    claim_review,
    request_review,
    settle_review,
    settle_words,
    words_to_check,
)
from app.credit.usecases.sources import Question, keep_answer, open_collection
from app.credit.usecases.withdrawn_consents import stop_with_consent

__all__ = [
    "Question",
    "agree",
    "approve",
    "begin_signing",
    "check_room",
    "claim_review",
    "contract_signed",
    "count_returns",
    "end_challenger",
    "expire_applications",
    "expire_lines",
    "freeze_line",
    "hold_for_signature",
    "hold_offer",
    "keep_answer",
    "keep_estimate_answer",
    "mark_draw_failed",
    "mark_drawn",
    "open_application",
    "open_collection",
    "open_estimate",
    "open_estimate_questions",
    "owe_again",
    "parties",
    "propose",
    "publish_parameter",
    "recompute",
    "recompute_estimate",
    "reject",
    "release_reserved",
    "repay_line",
    "request_review",
    "reserve",
    "review_line",
    "set_exposure_limit",
    "settle_collection",
    "settle_estimate",
    "settle_review",
    "settle_words",
    "stop_with_consent",
    "try_on_the_past",
    "unfreeze_line",
    "use_reserved",
    "waiting_returns",
    "withdraw",
    "words_to_check",
]
