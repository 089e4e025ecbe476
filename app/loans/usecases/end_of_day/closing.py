"""The last step of a day: credit lines end, the book gets one journal a product and partner, the day is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credit import usecases as credit
from app.kernel import ids
from app.ledger import usecases as ledger
from app.loans import domain
from app.loans.models import EndOfDayChunk, EndOfDaySum


def close_day(session: Session, *, day: date) -> str:
    """Book what the chunks of a day have counted and close it; answers its digest. Raises ChunksLeft."""
    left = session.scalar(
        select(func.count()).where(EndOfDayChunk.day == day, EndOfDayChunk.done_at.is_(None))
    )
    if left:
        raise domain.ChunksLeft("Some loans are not through this day yet.", day=str(day), chunks=left)
    credit.expire_lines(session, on=day + timedelta(days=1))
    sums = _sums(session, day)
    for row in sums:
        _post(session, day, row)
    digest = _digest(session, day, sums)
    ledger.close_day(session, day=day, digest=digest)
    return digest


def _sums(session: Session, day: date) -> Sequence[Any]:
    added = [
        func.sum(getattr(EndOfDaySum, name)).label(name)
        for name in (
            *("interest_income_fen", "interest_ahead_fen", "penalty_income_fen", "penalty_ahead_fen"),
            "off_balance_fen",
        )
    ]
    by = (EndOfDaySum.product_code, EndOfDaySum.partner_id)
    return session.execute(select(*by, *added).where(EndOfDaySum.day == day).group_by(*by).order_by(*by)).all()


def _post(session: Session, day: date, row: Any) -> None:
    amounts = {
        **domain.signed("interest_accrued", "interest_unaccrued", int(row.interest_income_fen)),
        **domain.signed("interest_ahead", "interest_ahead_used", int(row.interest_ahead_fen)),
        **domain.signed("penalty_accrued", "penalty_unaccrued", int(row.penalty_income_fen)),
        **domain.signed("penalty_ahead", "penalty_ahead_used", int(row.penalty_ahead_fen)),
        **domain.signed("off_balance_in", "off_balance_out", int(row.off_balance_fen)),
    }
    if any(amounts.values()):
        ledger.post(
            session,
            key=f"end_of_day:{day}:{row.product_code}:{row.partner_id or '-'}",
            template="end_of_day",
            amounts_fen=amounts,
            subject_id=ids.named("business_day", str(day)),
            business_on=day,
            product_code=row.product_code,
            partner_id=row.partner_id,
            closing=True,
        )


def _digest(session: Session, day: date, sums: Sequence[Any]) -> str:
    """Of every loan as it stands and of the sums of the book. A sum of marks does not depend on the order of the loans
    nor on how they were divided into chunks."""
    loans, marks = session.execute(
        select(func.coalesce(func.sum(EndOfDayChunk.loans), 0), func.coalesce(func.sum(EndOfDayChunk.digest), 0)).where(
            EndOfDayChunk.day == day
        )
    ).one()
    content = repr((str(day), int(loans), int(marks or 0), [tuple(map(str, row)) for row in sums]))
    return hashlib.sha256(content.encode()).hexdigest()
