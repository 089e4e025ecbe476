"""Products and rules as the pages show them: what holds, what is to come, what is proposed and what it would change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console import queries as staff
from app.console.views import bodies
from app.credit import queries as credit
from app.credit.domain.proposals import WHOLE_BPS
from app.kernel import clock
from app.orders.queries import refunds as order_refunds
from app.partners import queries as partners

KINDS = ("product", "rules")
COUNTS = (
    "decisions", "unchanged", "newly_approved", "newly_declined", "amount_changed", "rate_changed", "not_applicable",
)  # fmt: skip
REFUSALS = (
    "proposal.own", "proposal.not_found", "proposal.what_if_missing", "proposal.day_over", "proposal.share_too_large",
    "state.not_allowed_now", "staff.reason_needed", "catalogue.forbidden_promise", "product.malformed",
    "rule_set.malformed", "offer.penalty_out_of_range",
)  # fmt: skip


def overview(session: Session) -> dict[str, Any]:
    """Every version with where it stands today, and the newest proposals."""
    today = clock.today()
    return {
        "kinds": [
            (kind, [(one, one.standing(today), bodies.written(one.body)) for one in credit.versions(session, kind)])
            for kind in KINDS
        ],
        "proposals": [
            {"proposal": one, "proposed_by": staff.actor_name(session, one.proposed_by)}
            for one in credit.proposals(session)
        ],
        "whole_bps": WHOLE_BPS,
        "refund_rules": [
            (rule, partners.partner(session, rule.partner_id).code if rule.partner_id else None)
            for rule in order_refunds.refund_rules(session, since=today)
        ],
    }


def blank(session: Session, kind: str, product_code: str) -> dict[str, str]:
    """A form filled with what holds for everybody today."""
    found = next(
        (
            one
            for one in credit.versions(session, kind)
            if one.product_code == product_code and one.share_bps == WHOLE_BPS
            and one.standing(clock.today()) == "in_force"
        ),
        None,
    )
    return {
        "kind": kind,
        "product_code": product_code,
        "version": "",
        "effective_from": clock.today().isoformat(),
        "share_percent": "100",
        "source": "",
        "body": bodies.written(found.body) if found else "{}",
    }


def detail(session: Session, proposal_id: UUID) -> dict[str, Any]:
    """One proposal beside what it replaces. Raises ProposalUnknown."""
    found = credit.proposal(session, proposal_id)
    replaced = credit.replaced_by(session, found)
    return {
        "proposal": found,
        "replaced": replaced,
        "changes": bodies.changes(replaced.body if replaced else {}, found.body),
        "body": bodies.written(found.body),
        "proposed_by": staff.actor_name(session, found.proposed_by),
        "decided_by": staff.actor_name(session, found.decided_by),
        "counts": COUNTS,
        "whole_bps": WHOLE_BPS,
    }
