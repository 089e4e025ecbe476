"""Orders and merchants: told twice, differing, paid late, cancelled; and what the jobs make of others' events."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.credit.events import ApplicationDeclined
from app.kernel import ids
from app.kernel.outbox import OutboxEvent, emit
from app.loans.events import DrawdownFailed
from app.orders import queries, usecases
from app.orders.domain import MerchantAccountRefused, OrderClosed, OrderDiffers, OrderUnknown, TextRefused, clean_text
from app.orders.queries import OrderView
from tests.factories.customers import make_customer
from tests.factories.orders import ACCOUNT, MERCHANT_REF, make_merchant, make_order
from tests.factories.partners import Signer, make_partner
from tests.factories.webhooks import activate_loan
from tests.job_runner import JobRunner


@pytest.fixture
def partner(session: Session) -> Signer:
    return make_partner(session)


@pytest.fixture
def order(session: Session, partner: Signer) -> OrderView:
    return make_order(session, partner.partner_id)


def applying(session: Session, order: OrderView) -> dict[str, Any]:
    """Somebody applies; answers the ids that events carry."""
    facts = {"application_id": ids.new_id(), "customer_id": make_customer(session).id}
    usecases.apply(session, order_id=order.id, **facts)
    return facts


def status(session: Session, order: OrderView) -> str:
    session.expire_all()
    return queries.order(session, order.id).status


def test_telling_an_order_again_is_the_same_order(session: Session, partner: Signer, order: OrderView) -> None:
    again = make_order(session, partner.partner_id, order_ref=order.order_ref)
    assert again.id == order.id
    for changes in ({"amount_fen": 1}, {"merchant_ref": "other"}):
        make_merchant(session, partner.partner_id, "other")
        with pytest.raises(OrderDiffers):
            make_order(session, partner.partner_id, order_ref=order.order_ref, **changes)


def test_references_are_the_partners_own(session: Session, order: OrderView) -> None:
    other = make_partner(session)
    assert make_order(session, other.partner_id, order_ref=order.order_ref).id != order.id
    with pytest.raises(OrderUnknown):
        queries.partner_order(session, partner_id=make_partner(session).partner_id, order_ref=order.order_ref)


@pytest.mark.parametrize("verdict", ["mismatch", "unknown", "closed"])
def test_only_checked_accounts_are_registered(session: Session, partner: Signer, verdict: str) -> None:
    with pytest.raises(MerchantAccountRefused):
        usecases.register_merchant(
            session, partner_id=partner.partner_id, merchant_ref=MERCHANT_REF, account_check=verdict, **ACCOUNT
        )


def test_accounts_are_sealed_and_shown_by_their_end(session: Session, partner: Signer) -> None:
    view = make_merchant(session, partner.partner_id)
    assert view.account_tail == "尾号 1234"
    session.flush()
    stored = repr(session.execute(text("SELECT * FROM merchants")).all())
    assert ACCOUNT["account_no"] not in stored
    assert ACCOUNT["account_name"] not in stored


def test_a_changed_account_is_one_merchant_with_a_trace(session: Session, partner: Signer) -> None:
    first = make_merchant(session, partner.partner_id)
    changed = usecases.register_merchant(
        session,
        partner_id=partner.partner_id,
        merchant_ref=MERCHANT_REF,
        account_check="match",
        **{**ACCOUNT, "account_no": "6222020000009999"},
    )
    assert (changed.id, changed.account_tail) == (first.id, "尾号 9999")
    acts = session.scalars(select(text("action")).select_from(text("audit_entries"))).all()
    assert acts.count("merchant.register") == 2


@pytest.mark.parametrize("words", ["", "  ", "a" * 101, "a\u202eb", "a\u200bb", "a\x00b", "a\nb", "e" + "\u0301" * 5])
def test_texts_that_hide_something_are_refused(words: str) -> None:
    with pytest.raises(TextRefused):
        clean_text(words, "title")


def test_texts_are_stored_in_one_form() -> None:
    assert clean_text(" cafe\u0301 测试 ", "title") == "caf\u00e9 测试"


def test_a_declined_application_frees_its_own_order_only(
    session: Session, order: OrderView, run_jobs: JobRunner
) -> None:
    facts = applying(session, order)
    stale = {**facts, "application_id": ids.new_id()}
    for each, expected in ((stale, "applying"), (facts, "offered")):
        emit(session, _declined(order, each))
        session.commit()
        run_jobs(only="orders.application_changed")
        assert status(session, order) == expected
    run_jobs.again("orders.application_changed")
    assert status(session, order) == "offered"


def _declined(order: OrderView, facts: dict[str, Any]) -> ApplicationDeclined:
    return ApplicationDeclined(
        subject_id=facts["application_id"],
        customer_id=facts["customer_id"],
        partner_id=order.partner_id,
        order_id=order.id,
        amount_fen=order.amount_fen,
    )


def test_a_failed_pay_out_fails_the_order_until_it_is_offered_again(
    session: Session, partner: Signer, order: OrderView, run_jobs: JobRunner
) -> None:
    facts = applying(session, order)
    failed = DrawdownFailed(
        subject_id=ids.new_id(), partner_id=order.partner_id, order_id=order.id, fail_code="payee_closed", **facts
    )
    emit(session, failed)
    session.commit()
    run_jobs(only="orders.drawdown_failed")
    run_jobs.again("orders.drawdown_failed")
    assert status(session, order) == "failed"
    make_order(session, partner.partner_id, order_ref=order.order_ref)
    assert status(session, order) == "offered"


@pytest.mark.parametrize("before", ["offered", "applying", "failed", "cancelled"])
def test_money_that_was_paid_finances_the_order_once(
    session: Session, partner: Signer, order: OrderView, run_jobs: JobRunner, before: str
) -> None:
    if before in ("applying", "failed"):
        facts = applying(session, order)
        if before == "failed":
            usecases.fail(session, order_id=order.id, application_id=facts["application_id"])
    if before == "cancelled":
        usecases.cancel(session, partner_id=partner.partner_id, order_ref=order.order_ref)
    activate_loan(session, partner.partner_id, ids.new_id(), order.id)
    session.commit()
    run_jobs(only="orders.loan_activated")
    run_jobs.again("orders.loan_activated")
    assert status(session, order) == "financed"
    told = session.scalars(select(OutboxEvent).where(OutboxEvent.name == "order.financed")).all()
    assert [(event.subject_id, event.payload["order_ref"]) for event in told] == [(order.id, order.order_ref)]
    with pytest.raises(OrderClosed):
        make_order(session, partner.partner_id, order_ref=order.order_ref)


def test_an_order_is_cancelled_for_good_by_its_partner(session: Session, partner: Signer, order: OrderView) -> None:
    mine = {"partner_id": partner.partner_id, "order_ref": order.order_ref}
    facts = applying(session, order)
    usecases.reopen(session, order_id=order.id, application_id=facts["application_id"])
    assert usecases.cancel(session, **mine).status == "cancelled"
    assert usecases.cancel(session, **mine).status == "cancelled"
    with pytest.raises(OrderUnknown):
        usecases.cancel(session, partner_id=ids.new_id(), order_ref=order.order_ref)


def test_two_cannot_apply_for_one_order(session: Session, order: OrderView) -> None:
    facts = applying(session, order)
    usecases.apply(session, order_id=order.id, **facts)  # the same application again
    with pytest.raises(OrderClosed):
        applying(session, order)
