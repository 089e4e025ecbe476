"""Applications, decisions and offers against the database, without any source."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries, usecases
from app.credit.domain import applications as domain
from app.credit.domain import offers
from app.credit.domain.cases import digest
from app.credit.domain.products import AmountOutOfRange, MethodNotOffered, TermNotOffered
from app.credit.domain.rules import RuleSetMalformed
from app.credit.models import Decision, RuleSetVersion
from app.customers.domain.consents import ConsentMissing
from app.customers.domain.people import NotAMember
from app.customers.models import Membership
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent
from app.kernel.states import NotAllowedNow
from tests.factories import credit, customers


def events(session: Session, application_id: UUID) -> list[str]:
    rows = session.scalars(select(OutboxEvent).where(OutboxEvent.subject_id == application_id).order_by(OutboxEvent.id))
    return [row.name for row in rows]


def test_opening_twice_with_one_id_is_one_application(session: Session) -> None:
    applicant = credit.make_applicant(session)
    first = credit.open_application(session, applicant)
    again = credit.open_application(session, applicant, application_id=first.application_id)
    assert first == again
    assert events(session, first.application_id) == ["application.submitted"]
    assert first.number.startswith("AP-") and first.payee == credit.PAYEE


def test_an_order_takes_one_application_until_that_is_over(session: Session) -> None:
    applicant = credit.make_applicant(session)
    first = credit.open_application(session, applicant)
    with pytest.raises(domain.ApplicationExists) as refused:
        credit.open_application(session, applicant, order_id=first.order_id)
    assert refused.value.context == {"application_id": str(first.application_id)}
    assert credit.open_application(session, applicant).order_id != first.order_id
    usecases.withdraw(session, application_id=first.application_id, customer_id=applicant.customer_id)
    assert credit.open_application(session, applicant, order_id=first.order_id).status == "submitted"


def test_without_an_order_there_is_one_live_application_a_product(session: Session) -> None:
    applicant = credit.make_applicant(session)
    credit.open_application(session, applicant, order_id=None)
    with pytest.raises(domain.ApplicationExists):
        credit.open_application(session, applicant, order_id=None)


def test_missing_consents_are_a_refusal_that_lists_them(session: Session) -> None:
    customer = customers.make_customer(session)
    enterprise = customers.make_enterprise(session, legal_rep=customer)
    given = ("privacy_terms", "identity_check", "tax_data")
    customers.give_consents(session, customer_id=customer.id, enterprise_id=enterprise.id, kinds=given)
    applicant = customers.SignedInCustomer(customer.id, ids.new_id(), "", enterprise.id)
    with pytest.raises(ConsentMissing) as refused:
        credit.open_application(session, applicant)
    assert refused.value.context["missing"] == ["bureau_query", "invoice_data"]


def test_only_the_legal_representative_applies(session: Session) -> None:
    applicant, other = credit.make_applicant(session), credit.make_applicant(session)
    with pytest.raises(NotAMember):
        credit.open_application(session, other, enterprise_id=applicant.enterprise_id)
    link = session.scalars(select(Membership).where(Membership.customer_id == applicant.customer_id)).one()
    link.role = "handler"
    session.flush()
    with pytest.raises(domain.NotAllowedToApply):
        credit.open_application(session, applicant)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount_fen": 99_999}, AmountOutOfRange),
        ({"amount_fen": 30_000_001}, AmountOutOfRange),
        ({"term_months": 4}, TermNotOffered),
        ({"method": "bullet"}, MethodNotOffered),
        ({"purpose": "house"}, domain.PurposeUnknown),
    ],
)
def test_wishes_outside_the_product_are_refused(
    session: Session, change: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        credit.open_application(session, credit.make_applicant(session), **change)


def test_approval_makes_a_line_and_an_offer_with_an_end(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    assert (made.status, made.approved_fen) == ("approved", credit.AMOUNT_FEN)
    assert made.valid_until == clock.today() + timedelta(days=30)
    assert made.credit_line_id is not None
    line = queries.line(session, made.credit_line_id)
    decision = queries.decision(session, made.application_id)
    assert decision is not None and decision.approved
    assert line.limit_fen == decision.outcome["limit"]["total_fen"] and line.available_fen == line.limit_fen
    assert events(session, made.application_id) == ["application.submitted", "application.approved"]
    assert [step.status for step in queries.timeline(session, made.application_id)] == ["deciding", "approved"]


def test_a_second_order_counts_what_is_approved_already(session: Session) -> None:
    applicant = credit.make_applicant(session)
    first = credit.approved_application(session, applicant)
    second = credit.approved_application(session, applicant)
    assert first.credit_line_id == second.credit_line_id
    case = queries.case_of(session, second.application_id)
    assert case.features["own_exposure_fen"].value == credit.AMOUNT_FEN


def test_a_refusal_carries_its_reasons(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.decide(session, credit.open_application(session, applicant), current_overdue_fen=5_000)
    decision = queries.decision(session, made.application_id)
    assert made.status == "declined" and decision is not None
    assert decision.outcome["reasons"][0]["code"] == "K06"
    assert decision.outcome["reasons"][0]["text"]["zh"] == "在其他机构有 50.00 元正在逾期"
    assert decision.outcome["reasons"][0]["evidence"]["value"]["en"] == "CNY 50.00"
    assert events(session, made.application_id)[-1] == "application.declined"


def test_a_decision_recomputes_from_its_record_and_shows_when_it_does_not(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    decision = queries.decision(session, made.application_id)
    assert decision is not None
    assert usecases.recompute(session, decision.decision_id)
    row = session.get_one(Decision, decision.decision_id)
    tampered = {**row.outcome, "amount_fen": row.outcome["amount_fen"] + 1}
    with session.no_autoflush:
        row.outcome = tampered
        assert not usecases.recompute(session, decision.decision_id)
        session.expire(row)


def test_words_that_were_put_otherwise_that_day_are_sealed_and_are_no_other_decision(session: Session) -> None:
    made = credit.decide(session, credit.open_application(session, credit.make_applicant(session)), queries_3m=11)
    decision = queries.decision(session, made.application_id)
    assert decision is not None
    row = session.get_one(Decision, decision.decision_id)
    said = json.loads(json.dumps(row.outcome))
    said["reasons"][0]["text"]["zh"] = "另一种说法"
    versions = (decision.rule_version, decision.product_version)
    with session.no_autoflush:
        row.outcome = said
        assert not usecases.recompute(session, decision.decision_id)  # what was told is not changed afterwards
        row.digest = digest(json.loads(row.inputs), *versions, said)  # it was told so
        assert usecases.recompute(session, decision.decision_id)
        said["reasons"][0]["code"] = "K99"
        row.digest = digest(json.loads(row.inputs), *versions, said)
        assert not usecases.recompute(session, decision.decision_id)
        session.expire(row)


def test_new_rules_do_not_change_old_decisions(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    body = session.scalars(select(RuleSetVersion)).one().body
    stricter = {**body, "scorecard": {**body["scorecard"], "cut_off": 900}}
    credit.publish(session, kind="rules", version="R-next", body=stricter)
    decision = queries.decision(session, made.application_id)
    assert decision is not None and usecases.recompute(session, decision.decision_id)
    assert credit.approved_application(session, credit.make_applicant(session)).status == "declined"


def test_rules_that_cannot_price_a_term_are_not_published(session: Session) -> None:
    body = session.scalars(select(RuleSetVersion)).one().body
    unpriced = {**body, "price": {**body["price"], "term_bps": {"3": 0}}}
    with pytest.raises(RuleSetMalformed):
        credit.publish(session, kind="rules", version="R-bad", body=unpriced)


def test_decisions_cannot_be_altered_by_the_application(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    session.scalars(select(Decision).where(Decision.application_id == made.application_id)).one().digest = "0" * 64
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.flush()


def test_offers_keep_to_the_approval(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    ask = {"application_id": made.application_id, "customer_id": made.customer_id, "method": "equal_instalment"}
    with pytest.raises(domain.AmountAboveOffer):
        usecases.agree(session, amount_fen=credit.AMOUNT_FEN + 100, term_months=12, **ask)
    with pytest.raises(domain.AmountAboveOffer):  # less than its order is of no use
        usecases.agree(session, amount_fen=credit.AMOUNT_FEN - 100, term_months=12, **ask)
    twelve, disclosure = usecases.agree(session, amount_fen=None, term_months=12, **ask)
    three, _ = usecases.agree(session, amount_fen=None, term_months=3, **ask)
    assert (twelve.annual_rate, three.annual_rate) == (Decimal("0.0600"), Decimal("0.0570"))
    assert (twelve.overdue_rate, twelve.misuse_rate) == (Decimal("0.09"), Decimal("0.12"))
    assert disclosure.min_reading_s == 10 and "unverified" in disclosure.min_reading_source
    with pytest.raises(domain.ApplicationUnknown):
        usecases.agree(session, amount_fen=None, term_months=12, **{**ask, "customer_id": ids.new_id()})


def test_an_offer_within_yesterday_s_cap_is_blocked_by_today_s(session: Session) -> None:
    made = credit.approved_application(session, credit.make_applicant(session))
    usecases.publish_parameter(
        session, name="all_in_cap", value=Decimal("0.05"), effective_from=clock.today(), source="test"
    )
    with pytest.raises(offers.AboveCap):
        usecases.agree(
            session,
            application_id=made.application_id,
            customer_id=made.customer_id,
            amount_fen=None,
            term_months=12,
            method="equal_instalment",
        )


def test_a_term_whose_instalment_is_too_high_is_refused(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant, amount_fen=15_000_000)
    with pytest.raises(domain.InstalmentTooHigh):
        usecases.agree(
            session,
            application_id=made.application_id,
            customer_id=made.customer_id,
            amount_fen=None,
            term_months=3,
            method="equal_instalment",
        )


def test_agreed_terms_exist_when_both_have_signed(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    assert queries.agreed_terms(session, made.application_id) is None
    effective = credit.effective_application(session, credit.make_applicant(session))
    terms = queries.agreed_terms(session, effective.application_id)
    assert terms is not None and effective.status == "effective"
    assert (terms.principal_fen, terms.annual_rate, terms.term_months) == (credit.AMOUNT_FEN, Decimal("0.06"), 12)
    assert terms.credit_line_id == effective.credit_line_id
    assert events(session, effective.application_id)[-1] == "application.effective"
    usecases.mark_drawn(session, application_id=effective.application_id)
    usecases.mark_drawn(session, application_id=effective.application_id)
    assert queries.agreed_terms(session, effective.application_id) == terms


def test_a_failed_draw_closes_the_application_and_frees_the_order(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.effective_application(session, applicant)
    usecases.mark_draw_failed(session, application_id=made.application_id)
    usecases.mark_draw_failed(session, application_id=made.application_id)
    assert queries.application(session, made.application_id).status == "closed"
    assert credit.open_application(session, applicant, order_id=made.order_id).status == "submitted"


def test_withdrawing_ends_an_unsigned_contract_and_not_a_signed_one(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    credit.presented_contract(session, made)
    usecases.withdraw(session, application_id=made.application_id, customer_id=applicant.customer_id)
    assert usecases.withdraw(session, application_id=made.application_id, customer_id=applicant.customer_id)
    assert events(session, made.application_id).count("application.withdrawn") == 1
    other = credit.approved_application(session, applicant)
    credit.sign(session, applicant, credit.presented_contract(session, other))
    with pytest.raises(domain.ContractBinding):
        usecases.withdraw(session, application_id=other.application_id, customer_id=applicant.customer_id)
    declined = credit.decide(session, credit.open_application(session, applicant), court_listed=True)
    with pytest.raises(NotAllowedNow):
        usecases.withdraw(session, application_id=declined.application_id, customer_id=applicant.customer_id)


def test_public_offers_show_the_range_of_rates(session: Session) -> None:
    (offer,) = queries.offers(session, on=clock.today())
    assert (offer.lowest_rate, offer.highest_rate) == ("0.0510", "0.0810")


def test_two_decisions_on_one_enterprise_see_each_other(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        applicant = credit.make_applicant(session)
        opened = [credit.open_application(session, applicant) for _ in range(2)]
        for one in opened:
            reports = credit.invented_reports(session, one)
            for asked in usecases.open_collection(session, application_id=one.application_id, attempt=0) or ():
                usecases.keep_answer(session, snapshot_id=asked.snapshot_id, report=reports[asked.source])
        session.commit()
    start = Barrier(2)

    def settle(application_id: UUID) -> None:
        with committed() as mine, mine.begin():
            start.wait()
            usecases.settle_collection(mine, application_id=application_id, attempt=0)

    threads = [Thread(target=settle, args=(one.application_id,)) for one in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed() as session:
        seen = [queries.case_of(session, one.application_id).features["own_exposure_fen"].value for one in opened]
        assert sorted(seen) == [0, credit.AMOUNT_FEN]
        assert session.scalar(select(func.count()).select_from(Decision)) == 2
