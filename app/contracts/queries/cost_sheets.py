"""Cost sheets as they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.domain.agreements import Agreement
from app.contracts.domain.cost_sheets import CostSheetUnknown
from app.contracts.models import CostSheet


@dataclass(frozen=True)
class CostSheetView:
    """One sheet; from `confirmable_at` on it can be confirmed."""

    cost_sheet_id: UUID
    number: str
    application_id: UUID
    status: str
    body: Mapping[str, Any]
    sha256: str
    min_reading_s: int
    shown_at: datetime
    confirmed_at: datetime | None

    @property
    def confirmable_at(self) -> datetime:
        return self.shown_at + timedelta(seconds=self.min_reading_s)

    @property
    def agreement(self) -> Agreement:
        return Agreement.read(self.body["agreement"])


def cost_sheet(session: Session, *, cost_sheet_id: UUID, application_id: UUID, customer_id: UUID) -> CostSheetView:
    """One sheet of this customer's application. Raises CostSheetUnknown, also for somebody else's."""
    row = session.get(CostSheet, cost_sheet_id)
    if row is None or (row.application_id, row.customer_id) != (application_id, customer_id):
        raise CostSheetUnknown("There is no such cost sheet.")
    return view(row)


def current_cost_sheet(session: Session, *, application_id: UUID) -> CostSheetView | None:
    """The sheet that holds for an application: the last one shown."""
    row = session.scalars(
        select(CostSheet).where(CostSheet.application_id == application_id, CostSheet.status != "superseded")
    ).one_or_none()
    return view(row) if row else None


def view(row: CostSheet) -> CostSheetView:
    """A row as others see it."""
    return CostSheetView(
        cost_sheet_id=row.id,
        number=row.number,
        application_id=row.application_id,
        status=row.status,
        body=row.body,
        sha256=row.sha256,
        min_reading_s=row.min_reading_s,
        shown_at=row.shown_at,
        confirmed_at=row.confirmed_at,
    )
