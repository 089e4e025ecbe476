"""kill -9 of the process that changes loans, writes one off and books what comes in on it, at each point and anywhere.

Begun again it leaves what a run leaves that nobody disturbed: loans, rows, line, book, events, decisions and digest.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db, ids
from app.kernel.audience import StaffPrincipal
from app.loans.domain import changed_terms
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan, WriteOffRule
from app.reconciliation import usecases
from tests.drills.books import Books, Story, check
from tests.drills.conftest import LONG
from tests.drills.test_kills import SERVICING
from tests.factories import loans
from tests.reconciliation.test_proposals import person
from tests.servers import TestServers

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("app")]
# A process of its own, at the same moment each time: the second person approves a new rate, a restructuring and a
# write-off; money comes for the loan written off; the day is closed.
PROGRAM = """
import sys
from datetime import datetime, timedelta
from uuid import UUID
from app.kernel import clock, crypto, db, ids, outbox
from app.kernel.audience import StaffPrincipal
from app.kernel.db import transaction
from app.loans import usecases
from app.loans.jobs.end_of_day import Run, close_through
from app.reconciliation.models import MoneyProposal
from app.reconciliation.usecases import approve
from app.wiring import LISTENERS
from tests.settings import bank_secrets
url, now, second, repayment, amount_fen, *proposals = sys.argv[1:]
crypto.use(bank_secrets())
db.connect(url)
outbox.listen(LISTENERS)
at = datetime.fromisoformat(now)
clock.use(lambda: at)
shen = StaffPrincipal(UUID(second), ids.new_id(), frozenset({"finance"}))
for proposal_id in map(UUID, proposals):
    with transaction() as session:
        if session.get_one(MoneyProposal, proposal_id).status == "proposed":
            approve(session, principal=shen, proposal_id=proposal_id, reason="checked against the file")
with transaction() as session:
    usecases.apply_payment(session, repayment_id=UUID(repayment), amount_fen=int(amount_fen), paid_at=at)
clock.use(lambda: at + timedelta(days=1))
close_through(None, Run(chunk=1))
"""
NEW_PLAN = {"annual_rate": "0.05", "method": "equal_principal", "first_due_on": "2026-11-20", "instalments": 18}
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rate_change", {"annual_rate": "0.048"}),
    ("restructuring", NEW_PLAN),
)


@pytest.fixture(scope="module")
def story(new_database: Callable[[], tuple[str, str]]) -> Iterator[Story]:
    """20 October 2026: a loan that is paid as agreed, and two that are 35 days late; three proposals wait."""
    url = new_database()[0]
    engine = db.make_engine(url)
    maker = sessionmaker(bind=engine, expire_on_commit=False)
    db.use(maker)
    try:
        with maker() as session:
            arguments = _lived(session)
    finally:
        clock.use(None)
        engine.dispose()
    yield Story(str(engine.url.database), PROGRAM, arguments)


def _lived(session: Session) -> tuple[str, ...]:
    _at(session, date(2026, 8, 15))
    paid, late, lost = (loans.active_loan(session, loans.make_borrower(session)) for _ in range(3))
    for month in (9, 10):
        _at(session, date(2026, month, 15))
        loans.repay(session, paid)
    rule = {"min_class": 1, "overdue_above": 30, "keeps_accruing": True, "keeps_line": True}
    session.add(WriteOffRule(id=ids.new_id(), effective_from=date(2026, 10, 1), source="a test's", **rule))
    _at(session, date(2026, 10, 20))
    zhou, shen = (person(session, f"{name}@bank.example", "finance") for name in ("zhou", "shen"))
    proposals = [
        _propose(session, zhou, loan, kind, changed_terms.read_terms(kind, terms))
        for loan, (kind, terms) in zip((paid, late), CHANGES, strict=True)
    ]
    proposals.append(_propose(session, zhou, lost, "write_off", {"reason_code": "uncollectable"}))
    coming = loans.open_repayment(session, lost, "due", amount_fen=100_000)
    return clock.now().isoformat(), str(shen.staff_id), str(coming.id), str(coming.amount_fen), *proposals


def _at(session: Session, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    clock.use(lambda: noon)
    session.commit()
    close_through(None, Run())
    session.expire_all()


def _propose(session: Session, who: StaffPrincipal, loan: Loan, kind: str, details: dict[str, Any]) -> str:
    asked = usecases.ProposalRequest(kind, "loan", str(loan.id), "客户经营困难，经协商", details=details)
    made = usecases.propose(session, principal=who, request=asked)
    session.commit()
    return str(made.id)


@pytest.fixture
def new_books(
    servers: TestServers, story: Story, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Books]]:
    made: list[str] = []

    def copy() -> Books:
        made.append(f"servicing_{abs(hash(request.node.name)) % 10**8}_{len(made)}")
        return Books(servers, story, made[-1], tmp_path)

    yield copy
    for name in made:
        servers.drop_database(name)


@pytest.fixture(scope="module")
def undisturbed(
    servers: TestServers, story: Story, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Any]]]:
    books = Books(servers, story, "servicing_undisturbed", tmp_path_factory.mktemp("points"))
    before = books.left()
    assert books.run() == 0
    left = books.left()
    assert sorted(one["kind"] for (one,) in left["changes"]) == ["rate_change", "restructuring"]
    assert [one["kind"] for (one,) in left["reliefs"]] == ["write_off"]
    assert [one["status"] for (one,) in left["proposals"]] == ["approved"] * 3
    assert [one["status"] for (one,) in left["repayments"] if one["recovered"]] == ["applied"]
    assert len(left["days"]) == len(before["days"]) + 1
    yield left
    servers.drop_database("servicing_undisturbed")


@pytest.mark.parametrize("chosen", [(point,) for point in SERVICING] if LONG else [SERVICING], ids=" ".join)
def test_killed_at_its_boundaries(
    new_books: Callable[[], Books], undisturbed: dict[str, list[Any]], chosen: tuple[str, ...]
) -> None:
    """Dead at each point in turn, nothing of that step is there; whole afterwards, all of it is, once."""
    books = new_books()
    for point in chosen:
        (books.points / point).touch()
        assert books.run() == 137, point
    assert list(books.points.iterdir()) == []
    check(books, undisturbed)


@pytest.mark.skipif(not LONG, reason="long form: make drill")
@pytest.mark.parametrize("seed", range(12))
def test_killed_anywhere(new_books: Callable[[], Books], undisturbed: dict[str, list[Any]], seed: int) -> None:
    draw, books = random.Random(seed), new_books()
    for _ in range(3):
        process = books.start()
        time.sleep(draw.uniform(0.6, 2.4))  # anywhere: also before it began and after it ended
        process.kill()
        process.communicate()
    check(books, undisturbed)
