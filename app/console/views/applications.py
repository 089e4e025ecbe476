"""Applications: the list, and the review with inputs and reasons side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.views import reviews
from app.credit import queries as credit
from app.credit.domain.features import DEFINITIONS, written
from app.customers import queries as customers
from app.customers.domain.masking import mask_name, mask_uscc
from app.kernel.pagination import Page, PageRequest
from app.loans import queries as loans

OTHER_BINS = {"rest": {"zh": "其余", "en": "the rest"}, "missing": {"zh": "没有数据", "en": "no data"}}


def rows(session: Session, request: PageRequest, *, status: str | None = None) -> Page[dict[str, Any]]:
    """Applications with their enterprise, newest first."""
    page = credit.application_page(session, request, status=status)
    return Page([_row(session, found) for found in page.items], page.next_cursor)


def detail(session: Session, application_id: UUID) -> dict[str, Any]:
    """One application with all its decision rests on. Raises ApplicationUnknown."""
    found = credit.application(session, application_id)
    person = customers.person(session, found.customer_id)
    enterprise = customers.enterprise(session, found.enterprise_id)
    review = credit.review(session, application_id)
    return {
        "application": found,
        "enterprise": {
            "name": enterprise.name,
            "uscc": mask_uscc(enterprise.uscc),
            "registry_status": enterprise.registry_status,
            "established_on": enterprise.established_on,
        },
        "person": {"id": person.customer_id, "name": mask_name(person.name)},
        "payee_tail": found.payee.account_no[-4:] if found.payee else None,
        "timeline": credit.timeline(session, application_id),
        "sources": credit.sources(session, application_id),
        "review": review,
        "score_lines": _score_lines(review.decision.outcome["score_lines"]) if review else [],
        "cut_off": _cut_off(session, review) if review else None,
        "loan": loans.loan_of_application(session, application_id),
        "second_look": reviews.of_application(session, application_id),
    }


def _row(session: Session, found: credit.ApplicationView) -> dict[str, Any]:
    return {
        "id": found.application_id,
        "number": found.number,
        "status": found.status,
        "amount_fen": found.amount_fen,
        "approved_fen": found.approved_fen,
        "term_months": found.term_months,
        "submitted_at": found.submitted_at,
        "enterprise": customers.enterprise(session, found.enterprise_id).name,
    }


def _score_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the scorecard that lost most against their best bin first."""
    named = [
        {**line, "label": DEFINITIONS[line["feature"]].label.as_json(), "bin": _bin(line["feature"], line["bin"])}
        for line in lines
    ]
    return sorted(named, key=lambda line: line["points"] - line["best_points"])


def _bin(feature: str, name: str) -> dict[str, str]:
    """A bin's name as people read it: the figures of the scorecard in the units of the inputs beside it."""
    if name in OTHER_BINS:
        return OTHER_BINS[name]
    if name.startswith("<"):
        limit = written(feature, int(name[1:]))
        return {"zh": f"低于 {limit.zh}", "en": f"below {limit.en}"}
    among = [written(feature, one) for one in name.split(",")]
    return {"zh": "、".join(one.zh for one in among), "en": ", ".join(one.en for one in among)}


def _cut_off(session: Session, review: credit.Review) -> int:
    rules = credit.rule_set_version(session, review.decision.rule_set_version_id)
    return rules.rules.scorecard.cut_off
