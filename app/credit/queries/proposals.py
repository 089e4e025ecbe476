"""Proposals of products and rules, for those who decide on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit.domain.proposals import ProposalUnknown
from app.credit.models import CatalogueProposal


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
