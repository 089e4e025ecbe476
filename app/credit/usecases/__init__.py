"""What can be done with applications, decisions, offers and credit lines."""

from app.credit.usecases.applications import (
    contract_signed,
    expire_applications,
    mark_draw_failed,
    mark_drawn,
    open_application,
    withdraw,
)
from app.credit.usecases.decisions import recompute, settle_collection
from app.credit.usecases.line_upkeep import expire_lines, freeze_line, review_line, unfreeze_line
from app.credit.usecases.lines import release_reserved, repay_line, reserve, use_reserved
from app.credit.usecases.offers import agree, begin_signing, hold_for_signature, hold_offer, parties
from app.credit.usecases.publishing import publish_parameter, publish_product, publish_rules
from app.credit.usecases.sources import Question, keep_answer, open_collection

__all__ = [
    "Question",
    "agree",
    "begin_signing",
    "contract_signed",
    "expire_applications",
    "expire_lines",
    "freeze_line",
    "hold_for_signature",
    "hold_offer",
    "keep_answer",
    "mark_draw_failed",
    "mark_drawn",
    "open_application",
    "open_collection",
    "parties",
    "publish_parameter",
    "publish_product",
    "publish_rules",
    "recompute",
    "release_reserved",
    "repay_line",
    "reserve",
    "review_line",
    "settle_collection",
    "unfreeze_line",
    "use_reserved",
    "withdraw",
]
