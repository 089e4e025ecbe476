"""Mandates: an account is named, checked, agreed to with a second factor, and ended whenever the customer wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.core_bank import AccountCheck, Payee
from app.customers import queries as customers
from app.customers.domain.consents import ConsentTextChanged
from app.customers.usecases import grant, require_cooled_off, use_step_up, withdraw
from app.debits import domain, queries
from app.debits.events import MandateSuspended
from app.debits.models import DebitMandate
from app.kernel import clock
from app.kernel.outbox import emit
from app.kernel.states import transition


@dataclass(frozen=True)
class AccountQuestion:
    """What the core bank is asked about an account."""

    mandate_id: UUID
    account: Payee = field(repr=False)


def open_mandate(
    session: Session, *, mandate_id: UUID, customer_id: UUID, account_no: str, bank_code: str, text_version: str,
    text_sha256: str,
) -> AccountQuestion:  # fmt: skip
    """An account of the customer's own is named, get-or-create by id; nothing may be debited yet.

    Raises NotIdentified, ConsentTextChanged when the text is not the one in force, CoolingOff, TooManyChecks.
    """
    row = session.get(DebitMandate, mandate_id)
    if row is None:
        require_cooled_off(session, customer_id=customer_id)
        name = _name_of(session, customer_id)
        _check_text(session, text_version, text_sha256)
        _count_checks(session, customer_id)
        row = DebitMandate(
            id=mandate_id,
            customer_id=customer_id,
            account_no=account_no,
            account_name=name,
            bank_code=bank_code,
            account_tail=account_no[-4:],
            text_version=text_version,
            text_sha256=text_sha256,
            status="checking",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
    return AccountQuestion(row.id, Payee(row.account_no, row.account_name, row.bank_code))


def _name_of(session: Session, customer_id: UUID) -> str:
    name = customers.person(session, customer_id).name
    if not name or domain.UNFIT_NAME.search(name):
        raise domain.NotIdentified("Confirm who you are before you name an account.")
    return name


def _check_text(session: Session, version: str, sha256: str) -> None:
    for locale in ("zh-CN", "en"):
        for text in customers.current_texts(session, locale=locale, kinds=(domain.PURPOSE,)):
            if (text.version, text.sha256) == (version, sha256):
                return
    raise ConsentTextChanged("Show the text in force and ask again.", kind=domain.PURPOSE)


def _count_checks(session: Session, customer_id: UUID) -> None:
    """Two requests at once may both pass: the limit keeps people from trying accounts, not from one try too many."""
    since = clock.now() - timedelta(days=1)
    made = session.scalar(
        select(func.count()).where(DebitMandate.customer_id == customer_id, DebitMandate.created_at > since)
    )
    if (made or 0) >= queries.rule(session, "account_checks_a_day", clock.today()):
        raise domain.TooManyChecks("Name another account tomorrow.")


def settle_check(session: Session, *, mandate_id: UUID, found: AccountCheck) -> DebitMandate:
    """What the core bank says of the account. A refusal is kept; the caller tells it. Asked again: the same answer."""
    row = session.get_one(DebitMandate, mandate_id, with_for_update=True)
    if row.status == "checking":
        transition(session, row, domain.MANDATE_STATES, "matched" if found == "match" else "refused")
        if found != "match":
            row.ended_by, row.ended_at = found, clock.now()
    return row


def confirm_mandate(
    session: Session, *, mandate_id: UUID, customer_id: UUID, session_id: UUID, facts: dict[str, Any]
) -> DebitMandate:
    """The customer agreed with a second factor for this very account: it replaces the one before.

    After a change the new account rests before anything is taken from it (`change_cool_off_hours`).
    Raises MandateUnknown, MandateOver, StepUpNeeded, CoolingOff, ConsentTextChanged.
    """
    row = _own(session, customer_id, mandate_id)
    if row.status == "active":
        return row
    if row.status != "checked":
        raise domain.MandateOver("This account was refused, or its mandate has ended.", status=row.status)
    use_step_up(session, session_id=session_id, purpose=domain.PURPOSE, subject_id=row.id)
    now = clock.now()
    usable_from = now + _rest(session, customer_id)
    for before in _active(session, customer_id):
        _end(session, before, "replaced", "another_account")
    session.flush()
    consent = grant(
        session,
        consent_id=row.id,
        customer_id=customer_id,
        kind=domain.PURPOSE,
        text_version=row.text_version,
        text_sha256=row.text_sha256,
        enterprise_id=None,
        facts=facts | {"mandate_id": str(row.id)},
    )
    row.confirmed_at, row.usable_from, row.consent_id = now, usable_from, consent.consent_id
    transition(session, row, domain.MANDATE_STATES, "confirmed")
    session.flush()
    return row


def _rest(session: Session, customer_id: UUID) -> timedelta:
    """A first account is used at once; one that comes after another only after this long."""
    before = session.scalar(
        select(func.count()).where(DebitMandate.customer_id == customer_id, DebitMandate.confirmed_at.is_not(None))
    )
    hours = queries.rule(session, "change_cool_off_hours", clock.today()) if before else 0
    return timedelta(hours=hours)


def _active(session: Session, customer_id: UUID) -> list[DebitMandate]:
    query = select(DebitMandate).where(DebitMandate.customer_id == customer_id, DebitMandate.status == "active")
    return list(session.scalars(query.with_for_update()))


def revoke_mandate(session: Session, *, customer_id: UUID, mandate_id: UUID) -> DebitMandate:
    """End a mandate from now on; twice is as once. A debit that is in a file already is still carried out.

    Raises MandateUnknown.
    """
    row = _own(session, customer_id, mandate_id)
    if (row.status, "revoked") in domain.MANDATE_STATES:
        _end(session, row, "revoked", "customer")
        if row.consent_id is not None:
            withdraw(session, customer_id=customer_id, consent_id=row.consent_id)
    return row


def end_with_consent(session: Session, *, customer_id: UUID) -> int:
    """The consent behind the mandate was withdrawn: it ends too; answers how many."""
    rows = _active(session, customer_id)
    for row in rows:
        _end(session, row, "revoked", "consent_withdrawn")
    return len(rows)


def suspend_mandate(session: Session, *, mandate_id: UUID, why: str) -> None:
    """The account cannot be debited any more; the customer is told, once."""
    row = session.get_one(DebitMandate, mandate_id, with_for_update=True)
    if row.status == "active":
        _end(session, row, "account_closed", why)
        emit(session, MandateSuspended(subject_id=row.id, customer_id=row.customer_id))


def _end(session: Session, row: DebitMandate, event: str, why: str) -> None:
    transition(session, row, domain.MANDATE_STATES, event)
    row.ended_by, row.ended_at = why[:32], clock.now()


def _own(session: Session, customer_id: UUID, mandate_id: UUID) -> DebitMandate:
    row = session.get(DebitMandate, mandate_id, with_for_update=True)
    if row is None or row.customer_id != customer_id:
        raise domain.MandateUnknown("There is no such mandate.")
    return row
