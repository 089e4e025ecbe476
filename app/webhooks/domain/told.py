"""Which of our events partners hear of, under which name, about which object: ids, a status, sums of their own order.

A partner is never told why a customer was declined or what a customer repays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from app.kernel.errors import Unprocessable
from app.partners.domain.versions import EVENTS_NAME_THEIR_VERSION

MOST_BODY_BYTES = 20_000


@dataclass(frozen=True)
class Told:
    """One message made of one event. The other fields name members of the event's payload."""

    type: str
    object_kind: str
    object_status: str
    object_id: str = "subject_id"
    amount_fen: str | None = None
    loan_id: str | None = None
    only_itself: bool = False  # told to no other endpoint than the one it is about


def _application(status: str) -> tuple[Told, ...]:
    return (Told(f"application.{status}", "application", status),)


# {our event: what partners are told of it}
TOLD: Mapping[str, tuple[Told, ...]] = {
    "application.submitted": _application("submitted"),
    "application.approved": _application("approved"),
    "application.declined": _application("declined"),
    "application.withdrawn": _application("withdrawn"),
    "application.expired": _application("expired"),
    "contract.signed": (Told("contract.signed", "contract", "signed"),),
    "drawdown.failed": (Told("disbursement.failed", "disbursement", "failed", object_id="application_id"),),
    "loan.activated": (
        Told("disbursement.succeeded", "disbursement", "succeeded", "application_id", "principal_fen", "subject_id"),
        Told("loan.activated", "loan", "active", amount_fen="principal_fen"),
    ),
    "order.financed": (Told("order.financed", "order", "financed", amount_fen="amount_fen", loan_id="loan_id"),),
    "order.refund_announced": (
        Told("order.refund_announced", "order", "financed", amount_fen="amount_fen", loan_id="loan_id"),
    ),
    "repayment.succeeded": (
        Told("repayment.succeeded", "repayment", "succeeded", object_id="repayment_id", loan_id="subject_id"),
    ),
    "repayment.reversed": (
        Told("repayment.reversed", "repayment", "reversed", object_id="repayment_id", loan_id="subject_id"),
    ),
    "loan.reopened": (Told("loan.reopened", "loan", "active"),),
    "loan.settled": (Told("loan.settled", "loan", "settled"),),
    "webhook_endpoint.disabled": (Told("webhook_endpoint.disabled", "webhook_endpoint", "disabled"),),
    "webhook_endpoint.tested": (Told("webhook_endpoint.test", "webhook_test", "sent", only_itself=True),),
}
ONLY_ITSELF = frozenset(told.type for messages in TOLD.values() for told in messages if told.only_itself)
TYPES = frozenset(told.type for messages in TOLD.values() for told in messages)
TRIGGERED = "webhook.triggered"
SAMPLES = {told.type: told for messages in TOLD.values() for told in messages if not told.only_itself}
EVERY_TYPE = "*"


class EventTypeUnknown(Unprocessable):
    code = "webhook.event_type_unknown"


def check_types(types: list[str]) -> None:
    """Raises EventTypeUnknown; `*` stands for all, also for later ones."""
    if unknown := sorted(set(types) - TYPES - {EVERY_TYPE}):
        raise EventTypeUnknown("There is no such event type.", unknown=unknown, known=sorted(TYPES))


def sample(kind: str) -> Told:
    """The message of this type, to be shown with invented content. Raises EventTypeUnknown."""
    if kind not in SAMPLES:
        raise EventTypeUnknown("There is no such event type.", unknown=[kind], known=sorted(SAMPLES))
    return SAMPLES[kind]


def sample_payload(message: Told, subject_id: UUID) -> dict[str, Any]:
    """Invented content of such a message: ids of nothing that exists, a sum, and a mark that says so."""
    names = ("application_id", "loan_id", "repayment_id")
    ids = {name: str(uuid5(NAMESPACE_URL, f"dukou:sample:{name}:{subject_id}")) for name in names}
    sums = dict.fromkeys(("amount_fen", "principal_fen"), 1_299_900)
    return {**ids, **sums, "subject_id": str(subject_id), message.object_id: str(subject_id), "triggered": True}


def wants(types: list[str], kind: str) -> bool:
    """Whether an endpoint with this subscription hears of this type."""
    return EVERY_TYPE in types or kind in types


def write_body(
    told: Told,
    payload: Mapping[str, Any],
    *,
    occurred_at: datetime,
    sequence: int,
    previous_status: str | None,
    order_ref: str | None,
) -> str:
    """The message's JSON, made once and sent as these bytes for ever.

    `sequence` counts the messages about one object from 1; `previous_status` is what the one before said.
    """
    content: dict[str, Any] = {
        "object": told.object_kind,
        "id": payload[told.object_id],
        "status": told.object_status,
        "previous_status": previous_status,
        "sequence": sequence,
    }
    more = {
        "order_ref": order_ref,
        "application_id": _application_id(told, payload),
        "loan_id": payload[told.loan_id] if told.loan_id else None,
        "amount_fen": payload[told.amount_fen] if told.amount_fen else None,
    }
    content |= {name: value for name, value in more.items() if value is not None}
    if payload.get("triggered"):
        content["triggered"] = True
    instant = occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = json.dumps(
        {"type": told.type, "timestamp": instant, "data": content}, ensure_ascii=False, separators=(",", ":")
    )
    if len(body.encode()) > MOST_BODY_BYTES:
        raise ValueError(f"{told.type} is larger than {MOST_BODY_BYTES} bytes")
    return body


def in_version(body: str, version: str) -> str:
    """The stored body, which is of the first version, as an endpoint of this version gets it: the same bytes always."""
    if version < EVENTS_NAME_THEIR_VERSION:
        return body
    told = json.loads(body)
    named = {"type": told.pop("type"), "version": version, **told}
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"))


def _application_id(told: Told, payload: Mapping[str, Any]) -> str | None:
    if told.object_kind == "application":
        return None  # it is the id
    found: str | None = payload.get("application_id")
    return found
