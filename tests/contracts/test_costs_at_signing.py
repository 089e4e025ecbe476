"""What was agreed is looked at again when it is signed: the sheet, its age, the cap; a fresh sheet leads on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.contracts import queries
from app.contracts import usecases as contracts
from app.contracts.domain.contracts import CostsExpired, CostsReplaced
from app.contracts.domain.cost_sheets import VALID
from app.credit import usecases
from app.credit.domain.offers import AboveCap, UpliftOutOfRange
from app.credit.queries import ApplicationView
from app.kernel import clock, ids
from tests.factories import credit
from tests.factories.customers import SignedInCustomer


def sign(session: Session, applicant: SignedInCustomer, application: ApplicationView, contract_id: UUID) -> None:
    """As the route does: hold, then sign."""
    usecases.hold_for_signature(
        session, application_id=application.application_id, customer_id=applicant.customer_id
    )
    credit.sign(session, applicant, contract_id)


def another_sheet(session: Session, application: ApplicationView, term_months: int) -> UUID:
    whose = {"application_id": application.application_id, "customer_id": application.customer_id}
    agreement, disclosure = usecases.agree(
        session, amount_fen=None, term_months=term_months, method="equal_instalment", **whose
    )
    sheet = contracts.show_cost_sheet(
        session, cost_sheet_id=ids.new_id(), agreement=agreement, lender=credit.LENDER, disclosure=disclosure, **whose
    )
    return sheet.cost_sheet_id


def test_a_contract_of_a_replaced_sheet_is_not_signed_and_a_fresh_one_is(
    session: Session, clock_at: Callable[[datetime], None]
) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    old = credit.presented_contract(session, made)
    another_sheet(session, made, 6)
    with pytest.raises(CostsReplaced):
        sign(session, applicant, made, old)
    clock_at(clock.now() + timedelta(minutes=2))  # one code a minute
    new = credit.presented_contract(session, made)
    assert new != old
    sign(session, applicant, made, new)
    found = queries.current_contract(session, application_id=made.application_id)
    assert found is not None and (found.contract_id, found.status) == (new, "customer_signed")


def test_a_sheet_confirmed_too_long_ago_is_not_signed_on_and_the_same_terms_get_a_new_one(
    session: Session, clock_at: Callable[[datetime], None]
) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    old = credit.presented_contract(session, made)
    confirmed_at = clock.now()
    clock_at(confirmed_at + VALID + timedelta(seconds=1))
    with pytest.raises(CostsExpired):
        sign(session, applicant, made, old)
    clock_at(clock.now() + timedelta(minutes=2))  # one code a minute
    new = credit.presented_contract(session, made)
    assert new != old
    sign(session, applicant, made, new)
    clock_at(clock.now() + VALID * 2)
    sign(session, applicant, made, new)  # signed is signed: asking again changes nothing


def test_a_cap_that_fell_since_the_sheet_is_minded_when_it_is_signed(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, made)
    usecases.publish_parameter(
        session, name="all_in_cap", value=Decimal("0.05"), effective_from=clock.today(), source="test"
    )
    with pytest.raises(AboveCap):
        sign(session, applicant, made, contract_id)
    assert queries.contract(
        session, contract_id=contract_id, application_id=made.application_id, customer_id=made.customer_id
    ).status == "presented"


def test_a_penalty_that_is_no_longer_allowed_is_not_signed(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    contract_id = credit.presented_contract(session, made)
    usecases.publish_parameter(
        session, name="overdue_uplift_max", value=Decimal("0.40"), effective_from=clock.today(), source="test"
    )
    with pytest.raises(UpliftOutOfRange):
        sign(session, applicant, made, contract_id)
