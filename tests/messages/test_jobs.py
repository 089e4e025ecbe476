"""Each event is told once, by the way that is open; what died half-way ends as it should."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import adapters
from app.adapters import Channels
from app.adapters.build import build
from app.adapters.wechat_messages import Sent
from app.customers.models import Customer
from app.kernel import clock, ids
from app.kernel.outbox import OutboxEvent, emit
from app.loans import queries as loan_queries
from app.loans.events import LoanDue, LoanDueSoon, LoanOverdue
from app.loans.models import Loan
from app.messages import jobs, usecases
from app.messages.domain.values import yuan
from app.messages.models import Message, MessageAttempt, MessageCredit, MessageQuietHours
from app.messages.usecases import ToSms, ToWechat
from tests.factories import loans
from tests.factories import messages as factory
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess

RUN_TWICE = {"messages.tell", "messages.deliver"}  # test_twice_is_once, test_the_story_of_a_loan_is_told_once
LOAN_STORY = ("disbursed", "paid")


def template_id(wechat: SandboxProcess, kind: str) -> str:
    found: str = wechat.world["wechat"]["mini"]["templates"][kind]["id"]
    return found


def allow(session: Session, wechat: SandboxProcess, reader: Customer, kind: str) -> None:
    """The user taps "allow", WeChat and we both know."""
    wechat.post("/sandbox/api/wechat/grants", {"persona": "good", "template_id": template_id(wechat, kind)})
    factory.allow(session, reader, kind)


def at_wechat(wechat: SandboxProcess) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wechat.get("/sandbox/api/wechat/messages", persona="good")["messages"]
    return found


def sms_to(wechat: SandboxProcess, reader: Customer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wechat.get("/sandbox/api/sms", phone=reader.phone)["messages"]
    return found


def attempts(session: Session, message: Message) -> dict[str, tuple[str | None, int | None]]:
    session.expire_all()
    rows = session.scalars(select(MessageAttempt).where(MessageAttempt.message_id == message.id))
    return {row.channel: (row.outcome, row.errcode) for row in rows}


def left(session: Session) -> int:
    session.expire_all()
    row = session.scalars(select(MessageCredit)).one()
    return max(row.claimed, row.confirmed) - row.spent


def test_an_allowed_message_goes_through_wechat_once(session, wechat, reader, run_jobs):
    allow(session, wechat, reader, "disbursed")
    message = factory.open_one(session, reader)
    run_jobs()
    kept = at_wechat(wechat)
    assert [one["data"] for one in kept] == [{"amount1": "12345.67元", "thing2": "已付给收款方，今天起计息"}]
    assert kept[0]["page"] == f"loans/loan/loan?id={message.subject_id}"
    assert (factory.one(session, message.id).status, left(session)) == ("sent", 0)
    assert (attempts(session, message), sms_to(wechat, reader)) == ({"wechat": ("sent", None)}, [])


def test_without_a_grant_it_goes_by_sms(session, wechat, reader, run_jobs):
    message = factory.open_one(session, reader)
    run_jobs()
    sent = sms_to(wechat, reader)
    assert [(one["template"], one["params"]) for one in sent] == [("message_disbursed", {"amount": "12,345.67 元"})]
    assert (at_wechat(wechat), factory.one(session, message.id).status) == ([], "sent")


def test_a_grant_that_wechat_does_not_know_ends_and_sms_follows(session, wechat, reader, run_jobs):
    factory.allow(session, reader, "disbursed", times=3)
    message = factory.open_one(session, reader)
    run_jobs()
    assert attempts(session, message) == {"wechat": ("refused", 43101), "sms": ("sent", None)}
    assert (len(sms_to(wechat, reader)), left(session)) == (1, 0)


def test_a_message_that_wechat_cannot_take_keeps_its_grant(session, wechat, reader, run_jobs):
    nightly = select(MessageQuietHours).filter_by(applies_to="appointment")
    session.scalars(nightly).one().effective_to = date(2026, 11, 22)  # whatever the time of this run
    allow(session, wechat, reader, "appointment")
    message = factory.open_one(session, reader, "appointment", at="2026-12-01T02:30:00+00:00", place="")
    run_jobs()
    assert attempts(session, message) == {"wechat": ("refused", 47003), "sms": ("sent", None)}
    assert left(session) == 1


@pytest.mark.parametrize("allowed", [True, False])
def test_twice_is_once(session, wechat, reader, run_jobs, allowed):
    if allowed:
        allow(session, wechat, reader, "disbursed")
    message = factory.open_one(session, reader)
    run_jobs()
    before = (attempts(session, message), len(at_wechat(wechat)), len(sms_to(wechat, reader)))
    run_jobs.again("messages.deliver")
    assert (attempts(session, message), len(at_wechat(wechat)), len(sms_to(wechat, reader))) == before
    assert run_jobs.waiting() == []


def step_of(session: Session, message: Message, wechat: SandboxProcess) -> Any:
    """Take the next step as the job does, and die before it is tried."""
    appid = wechat.world["wechat"]["mini"]["appid"]
    kinds = frozenset(wechat.world["wechat"]["mini"]["templates"])
    step = usecases.next_step(session, message_id=message.id, wechat_kinds=kinds, appid=appid)
    session.commit()
    return step


def test_killed_between_wechat_and_the_record_it_stays_in_doubt(session, wechat, reader, run_jobs):
    allow(session, wechat, reader, "disbursed")
    message = factory.open_one(session, reader)
    step = step_of(session, message, wechat)
    assert isinstance(step, ToWechat)
    adapters.channels().wechat_messages.send(
        openid=step.openid, kind=step.kind, page=step.page, values=step.values
    )
    run_jobs()  # the queue hands the job out again: what WeChat cannot recognise is not sent again
    assert (len(at_wechat(wechat)), sms_to(wechat, reader)) == (1, [])
    assert (factory.one(session, message.id).status, attempts(session, message)) == (
        "doubt",
        {"wechat": ("doubt", None)},
    )
    run_jobs.again("messages.deliver")
    assert (len(at_wechat(wechat)), sms_to(wechat, reader)) == (1, [])


def test_killed_between_sms_and_the_record_the_same_number_is_sent(session, wechat, reader, run_jobs):
    message = factory.open_one(session, reader)
    step = step_of(session, message, wechat)
    assert isinstance(step, ToSms)
    adapters.channels().sms.send(
        message_no=step.message_no, phone=step.phone, template=step.template, params=step.params
    )
    run_jobs()
    sent = sms_to(wechat, reader)
    assert [one["message_no"] for one in sent] == [step.message_no]
    assert factory.one(session, message.id).status == "sent"


def test_the_answer_that_comes_after_all_clears_the_doubt(session, wechat, reader, run_jobs):
    allow(session, wechat, reader, "disbursed")
    message = factory.open_one(session, reader)
    step_of(session, message, wechat)
    run_jobs()
    assert factory.one(session, message.id).status == "doubt"
    usecases.settle_wechat(session, message_id=message.id, sent=Sent("sent", vendor_ref="77"))
    session.commit()
    assert (factory.one(session, message.id).status, attempts(session, message)) == (
        "sent",
        {"wechat": ("sent", None)},
    )


@pytest.fixture
def wechat_is_down(app: Flask, wechat: SandboxProcess) -> Iterator[None]:
    """Nobody listens where the platform API was; the SMS vendor does."""
    settings = app.config["DUKOU"]
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        sections = dict(settings.channels)
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        sections["wechat_login"] = {**sections["wechat_login"], "base_url": address}
        usual: Channels = adapters.channels()
        adapters.use(build(replace(settings, channels=sections)))
        yield
        adapters.use(usual)


def test_while_wechat_is_down_sms_tells_and_the_grant_stays(session, wechat, reader, run_jobs, wechat_is_down):
    allow(session, wechat, reader, "disbursed")
    message = factory.open_one(session, reader)
    run_jobs()
    assert attempts(session, message) == {"wechat": ("unreachable", None), "sms": ("sent", None)}
    assert (len(sms_to(wechat, reader)), left(session)) == (1, 1)


# -- when nobody may be disturbed -----------------------------------------------------------------------------------

LATE = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in China
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def overdue(session: Session, reader: Customer, loan: Loan) -> Message:
    """The reminder of the first instalment, as the end of a day tells of it."""
    due_on = loan_queries.instalments(session, loan.id)[0].due_on
    ids_of = {"application_id": loan.application_id, "customer_id": reader.id, "partner_id": None, "order_id": None}
    event = LoanOverdue(subject_id=loan.id, due_on=due_on, overdue_days=1, **ids_of)
    message_id = usecases.tell(session, event_id=emit(session, event))
    assert message_id is not None
    session.commit()
    return factory.one(session, message_id)


@pytest.fixture
def loan(session: Session, wechat: SandboxProcess, reader: Customer, clock_at: Any) -> Loan:
    """A loan whose first instalment is unpaid; it is told to the reader."""
    clock_at(LATE - timedelta(days=40))
    made = loans.active_loan(session, loans.make_borrower(session))
    clock_at(LATE)
    return made


def test_a_reminder_at_night_waits_for_the_morning(session, wechat, reader, run_jobs, clock_at, loan):
    message = overdue(session, reader, loan)
    assert message.due_at == MORNING
    run_jobs(only="messages.deliver")
    assert (factory.one(session, message.id).status, sms_to(wechat, reader)) == ("open", [])
    usecases.next_step(session, message_id=message.id, wechat_kinds=frozenset(), appid="")
    session.commit()
    assert factory.one(session, message.id).status == "open", "a job that came too early sends nothing"
    clock_at(MORNING)
    run_jobs(only="messages.deliver")
    assert (factory.one(session, message.id).status, len(sms_to(wechat, reader))) == ("sent", 1)
    owed = sum(row.total_fen for row in loan_queries.rows(session, loan, clock.today())[:1])
    assert sms_to(wechat, reader)[0]["params"]["amount"] == f"{yuan(owed)} 元"


def test_what_was_paid_at_night_is_not_asked_for_in_the_morning(session, wechat, reader, run_jobs, clock_at, loan):
    message = overdue(session, reader, loan)
    loans.repay(session, loan)
    clock_at(MORNING)
    run_jobs(only="messages.deliver")
    assert (factory.one(session, message.id).status, sms_to(wechat, reader)) == ("inbox", [])


def test_what_is_paid_or_told_too_late_is_no_reminder(session, wechat, reader, loan):
    due_on = loan_queries.instalments(session, loan.id)[0].due_on
    ids_of = {"application_id": loan.application_id, "customer_id": reader.id, "partner_id": None, "order_id": None}
    soon = LoanDueSoon(subject_id=loan.id, due_on=due_on, **ids_of)
    assert usecases.tell(session, event_id=emit(session, soon)) is None, "its day has passed"
    loans.repay(session, loan)
    late = LoanOverdue(subject_id=loan.id, due_on=due_on, overdue_days=1, **ids_of)
    assert usecases.tell(session, event_id=emit(session, late)) is None


def test_the_next_instalment_is_told_before_its_day(session, wechat, reader, loan):
    loans.repay(session, loan)
    second = loan_queries.instalments(session, loan.id)[1]
    ids_of = {"application_id": loan.application_id, "customer_id": reader.id, "partner_id": None, "order_id": None}
    for event in (LoanDueSoon, LoanDue):
        told = emit(session, event(subject_id=loan.id, due_on=second.due_on, **ids_of))
        assert usecases.tell(session, event_id=told) is not None


def test_what_the_customer_waits_for_comes_at_night_too(session, wechat, reader, run_jobs, clock_at):
    clock_at(LATE)
    message = factory.open_one(session, reader, "paid")
    run_jobs()
    assert factory.one(session, message.id).status == "sent"


def test_quiet_hours_are_rules_with_dates(session, wechat, reader, clock_at):
    clock_at(LATE)
    session.scalars(select(MessageQuietHours).filter_by(applies_to="reminder")).one().effective_to = date(2026, 11, 22)
    assert factory.open_one(session, reader, "due_soon", amount_fen=1, due_on="2026-12-01").due_at == LATE


def test_an_old_message_wakes_nobody(session, wechat, reader, run_jobs, clock_at):
    clock_at(LATE)
    message = factory.open_one(session, reader)
    clock_at(LATE + timedelta(hours=25))
    run_jobs()
    assert (factory.one(session, message.id).status, sms_to(wechat, reader)) == ("inbox", [])


def test_a_closed_customer_is_left_alone(session, wechat, reader, run_jobs):
    reader.status = "closed"
    message = factory.open_one(session, reader)
    run_jobs()
    assert (factory.one(session, message.id).status, sms_to(wechat, reader)) == ("inbox", [])


# -- events ---------------------------------------------------------------------------------------------------------


def test_the_story_of_a_loan_is_told_once(session: Session, wechat: SandboxProcess, run_jobs: JobRunner) -> None:
    loan = loans.active_loan(session, loans.make_borrower(session))
    loans.repay(session, loan)
    run_jobs(only="messages.tell")
    for ran, arguments in list(run_jobs.ran):
        assert ran == "messages.tell"
        jobs.tell(**arguments)
    told = session.execute(select(Message.kind, func.count()).group_by(Message.kind)).all()
    assert set(told) >= {(kind, 1) for kind in LOAN_STORY}, told
    assert all(count == 1 for _, count in told)
    run_jobs.again("messages.tell")
    assert session.scalar(select(func.count()).select_from(Message)) == len(told)


def test_an_event_of_which_nobody_is_told_makes_no_message(session: Session, wechat: SandboxProcess) -> None:
    event_id = emit(session, factory.Told(subject_id=ids.new_id()))
    assert usecases.tell(session, event_id=event_id) is None
    assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_nothing_personal_stands_in_jobs_and_outbox(
    session: Session, wechat: SandboxProcess, reader: Customer, run_jobs: JobRunner
) -> None:
    message = factory.open_one(session, reader)
    run_jobs()
    told = f"{run_jobs.ran} {[row.payload for row in session.scalars(select(OutboxEvent))]}"
    sealed = session.connection().exec_driver_sql("SELECT sealed_values FROM messages").scalar_one()
    for secret in (reader.phone, factory.identity_of(session, reader).openid, "1234567"):
        assert secret not in told and secret not in sealed
    assert str(message.id) in told
