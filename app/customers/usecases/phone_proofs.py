"""The old phone is lost: name and ID number, and the register's word that the new number is this person's own."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.adapters.bureau import IdentityCheck as Outcome
from app.customers.domain import phone_changes as rules
from app.customers.domain.people import IdentityMismatch, check_id_no, normalise_name
from app.customers.models import Customer
from app.customers.usecases.consents import require_consents
from app.customers.usecases.identity import IdentityQuestion, count_check
from app.customers.usecases.phone_changes import PhoneChangeView, own_change, view
from app.kernel.ids import outside_number
from app.kernel.states import transition


@dataclass(frozen=True)
class PhoneProof:
    """What the bureau is asked; nothing when what was typed is not the customer's own."""

    own: bool
    question: IdentityQuestion


def open_phone_proof(
    session: Session, *, check_id: UUID, change_id: UUID, customer_id: UUID, session_id: UUID, name: str, id_no: str
) -> PhoneProof:
    """Count the question and compare with the identity that was confirmed.

    Raises ConsentMissing, NameMalformed, IdNoMalformed, PhoneChangeUnknown, PhoneChangeOver, IdentityNeeded,
    TooManyChecks.
    """
    name, id_no = normalise_name(name), check_id_no(id_no)
    row = own_change(session, change_id, customer_id, session_id)
    customer = session.get_one(Customer, customer_id, with_for_update=True)
    if customer.level != "identified" or customer.name is None or customer.id_no is None:
        raise rules.IdentityNeeded("Your identity was never confirmed here; call the bank.")
    require_consents(session, customer_id=customer_id, enterprise_id=None, kinds=("identity_check",))
    count_check(session, check_id=check_id, customer_id=customer_id)
    known = hmac.compare_digest(f"{customer.name}\0{customer.id_no}".encode(), f"{name}\0{id_no}".encode())
    question = IdentityQuestion(check_id, customer_id, outside_number("ID", check_id), name, id_no, row.new_phone)
    return PhoneProof(known, question)


def settle_phone_proof(
    session: Session, *, change_id: UUID, customer_id: UUID, session_id: UUID, outcome: Outcome
) -> PhoneChangeView:
    """The person stands for the old phone from here on. Raises IdentityMismatch, whatever it was that did not fit."""
    if outcome != "match":
        raise IdentityMismatch("Name, ID number and the new phone do not belong together.")
    row = own_change(session, change_id, customer_id, session_id)
    if row.status == "opened":
        row.shown_by = "identity"
        transition(session, row, rules.STATES, "identity_shown", actor=f"customer:{customer_id}")
    return view(row)
