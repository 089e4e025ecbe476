"""Proposals of products and rules, for those who decide on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.domain.proposals import WHOLE_BPS, ProposalUnknown
from app.credit.models import CatalogueProposal, ProductVersion, RuleSetVersion


@dataclass(frozen=True)
class ProposalView:
    """One proposal; `what_if` is None until somebody tried it on the past."""

    proposal_id: UUID
    kind: str
    product_code: str
    version: str
    body: Mapping[str, Any] = field(repr=False)
    effective_from: date
    source: str
    share_bps: int
    status: str
    proposed_by: str
    proposed_at: datetime
    what_if: Mapping[str, int] | None
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


def proposal(session: Session, proposal_id: UUID) -> ProposalView:
    """One proposal. Raises ProposalUnknown."""
    row = session.get(CatalogueProposal, proposal_id)
    if row is None:
        raise ProposalUnknown("There is no such proposal.")
    return _view(row)


def proposals(session: Session, *, status: str | None = None, limit: int = 50) -> Sequence[ProposalView]:
    """The newest proposals first, of one status or all."""
    query = select(CatalogueProposal).order_by(CatalogueProposal.id.desc()).limit(limit)
    rows = session.scalars(query.where(CatalogueProposal.status == status) if status else query)
    return [_view(row) for row in rows]


@dataclass(frozen=True)
class Version:
    """A version of a product or of rules with the days on which it holds, from other versions' days as well."""

    kind: str
    product_code: str
    version: str
    share_bps: int
    effective_from: date
    effective_to: date | None
    source: str
    body: Mapping[str, Any] = field(repr=False)
    proposal_id: UUID | None

    def standing(self, on: date) -> str:
        """`to_come`, `in_force` or `over` on a day."""
        if self.effective_from > on:
            return "to_come"
        return "in_force" if self.effective_to is None or on < self.effective_to else "over"


def versions(session: Session, kind: str) -> Sequence[Version]:
    """Every version of products, or of rules, the newest day first."""
    if kind == "product":
        rows = session.scalars(select(ProductVersion).order_by(ProductVersion.effective_from.desc())).all()
        found = [_version("product", row.code, WHOLE_BPS, row) for row in rows]
    else:
        sets = session.scalars(select(RuleSetVersion).order_by(RuleSetVersion.effective_from.desc())).all()
        found = [_version("rules", row.product_code, row.share_bps, row) for row in sets]
    return _until_the_next(found)


def replaced_by(session: Session, proposal: ProposalView) -> Version | None:
    """What holds for everybody before the proposal's day: what it is to be compared with; None of a new product."""
    return next(
        (
            one
            for one in versions(session, proposal.kind)
            if one.product_code == proposal.product_code
            and one.share_bps == WHOLE_BPS
            and one.proposal_id != proposal.proposal_id
            and one.effective_from <= proposal.effective_from
        ),
        None,
    )


def _until_the_next(newest_first: Sequence[Version]) -> Sequence[Version]:
    """A version for everybody ends on the day of the next one."""
    following: dict[str, date] = {}
    found = []
    for one in newest_first:
        until = one.effective_to
        if one.share_bps == WHOLE_BPS:
            until = min((day for day in (until, following.get(one.product_code)) if day), default=None)
            following[one.product_code] = one.effective_from
        found.append(replace(one, effective_to=until))
    return found


def _version(kind: str, product_code: str, share_bps: int, row: ProductVersion | RuleSetVersion) -> Version:
    return Version(
        kind=kind,
        product_code=product_code,
        version=row.version,
        share_bps=share_bps,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        source=row.source,
        body=row.body,
        proposal_id=row.proposal_id,
    )


def _view(row: CatalogueProposal) -> ProposalView:
    return ProposalView(
        proposal_id=row.id,
        kind=row.kind,
        product_code=row.product_code,
        version=row.version,
        body=row.body,
        effective_from=row.effective_from,
        source=row.source,
        share_bps=row.share_bps,
        status=row.status,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        what_if=row.what_if,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )
