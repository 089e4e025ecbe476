"""Jobs of contracts: the bank's seal after the customer's signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.adapters import channels
from app.contracts import usecases
from app.kernel import crash_points
from app.kernel.db import transaction
from app.kernel.jobs import task

FIELD = "BankSeal"


@task("contracts.seal")
def seal(*, event_id: str, event: dict[str, Any]) -> None:
    """Seal and time-stamp the signed document (PAdES); a contract that is sealed already is left alone.

    The seal's reason names the digest of the evidence, so that the evidence cannot be exchanged later.
    """
    contract_id = UUID(event["subject_id"])
    with transaction() as session:
        order = usecases.open_seal(session, contract_id=contract_id)
    if order is None:
        return
    crash_points.reach("seal.opened")
    sealed = channels().esign.seal_pdf(
        order.pdf,
        reason=f"借款合同 {order.number}；签署证据 SHA-256 {order.evidence_sha256}",
        field_name=FIELD,
    )
    crash_points.reach("seal.called")
    with transaction() as session:
        usecases.settle_seal(session, contract_id=contract_id, sealed=sealed)
