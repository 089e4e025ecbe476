"""Which enterprise a person acts for: confirmed against the registry between two short transactions."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.tax import EnterpriseRecord
from app.customers.domain.people import (
    CHECKS_WINDOW,
    MEMBERSHIP_STATES,
    REGISTRY_QUESTIONS_A_DAY,
    EnterpriseNotActive,
    EnterpriseUnknown,
    IdentityNeeded,
    LegalRepMismatch,
    TooManyQuestions,
    check_uscc,
    id_no_sha256,
    normalise_name,
)
from app.customers.events import EnterpriseBound
from app.customers.models import Customer, Enterprise, Membership
from app.customers.queries.enterprises import EnterpriseView, MembershipView, enterprise
from app.kernel import audit, clock, ids, outbox
from app.kernel.audit import AuditEntry
from app.kernel.ids import outside_number
from app.kernel.states import transition

ASKED = "enterprise.ask_registry"


@dataclass(frozen=True)
class BindingQuestion:
    """What the registry is asked."""

    customer_id: UUID
    uscc: str
    query_no: str


def open_binding(session: Session, *, binding_id: UUID, customer_id: UUID, uscc: str) -> BindingQuestion:
    """Check the code and count the question; only a person with a confirmed identity may bind.

    Raises UsccMalformed, IdentityNeeded, TooManyQuestions.
    """
    customer = session.get_one(Customer, customer_id, with_for_update=True)  # of two at once the later is counted, too
    if customer.level != "identified":
        raise IdentityNeeded("Confirm your identity first.")
    asked = BindingQuestion(customer_id, check_uscc(uscc), outside_number("EN", binding_id))
    _count_question(session, customer_id)
    return asked


def _count_question(session: Session, customer_id: UUID) -> None:
    """Whom the registry was asked for is on record anyway; a repeat asks it again and counts again."""
    since = clock.now() - CHECKS_WINDOW
    query = select(func.count()).where(
        AuditEntry.subject_id == customer_id, AuditEntry.action == ASKED, AuditEntry.occurred_at > since
    )
    if (session.scalar(query) or 0) >= REGISTRY_QUESTIONS_A_DAY:
        wait_s = int(CHECKS_WINDOW.total_seconds())
        raise TooManyQuestions("The registry was asked too often today; try again tomorrow.", retry_after_s=wait_s)
    audit.record(
        session,
        actor_kind="customer",
        actor_id=str(customer_id),
        action=ASKED,
        subject_kind="customers",
        subject_id=customer_id,
    )


def settle_binding(
    session: Session, *, question: BindingQuestion, record: EnterpriseRecord | None
) -> tuple[EnterpriseView, MembershipView]:
    """Keep the enterprise and make the person its legal representative, if the registry says so.

    The registry must know it as active, and name and the digest of the ID number must be this person's.
    Raises EnterpriseUnknown, EnterpriseNotActive, LegalRepMismatch.
    """
    if record is None or record.uscc != question.uscc:
        raise EnterpriseUnknown("The register has no enterprise with this code.")
    if record.status != "active":
        raise EnterpriseNotActive("The register says that this enterprise is not active.", status=record.status)
    customer = session.get_one(Customer, question.customer_id)
    if not _is_legal_rep(customer, record):
        raise LegalRepMismatch("The register names another legal representative. Ask that person to apply.")
    row = _keep(session, record)
    _end_others(session, row.id, customer.id)
    membership = _join(session, row.id, customer.id)
    outbox.emit(session, EnterpriseBound(subject_id=row.id, customer_id=customer.id))
    view = MembershipView(membership.customer_id, membership.enterprise_id, membership.role, membership.status)
    return enterprise(session, row.id), view


def _is_legal_rep(customer: Customer, record: EnterpriseRecord) -> bool:
    if customer.name is None or customer.id_no is None:
        return False
    same_name = normalise_name(record.legal_rep_name) == customer.name
    return same_name and record.legal_rep_id_no_sha256.lower() == id_no_sha256(customer.id_no)


def _keep(session: Session, record: EnterpriseRecord) -> Enterprise:
    now = clock.now()
    snapshot = json.dumps({**asdict(record), "established_on": record.established_on.isoformat()}, ensure_ascii=False)
    seen = {
        "name": record.name,
        "registry_status": record.status,
        "industry_code": record.industry_code,
        "region_code": record.region_code,
        "established_on": record.established_on,
        "legal_rep_name": record.legal_rep_name,
        "registry_snapshot": snapshot,
        "checked_at": now,
    }
    session.execute(
        insert(Enterprise)
        .values(id=ids.new_id(), uscc=record.uscc, created_at=now, **seen)
        .on_conflict_do_nothing(index_elements=["uscc"])
    )
    row = session.scalars(select(Enterprise).where(Enterprise.uscc == record.uscc).with_for_update()).one()
    for name, value in seen.items():
        setattr(row, name, value)
    session.flush()
    return row


def _end_others(session: Session, enterprise_id: UUID, customer_id: UUID) -> None:
    """An enterprise has one legal representative: whoever was it before is it no more."""
    before = session.scalars(
        select(Membership).where(
            Membership.enterprise_id == enterprise_id,
            Membership.customer_id != customer_id,
            Membership.role == "legal_rep",
            Membership.status == "active",
        )
    )
    for row in before:
        transition(session, row, MEMBERSHIP_STATES, "legal_rep_changed", actor="registry")


def _join(session: Session, enterprise_id: UUID, customer_id: UUID) -> Membership:
    key = {"customer_id": customer_id, "enterprise_id": enterprise_id}
    row = session.scalars(select(Membership).filter_by(**key)).one_or_none()  # the enterprise's row is locked
    if row is None:
        row = Membership(id=ids.new_id(), role="legal_rep", status="active", created_at=clock.now(), **key)
        session.add(row)
    elif row.status != "active":
        transition(session, row, MEMBERSHIP_STATES, "confirmed", actor="registry")
    row.role = "legal_rep"
    session.flush()
    return row
