"""Reading loans that were written off: what was lost of each and in all, what came in since, what is still owed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from app.kernel.pagination import Page, PageRequest, paginate
from app.loans.models import Loan, LoanRelief, Repayment


@dataclass(frozen=True)
class WrittenOff:
    """A loan that was written off: what was lost and what came in since, in fen."""

    loan: Loan
    lost_fen: int
    recovered_fen: int


@dataclass(frozen=True)
class WrittenOffSums:
    """Of all of them, in fen: `owed_fen` is the principal that is still claimed."""

    loans: int
    lost_fen: int
    recovered_fen: int
    owed_fen: int


def written_off(session: Session, request: PageRequest) -> Page[WrittenOff]:
    """Loans that were written off, also those settled since, the newest loan first."""
    page: Page[Loan] = paginate(session, select(Loan).where(Loan.written_off_on.is_not(None)), Loan.id, request)
    sums = _sums(session, [loan.id for loan in page.items])
    return Page([WrittenOff(loan, *sums[loan.id]) for loan in page.items], page.next_cursor)


def every_written_off(session: Session) -> Iterator[WrittenOff]:
    """All of them as `written_off` orders them, read piece by piece."""
    query = _with_sums(Loan).order_by(Loan.id.desc()).execution_options(yield_per=500)
    for loan, lost_fen, recovered_fen in session.execute(query):
        yield WrittenOff(loan, int(lost_fen), int(recovered_fen))


def written_off_sums(session: Session) -> WrittenOffSums:
    """What all of them come to."""
    every = _with_sums(Loan.outstanding_principal_fen).subquery()
    sums = (func.coalesce(func.sum(column), 0) for column in (every.c.lost, every.c.regained, every.c[0]))
    lost, recovered, owed = sums
    count, lost_fen, recovered_fen, owed_fen = session.execute(select(func.count(), lost, recovered, owed)).one()
    return WrittenOffSums(count, int(lost_fen), int(recovered_fen), int(owed_fen))


def _sums(session: Session, keys: list[UUID]) -> dict[UUID, tuple[int, int]]:
    found = session.execute(_with_sums(Loan.id).where(Loan.id.in_(keys)))
    return {key: (int(lost_fen), int(recovered_fen)) for key, lost_fen, recovered_fen in found}


def _with_sums(of: Any) -> Select[Any]:
    """What is asked for of each loan written off, with what was lost by it and what was regained."""
    regained, lost = _regained(), LoanRelief.principal_fen + LoanRelief.interest_fen + LoanRelief.penalty_fen
    return (
        select(of, lost.label("lost"), func.coalesce(regained.c.fen, 0).label("regained"))
        .join(LoanRelief, (LoanRelief.loan_id == Loan.id) & (LoanRelief.kind == "write_off"))
        .outerjoin(regained, regained.c.loan_id == Loan.id)
        .where(Loan.written_off_on.is_not(None))
    )


def _regained() -> Subquery:
    interest = func.coalesce(Repayment.interest_fen, 0) - func.coalesce(Repayment.interest_returned_fen, 0)
    parts = func.coalesce(Repayment.principal_fen, 0) + interest + func.coalesce(Repayment.penalty_fen, 0)
    return (
        select(Repayment.loan_id, func.sum(parts).label("fen"))
        .where(Repayment.recovered, Repayment.status == "applied")
        .group_by(Repayment.loan_id)
        .subquery()
    )
