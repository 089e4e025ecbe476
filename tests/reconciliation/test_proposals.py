"""Two people: nobody decides what they proposed, the database agrees, and what is decided happens once."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.console.queries import staff_by_email
from app.kernel import clock, ids, invariants
from app.kernel.audience import StaffPrincipal
from app.kernel.audit import AuditEntry
from app.kernel.states import NotAllowedNow
from app.ledger.queries import trial_balance
from app.loans.usecases import unmatched
from app.payments import usecases as payments
from app.payments.models import Transfer
from app.payments.queries import payment_view
from app.reconciliation import usecases
from app.reconciliation.domain import kinds
from app.reconciliation.models import BillDifference, MoneyProposal
from tests.factories import console as make_console
from tests.factories import loans as make
from tests.payments.conftest import MCHID, new_order, paid
from tests.payments.test_refunds import balances
from tests.reconciliation.test_differences import Day, bring_in, compare

NUMBER = "42000000012026112300000001"


def person(session, email, *roles):
    make_console.make_staff(session, email=email, roles=roles or ("finance",))
    found = staff_by_email(session, email)
    return StaffPrincipal(found.staff_id, ids.new_id(), frozenset(found.roles))


@pytest.fixture
def zhou(session):
    return person(session, "zhou@bank.example", "finance")


@pytest.fixture
def shen(session):
    return person(session, "shen@bank.example", "finance", "admin")


@pytest.fixture
def suspended(session):
    told = paid(new_order(session), payer_openid="somebody-else")
    payments.confirm(session, transaction=told, our_mchid=MCHID)
    session.commit()


def propose(session, who, kind="refund", about="payment", key=NUMBER, amount_fen=110_852, **more):
    request = usecases.ProposalRequest(kind, about, str(key), "付错账户，原路退回", amount_fen, **more)
    made = usecases.propose(session, principal=who, request=request)
    session.commit()
    return made


def approve(session, who, proposal):
    done = usecases.approve(session, principal=who, proposal_id=proposal.id, reason="核对无误")
    session.commit()
    return done


def holds(session):
    session.flush()
    return [one for one in invariants.verify(session) if not one.holds] == []


def test_a_refund_of_money_in_suspense_takes_two_people(session, suspended, zhou, shen):
    proposal = propose(session, zhou)
    assert balances(session)["suspense"] == -110_852
    with pytest.raises(kinds.OwnProposal):
        approve(session, zhou, proposal)
    session.rollback()
    approve(session, shen, proposal)
    assert balances(session)["refunds_in_transit"] == -110_852
    with pytest.raises(NotAllowedNow):
        approve(session, shen, proposal)
    session.rollback()
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("money.%"))).all()
    assert acts == ["money.proposed", "money.approved"] and holds(session)


def test_the_database_refuses_a_decision_by_the_same_person_and_any_change_of_what_was_proposed(
    session, suspended, zhou
):
    proposal = propose(session, zhou)
    for statement in (
        "UPDATE money_proposals SET status = 'approved', decided_by = proposed_by",
        "UPDATE money_proposals SET status = 'approved'",
    ):
        with pytest.raises(DBAPIError, match="ck_money_proposals"), session.begin_nested():
            session.execute(text(statement))
    for statement in ("UPDATE money_proposals SET amount_fen = 1", "DELETE FROM money_proposals"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))
    assert proposal.status == "proposed"


def test_a_rejected_proposal_moves_nothing_and_makes_room_for_another(session, suspended, zhou, shen):
    proposal = propose(session, zhou)
    with pytest.raises(kinds.AlreadyProposed):
        propose(session, zhou, amount_fen=1)
    session.rollback()
    with pytest.raises(kinds.OwnProposal):
        usecases.reject(session, principal=zhou, proposal_id=proposal.id, reason="我改主意了")
    session.rollback()
    usecases.reject(session, principal=shen, proposal_id=proposal.id, reason="先核对付款人")
    assert balances(session)["suspense"] == -110_852
    assert propose(session, zhou, amount_fen=1).id != proposal.id


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_roles_that_do_not_propose(session, suspended, role):
    with pytest.raises(kinds.NotForYourRole):
        propose(session, person(session, "other@bank.example", role))


@pytest.mark.parametrize("role", ["reviewer", "operations"])
def test_roles_that_do_not_decide(session, suspended, zhou, role):
    proposal = propose(session, zhou)
    other = person(session, "other@bank.example", role)
    with pytest.raises(kinds.NotForYourRole):
        approve(session, other, proposal)
    with pytest.raises(kinds.NotForYourRole):
        usecases.reject(session, principal=other, proposal_id=proposal.id, reason="不同意")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount_fen": 110_853}, kinds.AnswerImpossible),
        ({"amount_fen": 0}, kinds.AnswerImpossible),
        ({"amount_fen": None}, kinds.AnswerImpossible),
        ({"key": "4200"}, kinds.AnswerImpossible),
        ({"kind": "release"}, kinds.AnswerImpossible),
        ({"kind": "match"}, kinds.AnswerImpossible),  # onto no loan
        ({"about": "transfer", "kind": "release"}, kinds.AnswerImpossible),
        ({"about": "difference", "kind": "accept"}, kinds.DifferenceUnknown),
        ({"about": "staff", "kind": "accept"}, kinds.AnswerImpossible),
    ],
)
def test_what_cannot_be_is_not_proposed(session, suspended, zhou, changes, error):
    with pytest.raises(error):
        propose(session, zhou, **changes)


def test_reasons_are_words(session, suspended, zhou):
    for reason in ("", "ab", "\n\t \x00", "字" * 201):
        with pytest.raises(kinds.ReasonMissing):
            usecases.propose(
                session, principal=zhou, request=usecases.ProposalRequest("refund", "payment", NUMBER, reason, 1)
            )


def test_money_in_suspense_is_matched_to_a_loan(session, zhou, shen):
    loan = make.active_loan(session, make.make_borrower(session))
    told = paid(new_order(session, 50_000), payer_openid="somebody-else")
    payments.confirm(session, transaction=told, our_mchid=MCHID)
    session.commit()
    proposal = propose(session, zhou, "match", amount_fen=50_000, loan_id=loan.id)
    before = loan.outstanding_principal_fen
    approve(session, shen, proposal)
    session.expire_all()
    assert loan.outstanding_principal_fen < before
    assert balances(session).get("suspense", 0) == 0 and balances(session)["wechat_pay_clearing"] == 50_000
    assert payment_view(session, NUMBER).left_fen == 0 and holds(session)


def test_a_customers_credit_goes_back_and_returns_when_the_refund_fails(
    session, app, run_jobs, sandbox, zhou, shen
):
    loan = make.active_loan(session, make.make_borrower(session))
    told = paid(new_order(session, 900_000), payer_openid="somebody-else")
    payments.confirm(session, transaction=told, our_mchid=MCHID)
    session.commit()
    approve(session, shen, propose(session, zhou, "match", amount_fen=900_000, loan_id=loan.id))
    session.expire_all()
    credit = loan.credit_fen
    assert credit > 0
    refund = propose(session, zhou, amount_fen=credit, loan_id=loan.id)
    approve(session, shen, refund)
    session.expire_all()
    assert loan.credit_fen == 0 and holds(session)
    run_jobs(only="payments.send_refund")  # the sandbox knows no such payment: refused
    run_jobs(only="reconciliation.return_credit")
    run_jobs.again("reconciliation.return_credit")
    session.expire_all()
    assert loan.credit_fen == credit and holds(session)
    with pytest.raises(unmatched.CreditTooSmall):
        unmatched.take_credit(session, loan_id=loan.id, amount_fen=credit + 1)


@pytest.mark.parametrize(("kind", "status"), [("release", "requested"), ("give_up", "failed")])
def test_held_transfers(session, zhou, shen, kind, status):
    drawdown = make.open_drawdown(session, make.make_borrower(session))
    transfer = session.scalars(select(Transfer).where(Transfer.reference_id == drawdown.id)).one()
    with pytest.raises(kinds.AnswerImpossible):
        propose(session, zhou, kind, "transfer", transfer.id, None)
    payments.hold_transfer(session, transfer_id=transfer.id)
    session.commit()
    proposal = propose(session, zhou, kind, "transfer", transfer.id, None)
    approve(session, shen, proposal)
    session.expire_all()
    assert transfer.status == status and holds(session)


class TestDifferences:
    @pytest.fixture
    def day(self, session):
        made = Day(session, payments=6, refunds=1)
        made.store()
        return made

    def listed(self, session, kind):
        return session.scalars(select(BillDifference).where(BillDifference.kind == kind)).one()

    def decide(self, session, zhou, shen, kind, answer):
        found = self.listed(session, kind)
        approve(session, shen, propose(session, zhou, answer, "difference", found.id, None))
        session.expire_all()
        return found

    def test_an_explanation_closes_the_day(self, session, day, zhou, shen):
        day.rows.append(day.rows[0])
        bring_in(day)
        compare(session)
        found = self.decide(session, zhou, shen, "duplicate", "accept")
        assert found.status == "explained" and compare(session) == "explained"
        with pytest.raises(kinds.DifferenceClosed):
            propose(session, zhou, "accept", "difference", found.id, None)

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_difference_of_amount_is_posted_once(self, session, day, zhou, shen, sign):
        row = day.rows[0]
        fen = int(row["订单金额"].replace(".", "")) + sign
        day.rows[0] = row | {"订单金额": f"{fen // 100}.{fen % 100:02d}"}
        bring_in(day)
        compare(session)
        assert self.decide(session, zhou, shen, "amount", "correct").status == "corrected"
        assert {one.code: one.balance_fen for one in trial_balance(session)}["reconciliation_differences"] == -sign
        assert compare(session) == "explained"

    def test_a_fee_that_was_charged_too_high_is_booked_when_two_people_agree(self, session, day, zhou, shen):
        day.rows[0] = day.rows[0] | {"手续费": "999.00000"}
        bring_in(day)
        compare(session)
        booked = {one.code: one.balance_fen for one in trial_balance(session)}["channel_fees"]
        self.decide(session, zhou, shen, "fee", "correct")
        after = {one.code: one.balance_fen for one in trial_balance(session)}["channel_fees"]
        assert after - booked == 99_900 and compare(session) == "explained"

    def test_a_refund_made_on_the_channels_pages_is_booked(self, session, zhou, shen):
        told = paid(new_order(session), trade_state="REFUND", transaction_id="4200REFUNDED")
        payments.confirm(session, transaction=told, our_mchid=MCHID)
        day = Day(session, payments=1, refunds=1, day=clock.local_day(told.paid_at))
        payment, refund = day.rows
        numbers = {"微信订单号": "4200REFUNDED", "商户订单号": told.out_trade_no}
        day.rows = [
            payment | numbers | {"订单金额": "1108.52", "手续费": "6.65000", "交易时间": f"{day.day} 12:00:00"},
            refund | numbers | {"商户退款单号": "CONSOLE1", "申请退款金额": "1108.52", "手续费": "-6.65000"},
        ]
        bring_in(day)
        compare(session, day.day)
        self.decide(session, zhou, shen, "refund_missing", "outside_refund")
        assert balances(session).get("suspense", 0) == 0
        assert compare(session, day.day) == "explained" and holds(session)

    def test_an_answer_must_fit_its_kind(self, session, day, zhou):
        day.rows.append(day.rows[0])
        bring_in(day)
        compare(session)
        with pytest.raises(kinds.AnswerImpossible):
            propose(session, zhou, "outside_refund", "difference", self.listed(session, "duplicate").id, None)
        assert session.scalars(select(MoneyProposal)).all() == []
