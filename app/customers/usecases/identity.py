"""Who a customer is: name and resident ID, confirmed by the bureau between two short transactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.bureau import IdentityCheck as Outcome
from app.customers.domain.people import (
    CHECKS_A_DAY,
    CHECKS_WINDOW,
    IdentityFixed,
    IdentityMismatch,
    IdentityNotFound,
    IdentityTaken,
    TooManyChecks,
    check_id_no,
    normalise_name,
)
from app.customers.events import CustomerIdentified
from app.customers.models import Customer, IdentityCheck
from app.customers.queries.people import Person, person
from app.customers.usecases.consents import require_consents
from app.kernel import clock, crypto, outbox
from app.kernel.ids import outside_number


@dataclass(frozen=True)
class IdentityQuestion:
    """What the bureau is asked; the same check id always asks under the same number."""

    check_id: UUID
    customer_id: UUID
    query_no: str
    name: str = field(repr=False)
    id_no: str = field(repr=False)
    phone: str = field(repr=False)


def open_identity_check(
    session: Session, *, check_id: UUID, customer_id: UUID, name: str, id_no: str
) -> IdentityQuestion:
    """Check the digits and the consent, count the question.

    Raises NameMalformed, IdNoMalformed, ConsentMissing, IdentityFixed, TooManyChecks.
    """
    name, id_no = normalise_name(name), check_id_no(id_no)
    customer = session.get_one(Customer, customer_id, with_for_update=True)
    if customer.level == "identified" and (customer.name, customer.id_no) != (name, id_no):
        raise IdentityFixed("Your identity is confirmed already; call the bank to correct it.")
    require_consents(session, customer_id=customer_id, enterprise_id=None, kinds=("identity_check",))
    count_check(session, check_id=check_id, customer_id=customer_id)
    return IdentityQuestion(check_id, customer_id, outside_number("ID", check_id), name, id_no, customer.phone)


def count_check(session: Session, *, check_id: UUID, customer_id: UUID) -> None:
    """Count a question about who somebody is, once by its id, before it is asked. Raises TooManyChecks."""
    if session.get(IdentityCheck, check_id) is None:
        _check_daily_limit(session, customer_id)
        session.add(IdentityCheck(id=check_id, customer_id=customer_id, created_at=clock.now()))


def settle_identity(session: Session, *, question: IdentityQuestion, outcome: Outcome) -> Person:
    """Keep name and number when the bureau says they match.

    Raises IdentityMismatch, IdentityNotFound, IdentityTaken, IdentityFixed; then nothing of them is kept.
    """
    if outcome == "mismatch":
        raise IdentityMismatch("Name, ID number and phone do not belong together. Check them and try again.")
    if outcome == "not_found":
        raise IdentityNotFound("The register does not know this ID number.")
    session.get_one(IdentityCheck, question.check_id).outcome = outcome
    customer = session.get_one(Customer, question.customer_id, with_for_update=True)
    if customer.level == "identified":
        if customer.id_no != question.id_no:
            raise IdentityFixed("Your identity is confirmed already; call the bank to correct it.")
        return person(session, customer.id)
    _keep(session, customer, question)
    outbox.emit(session, CustomerIdentified(subject_id=customer.id))
    return person(session, customer.id)


def _keep(session: Session, customer: Customer, question: IdentityQuestion) -> None:
    try:
        with session.begin_nested():  # the unique key on the ID number answers the race of two customers
            customer.name, customer.id_no = question.name, question.id_no
            customer.id_no_index = crypto.blind_index(question.id_no, "customers.id_no")
            customer.level, customer.identified_at = "identified", clock.now()
            session.flush()
    except IntegrityError as error:
        raise IdentityTaken("This person has an account under another phone number; sign in with that one.") from error


def _check_daily_limit(session: Session, customer_id: UUID) -> None:
    since = clock.now() - CHECKS_WINDOW
    query = select(func.count()).where(IdentityCheck.customer_id == customer_id, IdentityCheck.created_at > since)
    if (session.scalar(query) or 0) >= CHECKS_A_DAY:
        wait_s = int(CHECKS_WINDOW.total_seconds())
        raise TooManyChecks("The identity was checked too often today; try again tomorrow.", retry_after_s=wait_s)
