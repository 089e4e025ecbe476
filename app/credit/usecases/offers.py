"""What an approved customer agrees to: the terms of the cost sheet and of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.domain.agreements import Agreement, Disclosure, Parties
from app.contracts.queries import current_contract
from app.credit.domain import parameters as named
from app.credit.domain.applications import STATES, ApplicationUnknown, NotYetOffered
from app.credit.domain.decisions import price_for
from app.credit.domain.offers import check_amount, check_cap, check_plan, check_uplifts
from app.credit.domain.products import ProductTerms
from app.credit.models import Application, CreditLine
from app.credit.queries.applications import ApplicationView, view
from app.credit.queries.catalogue import parameters, product_version, rule_set_version
from app.credit.queries.decisions import case_of, decision
from app.credit.usecases.applications import hold
from app.credit.usecases.lines import check_usable
from app.customers.queries import enterprise, person
from app.engine.repricing import benchmark_for
from app.kernel import clock
from app.kernel.states import transition


def hold_offer(session: Session, *, application_id: UUID, customer_id: UUID) -> Application:
    """The application, locked, while its offer stands and its line may be drawn.

    Raises ApplicationUnknown, NotYetOffered, LineNotUsable.
    """
    row = hold(session, application_id)
    if row.customer_id != customer_id:
        raise ApplicationUnknown("There is no such application.")
    if row.status not in ("approved", "signing") or row.valid_until is None or row.valid_until < clock.today():
        raise NotYetOffered("There is no offer to agree to.", status=row.status)
    if row.credit_line_id is not None:
        check_usable(session.get_one(CreditLine, row.credit_line_id, populate_existing=True))
    return row


def hold_for_signature(session: Session, *, application_id: UUID, customer_id: UUID) -> None:
    """Hold the application while its contract is signed; afterwards it may be asked again without effect.

    What was agreed is checked once more against the bounds of today: all-in cap and penalties may have changed since
    the cost sheet. Raises ApplicationUnknown, NotYetOffered, LineNotUsable, AboveCap, UpliftOutOfRange.
    """
    row = hold(session, application_id)
    if row.customer_id == customer_id and row.status in ("effective", "drawn"):
        return
    hold_offer(session, application_id=application_id, customer_id=customer_id)
    contract = current_contract(session, application_id=application_id)
    if contract is None or contract.status != "presented":
        return
    numbers = parameters(session, on=clock.today())
    check_uplifts(product_version(session, row.product_version_id).terms, numbers)
    check_cap(contract.agreement.plan(), numbers[named.ALL_IN_CAP])


def agree(
    session: Session,
    *,
    application_id: UUID,
    customer_id: UUID,
    amount_fen: int | None,
    term_months: int,
    method: str,
) -> tuple[Agreement, Disclosure]:
    """The terms for a choice within the approval, priced by the decision's rules, checked against today's bounds.

    `amount_fen` None: all that was approved. Holds the application. Raises NotYetOffered, AmountAboveOffer,
    AmountOutOfRange, TermNotOffered, MethodNotOffered, InstalmentTooHigh, AboveCap, UpliftOutOfRange.
    """
    row = hold_offer(session, application_id=application_id, customer_id=customer_id)
    assert row.approved_fen is not None
    product = product_version(session, row.product_version_id).terms
    asked_fen = amount_fen if amount_fen is not None else row.approved_fen
    product.check(amount_fen=asked_fen, term_months=term_months, method=method)
    product.check_calendar(term_months=term_months, method=method, on=clock.today())
    check_amount(asked_fen, row.approved_fen, whole=row.order_id is not None)
    numbers = parameters(session, on=clock.today())
    check_uplifts(product, numbers)
    decided = decision(session, row.id)
    assert decided is not None
    rules = rule_set_version(session, decided.rule_set_version_id).rules
    case = case_of(session, row.id)
    rate = price_for(case, rules, product, decided.outcome["grade"], term_months).annual_rate
    choice = {"principal_fen": asked_fen, "term_months": term_months, "method": method}
    benchmarks = parameters(session, on=clock.local_day(decided.decided_at)).rates() | {named.LPR_1Y: case.lpr_1y}
    floating = _floating(product, rate, benchmarks, term_months)
    agreement = _agreement(row, product, rate, lpr_1y=case.lpr_1y, repricing=floating, **choice)
    capacity_fen = decided.outcome["limit"]["monthly_capacity_fen"]
    check_plan(agreement.plan(), monthly_capacity_fen=capacity_fen, all_in_cap=numbers[named.ALL_IN_CAP])
    reading, cap = numbers.row(named.MIN_READING_S), numbers.row(named.ALL_IN_CAP)
    return agreement, Disclosure(int(reading.value), reading.source, cap.value, cap.source)


def _floating(
    product: ProductTerms, rate: Decimal, benchmarks: Mapping[str, Decimal], term_months: int
) -> dict[str, Any]:
    """What of the rate stays (the spread) and what follows the benchmark of the day of the decision; {}: fixed."""
    if product.repriced_on is None:
        return {}
    benchmark = benchmark_for(term_months)
    value = benchmarks[benchmark]
    spread_bps = int((rate - value) * 10_000)
    said = {"benchmark": benchmark, "benchmark_rate": str(value), "spread_bps": spread_bps}
    return {**said, "on": str(product.repriced_on)}


def _agreement(row: Application, product: ProductTerms, rate: Decimal, **choice: Any) -> Agreement:
    return Agreement(
        product_code=product.code,
        product_version=product.version,
        product_name=product.name.as_json(),
        annual_rate=rate,
        start_on=clock.today(),
        overdue_rate=product.overdue_rate(rate),
        misuse_rate=product.misuse_rate(rate),
        grace_days=product.grace_days,
        plan_options=product.plan.as_json(),
        purpose=row.purpose,
        forbidden_uses=product.forbidden_uses.as_json(),
        **choice,
    )


def parties(session: Session, *, application: ApplicationView) -> Parties:
    """Who signs and who is paid."""
    applicant, business = person(session, application.customer_id), enterprise(session, application.enterprise_id)
    payee = application.payee
    return Parties(
        enterprise_name=business.name,
        uscc=business.uscc,
        legal_rep_name=applicant.name or "",
        legal_rep_id_no=applicant.id_no or "",
        phone=applicant.phone,
        payee_name=payee.name if payee else None,
        payee_account_name=payee.account_name if payee else None,
        payee_account_no=payee.account_no if payee else None,
    )


def begin_signing(session: Session, *, application_id: UUID) -> ApplicationView:
    """The contract is there to be signed; when it was before, nothing changes."""
    row = hold(session, application_id)
    if row.status == "approved":
        transition(session, row, STATES, "prepare_signing", actor=f"customer:{row.customer_id}")
    return view(row)
