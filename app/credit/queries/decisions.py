"""Decisions: what the customer is told, and the whole record for staff."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit.domain.cases import Case
from app.credit.domain.features import DEFINITIONS, SOURCES, Feature, in_words
from app.credit.models import Decision, ProductVersion, RuleSetVersion, SourceSnapshot


@dataclass(frozen=True)
class DecisionView:
    """One decision; `outcome` is the record as it was stored."""

    decision_id: UUID
    application_id: UUID
    rule_set_version_id: UUID
    rule_version: str
    product_version: str
    outcome: Mapping[str, Any]
    digest: str
    decided_at: datetime

    @property
    def approved(self) -> bool:
        return bool(self.outcome["outcome"] == "approved")


@dataclass(frozen=True)
class SourceView:
    """One source that was asked."""

    source: str
    query_no: str
    state: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Review:
    """A decision with every figure it rests on, in words; for staff."""

    decision: DecisionView
    case: Case = field(repr=False)
    figures: Sequence[Mapping[str, Any]] = field(repr=False)
    sources: Sequence[SourceView]


def decision(session: Session, application_id: UUID) -> DecisionView | None:
    """The decision on an application; None before it is made."""
    row = session.execute(
        select(Decision, RuleSetVersion.version, ProductVersion.version)
        .join(RuleSetVersion, RuleSetVersion.id == Decision.rule_set_version_id)
        .join(ProductVersion, ProductVersion.id == Decision.product_version_id)
        .where(Decision.application_id == application_id)
    ).one_or_none()
    return _view(*row) if row else None


def case_of(session: Session, application_id: UUID) -> Case:
    """The inputs of the decision as they were stored."""
    return read_case(session.scalars(select(Decision).where(Decision.application_id == application_id)).one())


def decision_ids(session: Session, *, after: UUID | None, limit: int = 200) -> Sequence[UUID]:
    """The ids of decisions in their order, the next ones after one."""
    query = select(Decision.id).order_by(Decision.id).limit(limit)
    return session.scalars(query.where(Decision.id > after) if after else query).all()


def newest_decision_ids(session: Session, *, limit: int) -> Sequence[UUID]:
    """The ids of the newest decisions."""
    return session.scalars(select(Decision.id).order_by(Decision.id.desc()).limit(limit)).all()


def read_case(row: Decision) -> Case:
    """The inputs of a decision as values."""
    return Case.read(json.loads(row.inputs))


def review(session: Session, application_id: UUID) -> Review | None:
    """Everything behind the decision; None before it is made."""
    found = decision(session, application_id)
    if found is None:
        return None
    case = case_of(session, application_id)
    figures = [_figure(case.features[name]) for name in DEFINITIONS if name in case.features]
    return Review(found, case, figures, sources(session, application_id))


def sources(session: Session, application_id: UUID) -> Sequence[SourceView]:
    """What was asked for an application, and what has answered."""
    rows = session.scalars(
        select(SourceSnapshot).where(SourceSnapshot.application_id == application_id).order_by(SourceSnapshot.source)
    )
    return [SourceView(row.source, row.query_no, row.state, row.asked_at, row.answered_at) for row in rows]


@dataclass(frozen=True)
class Arm:
    """How the applications went that one version of the rules decided."""

    rule_version: str
    share_bps: int
    approved: int
    declined: int


def arms(session: Session, product_code: str, *, since: datetime) -> Sequence[Arm]:
    """Champion and challengers side by side, by what they decided since an instant; for staff."""
    approved = func.count().filter(Decision.verdict == "approved")
    rows = session.execute(
        select(RuleSetVersion.version, RuleSetVersion.share_bps, approved, func.count() - approved)
        .join(Decision, Decision.rule_set_version_id == RuleSetVersion.id)
        .where(RuleSetVersion.product_code == product_code, Decision.decided_at >= since)
        .group_by(RuleSetVersion.id)
        .order_by(RuleSetVersion.share_bps.desc(), RuleSetVersion.version)
    )
    return [Arm(*row) for row in rows]


def _figure(feature: Feature) -> Mapping[str, Any]:
    return {
        "feature": feature.name,
        "label": DEFINITIONS[feature.name].label.as_json(),
        "value": in_words(feature).as_json(),
        "source": SOURCES[feature.source].as_json(),
        "as_of": feature.as_of,
        "missing": feature.missing,
    }


def _view(row: Decision, rule_version: str, product_version: str) -> DecisionView:
    return DecisionView(
        decision_id=row.id,
        application_id=row.application_id,
        rule_set_version_id=row.rule_set_version_id,
        rule_version=rule_version,
        product_version=product_version,
        outcome=row.outcome,
        digest=row.digest,
        decided_at=row.decided_at,
    )
