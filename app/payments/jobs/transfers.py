"""Sending transfers and asking about them until the answer is final: every call with the number it began with."""

from __future__ import annotations

from uuid import UUID

import structlog

from app.adapters import channels
from app.adapters.core_bank import (
    BankUnavailable,
    TransferConflict,
    TransferOrder,
    TransferRefused,
    TransferState,
    TransferUnknown,
)
from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task
from app.payments import usecases
from app.payments.models import Transfer

log = structlog.get_logger(__name__)


@task("payments.send_transfer")
def send_transfer(*, transfer_id: str, step: int = 0) -> None:
    """Send a requested transfer. After an unknown result the same number is sent again, however long it takes."""
    number = UUID(transfer_id)
    order = _requested(number)
    if order is None:
        return
    crash_points.reach("send_transfer.opened")
    try:
        state = channels().core_bank.send_transfer(order)
    except TransferConflict:
        with transaction() as session:
            usecases.hold_transfer(session, transfer_id=number)
        return
    except TransferRefused as refusal:
        _settle_refusal(number, order.transfer_no, refusal, step)
        return
    except BankUnavailable:
        _record(number, None, step + 1)
        return
    crash_points.reach("send_transfer.called")
    _record(number, state, step=0)


def _settle_refusal(transfer_id: UUID, transfer_no: str, refusal: TransferRefused, step: int) -> None:
    """A refusal is the end only if the core bank knows no such transfer: an earlier try may have got through."""
    try:
        state = channels().core_bank.query_transfer(transfer_no)
    except BankUnavailable:
        state = None
    except TransferUnknown:
        with transaction() as session:
            code = str(refusal.context.get("vendor_code") or "refused")
            usecases.refuse_transfer(session, transfer_id=transfer_id, fail_code=code)
        return
    _record(transfer_id, state, step + 1)


def _requested(transfer_id: UUID) -> TransferOrder | None:
    with transaction() as session:
        transfer = session.get_one(Transfer, transfer_id)
        return usecases.transfer_order(transfer) if transfer.status == "requested" else None


@task("payments.query_transfer")
def query_transfer(*, transfer_id: str, step: int | None) -> None:
    """Ask the core bank how a transfer stands; `step` None is an extra question that a push asked for."""
    number = UUID(transfer_id)
    with transaction() as session:
        transfer = session.get_one(Transfer, number)
        transfer_no, still_open = transfer.transfer_no, transfer.status == "sent"
    if not still_open:
        return
    crash_points.reach("query_transfer.opened")
    try:
        state = channels().core_bank.query_transfer(transfer_no)
    except TransferUnknown:
        log.error("the core bank does not know a transfer that it took", transfer=transfer_id)
        state = None
    except BankUnavailable:
        state = None
    crash_points.reach("query_transfer.called")
    _record(number, state, None if step is None else step + 1)


def _record(transfer_id: UUID, state: TransferState | None, step: int | None) -> None:
    with transaction() as session:
        final = state is not None and usecases.record_transfer(session, transfer_id=transfer_id, state=state)
        if not final and step is not None:
            usecases.go_on(session, transfer_id=transfer_id, step=step)
