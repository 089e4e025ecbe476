"""kill -9 of the process that takes a payment back, or books one that came late, at each of its points and anywhere.

Begun again it leaves what a run leaves that nobody disturbed: loans, lines, book, events, certificate and digest.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.adapters.esign import SealedPdf
from app.engine.prepayment import Mode
from app.kernel import clock, db
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.models import Loan
from app.loans.usecases.certificates import open_certificate, settle_certificate
from config.settings import Bank, current
from tests.drills.books import Books, Story, check
from tests.drills.conftest import LONG
from tests.drills.test_kills import REVERSALS
from tests.factories import loans
from tests.servers import TestServers

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("app")]
START = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
# A process of its own, at the same moment each time: a payment is taken back, one comes late, the day is closed.
PROGRAM = """
import sys
from datetime import datetime, timedelta
from uuid import UUID
from app.kernel import clock, crypto, db, outbox
from app.kernel.db import transaction
from app.loans import usecases
from app.loans.jobs.end_of_day import Run, close_through
from app.loans.usecases.reversing import reverse_payment
from app.wiring import LISTENERS
from tests.settings import bank_secrets
url, now, bounced, late, amount_fen, paid_at = sys.argv[1:]
crypto.use(bank_secrets())
db.connect(url)
outbox.listen(LISTENERS)
at = datetime.fromisoformat(now)
clock.use(lambda: at)
with transaction() as session:
    reverse_payment(session, repayment_id=UUID(bounced), reason="the bank of the payer took it back")
with transaction() as session:
    usecases.apply_payment(
        session, repayment_id=UUID(late), amount_fen=int(amount_fen), paid_at=datetime.fromisoformat(paid_at)
    )
clock.use(lambda: at + timedelta(days=1))
close_through(None, Run(chunk=1))
"""


@pytest.fixture(scope="module")
def story(new_database: Callable[[], tuple[str, str]]) -> Iterator[Story]:
    """A loan paid early in part and settled, with its certificate; another that is late for a payment not booked."""
    url = new_database()[0]
    engine = db.make_engine(url)
    maker = sessionmaker(bind=engine, expire_on_commit=False)
    db.use(maker)
    try:
        with maker() as session:
            arguments = _lived(session, current().bank)
    finally:
        clock.use(None)
        engine.dispose()
    yield Story(str(engine.url.database), PROGRAM, arguments)


def _lived(session: Session, bank: Bank) -> tuple[str, ...]:
    clock.use(lambda: START)
    settled, owing = (loans.active_loan(session, loans.make_borrower(session)) for _ in range(2))
    _at(session, 3)
    bounced = loans.repay(session, settled, "prepayment", amount_fen=500_000, mode=Mode.LOWER_INSTALMENT)
    _at(session, 28)
    loans.repay(session, settled)
    late = loans.open_repayment(session, owing)
    paid_at = clock.now()
    _at(session, 29)
    loans.repay(session, settled, "payoff")
    _certify(session, settled, bank)
    _at(session, 33)
    return clock.now().isoformat(), str(bounced.id), str(late.id), str(late.amount_fen), paid_at.isoformat()


def _at(session: Session, days: int) -> None:
    clock.use(lambda: START + timedelta(days=days))
    close_through(None, Run())
    session.expire_all()


def _certify(session: Session, loan: Loan, bank: Bank) -> None:
    draft = open_certificate(session, customer_id=loan.customer_id, loan_id=loan.id, bank=bank)
    settle_certificate(session, draft=draft, sealed=SealedPdf(b"%PDF", "0" * 64, clock.now()))
    session.commit()


@pytest.fixture
def new_books(
    servers: TestServers, story: Story, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Books]]:
    made: list[str] = []

    def copy() -> Books:
        made.append(f"reversal_{abs(hash(request.node.name)) % 10**8}_{len(made)}")
        return Books(servers, story, made[-1], tmp_path)

    yield copy
    for name in made:
        servers.drop_database(name)


@pytest.fixture(scope="module")
def undisturbed(
    servers: TestServers, story: Story, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Any]]]:
    books = Books(servers, story, "reversal_undisturbed", tmp_path_factory.mktemp("points"))
    before = books.left()
    assert books.run() == 0
    left = books.left()
    assert [row[-1] for row in before["certificates"]] == [None] != [row[-1] for row in left["certificates"]]
    assert len(left["reversals"]) == 1 and len(left["days"]) == len(before["days"]) + 1
    assert {key for key, *_ in left["book"]} > {key for key, *_ in before["book"]}
    yield left
    servers.drop_database("reversal_undisturbed")


@pytest.mark.parametrize("chosen", [(point,) for point in REVERSALS] if LONG else [REVERSALS], ids=" ".join)
def test_killed_at_its_boundaries(
    new_books: Callable[[], Books], undisturbed: dict[str, list[Any]], chosen: tuple[str, ...]
) -> None:
    """Dead at each point in turn, nothing of it is there; whole afterwards, all of it is, once."""
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
        time.sleep(draw.uniform(0.6, 2.0))  # anywhere: also before it began and after it ended
        process.kill()
        process.communicate()
    check(books, undisturbed)
