"""Files of debits with their results, what did not fit, what came back, and a customer's mandates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.debits import queries as debits
from app.debits.queries import files
from app.kernel.spreadsheets import yuan
from app.loans import queries as loans
from app.loans.queries.reversals import reversal_of

COLUMNS = (
    *("文件号", "扣款号", "付款账户尾号", "要扣（元）", "扣到（元）", "状态", "原因"),
    *("银行流水", "自动", "提出时间", "结果时间", "退回时间"),
)


def overview(session: Session, *, status: str | None, kind: str | None) -> dict[str, Any]:
    """The newest files, all findings by kind, and the debits whose money went back."""
    found = files.batches(session, status=status)
    sums = files.sums(session, [batch.id for batch in found])
    nothing = files.BatchSums({}, 0)
    return {
        "batches": [{"batch": batch, "sums": sums.get(batch.id, nothing)} for batch in found],
        "findings": files.findings(session, kind=kind),
        "kinds": files.kinds_of_findings(session),
        "returned": [_returned(session, debit) for debit in debits.returned_debits(session)],
        "held": files.batches(session, status="held"),
    }


def _returned(session: Session, debit: Any) -> dict[str, Any]:
    """A returned debit with what it was booked as, and whether that was taken back."""
    repayment = loans.booked_payment(session, str(debit.reference_id), reversed_too=True)
    return {"debit": debit, "repayment": repayment, "reversal": reversal_of(session, debit.reference_id)}


def batch(session: Session, batch_id: UUID, *, status: str | None) -> dict[str, Any]:
    """One file: its totals and hashes, its debits, and both files row by row. Raises BatchUnknown."""
    found = files.batch(session, batch_id)
    return {
        "batch": found,
        "sums": files.sums(session, [batch_id]).get(batch_id, files.BatchSums({}, 0)),
        "rows": files.debits_in(session, batch_id, status=status),
        "findings": files.findings(session, batch_id=batch_id),
        "file_digest": files.digest(found.file),
        "results_digest": files.digest(found.results),
        "file_rows": files.raw_rows(found.file),
        "result_rows": files.raw_rows(found.results),
    }


def export(session: Session, batch_id: UUID) -> Iterator[Sequence[Any]]:
    """The debits of a file for a spreadsheet; of the account the last digits only. Raises BatchUnknown."""
    found = files.batch(session, batch_id)
    for row in files.debits_in(session, batch_id):
        one = row.debit
        collected = None if one.collected_fen is None else yuan(one.collected_fen)
        yield (
            *(found.batch_no, one.debit_no, row.account_tail, yuan(one.amount_fen), collected, one.status),
            *(one.fail_code, one.bank_serial, "Y" if one.automatic else "N"),
            *(one.requested_at, one.completed_at, one.returned_at),
        )

