"""Applications and decisions of a period together, for staff: counts only, nothing about one business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.domain import insights as domain
from app.credit.domain.fairness import TRAITS, View, views
from app.credit.models import Application, Decision
from app.credit.queries.decisions import read_case

MOST = 2_000  # the newest decisions: each record is sealed and is opened for its score


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason refused, with what it asks for in words."""

    code: str
    requirement: dict[str, str]
    count: int


@dataclass(frozen=True)
class Insights:
    """A period's decisions; `stability` is None where there are too few."""

    funnel: domain.Funnel
    reasons: Sequence[ReasonCount]
    bins: Sequence[domain.Bin]
    stability: float | None
    decisions: int


def insights(
    session: Session, product_code: str, *, since: datetime, lately: timedelta, cut_off: int
) -> Insights:
    """What became of the applications since an instant, and how the scores of the last days differ from before."""
    applied = session.execute(
        select(Application.status, Decision.verdict)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Application.product_code == product_code, Application.submitted_at >= since)
    )
    found = session.execute(
        select(Decision.verdict, Decision.outcome, Decision.decided_at)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.product_code == product_code, Decision.decided_at >= since)
        .order_by(Decision.decided_at.desc(), Decision.id)
        .limit(MOST)
    ).all()
    newest = max((at for _, _, at in found), default=since) - lately
    scores: dict[bool, list[int]] = {True: [], False: []}
    for _, outcome, at in found:
        scores[at > newest].append(outcome["score"])
    return Insights(
        funnel=domain.funnel((status, verdict) for status, verdict in applied),
        reasons=_reasons([outcome for verdict, outcome, _ in found if verdict == "declined"]),
        bins=domain.histogram(((outcome["score"], verdict == "approved") for verdict, outcome, _ in found), cut_off),
        stability=domain.stability_index(scores[False], scores[True]),
        decisions=len(found),
    )


def _reasons(refused: Sequence[Any]) -> Sequence[ReasonCount]:
    counts: Counter[str] = Counter()
    words: dict[str, dict[str, str]] = {}
    for outcome in refused:
        for reason in outcome["reasons"]:
            counts[reason["code"]] += 1
            words.setdefault(reason["code"], reason["requirement"])
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [ReasonCount(code, words[code], count) for code, count in ranked]


def fairness(session: Session, product_code: str, *, since: datetime) -> Sequence[View]:
    """How groups of applicants fared in the decisions since an instant, the newest `MOST` of them."""
    found = session.scalars(
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.product_code == product_code, Decision.decided_at >= since)
        .order_by(Decision.decided_at.desc(), Decision.id)
        .limit(MOST)
    )
    return views((_traits(row), row.verdict == "approved") for row in found)


def _traits(row: Decision) -> dict[str, object]:
    features = read_case(row).features
    return {trait: features[trait].value for trait in TRAITS if trait in features}
