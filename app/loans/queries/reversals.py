"""Reading payments that were taken back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.loans.models import RepaymentReversal


def reversal_of(session: Session, repayment_id: UUID) -> RepaymentReversal | None:
    """How a repayment was taken back, and what that changed."""
    return session.scalar(select(RepaymentReversal).where(RepaymentReversal.repayment_id == repayment_id))
