"""Lines between draws: frozen for a reason, freed by another person, reviewed yearly, ended in one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.credit import queries, usecases
from app.credit.domain.lines import FreezeReasonUnknown, LineNotUsable, OwnFreeze
from app.credit.models import CreditLine
from app.kernel import clock
from app.kernel.states import StateChange
from tests.credit.test_lines import make_line
from tests.factories import credit

SHEN, LIN = "staff:shen", "staff:lin"


def test_a_frozen_line_says_why_and_another_person_lifts_it(session: Session) -> None:
    line_id, _ = make_line(session)
    with pytest.raises(FreezeReasonUnknown):
        usecases.freeze_line(session, line_id=line_id, reason="because", actor=SHEN)
    for _ in range(2):
        usecases.freeze_line(session, line_id=line_id, reason="overdue", actor=SHEN)
    with pytest.raises(LineNotUsable) as refused:
        usecases.reserve(session, line_id=line_id, amount_fen=1)
    assert refused.value.context == {"status": "frozen", "reason": "overdue"}
    assert queries.line(session, line_id).frozen_reason == "overdue"
    with pytest.raises(OwnFreeze):
        usecases.unfreeze_line(session, line_id=line_id, actor=SHEN, note="paid")
    usecases.unfreeze_line(session, line_id=line_id, actor=LIN, note="paid")
    usecases.reserve(session, line_id=line_id, amount_fen=1)
    steps = session.scalars(select(StateChange.event).where(StateChange.subject_id == line_id).order_by(StateChange.id))
    assert list(steps) == ["freeze", "unfreeze"]


def test_the_database_keeps_no_freeze_without_a_reason(session: Session) -> None:
    line_id, _ = make_line(session)
    session.get_one(CreditLine, line_id).status = "frozen"
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_offer_on_a_frozen_line_is_not_agreed_on_and_a_new_decision_does_not_free_it(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made, waiting = (credit.open_application(session, applicant) for _ in range(2))
    made = credit.decide(session, made)
    assert made.credit_line_id is not None
    usecases.freeze_line(session, line_id=made.credit_line_id, reason="misuse", actor=SHEN)
    with pytest.raises(LineNotUsable):
        usecases.hold_for_signature(session, application_id=made.application_id, customer_id=made.customer_id)
    with pytest.raises(LineNotUsable):
        credit.open_application(session, applicant)
    again = credit.decide(session, waiting)
    assert queries.line(session, made.credit_line_id).status == "frozen"
    assert again.credit_line_id == made.credit_line_id


def test_lines_end_after_their_last_day_once_and_a_new_approval_renews(session: Session) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    frozen_id, _ = make_line(session)
    usecases.freeze_line(session, line_id=frozen_id, reason="overdue", actor=SHEN)
    line_id = made.credit_line_id
    assert line_id is not None
    last = queries.line(session, line_id).valid_until
    assert usecases.expire_lines(session, on=last) == 0
    assert [usecases.expire_lines(session, on=last + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert (queries.line(session, line_id).status, queries.line(session, frozen_id).status) == ("expired", "frozen")
    with pytest.raises(LineNotUsable):
        usecases.reserve(session, line_id=line_id, amount_fen=1)
    credit.approved_application(session, applicant)
    assert queries.line(session, line_id).status == "active"
    history = session.scalars(select(StateChange.event).where(StateChange.subject_id == line_id))
    assert sorted(history) == ["expire", "renew"]


def test_a_line_whose_yearly_review_is_due_waits_for_it(session: Session) -> None:
    line_id, _ = make_line(session)
    row = session.get_one(CreditLine, line_id)
    row.review_on = clock.today() - timedelta(days=1)
    session.flush()
    assert [one.credit_line_id for one in queries.lines_to_review(session, on=clock.today())] == [line_id]
    with pytest.raises(LineNotUsable) as refused:
        usecases.reserve(session, line_id=line_id, amount_fen=1)
    assert refused.value.context == {"status": "review_due"}
    next_on = usecases.review_line(session, line_id=line_id, actor=SHEN, passed=True, note="figures stand")
    assert next_on > clock.today() + timedelta(days=360)
    usecases.reserve(session, line_id=line_id, amount_fen=1)
    usecases.review_line(session, line_id=line_id, actor=SHEN, passed=False, note="sales have halved")
    assert queries.line(session, line_id).frozen_reason == "review_failed"
