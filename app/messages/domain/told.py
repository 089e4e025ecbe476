"""Which events customers are told of, as which kind of message, with which values of the event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# {our event: (kind, {value of the message: member of the event's payload})}
TOLD: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "application.approved": ("approved", {"amount_fen": "amount_fen"}),
    "application.declined": ("declined", {}),
    "loan.activated": ("disbursed", {"amount_fen": "principal_fen"}),
    "repayment.succeeded": ("paid", {"amount_fen": "amount_fen"}),
    "repayment.reversed": ("payment_reversed", {"amount_fen": "amount_fen"}),
    "loan.waived": ("waived", {"amount_fen": "amount_fen"}),
    "loan.settled": ("settled", {}),
    "loan.changed": ("terms_changed", {"what": "kind", "effective_on": "effective_on"}),
    "loan.due_soon": ("due_soon", {"due_on": "due_on"}),
    "loan.due": ("due_soon", {"due_on": "due_on"}),
    "loan.overdue": ("overdue", {"due_on": "due_on"}),
    "customer.phone_changed": ("phone_changed", {}),
    "appointment.made": ("appointment", {}),
    "appointment.cancelled": ("appointment_cancelled", {}),
    "debit.failed": ("debit_failed", {"amount_fen": "amount_fen"}),
    "debit_mandate.suspended": ("mandate_stopped", {}),
}


@dataclass(frozen=True)
class Telling:
    """One event as a message."""

    kind: str
    values: dict[str, Any]


def telling(name: str, payload: Mapping[str, Any]) -> Telling | None:
    """None for an event of which customers are not told."""
    found = TOLD.get(name)
    if found is None:
        return None
    kind, wanted = found
    return Telling(kind, {value: payload[member] for value, member in wanted.items()})
