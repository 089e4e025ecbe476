"""What unfinished sign-ins leave behind goes; evidence and what limits still need stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import process
from app.customers import usecases
from app.customers.domain.sessions import Visit
from app.customers.models import CustomerSession, OauthState, PhoneCode, StepUp
from app.customers.usecases.sessions import open_session
from app.kernel import housekeeping, ids, retention
from tests.factories.customers import invented_phone, make_customer, make_identity, show_second_factor, sign_in

VISIT = Visit("192.0.2.1", None, "Browser")


@pytest.fixture(autouse=True)
def everything_registered() -> None:
    process.import_jobs()


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
    housekeeping.purge_traces()
    assert (count(session, PhoneCode), count(session, OauthState)) == (evidence + 1, 1)
    clock_at(began + timedelta(days=3))
    usecases.open_sign_in_code(session, phone=invented_phone(), visit=VISIT)
    session.commit()
    for _ in range(2):
        housekeeping.purge_traces()
        assert (count(session, PhoneCode), count(session, OauthState)) == (evidence + 1, 0)
        assert (count(session, StepUp), count(session, CustomerSession)) == (evidence, sessions - 1)


def test_ended_sessions_go_after_their_period_unless_they_are_evidence_or_held(
    session: Session, clock_at: Callable[[datetime], None]
) -> None:
    began = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    clock_at(began)
    plain, signed, held = (sign_in(session, make_customer(session)) for _ in range(3))
    show_second_factor(session, signed, purpose="sign_contract", subject_id=ids.new_id())
    hold_id = retention.place_hold(session, customer_id=held.customer_id, reason="dispute", actor="staff:1")
    session.commit()

    def left() -> set[object]:
        housekeeping.purge_traces()
        wanted = (plain.session_id, signed.session_id, held.session_id)
        return set(session.scalars(select(CustomerSession.id).where(CustomerSession.id.in_(wanted))))

    session.execute(update(CustomerSession).values(revoked_at=began))
    session.commit()
    clock_at(began + timedelta(days=89))
    assert left() == {plain.session_id, signed.session_id, held.session_id}
    clock_at(began + timedelta(days=91))
    assert left() == left() == {signed.session_id, held.session_id}
    assert retention.held(session, held.customer_id)
    for _ in range(2):
        retention.release_hold(session, hold_id=hold_id, actor="staff:2")
    session.commit()
    assert left() == {signed.session_id}
