"""What unfinished sign-ins leave behind goes; evidence and what limits still need stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers import jobs, usecases
from app.customers.domain.sessions import Visit
from app.customers.models import CustomerSession, OauthState, PhoneCode, StepUp
from app.customers.usecases.sessions import open_session
from app.kernel import ids
from tests.factories.customers import invented_phone, make_customer, make_identity, show_second_factor, sign_in

RUN_TWICE = {"customers.forget_sign_in_traces"}
VISIT = Visit("192.0.2.1", None, "Browser")


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_traces_go_after_two_days_and_evidence_stays(session: Session, clock_at: Callable[[datetime], None]) -> None:
    began = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    clock_at(began)
    signed = sign_in(session, make_customer(session))
    show_second_factor(session, signed, purpose="sign_contract", subject_id=ids.new_id())
    stranger = make_identity(session, customer=None)
    waiting = open_session(
        session, customer_id=None, wechat_identity_id=stranger.id, channel="mini", device="WeChat"
    ).session_id
    usecases.open_sign_in_code(session, phone=invented_phone(), visit=VISIT, session_id=waiting)
    usecases.begin_trip(session, origin="https://bank.example", return_path="/embed/v1/page", browser=None)
    evidence, sessions = count(session, StepUp), count(session, CustomerSession)
    session.commit()
    clock_at(began + timedelta(days=1, hours=23))
    jobs.forget_sign_in_traces()
    assert (count(session, PhoneCode), count(session, OauthState)) == (evidence + 1, 1)
    clock_at(began + timedelta(days=3))
    usecases.open_sign_in_code(session, phone=invented_phone(), visit=VISIT)
    session.commit()
    for _ in range(2):
        jobs.forget_sign_in_traces()
        assert (count(session, PhoneCode), count(session, OauthState)) == (evidence + 1, 0)
        assert (count(session, StepUp), count(session, CustomerSession)) == (evidence, sessions - 1)
