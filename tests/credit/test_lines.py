"""Credit lines under many hands: never beyond the limit, every figure the sum of its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries, usecases
from app.credit.domain.lines import LimitExceeded, LineMismatch, LineNotUsable, LineUnknown
from app.credit.models import CreditLine
from app.kernel import clock, ids, invariants
from tests.factories import credit


def make_line(session: Session) -> tuple[UUID, int]:
    made = credit.approved_application(session, credit.make_applicant(session))
    assert made.credit_line_id is not None
    return made.credit_line_id, queries.line(session, made.credit_line_id).limit_fen


def balanced(session: Session) -> bool:
    return all(verdict.holds for verdict in invariants.verify(session) if verdict.invariant.code == "I4")


def test_a_line_is_reserved_used_and_repaid(session: Session) -> None:
    line_id, limit_fen = make_line(session)
    usecases.reserve(session, line_id=line_id, amount_fen=1_000)
    usecases.use_reserved(session, line_id=line_id, amount_fen=1_000)
    usecases.reserve(session, line_id=line_id, amount_fen=500)
    usecases.release_reserved(session, line_id=line_id, amount_fen=500)
    assert queries.line(session, line_id).available_fen == limit_fen - 1_000
    usecases.repay_line(session, line_id=line_id, principal_fen=400)
    usecases.repay_line(session, line_id=line_id, principal_fen=0)
    line = queries.line(session, line_id)
    assert (line.reserved_fen, line.used_fen) == (0, 600)
    assert balanced(session)


def test_nothing_is_given_back_that_was_not_taken(session: Session) -> None:
    line_id, _ = make_line(session)
    usecases.reserve(session, line_id=line_id, amount_fen=1_000)
    for step in (
        lambda: usecases.use_reserved(session, line_id=line_id, amount_fen=1_001),
        lambda: usecases.release_reserved(session, line_id=line_id, amount_fen=1_001),
        lambda: usecases.repay_line(session, line_id=line_id, principal_fen=1),
    ):
        with pytest.raises(LineMismatch):
            step()
    with pytest.raises(ValueError, match="at least 1 fen"):
        usecases.reserve(session, line_id=line_id, amount_fen=0)
    with pytest.raises(LineUnknown):
        usecases.reserve(session, line_id=ids.new_id(), amount_fen=1)


def test_the_limit_is_a_limit_and_a_frozen_or_old_line_is_none(session: Session) -> None:
    line_id, limit_fen = make_line(session)
    with pytest.raises(LimitExceeded) as refused:
        usecases.reserve(session, line_id=line_id, amount_fen=limit_fen + 1)
    assert refused.value.context == {"available_fen": limit_fen}
    row = session.get_one(CreditLine, line_id)
    row.status, row.frozen_reason = "frozen", "overdue"
    session.flush()
    with pytest.raises(LineNotUsable):
        usecases.reserve(session, line_id=line_id, amount_fen=1)
    row.status, row.frozen_reason, row.valid_until = "active", None, clock.today() - timedelta(days=1)
    session.flush()
    with pytest.raises(LineNotUsable):
        usecases.reserve(session, line_id=line_id, amount_fen=1)


def test_a_lower_new_limit_never_falls_below_what_is_in_use(session: Session) -> None:
    applicant = credit.make_applicant(session)
    first = credit.approved_application(session, applicant)
    assert first.credit_line_id is not None
    whole = queries.line(session, first.credit_line_id).limit_fen
    usecases.reserve(session, line_id=first.credit_line_id, amount_fen=whole - credit.AMOUNT_FEN)
    usecases.withdraw(session, application_id=first.application_id, customer_id=applicant.customer_id)
    credit.decide(session, credit.open_application(session, applicant), credit_file="thin")
    line = queries.line(session, first.credit_line_id)
    assert line.reserved_fen == whole - credit.AMOUNT_FEN and line.available_fen >= 0
    assert balanced(session)


def at_once(count: int, work: Callable[[int], None]) -> None:
    start = Barrier(count)

    def run(place: int) -> None:
        start.wait()
        work(place)

    threads = [Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_draws_on_the_last_money_exactly_one_succeeds(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        line_id, limit_fen = make_line(session)
        usecases.reserve(session, line_id=line_id, amount_fen=limit_fen - 100)
        session.commit()
    outcomes: list[str] = []

    def draw(_: int) -> None:
        try:
            with committed() as mine, mine.begin():
                usecases.reserve(mine, line_id=line_id, amount_fen=100)
            outcomes.append("reserved")
        except LimitExceeded:
            outcomes.append("refused")

    at_once(16, draw)
    assert sorted(outcomes) == ["refused"] * 15 + ["reserved"]
    with committed() as session:
        assert queries.line(session, line_id).available_fen == 0
        assert balanced(session)


def test_draws_and_repayments_at_once_add_up(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        line_id, _ = make_line(session)
        usecases.reserve(session, line_id=line_id, amount_fen=8_000)
        usecases.use_reserved(session, line_id=line_id, amount_fen=8_000)
        session.commit()

    def move(place: int) -> None:
        with committed() as mine, mine.begin():
            if place % 2:
                usecases.repay_line(mine, line_id=line_id, principal_fen=1_000)
            else:
                usecases.reserve(mine, line_id=line_id, amount_fen=500)
                usecases.use_reserved(mine, line_id=line_id, amount_fen=500)

    at_once(8, move)
    with committed() as session:
        line = queries.line(session, line_id)
        assert (line.reserved_fen, line.used_fen) == (0, 8_000 - 4_000 + 2_000)
        assert balanced(session)
