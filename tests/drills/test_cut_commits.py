"""The connection is cut at a COMMIT, before it or after it: what happened is read again, and nothing is done twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db, ids, invariants
from app.loans.jobs.listening import apply_payment
from app.loans.usecases import repayments
from tests.attacks.forged import PATH, Forger, Order
from tests.drills.conftest import LONG
from tests.drills.storm import BULK, PAYER
from tests.drills.wire import Wire
from tests.embed.test_routes import SESSIONS, asked
from tests.factories import loans
from tests.factories.orders import make_merchant
from tests.factories.partners import make_partner
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.drill
Cutting = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def wire(new_database: Callable[[], tuple[str, str]]) -> Iterator[Wire]:
    made = Wire(new_database()[0])
    yield made
    made.close()


@pytest.fixture(autouse=True)
def sessions(app: Flask, wire: Wire) -> Iterator[sessionmaker[Session]]:
    """The database of this process, at the other end of the wire."""
    engine = db.make_engine(wire.url.replace("postgresql://", "postgresql+psycopg://"))
    maker = sessionmaker(bind=engine, expire_on_commit=False)
    db.use(maker)
    yield maker
    engine.dispose()


@pytest.fixture
def cutting(wire: Wire, seed: int) -> Iterator[Cutting]:
    """Inside it two of three COMMITs are cut, before or after, as the seed says; both happened when the drill ends."""
    draw = random.Random(seed)

    @contextmanager
    def cut() -> Iterator[None]:
        wire.cut_at_commit = lambda: draw.choice(("before", "after", None))
        yield
        wire.cut_at_commit = lambda: None

    yield cut
    assert {"before", "after"} == set(wire.cuts), wire.cuts


def rows(sql: str) -> list[tuple[object, ...]]:
    with db.transaction() as session:
        return [tuple(row) for row in session.execute(text(sql))]


@pytest.fixture
def orders(sandbox: SandboxProcess, sessions: sessionmaker[Session]) -> list[Order]:
    """Orders that wait for their money, for nothing in particular."""
    asked_for = {"prefix": "R32", "appid": sandbox.world["wechat"]["mini"]["appid"], "count": 200 if LONG else 40}
    with db.transaction() as session:
        cursor = session.connection().connection.cursor()
        made = cursor.execute(BULK, asked_for).fetchall()
    return [Order(number, asked_for["appid"], amount_fen, PAYER) for number, amount_fen in made]


def until_done(wire: Wire, ask: Callable[[], int]) -> int:
    """Ask again after every cut, and only then; answers the first status that is not of a fault."""
    while True:
        before = len(wire.cuts)
        status = ask()
        if status < 500:
            assert len(wire.cuts) == before, "no word that it is done unless it surely is"
            return status
        assert len(wire.cuts) > before, "nothing fails but what was cut"


def test_a_notice_is_taken_when_it_is_committed_and_counts_once(
    app: Flask, sandbox: SandboxProcess, wire: Wire, cutting: Cutting, orders: list[Order]
) -> None:
    forger, client = Forger(SimpleNamespace(sandbox=sandbox, web_url="http://bank.example")), app.test_client()

    def tell(told: dict[str, Any]) -> int:
        body = forger.envelope(told)
        return client.post(PATH, data=body, headers=forger.signed(body)).status_code

    with cutting():
        for order in orders:
            assert until_done(wire, partial(tell, forger.paid(order))) == 204
    count = len(orders)
    assert rows("SELECT count(*), count(DISTINCT out_trade_no) FROM payment_transactions") == [(count, count)]
    assert rows("SELECT count(*), count(DISTINCT subject_id) FROM outbox_events") == [(count, count)]
    assert rows("SELECT status, count(*) FROM payment_orders GROUP BY 1") == [("paid", count)]


def test_a_partners_request_is_done_once_under_its_key(
    app: Flask, wire: Wire, cutting: Cutting, sessions: sessionmaker[Session]
) -> None:
    """A key whose work was cut off is in progress until its lease ends; then the work goes on at its own object."""
    client, count = app.test_client(), 60 if LONG else 10
    with sessions() as session:
        partner = make_partner(session)
        make_merchant(session, partner.partner_id)
        session.commit()
    bodies = [asked(partner, customer_ref=f"buyer-{number}") for number in range(count)]

    def ask(number: int) -> int:
        cut, wire.cut_at_commit = wire.cut_at_commit, lambda: None
        with db.transaction() as session:  # what half a minute does
            session.execute(text("UPDATE idempotency_keys SET leased_until = now() WHERE status IS NULL"))
        wire.cut_at_commit = cut
        return partner.call(client, "POST", SESSIONS, bodies[number], key=f"key-{number}").status_code

    with cutting():
        for number in range(count):
            assert until_done(wire, partial(ask, number)) == 201
    answers = [partner.call(client, "POST", SESSIONS, bodies[number], key=f"key-{number}") for number in range(count)]
    assert {answer.status_code for answer in answers} == {201}
    assert rows("SELECT count(*), count(DISTINCT customer_ref) FROM embed_sessions") == [(count, count)]


def book(event: dict[str, Any]) -> int:
    try:
        apply_payment(event_id="e", event=event)
    except DBAPIError:
        return 500
    return 200


def test_a_repayment_is_booked_once_by_as_many_tries_as_it_takes(
    sandbox: SandboxProcess, wire: Wire, cutting: Cutting, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        loan = loans.active_loan(session, loans.make_borrower(session))
    way = repayments.Way("native", sandbox.world["wechat"]["mini"]["appid"])
    about = {"customer_id": loan.customer_id, "loan_id": loan.id, "kind": "instalment", "way": way}
    for _ in range(12):
        with db.transaction() as session:
            repayment, order = repayments.open_repayment(session, repayment_id=ids.new_id(), **about)
        event = {"purpose": repayments.PURPOSE, "reference_id": str(repayment.id), "amount_fen": order.amount_fen}

        with cutting():
            until_done(wire, partial(book, event | {"paid_at": clock.now().isoformat()}))
    assert rows("SELECT status, count(*) FROM repayments GROUP BY 1") == [("applied", 12)]
    assert rows("SELECT count(*) FROM journals WHERE template = 'repayment'") == [(12,)]
    assert rows("SELECT status FROM loans") == [("settled",)]
    with db.transaction() as session:
        assert [one for one in invariants.verify(session) if not one.holds and one.invariant.code != "I5"] == []
