"""Files of debits as staff read them: what stands in each, what came back, and what did not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.debits.domain import BatchUnknown
from app.debits.models import Debit, DebitBatch, DebitFinding, DebitMandate

HIDDEN = "•"
ORDER_COLUMNS, ACCOUNT_NO, ACCOUNT_NAME = 8, 2, 3  # of an order's line: D|number|account|name|bank|amount|part|mandate


@dataclass(frozen=True)
class BatchSums:
    """How the debits of a batch stand: how many in each state, and what they brought."""

    counts: dict[str, int]
    collected_fen: int


@dataclass(frozen=True)
class BatchDebit:
    """One debit of a file; of the account only the last digits."""

    debit: Debit
    account_tail: str


@dataclass(frozen=True)
class Finding:
    """What did not fit, with the batch and, where there is one, the debit it is about."""

    finding_id: UUID
    kind: str
    batch_id: UUID
    batch_no: str
    debit_no: str
    bank_serial: str
    amount_fen: int
    found_at: datetime
    reference_id: UUID | None


def batches(session: Session, *, status: str | None, limit: int = 50) -> Sequence[DebitBatch]:
    """The newest batches, all or those of one state."""
    query = select(DebitBatch).order_by(DebitBatch.id.desc()).limit(limit)
    return session.scalars(query.where(DebitBatch.status == status) if status else query).all()


def batch(session: Session, batch_id: UUID) -> DebitBatch:
    """One batch. Raises BatchUnknown."""
    found = session.get(DebitBatch, batch_id)
    if found is None:
        raise BatchUnknown("There is no such file of debits.")
    return found


def sums(session: Session, batch_ids: Iterable[UUID]) -> dict[UUID, BatchSums]:
    """Counts by state and what was collected, of each batch. What came back counts as not collected."""
    rows = session.execute(
        select(Debit.batch_id, Debit.status, func.count(), func.sum(Debit.collected_fen))
        .where(Debit.batch_id.in_(list(batch_ids)))
        .group_by(Debit.batch_id, Debit.status)
    )
    found: dict[UUID, BatchSums] = {}
    for batch_id, status, count, fen in rows.all():
        assert batch_id is not None, "asked for by batch"
        before = found.get(batch_id, BatchSums({}, 0))
        brought = int(fen or 0) if status == "succeeded" else 0
        found[batch_id] = BatchSums(before.counts | {status: count}, before.collected_fen + brought)
    return found


def debits_in(session: Session, batch_id: UUID, *, status: str | None = None) -> Sequence[BatchDebit]:
    """The debits of a batch in the order of its file, all or those of one state."""
    query = (
        select(Debit, DebitMandate.account_tail)
        .join(DebitMandate, DebitMandate.id == Debit.mandate_id)
        .where(Debit.batch_id == batch_id)
        .order_by(Debit.id)
    )
    rows = session.execute(query.where(Debit.status == status) if status else query)
    return [BatchDebit(debit, tail) for debit, tail in rows]


def findings(
    session: Session, *, kind: str | None = None, batch_id: UUID | None = None, limit: int = 100
) -> Sequence[Finding]:
    """What did not fit, newest first."""
    query = (
        select(DebitFinding, DebitBatch.batch_no, Debit.reference_id)
        .join(DebitBatch, DebitBatch.id == DebitFinding.batch_id)
        .join(Debit, Debit.debit_no == DebitFinding.debit_no, isouter=True)
        .order_by(DebitFinding.id.desc())
        .limit(limit)
    )
    if kind:
        query = query.where(DebitFinding.kind == kind)
    if batch_id:
        query = query.where(DebitFinding.batch_id == batch_id)
    return [
        Finding(
            finding_id=row.id,
            kind=row.kind,
            batch_id=row.batch_id,
            batch_no=batch_no,
            debit_no=row.debit_no,
            bank_serial=row.bank_serial,
            amount_fen=row.amount_fen,
            found_at=row.found_at,
            reference_id=reference_id,
        )
        for row, batch_no, reference_id in session.execute(query)
    ]


def kinds_of_findings(session: Session) -> dict[str, int]:
    """How many findings there are of each kind."""
    counted = select(DebitFinding.kind, func.count()).group_by(DebitFinding.kind).order_by(DebitFinding.kind)
    rows = session.execute(counted)
    return {kind: int(count) for kind, count in rows}


def digest(text: str | None) -> str | None:
    """SHA-256 of a file as it went over the wire."""
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def raw_rows(text: str | None) -> list[str]:
    """The lines of a file as they are, but for who the payer is: of the account the last digits, of the name the first
    character."""
    return [_without_payer(line) for line in (text or "").splitlines()]


def _without_payer(line: str) -> str:
    cells = line.split("|")
    if len(cells) == ORDER_COLUMNS and cells[0] not in ("H", "T"):
        number, name = cells[ACCOUNT_NO], cells[ACCOUNT_NAME]
        cells[ACCOUNT_NO] = HIDDEN * max(0, len(number) - 4) + number[-4:]
        cells[ACCOUNT_NAME] = name[:1] + HIDDEN * max(1, len(name) - 1)
    return "|".join(cells)

