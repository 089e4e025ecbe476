"""The sources of a decision: what is asked, under which numbers and consents, and what they answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credit import events
from app.credit.domain.applications import CONSENT_KINDS, STATES
from app.credit.models import Application, SourceSnapshot
from app.credit.usecases.applications import end_without_loan, hold, tell
from app.customers.queries import ConsentView, enterprise, granted, person
from app.kernel import clock, ids
from app.kernel.states import transition

SOURCE_CONSENTS = {"registry": "tax_data", "bureau": "bureau_query", "tax": "tax_data"}


@dataclass(frozen=True)
class Question:
    """What one source is asked; personal data is not in its repr."""

    snapshot_id: UUID
    source: str
    query_no: str
    consent_ref: str
    name: str = field(repr=False)
    id_no: str = field(repr=False)
    uscc: str = field(repr=False)


def open_collection(session: Session, *, application_id: UUID, attempt: int) -> Sequence[Question] | None:
    """The questions that are not answered yet; None when this try is not due (any more).

    A consent that was withdrawn meanwhile ends the application without a decision.
    """
    row = hold(session, application_id)
    if row.status not in ("submitted", "deciding", "waiting_data") or row.attempt != attempt:
        return None
    consents = granted(session, customer_id=row.customer_id, enterprise_id=row.enterprise_id, kinds=CONSENT_KINDS)
    if len(consents) < len(CONSENT_KINDS):
        end_without_loan(session, row, "withdraw", actor="consent_withdrawn")
        tell(session, row, events.ApplicationWithdrawn)
        return None
    if row.status == "submitted":
        transition(session, row, STATES, "collect")
    snapshots = _snapshots(session, row, consents)
    return _questions(session, row, [one for one in snapshots if one.state == "asked"])


def _snapshots(session: Session, row: Application, consents: dict[str, ConsentView]) -> Sequence[SourceSnapshot]:
    known = list(session.scalars(select(SourceSnapshot).where(SourceSnapshot.application_id == row.id)))
    for source in SOURCE_CONSENTS.keys() - {one.source for one in known}:
        snapshot_id = ids.new_id()
        known.append(
            SourceSnapshot(
                id=snapshot_id,
                application_id=row.id,
                customer_id=row.customer_id,
                source=source,
                query_no=ids.outside_number("QR", snapshot_id),
                consent_id=consents[SOURCE_CONSENTS[source]].consent_id,
                state="asked",
                asked_at=clock.now(),
            )
        )
    session.add_all(known)
    session.flush()
    return known


def _questions(session: Session, row: Application, asked: Sequence[SourceSnapshot]) -> Sequence[Question]:
    applicant, business = person(session, row.customer_id), enterprise(session, row.enterprise_id)
    return [
        Question(
            snapshot_id=one.id,
            source=one.source,
            query_no=one.query_no,
            consent_ref=str(one.consent_id),
            name=applicant.name or "",
            id_no=applicant.id_no or "",
            uscc=business.uscc,
        )
        for one in asked
    ]


def keep_answer(session: Session, *, snapshot_id: UUID, report: dict[str, Any] | None) -> None:
    """Keep what a source answered, None where it knows no such subject; the first answer stands."""
    row = session.get_one(SourceSnapshot, snapshot_id, with_for_update=True)
    if row.state == "asked":
        row.state = "nothing" if report is None else "answered"
        row.report = None if report is None else json.dumps(report, ensure_ascii=False)
        row.answered_at = clock.now()
